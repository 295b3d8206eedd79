"""The headings that schools and their systems write over each field of a pupil, the best first."""

from __future__ import annotations

__all__ = ["SYNONYMS"]

SYNONYMS: dict[str, tuple[str, ...]] = {
    "upn": ("UPN", "Unique Pupil Number"),
    "former_upns": ("Former UPN", "Former UPNs", "Previous UPN"),
    "legal_forename": ("Forename", "Legal forename", "First name", "Legal first name"),
    "legal_surname": ("Surname", "Legal surname", "Last name", "Legal last name"),
    "preferred_forename": ("Preferred forename", "Preferred first name", "Known as"),
    "preferred_surname": ("Preferred surname", "Preferred last name"),
    "middle_names": ("Middle name(s)", "Middle names", "Middle name"),
    "date_of_birth": ("Date of birth", "DOB", "Birth date"),
    "sex": ("Sex", "Gender"),
    "year_group": ("Year group", "Year", "NC year", "NCyearActual"),
    "class_name": ("Class", "Registration form", "Registration group", "Reg group", "Reg", "Form"),
    "ethnicity": ("Ethnicity",),
    "first_language": ("First language", "Language"),
    "sen_provision": ("SEN", "SEN provision"),
    "free_school_meals": ("FSM", "Free school meals"),
    "pupil_premium": ("Pupil premium",),
    "in_care": ("In care",),
}

"""The headings that schools and their systems write over each field of a pupil, the best first.

From the DfE's census and its template for pupils, CTF's element names, exports of SIMS, Arbor,
Bromcom, iSAMS and Assembly, and lists that offices write themselves. Case, spaces and punctuation
make no difference: `Middle name(s)` is `MiddleNames`. No heading stands under two fields.
"""

from __future__ import annotations

__all__ = ["SYNONYMS"]

SYNONYMS: dict[str, tuple[str, ...]] = {
    "upn": (
        "UPN", "Unique Pupil Number", "Pupil UPN", "Student UPN", "UPN number", "UPN no",
        "Current UPN", "Unique Pupil Number (UPN)", "UPN (Unique Pupil Number)",
        "Unique Pupil No", "Unique Pupil Reference Number", "Pupil unique number",
    ),
    "former_upns": (
        "Former UPN", "Former UPNs", "Previous UPN", "Previous UPNs", "Old UPN",
        "Former Unique Pupil Number", "UPN (former)",
    ),
    "legal_forename": (
        "Legal forename", "Legal first name", "Legal given name", "Forename", "First name",
        "Forenames", "First names", "Given name", "Given names", "Pupil forename",
        "Pupil first name", "Student forename", "Student first name", "Child forename",
        "Child first name", "Child's first name", "Christian name", "Legal forename(s)",
    ),
    "legal_surname": (
        "Legal surname", "Legal last name", "Legal family name", "Surname", "Last name",
        "Family name", "Pupil surname", "Pupil last name", "Student surname",
        "Student last name", "Child surname", "Child last name", "Child's surname",
        "Child's last name",
    ),
    "preferred_forename": (
        "Preferred forename", "Preferred first name", "Preferred given name", "Preferred name",
        "Chosen forename", "Chosen first name", "Chosen name", "Known as", "Known as forename",
        "Known as first name", "Known name", "Goes by", "Preferred forename(s)",
    ),
    "preferred_surname": (
        "Preferred surname", "Preferred last name", "Preferred family name", "Chosen surname",
        "Chosen last name", "Known as surname", "Known as last name",
    ),
    "middle_names": (
        "Middle names", "Middle name", "Legal middle names",
        "Legal middle name", "Other names", "Other forenames",
    ),
    "date_of_birth": (
        "Date of birth", "DOB", "Birth date", "Birthday", "Date of birth (DD/MM/YYYY)",
        "DOB (DD/MM/YYYY)", "Date of birth (YYYY-MM-DD)", "Date of birth (DOB)",
        "Pupil date of birth", "Pupil DOB", "Student date of birth", "Student DOB",
    ),
    "sex": (
        "Sex", "Legal sex", "Gender", "Legal gender", "Sex (M/F)", "Gender (M/F)", "Pupil sex",
        "Pupil gender", "Student gender", "Gender code", "Sex code", "Gender/Sex",
    ),
    "year_group": (
        "NC year actual", "NC year", "National Curriculum year", "Curriculum year",
        "Current NC year", "Actual NC year", "NC year group", "Year group", "Current year group",
        "Year", "Year code", "Year group code", "Year group name", "Yr", "Yr group", "Yr grp",
        "School year", "Current year", "Year taught in",
    ),
    "class_name": (
        "Class", "Class name", "Registration class", "Registration form", "Registration group",
        "Registration", "Reg", "Reg class", "Reg form", "Reg group", "Reg grp", "Form",
        "Form group", "Form name", "Form/Tutor group", "Tutor group", "Primary class",
        "Main class", "Current class", "Current registration form", "Current registration group",
        "Class group", "Classes",
    ),
    "ethnicity": (
        "Ethnicity", "Ethnicity code", "Ethnic group", "Ethnic origin", "Ethnicity (DfE code)",
        "Ethnic code", "Ethnic category", "Ethnicity description", "Pupil ethnicity",
    ),
    "first_language": (
        "First language", "First language code", "Language", "Language code", "Main language",
        "Mother tongue", "Pupil first language", "Native language", "Home language",
    ),
    "sen_provision": (
        "SEN provision", "SEN", "SEN status", "SEN code", "SEN stage", "SEN level",
        "SEN category", "SEND", "SEND provision", "SEND status",
        "SEN provision code", "Special educational needs", "SEN provision type",
    ),
    "free_school_meals": (
        "FSM", "Free school meals", "FSM eligible", "Eligible for FSM", "FSM eligibility",
        "Eligible for free school meals", "Free school meals eligible",
        "Free school meal eligibility", "Free school meals eligibility", "Is FSM",
        "FSM eligible now", "Currently FSM eligible", "Free school meal", "FSM status",
        "Free meals", "FSM indicator",
    ),
    "pupil_premium": (
        "Pupil premium", "PP", "Is PP", "Premium pupil", "Pupil premium indicator",
        "Pupil premium eligible", "Eligible for pupil premium", "Pupil premium eligibility",
        "Pupil premium grant", "PPG", "PP indicator", "PP eligible", "Pupil premium status",
        "Pupil premium recipient",
    ),
    "in_care": (
        "In care", "Looked after", "Looked after child", "Child looked after", "LAC", "CLA",
        "In LA care", "In LEA care", "Is in care", "LAC status", "Looked after status",
        "In care (looked after)", "Looked after children", "In care indicator",
    ),
}  # fmt: skip
"""Field → headings. Where a file has a legal name and another, the legal one goes first."""

"""The fields that a column of a pupil list can be taken for (R10)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Literal, TypeAlias, get_args

from services.roster.imports.pupil_import import How
from services.roster.imports.synonyms import SYNONYMS
from shared.imports import columns
from shared.imports.problems import WrongColumns
from shared.imports.rejected import WHAT_TO_MEND
from shared.tabular.columns import heading_key, recognise
from shared.tabular.table import Heading

__all__ = [
    "EXAMPLE_UPN",
    "FIELD_NAMES",
    "OPTIONAL_FIELDS",
    "ImportField",
    "columns_of",
    "look_at_columns",
    "set_of_headings",
]

ImportField: TypeAlias = Literal[
    "upn",
    "former_upns",
    "legal_forename",
    "legal_surname",
    "preferred_forename",
    "preferred_surname",
    "middle_names",
    "date_of_birth",
    "sex",
    "year_group",
    "class_name",
    "ethnicity",
    "first_language",
    "sen_provision",
    "free_school_meals",
    "pupil_premium",
    "in_care",
]
FIELD_NAMES: Mapping[str, str] = {
    "upn": "UPN",
    "former_upns": "Former UPN",
    "legal_forename": "Forename",
    "legal_surname": "Surname",
    "preferred_forename": "Preferred forename",
    "preferred_surname": "Preferred surname",
    "middle_names": "Middle names",
    "date_of_birth": "Date of birth",
    "sex": "Sex",
    "year_group": "Year group",
    "class_name": "Class",
    "ethnicity": "Ethnicity",
    "first_language": "First language",
    "sen_provision": "SEN",
    "free_school_meals": "Free school meals",
    "pupil_premium": "Pupil premium",
    "in_care": "In care",
}
"""What each is called in a sentence and in a file of ours."""
OPTIONAL_FIELDS: frozenset[str] = frozenset(get_args(ImportField)[-6:])
"""Taken only where the school keeps them (R29)."""
EXAMPLE_UPN = "A000000000000"
"""Of the template's example. Its check letter is right, and no authority has the number 000."""
"""The column that we add to the rows that were rejected; nothing takes it for a field."""


def columns_of(headings: Collection[Heading], kept: Mapping[str, str | None]) -> dict[int, str]:
    """Column → field: by what the school chose for these headings before, else by synonyms."""
    return recognise(list(headings), SYNONYMS, kept)


def set_of_headings(headings: Collection[Heading]) -> str:
    """The same for files with the same headings, in whatever order they stand."""
    keys = {heading_key(heading.text) for heading in headings}
    text = "\n".join(sorted(keys - {"", heading_key(WHAT_TO_MEND)}))
    return hashlib.sha256(text.encode()).hexdigest()


def look_at_columns(
    headings: Collection[Heading],
    chosen: Mapping[int, str],
    how: How,
    *,
    kept: Collection[str],
) -> None:
    """Raises `WrongColumns` where these cannot be read as a list of pupils."""
    columns.look_at_columns(headings, chosen, FIELD_NAMES)
    fields = set(chosen.values())
    for name in sorted(OPTIONAL_FIELDS & fields - set(kept)):
        raise WrongColumns(
            f"The school does not keep ‘{FIELD_NAMES[name]}’. Leave that column "
            "out, or have it kept in the settings of pupils’ fields first."
        )
    if "upn" not in fields and not {"legal_forename", "legal_surname"} <= fields:
        raise WrongColumns(
            "Say which columns hold the forename and the surname. To change pupils who are here "
            "already, a column with their UPN is enough."
        )
    if "date_of_birth" in fields and how.date_order is None:
        raise WrongColumns(
            "Say in which order the dates are written: day first, year first or month first.",
            "#/date_order",
        )
    if "class_name" in fields and how.classes is None:
        raise WrongColumns(
            "Say whether pupils are added to the classes in the file, or whether these take the "
            "place of the classes that they are in.",
            "#/classes",
        )

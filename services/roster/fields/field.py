"""The fields of a pupil that can be set, each with what an office calls it, in the order of a form.

Reading a form, a file or a message starts from `PUPIL_FIELDS`; nothing else lists them by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from shared.school.characteristics import (
    ETHNICITIES,
    LANGUAGES,
    SEN_PROVISIONS,
    ethnicity_code,
    language_code,
    sen_provision,
)
from shared.school.year_groups import YEAR_GROUP_ORDER, year_group_label

__all__ = ["OPTIONAL_FIELDS", "PUPIL_FIELDS", "FieldKind", "PupilField", "coded", "field_named"]

FieldKind = Literal["text", "upn", "day", "choice", "yes_no"]


@dataclass(frozen=True, kw_only=True)
class PupilField:
    """`choices` are code → label. An `optional` field is kept only by schools that chose to (R29).

    `open_choices`: a code of the right form counts too where `choices` has no name for it.
    """

    name: str
    label: str
    kind: FieldKind
    required: bool = False
    optional: bool = False
    help: str = ""
    choices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    open_choices: bool = False


PUPIL_FIELDS: tuple[PupilField, ...] = (
    PupilField(name="legal_forename", label="Legal forename", kind="text", required=True),
    PupilField(name="legal_surname", label="Legal surname", kind="text", required=True),
    PupilField(name="preferred_forename", label="Preferred forename", kind="text"),
    PupilField(name="preferred_surname", label="Preferred surname", kind="text"),
    PupilField(name="middle_names", label="Middle names", kind="text"),
    PupilField(name="upn", label="UPN", kind="upn"),
    PupilField(name="date_of_birth", label="Date of birth", kind="day"),
    PupilField(
        name="sex",
        label="Sex",
        kind="choice",
        choices={"F": "Female", "M": "Male", "U": "Not known"},
    ),
    PupilField(
        name="year_group",
        label="Year group",
        kind="choice",
        choices={year: year_group_label(year) for year in YEAR_GROUP_ORDER},
    ),
    PupilField(
        name="ethnicity",
        label="Ethnicity",
        kind="choice",
        optional=True,
        help="By DfE’s codes, as the pupil or a parent declared it.",
        choices=ETHNICITIES,
    ),
    PupilField(
        name="first_language",
        label="First language",
        kind="choice",
        optional=True,
        help="By DfE’s codes. Whether English is an additional language (EAL) follows from it.",
        choices=LANGUAGES,
        open_choices=True,
    ),
    PupilField(
        name="sen_provision",
        label="SEN provision",
        kind="choice",
        optional=True,
        help="None, SEN support, or an education, health and care plan.",
        choices=SEN_PROVISIONS,
    ),
    PupilField(
        name="free_school_meals",
        label="Eligible for free school meals",
        kind="yes_no",
        optional=True,
        help="Whether the pupil is eligible now, not whether they take them.",
    ),
    PupilField(
        name="pupil_premium",
        label="Pupil premium",
        kind="yes_no",
        optional=True,
        help="Whether the school receives the pupil premium for the pupil.",
    ),
    PupilField(
        name="in_care",
        label="In care",
        kind="yes_no",
        optional=True,
        help="Whether the pupil is looked after by a local authority now.",
    ),
)

OPTIONAL_FIELDS: tuple[str, ...] = tuple(one.name for one in PUPIL_FIELDS if one.optional)
"""Special categories of personal data, or as good as: for the admin and SLT only."""

_BY_NAME = {one.name: one for one in PUPIL_FIELDS}
_CODES = {
    "ethnicity": ethnicity_code,
    "first_language": language_code,
    "sen_provision": sen_provision,
}


def field_named(name: str) -> PupilField:
    """Raises `KeyError` for a name that is no field's."""
    return _BY_NAME[name]


def coded(name: str, value: Any) -> Any:
    """The value as it is kept: a code in its present form. `None` for what is no code of DfE's."""
    code = _CODES.get(name)
    return code(value) if code and isinstance(value, str) else value

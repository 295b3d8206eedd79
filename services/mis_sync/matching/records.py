"""The two sides that are compared: a record as the MIS has it, and a record as it is here.

Plain values, so that the rules in this folder are functions of what they are given and no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.school.names import search_key

__all__ = [
    "OPTIONAL_FIELDS",
    "Finding",
    "FindingKind",
    "Match",
    "MisGroup",
    "MisPupil",
    "MisStaff",
    "OwnGroup",
    "OwnPupil",
    "OwnUser",
    "School",
    "name_keys_of",
]

OPTIONAL_FIELDS = (
    "ethnicity",
    "first_language",
    "sen_provision",
    "free_school_meals",
    "pupil_premium",
    "in_care",
)
"""Of pupils; special categories of personal data, or as good as. A school keeps those it chose."""


class Match(StrEnum):
    """How a record of the MIS stands to what is here."""

    NOT_MATCHED = "not_matched"
    MAY_MATCH = "may_match"
    NEW = "new"
    MATCHED = "matched"


class FindingKind(StrEnum):
    """What a comparison can find that it does not settle by itself.

    The first ones are differences that a person must decide (R18); those after them are listed as
    'in the MIS, not here' with their reason (R20).
    """

    GROUP_UNMAPPED = "group_unmapped"
    STAFF_SUGGESTION = "staff_suggestion"
    STAFF_EMAIL_CLASH = "staff_email_clash"
    STAFF_EMAIL_CHANGED = "staff_email_changed"
    PUPIL_UPN_CHANGED = "pupil_upn_changed"
    PUPIL_SUGGESTION = "pupil_suggestion"
    REFUSED_PUPIL = "refused_pupil"
    REFUSED_GROUP = "refused_group"
    REFUSED_STAFF = "refused_staff"
    REFUSED_LINK = "refused_link"
    HELD_RUN = "held_run"
    CONTACT_SUGGESTION = "contact_suggestion"
    CONTACT_EMAIL_CHANGED = "contact_email_changed"
    REFUSED_CONTACT = "refused_contact"

    PUPIL_WITHOUT_UPN = "pupil_without_upn"
    PUPIL_INVALID_UPN = "pupil_invalid_upn"
    PUPIL_DUPLICATE_UPN = "pupil_duplicate_upn"
    PUPIL_WITHOUT_NAME = "pupil_without_name"
    PUPIL_OTHER_YEAR = "pupil_other_year"
    STAFF_WITHOUT_CLASS = "staff_without_class"
    STAFF_CLASS_UNMAPPED = "staff_class_unmapped"
    STAFF_WITHOUT_NAME = "staff_without_name"
    STAFF_GONE = "staff_gone"
    STAFF_INACTIVE = "staff_inactive"
    CONTACT_NOT_PARENTAL = "contact_not_parental"
    CONTACT_WITHOUT_EMAIL = "contact_without_email"
    CONTACT_WITHOUT_NAME = "contact_without_name"
    CONTACT_INACTIVE = "contact_inactive"

    @property
    def alert(self) -> bool:
        """Whether it raises the mapping alert."""
        return self not in _LISTED_ONLY

    @property
    def mappable(self) -> bool:
        """Whether a person may say which record here it is: not who is gone from the MIS."""
        return self not in (FindingKind.REFUSED_LINK, FindingKind.HELD_RUN, FindingKind.STAFF_GONE)

    @property
    def refused(self) -> bool:
        """Whether an owner would not apply it."""
        return self.value.startswith("refused_")


_LISTED_ONLY = frozenset(
    {
        FindingKind.PUPIL_WITHOUT_UPN,
        FindingKind.PUPIL_INVALID_UPN,
        FindingKind.PUPIL_DUPLICATE_UPN,
        FindingKind.PUPIL_WITHOUT_NAME,
        FindingKind.PUPIL_OTHER_YEAR,
        FindingKind.STAFF_WITHOUT_CLASS,
        FindingKind.STAFF_CLASS_UNMAPPED,
        FindingKind.STAFF_WITHOUT_NAME,
        FindingKind.STAFF_GONE,
        FindingKind.STAFF_INACTIVE,
        FindingKind.CONTACT_NOT_PARENTAL,
        FindingKind.CONTACT_WITHOUT_EMAIL,
        FindingKind.CONTACT_WITHOUT_NAME,
        FindingKind.CONTACT_INACTIVE,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that a person should see. `reason` is a sentence that an office can act on."""

    kind: FindingKind
    label: str
    reason_code: str
    reason: str
    match: Match = Match.NOT_MATCHED
    suggestion: UUID | None = None
    in_the_way: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class School:
    """What the rules ask of the school. `limited`: the MIS is in another academic year (R22)."""

    academic_year: str
    year_groups: tuple[str, ...]
    limited: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class MisPupil:
    """A pupil in the MIS; `None` is no information (R17). `class_names` are of their groups.

    `optional`: the optional fields that roster has not answered yet, as the MIS has them.
    """

    mis_id: str
    upn: str | None = None
    former_upns: tuple[str, ...] = ()
    legal_forename: str | None = None
    legal_surname: str | None = None
    preferred_forename: str | None = None
    preferred_surname: str | None = None
    middle_names: str | None = None
    date_of_birth: date | None = None
    sex: str | None = None
    year_group: str | None = None
    class_names: tuple[str, ...] = ()
    optional: Mapping[str, str | bool] = field(default_factory=dict)

    @property
    def label(self) -> str:
        forename = self.preferred_forename or self.legal_forename or ""
        surname = self.preferred_surname or self.legal_surname or ""
        return f"{forename} {surname}".strip() or "A pupil without a name"

    def name_keys(self) -> frozenset[str]:
        return name_keys_of(
            (self.legal_forename, self.legal_surname),
            (
                self.preferred_forename or self.legal_forename,
                self.preferred_surname or self.legal_surname,
            ),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnPupil:
    """A pupil here. `mapped_to` is the record, present in the MIS, that is mapped to them."""

    id: UUID
    version: int
    active: bool
    upn: str | None
    former_upns: tuple[str, ...]
    legal_forename: str
    legal_surname: str
    preferred_forename: str | None = None
    preferred_surname: str | None = None
    middle_names: str | None = None
    date_of_birth: date | None = None
    sex: str | None = None
    year_group: str | None = None
    origin: str = "mis"
    overrides: frozenset[str] = frozenset()
    mapped_to: str | None = None

    def name_keys(self) -> frozenset[str]:
        return name_keys_of(
            (self.legal_forename, self.legal_surname),
            (
                self.preferred_forename or self.legal_forename,
                self.preferred_surname or self.legal_surname,
            ),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class MisGroup:
    mis_id: str
    name: str | None = None
    kind: str | None = None
    year_group: str | None = None

    @property
    def label(self) -> str:
        return self.name or "A group without a name"


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnGroup:
    id: UUID
    version: int
    active: bool
    name: str
    kind: str
    year_group: str | None
    origin: str
    overrides: frozenset[str] = frozenset()
    mapped_to: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MisStaff:
    """Staff in the MIS. `teaches` counts their groups, `teaches_mapped` those that are mapped."""

    mis_id: str
    staff_code: str | None = None
    title: str | None = None
    forename: str | None = None
    surname: str | None = None
    email: str | None = None
    teaches: int = 0
    teaches_mapped: int = 0

    @property
    def label(self) -> str:
        return f"{self.forename or ''} {self.surname or ''}".strip() or "Staff without a name"

    def name_keys(self) -> frozenset[str]:
        return name_keys_of((self.forename, self.surname))


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnUser:
    id: UUID
    version: int
    active: bool
    forename: str
    surname: str
    email: str | None = None
    title: str | None = None
    staff_code: str | None = None
    overrides: frozenset[str] = frozenset()
    mapped_to: str | None = None

    @property
    def label(self) -> str:
        return f"{self.forename} {self.surname}"

    def name_keys(self) -> frozenset[str]:
        return name_keys_of((self.forename, self.surname))


def name_keys_of(*names: tuple[str | None, str | None]) -> frozenset[str]:
    """Each whole name (forename, surname) as it is compared: without case and accents."""
    return frozenset(_whole_names(names))


def _whole_names(names: tuple[tuple[str | None, str | None], ...]) -> Iterator[str]:
    """Forename and surname are told apart: `Li An` is not `An Li`."""
    for forename, surname in names:
        if forename and surname:
            keys = search_key(forename), search_key(surname)
            if all(keys):
                yield "|".join(keys)

"""A pupil as roster holds them, and the names of the fields that can be set."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.roster.fields.field import OPTIONAL_FIELDS
from shared.contracts.roster import PupilState
from shared.contracts.vocabulary import Origin, Sex, YearGroup

__all__ = [
    "DETAIL_FIELDS",
    "OLDEST",
    "OVERRIDABLE",
    "Pupil",
    "hidden_fields",
    "name_of",
    "numbers_changed",
    "with_upn",
]

DETAIL_FIELDS = (
    "upn",
    "legal_forename",
    "legal_surname",
    "preferred_forename",
    "preferred_surname",
    "middle_names",
    "date_of_birth",
    "sex",
    "year_group",
)
OLDEST = 25
"""In years: nobody at school was born before, so such a date of birth was mistyped."""
OVERRIDABLE = (*DETAIL_FIELDS, *OPTIONAL_FIELDS, "active")
"""What can be marked as set by hand (R13)."""
_SEEN = (
    *DETAIL_FIELDS,
    "year_offset",
    *OPTIONAL_FIELDS,
    "former_upns",
    "active",
    "active_reason",
    "overrides",
)

_ALWAYS_SAID = ("id", "version", "active", "upn", "legal_forename", "legal_surname", "origin")
_SAID_IF_THERE = (
    "former_upns",
    "preferred_forename",
    "preferred_surname",
    "middle_names",
    "date_of_birth",
    "sex",
    "year_group",
    "year_offset",
)


@dataclass(frozen=True, kw_only=True)
class Pupil:
    """One pupil, whole. A change makes a new one, with the next version when it is saved."""

    id: UUID
    version: int = 0
    active: bool = True
    active_reason: str | None = None
    upn: str | None = None
    former_upns: tuple[str, ...] = ()
    legal_forename: str
    legal_surname: str
    preferred_forename: str | None = None
    preferred_surname: str | None = None
    middle_names: str | None = None
    date_of_birth: date | None = None
    sex: Sex | None = None
    year_group: YearGroup | None = None
    year_offset: int = 0
    """How many years above (negative: below) their age a person said they are taught."""
    ethnicity: str | None = None
    first_language: str | None = None
    sen_provision: str | None = None
    free_school_meals: bool | None = None
    pupil_premium: bool | None = None
    in_care: bool | None = None
    origin: Origin
    overrides: tuple[str, ...] = ()
    seen_in_mis: bool = field(default=False, compare=False)
    """Whether the sync ever spoke of them. Nobody else's business: two pupils who differ in
    nothing else are equal."""

    @property
    def name(self) -> str:
        """The name they go by."""
        return name_of(vars(self))

    def state(self, kept: Collection[str]) -> PupilState:
        """What the other services are told: of the optional fields, those that the school keeps."""
        return PupilState(**self.stated(hidden_fields(kept)))

    def stated(self, hidden: Collection[str]) -> dict[str, Any]:
        """The fields of the state, without those that are `hidden`."""
        said: dict[str, Any] = {
            "id": self.id,
            "version": self.version,
            "active": self.active,
            "upn": self.upn,
            "former_upns": self.former_upns,
            "legal_forename": self.legal_forename,
            "legal_surname": self.legal_surname,
            "preferred_forename": self.preferred_forename,
            "preferred_surname": self.preferred_surname,
            "middle_names": self.middle_names,
            "date_of_birth": self.date_of_birth,
            "sex": self.sex,
            "year_group": self.year_group,
            "year_offset": self.year_offset,
        }
        for name in OPTIONAL_FIELDS:
            said[name] = None if name in hidden else getattr(self, name)
        said["origin"] = self.origin
        said["overrides"] = tuple(name for name in self.overrides if name not in hidden)
        return said

    def stated_in_short(self, hidden: Collection[str]) -> dict[str, Any]:
        """As `stated`, without fields that hold what the contract supposes where there is none."""
        values = vars(self)
        said = {name: values[name] for name in _ALWAYS_SAID}
        for name in _SAID_IF_THERE:
            if values[name]:
                said[name] = values[name]
        for name in OPTIONAL_FIELDS:
            if values[name] is not None and name not in hidden:
                said[name] = values[name]
        if self.overrides:
            said["overrides"] = tuple(name for name in self.overrides if name not in hidden)
        return said

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Pupil:
        """Of all fields, in a tenth of the time of `Pupil(…)`, which sets one after the other:
        somebody waits while a whole roll is read."""
        pupil: Pupil = object.__new__(cls)
        vars(pupil).update(values)
        return pupil

    def having(self, values: Mapping[str, Any]) -> Pupil:
        """As `replace`, and as quick as `of`."""
        return Pupil.of({**vars(self), **values})

    def overriding(self, *fields: str) -> Pupil:
        """With these fields marked as set by hand."""
        return replace(self, overrides=tuple(sorted({*self.overrides, *fields})))

    def handing_back(self, field: str) -> Pupil:
        """With this field left to the MIS again."""
        return replace(self, overrides=tuple(name for name in self.overrides if name != field))

    def differs_from(self, before: Pupil) -> dict[str, tuple[Any, Any]]:
        """Field → (before, now), of what can be seen of a pupil."""
        was, now = vars(before), vars(self)
        return {name: (was[name], now[name]) for name in _SEEN if was[name] != now[name]}


def name_of(values: Mapping[str, Any]) -> str:
    """The name that a pupil with these fields goes by."""
    return called(
        values["legal_forename"],
        values["legal_surname"],
        values["preferred_forename"],
        values["preferred_surname"],
    )


def called(
    legal_forename: str,
    legal_surname: str,
    preferred_forename: str | None,
    preferred_surname: str | None,
) -> str:
    """The name that a pupil with these goes by."""
    return f"{preferred_forename or legal_forename} {preferred_surname or legal_surname}"


def hidden_fields(kept: Collection[str]) -> frozenset[str]:
    """The optional fields that a school which keeps `kept` shows and tells to nobody (R29)."""
    return frozenset(OPTIONAL_FIELDS) - frozenset(kept)


def with_upn(pupil: Pupil, upn: str | None, former: tuple[str, ...] = ()) -> Pupil:
    """With this UPN; the one it takes the place of, and those in `former`, are kept (R11)."""
    changed = numbers_changed(pupil, upn, former)
    return replace(pupil, **changed) if changed else pupil


def numbers_changed(pupil: Pupil, upn: str | None, former: tuple[str, ...] = ()) -> dict[str, Any]:
    """What `with_upn` changes: field → value."""
    if upn == pupil.upn and not former:
        return {}
    replaced = () if pupil.upn is None or pupil.upn == upn else (pupil.upn,)
    known = dict.fromkeys((*pupil.former_upns, *replaced, *former))
    known.pop(upn or "", None)
    after = {"upn": upn, "former_upns": tuple(known)}
    return {name: value for name, value in after.items() if getattr(pupil, name) != value}

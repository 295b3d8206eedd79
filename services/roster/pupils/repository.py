"""All SQL about pupils. Row-level security keeps every statement to the transaction's school."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson
from asyncpg import UniqueViolationError

from services.roster.fields.field import OPTIONAL_FIELDS
from services.roster.listing import Column, Listed, ListOf, Parameters
from services.roster.pupils.newcomers_in_sql import NewPupilRow, add_new_pupils
from services.roster.pupils.pupil import Pupil
from services.roster.pupils.saving_in_sql import NAMES, SAVE_PUPILS, name_keys, saved_rows
from services.roster.schools.repository import School
from shared.contracts.vocabulary import Origin, Sex, YearGroup
from shared.database.pool import Connection, savepoint
from shared.school.names import search_key
from shared.school.upn import normalise_upn
from shared.web.paging import PageRequest

__all__ = [
    "HELD_FIELDS",
    "PUPIL_COLUMNS",
    "PupilFilter",
    "PupilRepository",
    "name_keys",
    "pupil_of",
    "row_of",
]

_SURNAME = Column("p.surname_key", str)
_FORENAME = Column("p.forename_key", str)
ORDERS = {
    "surname": (_SURNAME, _FORENAME),
    "forename": (_FORENAME, _SURNAME),
    "year_group": (Column("year_place(p.year_group)::bigint", int), _SURNAME, _FORENAME),
    "upn": (Column("coalesce(p.upn, '')", str), _SURNAME),
}
"""The orders of the list of pupils."""


_COLUMNS = (
    "id, version, active, active_reason, upn, former_upns, legal_forename, legal_surname, "
    "preferred_forename, preferred_surname, middle_names, date_of_birth, sex, year_group, "
    "year_offset, ethnicity, first_language, sen_provision, free_school_meals, pupil_premium, "
    "in_care, origin, overrides, seen_in_mis"
)
HELD_FIELDS = tuple(name.strip() for name in _COLUMNS.split(","))
"""Of `Pupil`."""
PUPIL_COLUMNS = f"{_COLUMNS}, surname_key, forename_key, search_text"
"""All but the school."""

_LISTS = ("former_upns", "overrides")
_SELDOM_OTHERWISE: Mapping[str, tuple[str, Any]] = {
    "active": ("true", True),
    **dict.fromkeys(_LISTS, ("'{}'", None)),
    "year_offset": ("0", 0),
    "seen_in_mis": ("false", False),
    **dict.fromkeys(
        (
            "active_reason",
            "preferred_forename",
            "preferred_surname",
            "middle_names",
            "ethnicity",
            "first_language",
            "sen_provision",
            "free_school_meals",
            "pupil_premium",
            "in_care",
        ),
        ("NULL", None),
    ),
}
"""Of these fields, what most pupils hold, in SQL and here: only what others hold is asked for."""


def _column_of_all(name: str) -> str:
    if name not in _SELDOM_OTHERWISE:
        return f"array_agg({name}) AS {name}"
    value = f"array_to_string({name}, ',')" if name in _LISTS else name
    otherwise = f"FILTER (WHERE {name} IS DISTINCT FROM {_SELDOM_OTHERWISE[name][0]})"
    return f"array_agg({value}) {otherwise} AS {name}, array_agg(at) {otherwise} AS {name}_at"


_EVERYBODY = f"""
    SELECT {", ".join(map(_column_of_all, HELD_FIELDS))}
    FROM (
        SELECT {_COLUMNS}, (row_number() OVER (ORDER BY id) - 1)::integer AS at FROM pupils
        ORDER BY id
    ) AS everybody
"""
_LISTED = """
    p.id, p.version, p.active, p.active_reason, p.upn, p.former_upns, p.legal_forename,
    p.legal_surname, p.preferred_forename, p.preferred_surname, p.middle_names, p.date_of_birth,
    p.sex, p.year_group, p.year_offset, p.origin, p.overrides,
    (SELECT academic_year FROM schools) AS academic_year,
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'id', g.id, 'name', g.name, 'kind', g.kind, 'year_group', g.year_group,
        'link', jsonb_build_object(
            'version', l.version, 'origin', l.origin, 'override', l.override)
     ) ORDER BY g.kind, g.name_key), '[]')
     FROM links l JOIN groups g ON (g.school_id, g.id) = (l.school_id, l.group_id)
     WHERE l.school_id = p.school_id AND l.kind = 'member' AND l.person_id = p.id
       AND l.present AND g.active
       AND ($1::uuid IS NULL OR g.id IN (SELECT groups_of_teacher($1)))) AS groups
"""
_OPTIONAL = ", ".join(f"p.{name}" for name in OPTIONAL_FIELDS)
_WITHOUT_CLASS = """
    (NOT EXISTS (
        SELECT FROM links l JOIN groups g ON (g.school_id, g.id) = (l.school_id, l.group_id)
        WHERE l.school_id = p.school_id AND l.kind = 'member' AND l.person_id = p.id
          AND l.present AND g.active AND g.kind = 'class'))
"""
_YEAR_DISAGREES = """
    coalesce(years_off(p.year_group, p.date_of_birth, (SELECT academic_year FROM schools))
        <> p.year_offset, false)
"""
_REACHED = "($1::uuid IS NULL OR p.id IN (SELECT pupils_of_teacher($1)))"
_LIST = ListOf(
    selected=_LISTED,
    source="pupils p",
    id_sql="p.id",
    reached=_REACHED,
    orders=ORDERS,
    default_order="surname",
)
_LIST_WITH_OPTIONAL = replace(_LIST, selected=f"{_LISTED}, {_OPTIONAL}")


@dataclass(frozen=True, kw_only=True)
class PupilFilter:
    """Which pupils a list holds; `None` leaves a question out."""

    active: bool | None = True
    year_group: YearGroup | None = None
    group_id: UUID | None = None
    origin: Origin | None = None
    missing_upn: bool | None = None
    missing_year: bool | None = None
    without_class: bool | None = None
    year_disagrees: bool | None = None
    set_by_hand: bool | None = None
    search: str | None = None

    def condition(self, parameters: Parameters) -> str:
        """The condition in SQL."""
        value = parameters.add
        parts = ["true"]
        if self.active is not None:
            parts.append(f"p.active = {value(self.active)}")
        if self.year_group is not None:
            parts.append(f"p.year_group = {value(self.year_group.value)}")
        if self.origin is not None:
            parts.append(f"p.origin = {value(self.origin.value)}")
        if self.missing_upn is not None:
            parts.append(f"(p.upn IS NULL) = {value(self.missing_upn)}")
        if self.missing_year is not None:
            parts.append(f"(p.year_group IS NULL) = {value(self.missing_year)}")
        if self.set_by_hand is not None:
            hidden = value(list(OPTIONAL_FIELDS))
            parts.append(f"(NOT p.overrides <@ {hidden}::text[]) = {value(self.set_by_hand)}")
        if self.without_class is not None:
            parts.append(f"{_WITHOUT_CLASS} = {value(self.without_class)}")
        if self.year_disagrees is not None:
            parts.append(f"{_YEAR_DISAGREES} = {value(self.year_disagrees)}")
        if self.group_id is not None:
            parts.append(
                "p.id IN (SELECT person_id FROM links WHERE kind = 'member' AND present "
                f"AND group_id = {value(self.group_id)} "
                "AND ($1::uuid IS NULL OR group_id IN (SELECT groups_of_teacher($1))))"
            )
        if self.search:
            parts.append(_search_condition(self.search, value))
        return " AND ".join(parts)


def _search_condition(text: str, value: Callable[[Any], str]) -> str:
    """Every word somewhere in the names, or a UPN, present or former, that starts so (R11)."""
    words = search_key(text).split()
    upn = value(normalise_upn(text))
    former = f"EXISTS (SELECT FROM unnest(p.former_upns) f WHERE starts_with(f, {upn}))"
    by_upn = f"(starts_with(p.upn, {upn}) OR {former})"
    by_name = [f"strpos(p.search_text, {value(word)}) > 0" for word in words] or ["false"]
    return f"(({' AND '.join(by_name)}) OR {by_upn})"


class PupilRepository:
    """The pupils of the school whose transaction `connection` is in."""

    async def by_ids_or_upns(
        self, connection: Connection, ids: Collection[UUID], upns: Collection[str]
    ) -> list[Pupil]:
        """Those with one of these ids or one of these UPNs, inactive ones included."""
        rows = await connection.fetch(
            f"SELECT {_COLUMNS} FROM pupils WHERE id = ANY($1::uuid[]) "
            f"UNION SELECT {_COLUMNS} FROM pupils WHERE upn = ANY($2::text[])",
            list(ids),
            list(upns),
        )
        return [pupil_of(row) for row in rows]

    async def add(
        self, connection: Connection, school: School, rows: Sequence[NewPupilRow]
    ) -> bool:
        """Write these pupils in one statement; none, and `False`, where one of them is here, or
        somebody with their UPN. That is found by trying: to ask first took longer."""
        statement = add_new_pupils(school.kept_fields)
        given = orjson.dumps(rows, default=str).decode()
        try:
            async with savepoint(connection):
                await connection.execute(statement, school.id, given)
        except UniqueViolationError:
            return False
        return True

    async def get(self, connection: Connection, pupil_id: UUID) -> Pupil | None:
        row = await connection.fetchrow(
            f"SELECT {_COLUMNS} FROM pupils WHERE id = $1",
            pupil_id,
        )
        return pupil_of(row) if row else None

    async def after(self, connection: Connection, pupil_id: UUID | None, limit: int) -> list[Pupil]:
        """The next `limit` pupils in the order of their ids."""
        rows = await connection.fetch(
            f"SELECT {_COLUMNS} FROM pupils WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2",
            pupil_id,
            limit,
        )
        return [pupil_of(row) for row in rows]

    async def everybody(self, connection: Connection) -> dict[str, list[Any]]:
        """Field → what each pupil holds of it, inactive ones too, in the order of their ids; lists
        of numbers and of names of fields are `None` where they are empty."""
        row = await connection.fetchrow(_EVERYBODY)
        return {name: _values_of_all(row, name) for name in HELD_FIELDS} if row else {}

    async def save(self, connection: Connection, school_id: UUID, pupils: Sequence[Pupil]) -> None:
        """Write these pupils, new ones and known ones, in one statement."""
        if pupils:
            await connection.execute(SAVE_PUPILS, school_id, saved_rows(pupils))

    async def page(
        self,
        connection: Connection,
        *,
        teacher: UUID | None,
        wanted: PupilFilter,
        page: PageRequest,
        with_optional: bool = False,
    ) -> Listed:
        """Some of those that are wanted; `teacher` bounds what is seen to their groups (R14)."""
        whole = _LIST_WITH_OPTIONAL if with_optional else _LIST
        return await whole.page(connection, teacher=teacher, wanted=wanted, page=page)

    async def matching(
        self, connection: Connection, wanted: PupilFilter, most: int
    ) -> tuple[list[UUID], int]:
        """The ids of those that fit, `most` at most in the list's order; and how many fit."""
        parameters = Parameters(None)
        rows = await connection.fetch(
            "SELECT p.id, count(*) OVER () AS total FROM pupils p "
            f"WHERE $1::uuid IS NULL AND {wanted.condition(parameters)} "
            f"ORDER BY p.surname_key, p.forename_key, p.id LIMIT {most:d}",
            *parameters.values,
        )
        return [row["id"] for row in rows], rows[0]["total"] if rows else 0

    async def detail(
        self, connection: Connection, pupil_id: UUID, *, teacher: UUID | None
    ) -> dict[str, Any] | None:
        """One pupil as the lists show them, and their optional fields with those that the school
        keeps, if `teacher` may see the pupil (R14)."""
        row = await connection.fetchrow(
            f"SELECT {_LISTED}, {_OPTIONAL}, (SELECT kept_fields FROM schools) AS kept "
            f"FROM pupils p WHERE p.id = $2 AND {_REACHED}",
            teacher,
            pupil_id,
        )
        return dict(row) if row else None

    async def figures(self, connection: Connection) -> dict[str, int]:
        """How many active pupils there are, and how many of them lack something."""
        row = await connection.fetchrow(
            "SELECT count(*) AS pupils, count(*) FILTER (WHERE p.upn IS NULL) AS missing_upn, "
            f"count(*) FILTER (WHERE {_WITHOUT_CLASS}) AS pupils_without_class "
            "FROM pupils p WHERE p.active"
        )
        return dict(row or {})


def row_of(pupil: Pupil) -> dict[str, Any]:
    """The columns of `pupils` but the school, without those that hold nothing."""
    row = {name: value for name, value in vars(pupil).items() if value is not None}
    return row | name_keys(*(getattr(pupil, name) for name in NAMES))


_SEXES: Mapping[str | None, Sex | None] = {None: None, **{sex.value: sex for sex in Sex}}
_YEAR_GROUPS: Mapping[str | None, YearGroup | None] = {
    None: None,
    **{year.value: year for year in YearGroup},
}
_ORIGINS = {origin.value: origin for origin in Origin}


def _values_of_all(row: Any, name: str) -> list[Any]:
    """One column of `_EVERYBODY`."""
    if name not in _SELDOM_OTHERWISE:
        return row[name] or []
    column = [_SELDOM_OTHERWISE[name][1]] * len(row["id"] or ())
    if row[name]:
        values = (one.split(",") for one in row[name]) if name in _LISTS else row[name]
        for at, value in zip(row[f"{name}_at"], values, strict=True):
            column[at] = value
    return column


def pupil_of(row: Any) -> Pupil:
    """From its `HELD_FIELDS`."""
    values = dict(row)
    values["former_upns"] = tuple(values["former_upns"] or ())
    values["sex"] = _SEXES[values["sex"]]
    values["year_group"] = _YEAR_GROUPS[values["year_group"]]
    values["origin"] = _ORIGINS[values["origin"]]
    values["overrides"] = tuple(values["overrides"] or ())
    return Pupil.of(values)

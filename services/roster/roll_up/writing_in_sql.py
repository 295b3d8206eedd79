"""Writes the moves of `moves_in_sql.py`: the rows, what is told of them, and what undoing needs.

One statement each for pupils and for memberships, whichever moves they are. All of it is in these
two, in the transaction of the school: what is in a `WITH` sees everything as it was before.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from services.roster.roll_up.moves_in_sql import WITHOUT_CLASS, WITHOUT_YEAR
from services.roster.told_in_sql import (
    entry_of_many,
    member,
    memberships_alike,
    object_of,
    pupil_state,
    told_entries,
    told_memberships,
    told_pupils,
)

__all__ = ["Told", "keeping_roll_up", "keeping_years", "write_memberships", "write_pupils"]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the statements must know to tell of the moves: parameters of theirs."""

    school_id: UUID
    kept_fields: frozenset[str]
    """The optional fields of pupils that the school keeps."""
    pupils: str
    """An address, as the next two."""
    memberships: str
    activity: str
    active: str
    """The head of the entries about pupils who are active then, and so on."""
    inactive: str
    added: str
    removed: str

    @property
    def of_pupils(self) -> tuple[str, ...]:
        """The parameters of `write_pupils`."""
        return (self.pupils, self.activity, self.active, self.inactive)

    @property
    def of_memberships(self) -> tuple[UUID | str, ...]:
        """Those of `write_memberships`."""
        return (self.school_id, self.memberships, self.activity, self.added, self.removed)


def write_pupils(moves: str, kept_fields: Collection[str], first: int, keeping: str = "") -> str:
    """Parameters from `first` on: the address of pupils and of activity, and the heads of the
    entries of who is active afterwards, and of who is not."""
    address, of_log, active, inactive = (f"${first + place}" for place in range(4))
    log = entry_of_many(
        f"CASE WHEN m.active THEN {active}::text ELSE {inactive}::text END",
        first="m.subjects[1]",
        others="array_to_string(m.subjects[2:], ',')",
        before=_what_differs("m.was_in", "m.was_active", "m.had_reason", "m.had_overrides"),
        after=_what_differs("m.year_group", "m.active", "m.active_reason", "m.overrides"),
    )
    return f"""
    WITH {moves}, written AS (
        UPDATE pupils p SET version = m.version, active = m.active,
            active_reason = m.active_reason, year_group = m.year_group, overrides = m.overrides
        FROM pupil_moves m WHERE p.id = m.id
        RETURNING {pupil_state("p", kept_fields)} AS said
    ){keeping}
    SELECT (SELECT count(*) FROM written),
        ({told_pupils("written", "said", address)}),
        ({told_entries(_PUPILS_ALIKE, log, of_log)})
    """


_PUPIL = """'{"kind":"pupil","id":"' || id || '","label":' || name || '}'"""
_PUPILS_ALIKE = f"""(
    SELECT was_in, was_active, had_reason, had_overrides, year_group, active, active_reason,
        overrides, array_agg({_PUPIL}) AS subjects
    FROM pupil_moves
    GROUP BY was_in, was_active, had_reason, had_overrides, year_group, active, active_reason,
        overrides
) AS m"""


def keeping_years(school_id: str, roll_up_id: str) -> str:
    """What `write_pupils` keeps of a roll-up besides; both are parameters."""
    return f""", kept AS (
        INSERT INTO roll_up_years (school_id, roll_up_id, year_group, year_group_after,
            active_after, pupil_ids, active_by_hand, reasons)
        SELECT {school_id}::uuid, {roll_up_id}::uuid, was_in, year_group, active, array_agg(id),
            coalesce(array_agg(id) FILTER (
                WHERE NOT active AND 'active' = ANY (had_overrides)), '{{}}'),
            coalesce(jsonb_object_agg(id, had_reason) FILTER (
                WHERE NOT active AND had_reason IS NOT NULL), '{{}}')
        FROM pupil_moves GROUP BY was_in, year_group, active
    )"""


def write_memberships(moves: str, first: int, keeping: str = "") -> str:
    """Parameters from `first` on: the school's id, the address of memberships and of activity,
    and the heads of the entries of who is in the group afterwards, and of who is not."""
    school_id, address, of_log, added, removed = (f"${first + place}" for place in range(5))
    log = entry_of_many(
        f"CASE WHEN m.present THEN {added}::text ELSE {removed}::text END",
        first="m.start || m.members[1] || m.stop",
        others="""CASE WHEN cardinality(m.members) > 1 THEN
            m.start || array_to_string(m.members[2:], m.stop || ',' || m.start) || m.stop END""",
        before=_tie("m.was_present", "m.was_override", "m.was_origin"),
        after=_tie("m.present", "m.override", "m.origin"),
    )
    return f"""
    WITH {moves}, {_MEMBERSHIPS_ALIKE}, changed AS (
        UPDATE links l SET version = m.version, present = m.present, waiting = m.waiting,
            origin = m.origin, override = m.override
        FROM membership_moves m WHERE l.ctid = m.at
    ), made AS (
        INSERT INTO links (school_id, kind, group_id, person_id, version, present, waiting, origin,
            override)
        SELECT {school_id}::uuid, 'member', group_id, person_id, version, present, waiting, origin,
            override
        FROM membership_moves WHERE at IS NULL
    ){keeping}
    SELECT (SELECT count(*) FROM membership_moves),
        ({told_memberships("alike AS m", memberships_alike("m", "m.versions"), "m.size", address)}),
        ({told_entries("alike AS m", log, of_log)})
    """


_MEMBERSHIPS_ALIKE = f"""alike AS MATERIALIZED (
    SELECT a.*, '{{"kind":"link","id":"' AS start,
        substr(to_json(' in ' || g.name)::text, 2) || '}}' AS stop
    FROM (
        SELECT group_id, was_present, was_override, was_origin, present, override, origin,
            count(*) AS size, string_agg({member("moved")}, ',') AS versions,
            array_agg(person_id || '","label":' || left(name, -1)) AS members
        FROM membership_moves AS moved
        GROUP BY group_id, was_present, was_override, was_origin, present, override, origin
    ) AS a
    JOIN groups AS g ON g.id = a.group_id
)"""
"""A label, such as `Zoë Hall in 1 Blue`, is put together from JSON: what is the same of all in a
group is made once."""


def keeping_roll_up(school_id: str, roll_up_id: str, academic_year: str, ran_at: str) -> str:
    """What `write_memberships` of `MEMBERSHIP_MOVES` keeps besides; all are parameters."""
    return f""", begun AS (
        INSERT INTO roll_ups (school_id, id, academic_year, ran_at, leavers_group_id, without_class,
            without_year)
        SELECT {school_id}::uuid, {roll_up_id}::uuid, {academic_year}::text, {ran_at}::timestamptz,
            $6::uuid, ARRAY({WITHOUT_CLASS}), ARRAY({WITHOUT_YEAR})
    ), kept AS (
        INSERT INTO roll_up_memberships (school_id, roll_up_id, group_id, present, waiting, origin,
            override, pupil_ids, versions_after)
        SELECT {school_id}::uuid, {roll_up_id}::uuid, group_id, was_present, was_waiting,
            coalesce(was_origin, origin), was_override, array_agg(person_id), array_agg(version)
        FROM membership_moves
        GROUP BY group_id, was_present, was_waiting, coalesce(was_origin, origin), was_override
    )"""


def _what_differs(year_group: str, active: str, reason: str, overrides: str) -> str:
    """JSON of one side of a pupil's move: of these fields, those that are not as on the other."""
    return f"""'{{' || concat_ws(',',
        CASE WHEN m.was_in IS DISTINCT FROM m.year_group
            THEN '"year_group":"' || {year_group} || '"' END,
        CASE WHEN m.was_active <> m.active THEN '"active":' || {active} END,
        CASE WHEN m.had_reason IS DISTINCT FROM m.active_reason
            THEN '"active_reason":' || coalesce(to_json({reason})::text, 'null') END,
        CASE WHEN m.had_overrides <> m.overrides
            THEN '"overrides":' || array_to_json({overrides}) END) || '}}'"""


def _tie(present: str, override: str, origin: str) -> str:
    return object_of(
        present=present,
        override=override,
        origin=f"""coalesce('"' || {origin} || '"', 'null')""",
        kind="""'"member"'""",
        group_id="""'"' || m.group_id || '"'""",
    )

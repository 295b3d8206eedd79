"""The SQL of both sides of a record, as a person is shown them: what the MIS says, what is here.

A group says how many pupils it has and who teaches it, people which groups they are in, so that one
knows which is meant.
"""

from __future__ import annotations

import json
from typing import Any

__all__ = ["here_label", "here_side", "mis_side", "without_internals"]

_INTERNAL = frozenset(
    {"school_id", "version", "overrides", "origin", "children", "mis_children", "kept_apart"}
)


def mis_side(kind: str, key: str) -> str:
    """An expression beside `mis_records r`; `kind` and `key` are expressions for the record."""
    groups_of = """
        jsonb_build_object('groups', (
            SELECT jsonb_agg(g.record->>'name' ORDER BY g.record->>'name')
            FROM mis_relations k JOIN mis_records g
                ON g.school_id = k.school_id AND g.kind = 'group' AND g.mis_id = k.group_mis_id
                    AND g.missing_since IS NULL
            WHERE k.school_id = r.school_id AND k.kind = '{relation}'
                AND k.person_mis_id = {key}))"""
    return f"""
    r.record || CASE {kind}
        WHEN 'group' THEN jsonb_build_object(
            'pupils', (SELECT count(*) FROM mis_relations k
                WHERE k.school_id = r.school_id AND k.kind = 'member' AND k.group_mis_id = {key}),
            'teachers', (SELECT jsonb_agg(concat_ws(' ', s.record->>'title',
                    s.record->>'forename', s.record->>'surname') ORDER BY s.record->>'surname')
                FROM mis_relations k JOIN mis_records s
                    ON s.school_id = k.school_id AND s.kind = 'staff' AND s.mis_id = k.person_mis_id
                WHERE k.school_id = r.school_id AND k.kind = 'teacher' AND k.group_mis_id = {key}))
        WHEN 'staff' THEN {groups_of.format(relation="teacher", key=key)}
        WHEN 'pupil' THEN {groups_of.format(relation="member", key=key)}
        WHEN 'contact' THEN jsonb_build_object(
            'children', (SELECT jsonb_agg(concat_ws(' ',
                    coalesce(p.record->>'preferred_forename', p.record->>'legal_forename'),
                    coalesce(p.record->>'preferred_surname', p.record->>'legal_surname'))
                    ORDER BY p.mis_id)
                FROM mis_relationships k JOIN mis_records p
                    ON p.school_id = k.school_id AND p.kind = 'pupil' AND p.mis_id = k.pupil_mis_id
                WHERE k.school_id = r.school_id AND k.contact_mis_id = {key}))
        ELSE '{{}}'
    END"""  # noqa: S608 - expressions of this folder and the mapping's only


def here_side(kind: str, school: str, record: str) -> str:
    """The record here with the id `record`, or null; all three are expressions."""
    groups_of = f"""
        jsonb_build_object('groups', (
            SELECT jsonb_agg(g.name ORDER BY g.name) FROM own_links l JOIN own_groups g
                ON g.school_id = l.school_id AND g.id = l.group_id AND g.active
            WHERE l.school_id = o.school_id AND l.kind = '{{relation}}' AND l.present
                AND l.person_id = o.id))
        FROM {{table}} o WHERE o.school_id = {school} AND o.id = {record}"""  # noqa: S608
    pupils = groups_of.format(relation="member", table="own_pupils")
    users = groups_of.format(relation="teacher", table="own_users")
    return f"""
    CASE {kind}
        WHEN 'pupil' THEN (SELECT to_jsonb(o) || {pupils})
        WHEN 'staff' THEN (SELECT to_jsonb(o) || {users})
        WHEN 'group' THEN (SELECT to_jsonb(o) || jsonb_build_object(
            'pupils', (SELECT count(*) FROM own_links l WHERE l.school_id = o.school_id
                AND l.kind = 'member' AND l.present AND l.group_id = o.id),
            'teachers', (SELECT jsonb_agg(concat_ws(' ', u.title, u.forename, u.surname)
                    ORDER BY u.surname)
                FROM own_links l JOIN own_users u
                    ON u.school_id = l.school_id AND u.id = l.person_id
                WHERE l.school_id = o.school_id AND l.kind = 'teacher' AND l.present
                    AND l.group_id = o.id))
            FROM own_groups o WHERE o.school_id = {school} AND o.id = {record})
        WHEN 'contact' THEN (SELECT to_jsonb(o) FROM own_parents o
            WHERE o.school_id = {school} AND o.id = {record})
    END"""  # noqa: S608


def without_internals(side: str | None) -> dict[str, Any] | None:
    """As it was read, without what is for programs."""
    if side is None:
        return None
    known: dict[str, Any] = json.loads(side)
    return {name: value for name, value in known.items() if name not in _INTERNAL}


def here_label(kind: str, here: dict[str, Any] | None) -> str:
    """What a record here is called."""
    known = here or {}
    if kind == "group":
        return str(known.get("name"))
    forename = known.get("preferred_forename") or known.get("legal_forename")
    surname = known.get("preferred_surname") or known.get("legal_surname")
    return f"{forename or known.get('forename')} {surname or known.get('surname')}"

"""What becomes of each pupil and each membership at the roll-up, and at its undoing, as queries.

The one place of these rules (R12): what is shown beforehand, what is written, told and kept to be
undone by are all read from here. Which year group and which group follow is worked out before, for
a few dozen of each (`moves.py`, `successions.py`), and given as parameters.

Nothing here is an override, and none stops it: a year group that was corrected by hand moves up as
any other does, and stays marked. Only an unlink by hand from the group that would follow stands.
"""

from __future__ import annotations

__all__ = [
    "MEMBERSHIP_MOVES",
    "MEMBERSHIP_MOVES_BACK",
    "PUPIL_MOVES",
    "PUPIL_MOVES_BACK",
    "SOURCES",
    "WITHOUT_CLASS",
    "WITHOUT_YEAR",
]

_NAME = """to_json(coalesce(p.preferred_forename, p.legal_forename) || ' ' ||
            coalesce(p.preferred_surname, p.legal_surname))::text AS name"""
"""In JSON."""

PUPIL_MOVES = f"""
    pupil_moves AS MATERIALIZED (
        SELECT p.id, p.version + 1 AS version, {_NAME}, p.active AS was_active,
            p.active_reason AS had_reason, p.year_group AS was_in, p.overrides AS had_overrides,
            step.following IS NOT NULL AS active,
            CASE WHEN step.following IS NULL THEN $3::text ELSE p.active_reason END
                AS active_reason,
            coalesce(step.following, p.year_group) AS year_group,
            -- Who was made active by hand leaves with the others, and may come back by the MIS.
            CASE WHEN step.following IS NULL THEN array_remove(p.overrides, 'active')
                ELSE p.overrides END AS overrides
        FROM pupils p JOIN unnest($1::text[], $2::text[]) AS step (year_group, following)
            ON step.year_group = p.year_group
        WHERE p.active
    )"""
"""Who goes up or leaves. $1 and $2: each year group and the one after it, none where its pupils
leave; $3: why a leaver is inactive."""

WITHOUT_YEAR = "SELECT id FROM pupils WHERE active AND year_group IS NULL ORDER BY id"
"""These neither go up nor leave."""

PUPIL_MOVES_BACK = f"""
    pupil_moves AS MATERIALIZED (
        SELECT p.id, p.version + 1 AS version, {_NAME}, p.active AS was_active,
            p.active_reason AS had_reason, p.year_group AS was_in, p.overrides AS had_overrides,
            true AS active,
            CASE WHEN p.active THEN p.active_reason ELSE kept.reasons ->> p.id::text END
                AS active_reason,
            kept.year_group,
            CASE WHEN p.id = ANY (kept.active_by_hand) THEN ARRAY(
                SELECT DISTINCT name FROM unnest(p.overrides || 'active'::text) AS o (name)
                ORDER BY name)
                ELSE p.overrides END AS overrides
        FROM roll_up_years kept CROSS JOIN unnest(kept.pupil_ids) AS moved (id)
        JOIN pupils p ON p.id = moved.id
        WHERE kept.roll_up_id = $1
            AND p.year_group = kept.year_group_after AND p.active = kept.active_after
    )"""
"""Those who are still as a roll-up left them. $1: which."""

SOURCES = f"""
    -- By themselves, and so that they come first: a planner who knows nothing of what is in the
    -- parameters would look each pupil up, or begin with every pupil in every place.
    roll AS MATERIALIZED (
        SELECT p.id, coalesce(p.year_group, '') AS year_group, {_NAME}
        FROM pupils p WHERE p.active
    ),
    members AS MATERIALIZED (
        SELECT l.ctid AS at, l.group_id, l.person_id, l.version, l.origin, l.override,
            place.year_group, place.following, place.is_class, place.following_is_class
        FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::boolean[], $5::boolean[])
            AS place (group_id, year_group, following, is_class, following_is_class)
        JOIN links l ON l.kind = 'member' AND l.present AND l.group_id = place.group_id
    ),
    sources AS MATERIALIZED (
        SELECT m.at, m.group_id, m.person_id, m.version, m.origin, m.override, r.name, m.following,
            m.is_class, m.following_is_class, t.ctid AS stood_at, t.version AS stood_version,
            t.present AS stood_present, t.waiting AS stood_waiting, t.origin AS stood_origin,
            t.override AS stood_override
        FROM members m
        JOIN roll r ON r.id = m.person_id AND r.year_group = m.year_group
        LEFT JOIN links t ON t.kind = 'member' AND t.group_id = m.following
            AND t.person_id = m.person_id AND m.following <> m.group_id
    )"""
"""Each membership of who stays, with what stands already where it leads to. $1 to $5: of each group
and year group (none: '') of who stays the group that follows, whether it is a class, and whether
that one is."""

MEMBERSHIP_MOVES = f"""
    {SOURCES},
    membership_moves AS MATERIALIZED (
        -- One ends where it leads elsewhere, unless another leads to it.
        SELECT s.at, s.group_id, s.person_id, s.name, s.version + 1 AS version,
            false AS present, false AS waiting, s.origin, false AS override,
            true AS was_present, false AS was_waiting, s.origin AS was_origin,
            s.override AS was_override
        FROM sources s
        WHERE s.following IS DISTINCT FROM s.group_id
            -- `NOT IN`, since it is always looked up by a hash, however few rows are expected.
            AND (s.group_id, s.person_id) NOT IN (
                SELECT following, person_id FROM sources WHERE following IS NOT NULL)
        UNION ALL
        -- The MIS may take away again what it gave for the class before (R22, R18).
        (SELECT DISTINCT ON (s.following, s.person_id) s.stood_at, s.following, s.person_id, s.name,
            coalesce(s.stood_version, 0) + 1, true, false, s.origin, false,
            false, coalesce(s.stood_waiting, false), s.stood_origin, false
        FROM sources s
        WHERE s.following <> s.group_id AND NOT coalesce(s.stood_present OR s.stood_override, false)
        ORDER BY s.following, s.person_id, s.group_id DESC)
        UNION ALL
        -- Leavers, beside the classes that they keep (R6). Who was taken out of the set by hand
        -- stays out (R13), and no MIS takes them away from it: it is the school's own doing.
        SELECT t.ctid, $6::uuid, r.id, r.name, coalesce(t.version, 0) + 1,
            true, false, 'hand', false, false, coalesce(t.waiting, false), t.origin, false
        FROM roll r
        LEFT JOIN links t ON t.kind = 'member' AND t.group_id = $6::uuid AND t.person_id = r.id
        WHERE $6::uuid IS NOT NULL AND r.year_group = ANY ($7::text[])
            AND NOT coalesce(t.present OR t.override, false)
    )"""
"""Memberships that end and that are made, with where their rows are, if there are any. $1 to $5: as
`SOURCES`; $6: the set for leavers, if there is one; $7: the year groups that leave."""

WITHOUT_CLASS = """
    SELECT person_id FROM sources WHERE is_class
    EXCEPT
    SELECT person_id FROM sources
    WHERE following_is_class AND NOT (coalesce(stood_override, false) AND NOT stood_present)
    ORDER BY person_id"""
"""Had a class, and have none afterwards."""

MEMBERSHIP_MOVES_BACK = f"""
    membership_moves AS MATERIALIZED (
        SELECT l.ctid AS at, l.group_id, l.person_id, {_NAME}, l.version + 1 AS version,
            kept.present, kept.waiting, kept.origin, kept.override,
            l.present AS was_present, l.waiting AS was_waiting, l.origin AS was_origin,
            l.override AS was_override
        FROM roll_up_memberships kept
        CROSS JOIN unnest(kept.pupil_ids, kept.versions_after) AS moved (id, version)
        JOIN links l ON l.kind = 'member' AND l.group_id = kept.group_id
            AND l.person_id = moved.id AND l.version = moved.version
        JOIN pupils p ON p.id = moved.id
        WHERE kept.roll_up_id = $1
    )"""
"""Those that nobody changed since. $1: which roll-up."""

"""What statements tell is what the models tell: the contracts read it, and find the same (R9)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.fields.field import OPTIONAL_FIELDS
from services.roster.pupils.pupil import OVERRIDABLE, Pupil
from services.roster.told_in_sql import (
    entry,
    entry_head,
    entry_of_many,
    member,
    memberships_alike,
    object_of,
    pupil_state,
    subject,
)
from shared.contracts.activity import ActivityEntry, Actor, Subject
from shared.contracts.roster import MembershipsAlike, PupilState
from shared.contracts.vocabulary import Origin, Sex, YearGroup
from tests.roster.door import Door

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)
MAYBE = st.none() | TEXT
KEPT = st.sets(st.sampled_from(OPTIONAL_FIELDS))
PUPILS = st.builds(
    Pupil,
    id=st.uuids(),
    version=st.integers(1, 2**31 - 1),
    active=st.booleans(),
    upn=st.none() | st.just("H801200001001"),
    former_upns=st.lists(TEXT, max_size=2).map(tuple),
    legal_forename=TEXT,
    legal_surname=TEXT,
    preferred_forename=MAYBE,
    preferred_surname=MAYBE,
    middle_names=MAYBE,
    date_of_birth=st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    sex=st.none() | st.sampled_from(Sex),
    year_group=st.none() | st.sampled_from(YearGroup),
    year_offset=st.integers(-3, 3),
    ethnicity=MAYBE,
    first_language=MAYBE,
    sen_provision=MAYBE,
    free_school_meals=st.none() | st.booleans(),
    pupil_premium=st.none() | st.booleans(),
    in_care=st.none() | st.booleans(),
    origin=st.sampled_from(Origin),
    overrides=st.lists(st.sampled_from(OVERRIDABLE), unique=True).map(tuple),
)
MEMBERSHIPS = st.builds(
    MembershipsAlike,
    group_id=st.uuids(),
    present=st.booleans(),
    origin=st.sampled_from(Origin),
    override=st.booleans(),
    members=st.lists(st.tuples(st.uuids(), st.integers(1, 2**31 - 1)), min_size=1, max_size=4).map(
        tuple
    ),
)
ACTORS = st.builds(
    Actor,
    kind=st.sampled_from(["person", "mis", "system"]),
    account_id=st.none() | st.uuids(),
    name=TEXT,
    authenticator=MAYBE,
)


@pytest.fixture(scope="module")
async def connection(door: Door) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    connection = await asyncpg.connect(door.admin_dsn)
    yield connection
    await connection.close()


def rows_of(values: list[dict[str, Any]]) -> str:
    return json.dumps(values, default=str)


@given(pupils=st.lists(PUPILS, min_size=1, max_size=10), kept=KEPT)
async def test_a_pupil_s_state_is_the_contract_s(
    connection: asyncpg.Connection[asyncpg.Record], pupils: list[Pupil], kept: set[str]
) -> None:
    """R29: without what the school does not keep, in its values and in the marks, and without what
    is as the contract has it by default."""
    said = pupil_state("p", kept)
    rows = "jsonb_populate_recordset(NULL::pupils, $1::text::jsonb) AS p"
    told = await connection.fetch(
        f"SELECT {said} AS said FROM {rows}",
        rows_of([asdict(pupil) for pupil in pupils]),
    )
    wanted = [pupil.state(kept) for pupil in pupils]
    assert [PupilState.model_validate_json(row["said"]) for row in told] == wanted
    assert [json.loads(row["said"]) for row in told] == [
        state.model_dump(mode="json", exclude_defaults=True) for state in wanted
    ]


@given(alike=MEMBERSHIPS)
async def test_memberships_that_stand_alike_are_the_contract_s(
    connection: asyncpg.Connection[asyncpg.Record], alike: MembershipsAlike
) -> None:
    members = (
        f"(SELECT string_agg({member('l')}, ',' ORDER BY place) "
        "FROM unnest($2::uuid[], $3::integer[]) WITH ORDINALITY AS l (person_id, version, place))"
    )
    told = await connection.fetchval(
        f"SELECT {memberships_alike('m', members)} "
        "FROM jsonb_populate_record(NULL::links, $1::text::jsonb) AS m",
        alike.model_dump_json(exclude={"members"}),
        [key for key, _ in alike.members],
        [version for _, version in alike.members],
    )
    assert MembershipsAlike.model_validate_json(told) == alike
    assert json.loads(told) == alike.model_dump(mode="json")
    assert [(link.person_id, link.version) for link in alike.each()] == list(alike.members)
    assert {
        (link.kind.value, link.group_id, link.present, link.origin, link.override)
        for link in alike.each()
    } == {("member", alike.group_id, alike.present, alike.origin, alike.override)}


@given(
    actor=ACTORS,
    at=st.datetimes(timezones=st.just(UTC)),
    people=st.lists(st.tuples(st.uuids(), TEXT), min_size=1, max_size=4),
    before=MAYBE,
)
async def test_an_entry_is_the_contract_s(
    connection: asyncpg.Connection[asyncpg.Record],
    actor: Actor,
    at: datetime,
    people: list[tuple[UUID, str]],
    before: str | None,
) -> None:
    """R9: of one or of many, and names with quotes, backslashes and line ends among them."""
    said = object_of(name="coalesce(to_json($4::text)::text, 'null')", left="true")
    one = entry(
        "$1::text",
        kind="pupil",
        subject_id="($2::uuid[])[1]",
        label="($3::text[])[1]",
        before="'null'",
        after=said,
    )
    subjects = (
        f"(SELECT array_agg({subject('pupil', 'id', 'label')} ORDER BY place) "
        "FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS p (id, label, place))"
    )
    many = entry_of_many(
        "$1::text",
        first=f"({subjects})[1]",
        others=f"array_to_string(({subjects})[2:], ',')",
        before="'null'",
        after=said,
    )
    told = await connection.fetchrow(
        f"SELECT {one}, {many}",
        entry_head(at, actor, "pupil.left"),
        [key for key, _ in people],
        [label for _, label in people],
        before,
    )
    wanted = ActivityEntry(
        at=at,
        actor=actor,
        action="pupil.left",
        subject=Subject(kind="pupil", id=people[0][0], label=people[0][1]),
        after={"name": before, "left": True},
    )
    assert told is not None
    assert ActivityEntry.model_validate_json(told[0]) == wanted
    also = tuple(Subject(kind="pupil", id=key, label=label) for key, label in people[1:])
    of_many = wanted.model_copy(update={"also": also})
    assert ActivityEntry.model_validate_json(told[1]) == of_many
    assert json.loads(told[1]) == of_many.model_dump(mode="json")

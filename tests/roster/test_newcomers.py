"""Whoever is brought in by one statement comes as by the rules one by one: rows, events, answers.

The two ways beside each other, on the same batches, in transactions of the real database.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.roster.announcements import Announcements
from services.roster.fields.field import OPTIONAL_FIELDS
from services.roster.links.arrivals import Arrivals
from services.roster.links.repository import LinkRepository
from services.roster.pupils.newcomers import Newcomers
from services.roster.pupils.repository import PupilRepository
from services.roster.pupils.sync import PupilSync
from services.roster.schools.repository import School, SchoolRepository
from services.roster.schools.service import SchoolService
from shared.contracts.envelope import payload_type
from shared.contracts.mis_sync import ProposalAction, PupilDetails, PupilProposal, PupilsApproved
from shared.contracts.vocabulary import Sex, YearGroup
from shared.database.pool import Connection
from shared.messaging.outbox import Outbox
from shared.messaging.twins import reader_of
from tests.roster.door import UPNS, Door
from tests.roster.running import NOW

YEAR = "2026/27"
read = reader_of(PupilsApproved)
IDS = [UUID(int=number) for number in range(1, 8)]
TEXTS = st.sampled_from(["Ann", "Zoë", "O’Neill-Smith", 'A "B" \\ C', "Łukasz\tß", "李"])
WANTED: dict[str, st.SearchStrategy[Any]] = {
    "upn": st.sampled_from([*UPNS, UPNS[0].lower(), f" {UPNS[1][:4]} {UPNS[1][4:]}"]),
    "legal_forename": TEXTS,
    "legal_surname": TEXTS,
}
"""What a new pupil must have."""
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "former_upns": st.lists(st.sampled_from([*UPNS, "none"]), max_size=3).map(tuple),
    "preferred_forename": TEXTS,
    "preferred_surname": TEXTS,
    "middle_names": TEXTS,
    "date_of_birth": st.dates(date(2010, 1, 1), date(2022, 1, 1)),
    "sex": st.sampled_from(Sex),
    "year_group": st.sampled_from(YearGroup),
    "ethnicity": st.sampled_from(["WBRI", "wbri", "none"]),
    "first_language": st.sampled_from(["ENG", "POL", "?"]),
    "sen_provision": st.sampled_from(["K", "P", "?"]),
    "free_school_meals": st.booleans(),
    "pupil_premium": st.booleans(),
    "in_care": st.booleans(),
}
NEW = st.builds(
    PupilProposal,
    pupil_id=st.sampled_from(IDS),
    action=st.just(ProposalAction.CREATE),
    details=st.fixed_dictionaries(WANTED, optional=FIELDS).map(lambda said: PupilDetails(**said)),
)
ODD = st.builds(
    PupilProposal,
    pupil_id=st.sampled_from(IDS),
    action=st.sampled_from(ProposalAction),
    expected_version=st.none() | st.integers(1, 3),
    details=st.fixed_dictionaries(
        {}, optional={**WANTED, **FIELDS, "upn": st.sampled_from([*UPNS, "A123", None])}
    ).map(lambda said: PupilDetails(**said)),
)
ALL_NEW = st.lists(
    NEW,
    max_size=4,
    unique_by=(lambda one: one.pupil_id, lambda one: str(one.details.upn).replace(" ", "").upper()),
)
BATCHES = st.tuples(
    ALL_NEW | st.lists(NEW | ODD, max_size=4), st.sampled_from([YEAR, YEAR, "2025/26"])
)
BY_HAND = st.tuples(
    st.sampled_from(IDS), st.sampled_from(["legal_surname", "year_group", "active"])
)
"""Somebody marks a field of a pupil, who may be here by then."""


def new(number: int, **other: Any) -> PupilProposal:
    said = {"upn": UPNS[number], "legal_forename": "Ann", "legal_surname": "Hall"} | other
    return PupilProposal(
        pupil_id=IDS[number], action=ProposalAction.CREATE, details=PupilDetails(**said)
    )


EVERYTHING = new(
    1,
    former_upns=(UPNS[2], UPNS[1], UPNS[2], "none"),
    preferred_forename='A "B" \\ C',
    ethnicity="wbri",
    first_language="?",
    sen_provision="P",
    free_school_meals=False,
    in_care=True,
)


class Nobody(Newcomers):
    """Nobody is plainly new: all go one by one."""

    async def bring_in(self, *_: Any) -> bool:
        return False


def newcomers(kind: type[Newcomers] = Newcomers) -> Newcomers:
    return kind(PupilRepository(), Announcements(Outbox("roster")), lambda: NOW)


def sync_with(kind: type[Newcomers]) -> PupilSync:
    announcements = Announcements(Outbox("roster"))
    return PupilSync(
        schools=SchoolService(SchoolRepository(), announcements, lambda: NOW),
        repository=PupilRepository(),
        newcomers=newcomers(kind),
        arrivals=Arrivals(LinkRepository(), announcements, lambda: NOW),
        announcements=announcements,
        now=lambda: NOW,
    )


@pytest.fixture(scope="module")
async def owner(door: Door) -> AsyncIterator[Connection]:
    """Past row-level security, to see what is in the outbox."""
    connection = await asyncpg.connect(door.admin_dsn)
    yield connection
    await connection.close()


async def begin(owner: Connection, school_id: UUID, kept: Sequence[str] = ()) -> None:
    """A school, and a membership that waits for its pupil."""
    await owner.execute("SELECT set_config('app.school_id', $1, true)", str(school_id))
    await owner.execute(
        "INSERT INTO schools (school_id, academic_year, kept_fields) VALUES ($1, $2, $3)",
        *(school_id, YEAR, list(kept)),
    )
    group_id = UUID(int=99)
    await owner.execute(
        "INSERT INTO groups (school_id, id, version, active, name, name_key, kind, origin, "
        "overrides) VALUES ($1, $2, 1, true, '1 Oak', '1 oak', 'class', 'mis', '{}')",
        *(school_id, group_id),
    )
    await owner.execute(
        "INSERT INTO links (school_id, kind, group_id, person_id, version, present, waiting, "
        "origin, override) VALUES ($1, 'member', $2, $3, 1, false, true, 'mis', false)",
        *(school_id, group_id, IDS[0]),
    )


async def came_of(
    owner: Connection, kind: type[Newcomers], steps: Sequence[Any], kept: Sequence[str]
) -> tuple[Any, ...]:
    """The rows, and what was told, each event as its contract reads it; undone afterwards."""
    school_id = uuid4()
    transaction = owner.transaction()
    await transaction.start()
    try:
        await begin(owner, school_id, kept)
        await owner.execute("SET LOCAL ROLE roster_service")
        for step in steps:
            if isinstance(step[0], UUID):
                await owner.execute(
                    "UPDATE pupils SET overrides = ARRAY[$2], version = version + 1 WHERE id = $1",
                    *step,
                )
                continue
            batch = PupilsApproved(
                run_id=UUID(int=1), sequence=0, total=1, academic_year=step[1], proposals=step[0]
            )
            # The quick way as it is heard, by twins; the other as models have it.
            heard = read(batch.model_dump_json().encode()) if kind is Newcomers else batch
            await sync_with(kind).apply(owner, school_id, [heard])
        await owner.execute("RESET ROLE")
        rows = await owner.fetch(
            "SELECT to_jsonb(p) - 'school_id' AS row FROM pupils p WHERE school_id = $1 "
            "UNION ALL SELECT to_jsonb(l) - 'school_id' FROM links l WHERE school_id = $1",
            school_id,
        )
        told = await owner.fetch(
            "SELECT exchange, routing_key, mandatory, body FROM outbox WHERE school_id = $1 "
            "ORDER BY id",
            school_id,
        )
        return (
            sorted(row["row"] for row in rows),
            sorted(_said(*each) for each in told),
        )
    finally:
        await transaction.rollback()


def _said(exchange: str, key: str, mandatory: bool, body: str) -> tuple[Any, ...]:
    event = json.loads(body)
    assert event["type"] == key
    said = payload_type(key).model_validate(event["data"]).model_dump(mode="json")
    return exchange, key, mandatory, json.dumps(said, sort_keys=True)


@settings(max_examples=60)
@example(steps=[([new(0), EVERYTHING], YEAR)], kept=list(OPTIONAL_FIELDS))
@example(steps=[([new(0), EVERYTHING], YEAR)], kept=[])
@given(
    steps=st.lists(BATCHES | BY_HAND, min_size=1, max_size=4),
    kept=st.sets(st.sampled_from(OPTIONAL_FIELDS)).map(sorted),
)
async def test_both_ways_come_to_the_same(
    owner: Connection, steps: list[Any], kept: list[str]
) -> None:
    """R9, R11, R13, R22, R29: in any order, with repeats, clashes, marks and other years."""
    one_by_one = await came_of(owner, Nobody, steps, kept)
    assert await came_of(owner, Newcomers, steps, kept) == one_by_one


@pytest.mark.parametrize(
    ("proposals", "year", "taken"),
    [
        ([new(0), new(1)], YEAR, True),
        ([new(0), new(1, former_upns=(UPNS[2],))], YEAR, True),
        ([], YEAR, False),
        ([new(0), new(1)], "2025/26", False),
        ([new(0), new(0, upn=UPNS[1])], YEAR, False),
        ([new(0), new(1, upn=UPNS[0].lower())], YEAR, False),
        ([new(0), new(1, upn="A123")], YEAR, False),
        ([new(0), new(1, upn=None)], YEAR, False),
        ([new(0), new(1, legal_surname=None)], YEAR, False),
        ([new(0), new(1).model_copy(update={"action": ProposalAction.UPDATE})], YEAR, False),
        ([new(0), new(3)], YEAR, False),
        ([new(0), new(1, upn=UPNS[3])], YEAR, False),
    ],
    ids=[
        "all-new",
        "with-a-former-upn",
        "nobody",
        "of-another-year",
        "one-id-twice",
        "one-upn-twice",
        "no-upn-by-its-form",
        "without-a-upn",
        "without-a-name",
        "no-creation",
        "one-is-here",
        "another-has-the-upn",
    ],
)
async def test_only_batches_in_which_all_are_plainly_new_are_brought_in_at_once(
    owner: Connection, proposals: list[PupilProposal], year: str, taken: bool
) -> None:
    batch = PupilsApproved(
        run_id=UUID(int=1), sequence=0, total=1, academic_year=year, proposals=tuple(proposals)
    )
    transaction = owner.transaction()
    await transaction.start()
    try:
        school = School(uuid4(), YEAR, 1)
        await begin(owner, school.id)
        await owner.execute("SET LOCAL ROLE roster_service")
        earlier = PupilsApproved(
            run_id=UUID(int=2), sequence=0, total=1, academic_year=YEAR, proposals=(new(3),)
        )
        assert await newcomers().bring_in(owner, school, earlier)
        assert await newcomers().bring_in(owner, school, batch) is taken
        many = await owner.fetchval("SELECT count(*) FROM pupils")
        assert many == 1 + (len(proposals) if taken else 0)
    finally:
        await transaction.rollback()

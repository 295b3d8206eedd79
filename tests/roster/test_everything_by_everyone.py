"""Everything that anybody can do to a school's roll, in any order, through the real doors.

Beside it a plain model says what must come of it, and after every step all rows are as it says:
what was set by hand stands (R13), no UPN is held twice (R11), nothing is deleted (R6), who is
inactive counts nowhere, and only the roll-up changes the academic year (R12).
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import asyncpg
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from uuid_utils.compat import uuid7

from shared.contracts.mis_sync import (
    LinkAction,
    LinkProposal,
    ProposalAction,
    PupilDetails,
    PupilProposal,
)
from shared.contracts.roster import RollUpDue
from shared.contracts.vocabulary import LinkKind
from tests.roster.door import UPNS, Door, SchoolInTest, problem_of
from tests.roster.model_of_a_roll import Key, ModelOfARoll, ModelRow
from tests.roster.pupil_imports import confirm, preview, undo
from tests.roster.running import NOW

STEPS = 30
MOST_PUPILS = 4
"""So few that much happens to each."""
EXAMPLES = int(settings().max_examples) // 2
THOROUGH = EXAMPLES > 50
"""Asked for by CLASSROOM_TEST_EXAMPLES; only then is a history that fails made shorter, which takes
longer than finding it."""
FIELDS = {"upn": "upn", "forename": "legal_forename", "year": "year_group", "active": "active"}
HEADINGS = ("UPN", "Forename", "Surname", "Year group")
NAMES = {contract: name for name, contract in FIELDS.items()}
T = TypeVar("T")

upns = st.sampled_from(UPNS)
forenames = st.sampled_from(["Ann", "Bea", "Cy"])
years = st.sampled_from(["R", "4", "5", "6"])
places = st.sampled_from(["4", "5", "6", "choir"])
said = st.fixed_dictionaries({}, optional={"upn": upns, "forename": forenames, "year": years})
edits = st.one_of(
    st.tuples(st.just("upn"), st.none() | upns),
    st.tuples(st.just("forename"), forenames),
    st.tuples(st.just("year"), years),
    st.tuples(st.just("active"), st.booleans()),
)
files = st.lists(
    st.builds(ModelRow, upn=upns, forename=forenames, year=st.none() | years),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row.upn,
)
mostly = st.sampled_from([True, True, True, False])
to_pupils = st.sampled_from(
    [ProposalAction.UPDATE, ProposalAction.DEACTIVATE, ProposalAction.REACTIVATE]
)
ALL: dict[str, Any] = {"min_size": MOST_PUPILS, "max_size": MOST_PUPILS}


@dataclass
class OneConnection(Door):
    """A door that is looked through often."""

    database: asyncpg.Connection[asyncpg.Record]

    async def rows(self, query: str, *arguments: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.database.fetch(query, *arguments)]


class EverythingByEveryone(RuleBasedStateMachine):
    """Runs in a thread; the doors are in the loop of the tests."""

    door: ClassVar[Door]
    loop: ClassVar[asyncio.AbstractEventLoop]
    pupils: Bundle[UUID] = Bundle("pupils")

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        async def at_its_time() -> T:
            with self.door.clock.at(self.model.now):
                return await work

        return asyncio.run_coroutine_threadsafe(at_its_time(), self.loop).result(120)

    agrees = False

    @initialize(target=pupils)
    def a_school(self) -> MultipleResults[UUID]:
        """With two pupils in classes, one added by hand and one whom the MIS gave."""
        self.school = SchoolInTest(self.door)
        self.model = ModelOfARoll(year="2026/27", now=NOW, classes={}, choir=uuid7())
        self.do(self.school.is_heard_of())
        made = {
            year: self._made("/groups", name=f"{year} Blue", year_group=year)
            for year in ("4", "5", "6")
        }
        self.model.classes = made
        self.model.choir = self._made("/groups", name="Choir", kind="set")
        by_hand = self._made("/pupils", legal_forename="Ann", legal_surname="X", year_group="4")
        self.model.is_added(by_hand, None, "Ann", "4")
        of_mis = uuid7()
        said = {"upn": UPNS[0], "forename": "Bea", "year": "5"}
        self._propose(True, (of_mis, ProposalAction.CREATE, said))
        self.model.mis_creates(of_mis, said, True)
        placed = (self._key("4", by_hand), self._key("5", of_mis))
        self._propose_links(True, *((key, LinkAction.ADD) for key in placed))
        return multiple(by_hand, of_mis)

    def _made(self, path: str, **body: Any) -> UUID:
        answer = self.do(self.school.by_hand("POST", path, body))
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["id"])

    def _key(self, place: str, pupil: UUID) -> Key:
        return (self.model.choir if place == "choir" else self.model.classes[place], pupil)

    # By hand

    @precondition(lambda self: len(self.model.pupils) < MOST_PUPILS)
    @rule(target=pupils, upn=st.none() | upns, forename=forenames, year=st.none() | years)
    def add(self, upn: str | None, forename: str, year: str | None) -> UUID | MultipleResults[UUID]:
        body = {"upn": upn, "legal_forename": forename, "legal_surname": "X", "year_group": year}
        answer = self.do(self.school.by_hand("POST", "/pupils", body))
        if self.model.holder(upn) is not None:
            assert answer.status_code == 409, "no pupil twice"
            return multiple()
        assert answer.status_code == 201, answer.text
        made = UUID(answer.json()["id"])
        self.model.is_added(made, upn, forename, year)
        return made

    @rule(pupil=pupils, edit=edits)
    def change(self, pupil: UUID, edit: tuple[str, Any]) -> None:
        name, value = edit
        body = {"expected_version": self.rows[pupil]["version"], FIELDS[name]: value}
        answer = self.do(self.school.by_hand("PATCH", f"/pupils/{pupil}", body))
        if name == "upn" and self.model.is_anothers(value, pupil):
            assert answer.status_code == 409
        else:
            assert answer.status_code == 200, answer.text
            self.model.is_edited(pupil, name, value)

    @rule(pupil=pupils, name=st.sampled_from(sorted(FIELDS)))
    def hand_back(self, pupil: UUID, name: str) -> None:
        path = f"/pupils/{pupil}/overrides/{FIELDS[name]}"
        version = self.rows[pupil]["version"]
        answer = self.do(self.school.by_hand("DELETE", path, expected_version=version))
        assert answer.status_code == 200, answer.text
        self.model.is_handed_back(pupil, name)

    @rule(pupil=pupils, place=places, present=st.booleans())
    def link(self, pupil: UUID, place: str, present: bool) -> None:
        group, _ = key = self._key(place, pupil)
        method = "PUT" if present else "DELETE"
        answer = self.do(self.school.by_hand(method, f"/groups/{group}/pupils/{pupil}"))
        assert answer.status_code == 200, answer.text
        self.model.is_linked_by_hand(key, present)

    @rule(pupil=pupils, place=places)
    def hand_back_link(self, pupil: UUID, place: str) -> None:
        group, _ = key = self._key(place, pupil)
        path = f"/groups/{group}/pupils/{pupil}/override"
        answer = self.do(self.school.by_hand("DELETE", path))
        assert answer.status_code == (200 if key in self.model.links else 404), answer.text
        if key in self.model.links:
            self.model.link_is_handed_back(key)

    # By the MIS

    def _year(self, same: bool) -> str:
        return self.model.year if same else "2025/26"

    def _propose(
        self, same_year: bool, *proposed: tuple[UUID, ProposalAction, dict[str, Any]]
    ) -> None:
        proposals = [
            PupilProposal(
                pupil_id=pupil,
                action=action,
                details=PupilDetails.model_validate(
                    {"legal_surname": "X", **{FIELDS[name]: value for name, value in said.items()}}
                ),
            )
            for pupil, action, said in proposed
        ]
        self.do(self.school.pupils_approved(*proposals, year=self._year(same_year)))

    @precondition(lambda self: len(self.model.pupils) < MOST_PUPILS)
    @rule(target=pupils, said=said, forename=forenames, same_year=mostly)
    def mis_creates(
        self, said: dict[str, Any], forename: str, same_year: bool
    ) -> UUID | MultipleResults[UUID]:
        made = uuid7()
        said = {"forename": forename, **said}
        self._propose(same_year, (made, ProposalAction.CREATE, said))
        self.model.mis_creates(made, said, same_year)
        return made if made in self.model.pupils else multiple()

    @rule(whole=st.lists(st.tuples(to_pupils, said), **ALL), same_year=mostly)
    def mis_syncs(
        self, whole: list[tuple[ProposalAction, dict[str, Any]]], same_year: bool
    ) -> None:
        """One batch, of everybody."""
        spoken_of = list(zip(self.model.pupils, whole, strict=False))
        self._propose(same_year, *((pupil, *told) for pupil, told in spoken_of))
        for pupil, (action, said) in spoken_of:
            if action is ProposalAction.DEACTIVATE:
                self.model.mis_takes_off_roll(pupil, same_year)
            elif action is ProposalAction.REACTIVATE:
                self.model.mis_brings_back(pupil, said, same_year)
            else:
                self.model.mis_says(pupil, said, same_year)

    @rule(whole=st.lists(st.tuples(places, st.sampled_from(LinkAction)), **ALL), same_year=mostly)
    def mis_syncs_links(self, whole: list[tuple[str, LinkAction]], same_year: bool) -> None:
        self._propose_links(
            same_year,
            *(
                (self._key(place, pupil), action)
                for pupil, (place, action) in zip(self.model.pupils, whole, strict=False)
            ),
        )

    def _propose_links(self, same_year: bool, *proposed: tuple[Key, LinkAction]) -> None:
        proposals = [
            LinkProposal(kind=LinkKind.MEMBER, group_id=group, person_id=pupil, action=action)
            for (group, pupil), action in proposed
        ]
        self.do(self.school.links_approved(*proposals, year=self._year(same_year)))
        for key, action in proposed:
            if action is LinkAction.ADD:
                self.model.mis_links(key, same_year)
            else:
                self.model.mis_unlinks(key, same_year)

    # By a file

    @rule(target=pupils, rows=files, full=st.booleans(), keep=st.booleans())
    def import_file(
        self, rows: list[ModelRow], full: bool, keep: bool
    ) -> UUID | MultipleResults[UUID]:
        """Looked through and confirmed, also where many become inactive by it."""
        cells = [(row.upn, row.forename, "X", row.year or "") for row in rows]
        how = {"scope": "full" if full else "partial", "keep_over_mis": keep}
        made = self.do(preview(self.school, cells, HEADINGS, **how))
        changes = self.model.would_change(rows, full=full)
        before = set(self.model.pupils)
        answer = self.do(confirm(self.school, made, make_many_inactive=True))
        if answer.status_code == 409 and changes:
            assert problem_of(answer)[1] == "waits-for-roll-up", answer.text
            assert self.model.waits_for_the_roll_up()
            return multiple()
        assert answer.status_code == (200 if changes else 409), answer.text
        if changes:
            found = self._rows("SELECT id, upn FROM pupils WHERE school_id = $1")
            ids = {row["upn"]: row["id"] for row in found if row["id"] not in before}
            self.model.is_imported(rows, full=full, keep=keep, ids=ids)
            self.last_import = made
        return multiple(*(one for one in self.model.pupils if one not in before))

    @precondition(lambda self: self.model.imports and not self.model.imports[-1].undone)
    @rule()
    def undo_import(self) -> None:
        answer = self.do(undo(self.school, self.last_import))
        assert answer.status_code == (200 if self.model.can_undo_import() else 409), answer.text
        if answer.status_code == 200:
            self.model.import_is_undone()

    # The roll-up

    @precondition(lambda self: not self.model.can_run_again() and self.model.year < "2032/33")
    @rule()
    def the_day_comes(self) -> None:
        """Asked twice, as after a restart."""
        due = RollUpDue(academic_year=self.model.year)
        self.model.now = max(self.model.now, self.model.the_day())
        for _ in range(2):
            self.do(self.school.hears(due))
        self.model.rolls_up()

    @rule(days=st.sampled_from([1, 27, 29]))
    def time_passes(self, days: int) -> None:
        self.model.now += timedelta(days=days)

    @precondition(lambda self: self.model.roll_ups and not self.model.roll_ups[-1].undone)
    @rule()
    def undo(self) -> None:
        last = self.do(self.school.get("/roll-up"))["last"]
        answer = self.do(self.school.by_hand("POST", f"/roll-up/{last['id']}/undo"))
        assert answer.status_code == (200 if self.model.can_undo() else 409), answer.text
        if answer.status_code == 200:
            self.model.is_undone()

    @precondition(lambda self: self.model.can_run_again())
    @rule()
    def run_again(self) -> None:
        answer = self.do(self.school.by_hand("POST", "/roll-up/run"))
        assert answer.status_code == 200, answer.text
        self.model.rolls_up()

    # What must be so after each step

    def _rows(self, query: str) -> list[dict[str, Any]]:
        return self.do(self.door.rows(query, self.school.id))

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        self.agrees = False
        self._pupils_are()
        self._memberships_are()
        (row,) = self._rows("SELECT academic_year FROM schools WHERE school_id = $1")
        assert row["academic_year"] == self.model.year, "only the roll-up changes the year"
        self.agrees = True

    def _pupils_are(self) -> None:
        found = self._rows("SELECT * FROM pupils WHERE school_id = $1")
        self.rows = {row["id"]: row for row in found}
        assert {
            row["id"]: (
                *(row[column] for column in FIELDS.values()),
                {NAMES.get(name, name) for name in row["overrides"]},
            )
            for row in found
        } == {
            pupil_id: (*(getattr(pupil, name) for name in FIELDS), pupil.by_hand)
            for pupil_id, pupil in self.model.pupils.items()
        }
        held = [row["upn"] for row in found if row["upn"]]
        assert len(held) == len(set(held)), "no pupil twice"
        for row in found:
            assert self.model.pupils[row["id"]].upns <= {row["upn"], *row["former_upns"]}

    def _memberships_are(self) -> None:
        found = self._rows("SELECT * FROM links WHERE school_id = $1")
        assert {
            (row["group_id"], row["person_id"]): (row["present"], row["override"], row["origin"])
            for row in found
        } == {
            key: (link.present, link.by_hand, link.origin) for key, link in self.model.links.items()
        }

    def teardown(self) -> None:
        if self.agrees:
            self.do(self._counted())
            self.do(self._told())

    async def _counted(self) -> None:
        """Whoever is inactive counts nowhere."""
        active = {one for one, pupil in self.model.pupils.items() if pupil.active}
        assert (await self.school.get("/summary"))["pupils"] == len(active)
        assert (await self.school.get("/pupils"))["total"] == len(active)
        for group in (await self.school.get("/groups"))["items"]:
            members = {
                pupil
                for (group_id, pupil), link in self.model.links.items()
                if group_id == UUID(group["id"]) and link.present and pupil in active
            }
            assert group["member_count"] == len(members)
            listed = await self.school.get(f"/groups/{group['id']}/pupils")
            assert {UUID(one["id"]) for one in listed["items"]} == members

    async def _told(self) -> None:
        """The others heard of every version, one after the other, and hold the same now."""
        last: dict[UUID, dict[str, Any]] = {}
        for event in await self.school.told("roster.pupils.changed.v1"):
            for state in event["data"]["pupils"]:
                before = last.get(UUID(state["id"]), {"version": 0})
                assert state["version"] == before["version"] + 1
                last[UUID(state["id"])] = state
        assert {one: (s["version"], s["active"], s["year_group"]) for one, s in last.items()} == {
            one: (row["version"], row["active"], row["year_group"])
            for one, row in self.rows.items()
        }
        told = await self.school.told("roster.school_year.changed.v1")
        assert told[-1]["data"]["academic_year"] == self.model.year


@pytest.mark.timeout(7200)
async def test_whatever_anybody_does_the_roll_is_as_the_model_says(door: Door) -> None:
    """R6, R11, R12, R13, R17, R18, R22."""
    database = await asyncpg.connect(door.admin_dsn)

    class OfThisRun(EverythingByEveryone):
        pass

    OfThisRun.door = OneConnection(**vars(door), database=database)
    OfThisRun.loop = asyncio.get_running_loop()
    chosen = settings(
        settings.default,
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        phases=[*Phase] if THOROUGH else [Phase.reuse, Phase.generate],
    )
    try:
        await asyncio.to_thread(run_state_machine_as_test, OfThisRun, settings=chosen)
    finally:
        await database.close()

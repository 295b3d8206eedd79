"""Who sees which child, whatever happens: only active parents, linked, confirmed, on roll (R2, R6).

Beside the service goes a plain model of who is whose parent and what was confirmed.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from uuid_utils.compat import uuid7

from services.identity.settings import Settings
from tests.broker import TestBroker
from tests.identity.door import OWN_PASSWORD, Door
from tests.identity.family import BORN, Families, pupil
from tests.identity.histories import DoorMachine, play

WHO = st.integers(0, 1)
WHICH = st.integers(0, 2)
DATES = st.sampled_from([BORN, date(2019, 1, 2)])


@dataclass
class Grown:
    parent: dict[str, Any]
    active: bool = True
    session: dict[str, Any] | None = None
    linked: set[int] = field(default_factory=set)
    confirmed: set[int] = field(default_factory=set)


@dataclass
class Small:
    id: UUID
    version: int = 1
    active: bool = True
    born: date | None = BORN


class Home(DoorMachine):
    """Two parents and three pupils of one school."""

    def __init__(self, broker: TestBroker, door: Door, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(door, loop)
        self._broker = broker

    @initialize()
    def a_school(self) -> None:
        self.forget_guesses()
        school = self.do(self.door.new_school())
        self.families = Families(self.door, school, self._broker)
        self.children = [Small(uuid7()) for _ in range(3)]
        for child in self.children:
            self._tell(child)
        self.parents = [Grown(self.do(self.families.add())) for _ in range(2)]
        for grown in self.parents:
            grown.session = self.do(self.families.accept(grown.parent))

    @rule(who=WHO, which=WHICH)
    def a_child_is_linked(self, who: int, which: int) -> None:
        grown = self.parents[who]
        answer = self.do(self.families.link(grown.parent, self.children[which].id))
        assert answer.status_code == 200, answer.text
        grown.linked.add(which)

    @rule(who=WHO, which=WHICH)
    def a_child_is_unlinked(self, who: int, which: int) -> None:
        grown = self.parents[who]
        answer = self.do(self.families.unlink(grown.parent, self.children[which].id))
        assert answer.status_code == (200 if which in grown.linked else 404)
        grown.linked.discard(which)
        grown.confirmed.discard(which)

    @rule(which=WHICH, active=st.booleans(), born=st.none() | DATES)
    def roster_tells_of_a_child(self, which: int, active: bool, born: date | None) -> None:
        child = self.children[which]
        child.version, child.active, child.born = child.version + 1, active, born
        self._tell(child)

    @rule(who=WHO, active=st.booleans())
    def a_parent_is_made_active_or_inactive(self, who: int, active: bool) -> None:
        grown = self.parents[who]
        self.do(self.families.set_active(grown.parent, active))
        if not active:
            grown.session = None
        grown.active = active

    @rule(who=WHO, born=DATES)
    def a_parent_signs_in_and_gives_dates(self, who: int, born: date) -> None:
        """One date for all children that are asked for: all are right with it, or none counts."""
        self.forget_guesses()
        grown = self.parents[who]
        answer = self.do(self.door.sign_in(grown.parent["email"], OWN_PASSWORD))
        if not grown.active:
            assert answer.status_code == 401
            return
        opened = answer.json()
        asked = self._asked_for(grown)
        assert (opened["session"]["scope"] == "confirm_children") is bool(asked)
        if not asked:
            grown.session = opened
            return
        said = self.do(self.families.asked_for(opened))
        assert {child["id"] for child in said} == {str(self.children[n].id) for n in asked}
        given = {self.children[n].id: born for n in asked}
        confirmed = self.do(self.families.confirm(opened, given))
        if all(self.children[n].born == born for n in asked):
            assert confirmed.status_code == 201, confirmed.text
            grown.session = confirmed.json()
            grown.confirmed |= asked
        else:
            assert confirmed.status_code == 422, confirmed.text

    @invariant()
    def each_sees_their_own(self) -> None:
        for grown in self.parents:
            if grown.session is None:
                continue
            seen = self.do(self.families.seen(grown.session))
            expected = {n for n in grown.linked & grown.confirmed if self.children[n].active}
            assert {child["id"] for child in seen["items"]} == {
                str(self.children[n].id) for n in expected
            }
            assert seen["to_confirm"] == len(self._asked_for(grown))

    @invariant()
    def others_have_heard_it(self) -> None:
        """The newest state told of a parent is the one that holds."""
        told = self.do(
            self.door.told(self.families.school.id, "identity.parents.changed.v1"),
        )
        newest = {s["id"]: s for event in told for s in event["data"]["parents"]}
        for grown in self.parents:
            state = newest[grown.parent["id"]]
            assert state["active"] is grown.active
            ids = {
                name: sorted(str(self.children[n].id) for n in of)
                for name, of in (
                    ("children", grown.linked),
                    ("confirmed_children", grown.confirmed),
                )
            }
            assert {name: state[name] for name in ids} == ids

    def _asked_for(self, grown: Grown) -> set[int]:
        waiting = grown.linked - grown.confirmed
        return {n for n in waiting if self.children[n].active and self.children[n].born}

    def _tell(self, child: Small) -> None:
        said = pupil(
            id=child.id, version=child.version, active=child.active, date_of_birth=child.born
        )
        self.do(self.families.tell(said))


@pytest.mark.timeout(900)
async def test_whatever_happens(door: Door, broker: TestBroker, settings: Settings) -> None:
    await play(partial(Home, broker), door, histories=5, steps=20)

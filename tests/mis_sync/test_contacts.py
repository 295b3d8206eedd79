"""Contacts of the MIS become parents, where the school wants it (R8, R13, R17, R18, R20)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from shared.contracts.identity import ParentState
from shared.contracts.mis import Collection
from shared.contracts.mis_sync import ParentsApproved
from shared.contracts.vocabulary import ContactRelationship, Origin
from shared.security.principals import Kind
from tests.eventually import eventually
from tests.mis_sync.mis import EVERYTHING
from tests.mis_sync.world import SchoolInTest, decision

HEARD_OF_PARENTS = "SELECT 1 FROM own_parents WHERE school_id = $1"


@pytest.fixture
async def school(school: SchoolInTest) -> SchoolInTest:
    """One whose parents come from its MIS, with two pupils there."""
    await set_parents(school, True)
    school.mis.pupil("P1")
    school.mis.pupil("P2")
    return school


async def set_parents(school: SchoolInTest, parents: bool) -> None:
    version = (await school.get("/settings"))["version"]
    body = {"hour": None, "parents": parents, "expected_version": version}
    answer = await school.ask("PUT", "/settings", json=body)
    assert answer.status_code == 200, answer.text


def by_mis_id(school: SchoolInTest) -> dict[str, Any]:
    """The pupils here, by the surname that has their MIS id in it."""
    return {p.legal_surname.removeprefix("Patel"): p.id for p in school.held.pupils.values()}


def families(school: SchoolInTest) -> dict[str, set[str]]:
    """The children of each parent here, by surnames and MIS ids."""
    names = {pupil_id: mis_id for mis_id, pupil_id in by_mis_id(school).items()}
    return {
        parent.surname: {names[child] for child in parent.children}
        for parent in school.held.parents.values()
    }


async def given(school: SchoolInTest, **known: Any) -> ParentState:
    """A parent made by hand, whom mis_sync has heard of."""
    fields = {"forename": "Anna", "surname": "PatelC1", "email": "anna@home.example", **known}
    parent = ParentState(
        id=uuid7(),
        version=1,
        active=fields.pop("active", True),
        claimed=True,
        origin=Origin.HAND,
        overrides=("email", "forename", "surname"),
        **fields,
    )
    await school.world.owners.keep_parent(school.id, parent)
    await school.hears(bool, HEARD_OF_PARENTS)
    return parent


async def not_here_of(school: SchoolInTest) -> dict[str, str]:
    return {
        one["label"]: one["reason_code"]
        for one in await school.not_here()
        if one["kind"] == "contact"
    }


class TestWhoBecomesAParent:
    async def test_brothers_and_sisters_share_one(self, school: SchoolInTest) -> None:
        """R20: by one contact, or by one for each child with the same address."""
        school.mis.contact("C1", "P1", "P2")
        school.mis.contact("C2", "P1", email="Raj@Home.example", forename="Raj")
        school.mis.contact("C3", "P2", email="raj@home.example", forename="Raj")
        run = await school.sync()
        assert run["counts"]["parents_created"] == 2
        assert families(school) == {"PatelC1": {"P1", "P2"}, "PatelC2": {"P1", "P2"}}
        assert await school.differences() == []
        again = await school.sync()
        assert set(again["counts"].values()) == {0}

    async def test_needs_a_parental_relationship_and_an_address(self, school: SchoolInTest) -> None:
        """R20: the others stand in the list with the reason, and who is of no pupil does not."""
        school.mis.contact("GRAN", "P1", relationship=ContactRelationship.RELATIVE)
        school.mis.contact("NOTSAID", "P1", relationship=None)
        school.mis.contact("AUNT", "P1", relationship="relative", responsibility=True)
        school.mis.contact("MUM", "P2", email=None)
        school.mis.contact("NAMELESS", "P2", forename=None)
        school.mis.contact("PLUMBER")
        await school.sync()
        assert families(school) == {"PatelAUNT": {"P1"}}
        assert await not_here_of(school) == {
            "Anna PatelGRAN": "contact_not_parental",
            "Anna PatelNOTSAID": "contact_not_parental",
            "Anna PatelMUM": "contact_without_email",
            "PatelNAMELESS": "contact_without_name",
        }
        assert await school.differences() == []
        school.mis.contact("MUM", "P2")
        await school.sync()
        assert families(school)["PatelMUM"] == {"P2"}
        assert "Anna PatelMUM" not in await not_here_of(school)

    async def test_the_same_address_is_the_parent_who_is_here(self, school: SchoolInTest) -> None:
        """R17: and what was given by hand stays (R13)."""
        parent = await given(school, title="Dr", email="c1@home.example", surname="Patel-Rao")
        school.mis.contact("C1", "P1")
        await school.sync()
        assert families(school) == {"Patel-Rao": {"P1"}}
        assert list(school.held.parents) == [parent.id]

    async def test_the_same_name_only_suggests_and_makes_nobody(self, school: SchoolInTest) -> None:
        parent = await given(school)
        school.mis.contact("C1", "P1")
        await school.sync()
        (difference,) = await school.differences()
        assert (difference["kind"], difference["match"]) == ("contact_suggestion", "may_match")
        assert difference["suggestion"]["id"] == str(parent.id)
        assert difference["mis"]["children"] == ["Maya PatelP1"]
        assert list(school.held.parents) == [parent.id]
        await school.decide(decision(difference, "map"))
        assert families(school) == {"PatelC1": {"P1"}}
        assert await school.differences() == []

    async def test_and_a_person_may_say_that_it_is_somebody_else(
        self, school: SchoolInTest
    ) -> None:
        await given(school)
        school.mis.contact("C1", "P1")
        await school.sync()
        await school.create_all("contact_suggestion")
        assert len(school.held.parents) == 2
        assert set((await school.sync())["counts"].values()) == {0}

    async def test_a_taken_address_is_a_difference_until_it_is_free(
        self, school: SchoolInTest
    ) -> None:
        """R8: a teacher who is a parent here too needs another address."""
        school.mis.group("G", "3 Blue")
        school.mis.teacher("T1", "G", email="c1@home.example")
        await school.sync()
        await school.create_all()
        school.mis.contact("C1", "P1")
        await school.sync()
        (difference,) = await school.differences()
        assert (difference["kind"], difference["label"]) == ("refused_contact", "Anna PatelC1")
        assert set((await school.sync())["counts"].values()) == {0}
        school.mis.contact("C1", "P1", email="other@home.example")
        await school.sync()
        assert families(school) == {"PatelC1": {"P1"}}
        assert await school.differences() == []


class TestLinks:
    async def test_that_the_mis_no_longer_has_go_and_the_parent_stays_active(
        self, school: SchoolInTest
    ) -> None:
        """R18: the sync makes no parent inactive."""
        school.mis.contact("C1", "P1", "P2")
        await school.sync()
        del school.mis.relationships["C1", "P2"]
        await school.sync()
        assert families(school) == {"PatelC1": {"P1"}}
        (parent,) = school.held.parents.values()
        assert parent.active

    async def test_stay_while_a_contact_or_a_pupil_is_missing_for_the_first_time(
        self, school: SchoolInTest
    ) -> None:
        """R18: a contact is gone after two complete snapshots on different days."""
        school.mis.contact("C1", "P1")
        school.mis.pupil("P3")
        school.mis.contact("C3", "P3")
        await school.sync()
        was = families(school)
        contacts, relationships = dict(school.mis.contacts), dict(school.mis.relationships)
        del school.mis.contacts["C1"], school.mis.relationships["C1", "P1"]
        await school.sync()
        assert families(school) == was
        later = school.mis.snapshot()
        school.world.clock.ahead += timedelta(days=1)
        tomorrow = later.taken_at + timedelta(days=1)
        await school.sync(school.mis.snapshot(tomorrow))
        assert families(school) == {**was, "PatelC1": set()}
        school.mis.contacts, school.mis.relationships = contacts, relationships
        await school.sync(school.mis.snapshot(tomorrow + timedelta(hours=1)))
        assert families(school) == was

    async def test_set_by_hand_are_never_undone(self, school: SchoolInTest) -> None:
        """R13: neither a link nor an unlink."""
        school.mis.contact("C1", "P1")
        await school.sync()
        pupils = by_mis_id(school)
        (parent,) = school.held.parents.values()
        by_hand = parent.model_copy(
            update={
                "version": parent.version + 1,
                "children": (pupils["P2"],),
                "mis_children": (),
                "kept_apart": (pupils["P1"],),
            }
        )
        await school.world.owners.keep_parent(school.id, by_hand)
        await school.hears(bool, f"{HEARD_OF_PARENTS} AND version = {by_hand.version}")
        run = await school.sync()
        assert set(run["counts"].values()) == {0}
        assert families(school) == {"PatelC1": {"P2"}}

    async def test_a_delta_takes_away_only_what_it_names(self, school: SchoolInTest) -> None:
        school.mis.contact("C1", "P1", "P2")
        await school.sync()
        gone = school.mis.relationships["C1", "P2"].model_copy(update={"removed": True})
        await school.sync(school.mis.snapshot(complete=frozenset(), records=[gone]))
        assert families(school) == {"PatelC1": {"P1"}}

    async def test_of_another_academic_year_change_nothing(self, school: SchoolInTest) -> None:
        """R22."""
        school.mis.contact("C1", "P1")
        await school.sync()
        del school.mis.relationships["C1", "P1"]
        school.mis.academic_year = "2025/26"
        await school.sync()
        assert families(school) == {"PatelC1": {"P1"}}


class TestAnotherAddress:
    async def test_is_asked_about_and_taken_over_when_a_person_says_so(
        self, school: SchoolInTest
    ) -> None:
        """Parents sign in with it. Names follow by themselves (R13)."""
        school.mis.contact("C1", "P1")
        await school.sync()
        school.mis.contact("C1", "P1", email="new@home.example", forename="Ann")
        await school.sync()
        (difference,) = await school.differences()
        assert difference["kind"] == "contact_email_changed"
        assert "new@home.example" in difference["reason"]
        (parent,) = school.held.parents.values()
        assert (parent.forename, parent.email) == ("Ann", "c1@home.example")
        await school.decide(decision(difference, "map"))
        (parent,) = school.held.parents.values()
        assert parent.email == "new@home.example"
        assert await school.differences() == []

    async def test_of_one_who_shared_a_parent_can_make_them_a_parent_of_their_own(
        self, school: SchoolInTest
    ) -> None:
        school.mis.contact("C1", "P1", email="both@home.example")
        school.mis.contact("C2", "P2", email="both@home.example", forename="Raj")
        await school.sync()
        assert families(school) == {"PatelC1": {"P1", "P2"}}
        school.mis.contact("C2", "P2", email="raj@home.example", forename="Raj")
        await school.sync()
        assert families(school) == {"PatelC1": {"P1", "P2"}}
        await school.create_all("contact_email_changed")
        assert families(school) == {"PatelC1": {"P1"}, "PatelC2": {"P2"}}

    async def test_with_another_name_too_changes_nothing_by_itself(
        self, school: SchoolInTest
    ) -> None:
        """The MIS may have given its id to somebody else, who must not see the children."""
        school.mis.contact("C1", "P1")
        await school.sync()
        school.mis.contact("C1", "P2", email="x@home.example", forename="Ed", surname="Jones")
        await school.sync()
        (parent,) = school.held.parents.values()
        assert (parent.forename, families(school)) == ("Anna", {"PatelC1": {"P1"}})
        assert [d["kind"] for d in await school.differences()] == ["contact_email_changed"]


class TestTheSetting:
    async def test_is_off_until_the_admin_says_so_and_then_nothing_is_kept(
        self, school: SchoolInTest
    ) -> None:
        """R29: no contact is even written down where parents do not come from the MIS."""
        await set_parents(school, False)
        school.mis.contact("C1", "P1")
        run = await school.sync()
        assert run["counts"]["parents_created"] == 0
        assert await self._contacts_kept(school) == 0
        assert not school.held.parents

    async def test_switched_off_the_contacts_are_forgotten_and_the_parents_stay(
        self, school: SchoolInTest
    ) -> None:
        school.mis.contact("C1", "P1", "P2")
        school.mis.contact("GRAN", "P1", relationship="relative")
        await school.sync()
        was = families(school)
        assert await self._contacts_kept(school) > 0
        await set_parents(school, False)
        assert await self._contacts_kept(school) == 0
        assert await not_here_of(school) == {}
        del school.mis.relationships["C1", "P2"]
        await school.sync()
        assert families(school) == was
        await set_parents(school, True)
        await school.sync()
        assert families(school) == {"PatelC1": {"P1"}}

    async def test_is_told_logged_and_the_admins_alone(self, school: SchoolInTest) -> None:
        """R9, R29."""
        found = await school.get("/settings")
        assert (found["parents"], found["defaults"]["parents"]) == (True, False)
        rows = await school.world.rows(
            "SELECT body::jsonb AS body FROM outbox WHERE school_id = $1 ORDER BY id", school.id
        )
        bodies = [row["body"] for row in rows]
        assert any('"settings.sync_changed"' in body for body in bodies)
        assert any('"parents_come_from_the_MIS": true' in body for body in bodies)
        body = {"hour": None, "parents": False, "expected_version": found["version"]}
        assert (await school.ask("PUT", "/settings", kind=Kind.USER, json=body)).status_code == 403
        stale = {**body, "expected_version": 0}
        assert (await school.ask("PUT", "/settings", json=stale)).status_code == 409

    async def _contacts_kept(self, school: SchoolInTest) -> int:
        rows = await school.world.rows(
            """
            SELECT 1 FROM mis_records WHERE school_id = $1 AND kind = 'contact'
            UNION ALL SELECT 1 FROM mis_relationships WHERE school_id = $1
            UNION ALL SELECT 1 FROM snapshot_chunks
                WHERE school_id = $1 AND records::text LIKE '%"contact"%'
            """,
            school.id,
        )
        return len(rows)


async def test_another_server_makes_nobody_twice_and_leaves_nobody_linked(
    school: SchoolInTest,
) -> None:
    """R21: all ids are new; whom the new server does not have loses what the old one gave."""
    school.mis.instance_id = "old"
    school.mis.contact("C1", "P1")
    school.mis.contact("C2", "P2")
    await school.sync()
    parents = set(school.held.parents)
    pupils = {p.mis_id: p.upn for p in school.mis.pupils.values()}
    school.mis.pupils.clear()
    school.mis.contacts.clear()
    school.mis.relationships.clear()
    school.mis.instance_id = "new"
    for mis_id, upn in pupils.items():
        school.mis.pupil(f"N{mis_id}", upn=upn, legal_surname=f"Patel{mis_id}")
    school.mis.contact("NC1", "NP1", email="c1@home.example", surname="PatelC1")
    await school.link()

    async def reinstated() -> str:
        return await school.link_state()

    await eventually(reinstated, lambda state: state != "provisioning")
    await school.sync(school.mis.snapshot(complete=EVERYTHING))
    assert set(school.held.parents) == parents
    assert families(school) == {"PatelC1": {"P1"}, "PatelC2": set()}


async def test_parents_are_proposed_in_the_order_of_mis_ids(school: SchoolInTest) -> None:
    """R20."""
    for mis_id in ("C3", "C1", "C2"):
        school.mis.contact(mis_id, "P1")
    await school.sync(school.mis.snapshot(complete=frozenset({Collection.PUPILS})))
    assert [p.mis_id for p in school.held.proposals(ParentsApproved)] == ["C1", "C2", "C3"]


async def test_what_became_of_each_parent_stands_in_the_run(school: SchoolInTest) -> None:
    """R23: with their children by name."""
    school.mis.contact("C1", "P1")
    await school.sync()
    del school.mis.relationships["C1", "P1"]
    school.mis.contact("C1", "P2", title="Dr")
    run = await school.sync()
    (change,) = (await school.get(f"/runs/{run['id']}/changes"))["items"]
    assert (change["kind"], change["label"], change["outcome"]) == (
        "parent",
        "Anna PatelC1",
        "applied",
    )
    assert {field["field"]: (field["before"], field["after"]) for field in change["fields"]} == {
        "title": ("Ms", "Dr"),
        "children_linked": (None, "Maya PatelP2"),
        "children_unlinked": ("Maya PatelP1", None),
    }

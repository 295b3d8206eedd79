"""A parent from the invitation to seeing their children (R2, R3, R4)."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.family import BORN, Families, an_address
from tests.identity.second_step import enter, later, set_up
from tests.identity.test_forgotten_password import ask as ask_for_link
from tests.identity.test_forgotten_password import links_to, mails_to
from tests.identity.user_management import last_entry, link_mailed_to, text_of

NEW_PASSWORD = "a lantern for the meadow 7"


class TestTheInvitation:
    async def test_it_leads_by_password_and_date_of_birth_to_the_child(
        self, families: Families
    ) -> None:
        child = await families.child("Maya")
        parent = await families.add(children=[child])
        assert (parent["state"], parent["children"][0]["name"]) == ("invited", "Maya Patel")
        opened = await families.accept(parent)
        assert opened["session"]["scope"] == "confirm_children"
        assert [one["forename"] for one in await families.asked_for(opened)] == ["Maya"]
        confirmed = await families.confirm(opened, {child: BORN})
        assert confirmed.status_code == 201, confirmed.text
        assert confirmed.json()["session"]["scope"] == "full"
        seen = await families.seen(confirmed.json())
        [shown] = seen["items"]
        assert (shown["name"], shown["year_group"]) == ("Maya Patel", "3")
        assert BORN.isoformat() not in str(seen)

    async def test_it_names_no_child_and_tells_where_to_sign_in(self, families: Families) -> None:
        """Whoever reads a mail that went astray learns of no child."""
        parent = await families.add(children=[await families.child("Maya")])
        subject = f"Your parent account for {families.school.made['school']['name']}"
        [mail] = await mails_to(families.door, parent["email"], subject)
        texts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
        assert len(texts) == 2
        for text in texts:
            assert "Maya" not in text
            assert "/parents/sign-in" in text
            assert parent["email"] in text

    async def test_it_works_for_fourteen_days(self, families: Families) -> None:
        parent = await families.add()
        token = await link_mailed_to(families.door, parent["email"])
        with families.door.clock.moved_by(days=13, hours=23):
            opened = await families.door.client.post("/sessions/link", json={"token": token})
            assert opened.status_code == 201
            assert (await families.read(parent))["state"] == "invited"
        with families.door.clock.moved_by(days=14, minutes=1):
            late = await families.door.client.post("/sessions/link", json={"token": token})
            assert problem_of(late) == (401, "link-refused")
            assert (await families.read(parent))["state"] == "lapsed"

    async def test_it_works_once_and_the_newest_wins(self, families: Families) -> None:
        parent = await families.add()
        older = await link_mailed_to(families.door, parent["email"])
        assert (await families.send_link(parent)).json()["sent"] == "invitation"
        refused = await families.door.client.post("/sessions/link", json={"token": older})
        assert problem_of(refused) == (401, "link-refused")
        await families.accept(parent, nth=2)
        newer = await link_mailed_to(families.door, parent["email"], 2)
        spent = await families.door.client.post("/sessions/link", json={"token": newer})
        assert problem_of(spent) == (401, "link-refused")

    async def test_no_default_and_no_starting_code_lets_a_parent_in(
        self, families: Families
    ) -> None:
        """R2: neither while they wait, nor afterwards."""
        parent = await families.add()
        default = families.school.default_password
        while_waiting = await families.door.sign_in(parent["email"], default)
        await families.accept(parent)
        afterwards = await families.door.sign_in(parent["email"], default)
        for refused in (while_waiting, afterwards):
            assert problem_of(refused) == (401, "sign-in-refused")
        [row] = await families.door.rows(
            "SELECT default_until, starting_code_hash FROM accounts WHERE account_id = $1",
            parent["id"],
        )
        assert set(row.values()) == {None}

    async def test_a_claimed_parent_is_sent_a_password_link_and_keeps_their_password(
        self, families: Families
    ) -> None:
        """R4: it resets nothing until it is used, and then ends all sessions."""
        parent = await families.add()
        before = await families.accept(parent)
        sent = (await families.send_link(parent)).json()
        assert (sent["sent"], sent["parent"]["state"]) == ("password_link", "claimed")
        entry = await last_entry(families.school)
        assert (entry["action"], entry["subject"]["kind"]) == (
            "user.password_link_sent",
            "parent",
        )
        await families.sign_in(parent)
        [token] = await links_to(families.door, parent["email"])
        opened = (await families.door.client.post("/sessions/link", json={"token": token})).json()
        assert (await families.door.set_password(opened, NEW_PASSWORD)).status_code == 201
        gone = await families.door.look_up(before["token"])
        assert problem_of(gone) == (401, "session-over")

    async def test_the_link_of_the_school_works_for_a_day(self, families: Families) -> None:
        parent = await families.add()
        await families.accept(parent)
        await families.send_link(parent)
        [token] = await links_to(families.door, parent["email"])
        with families.door.clock.moved_by(hours=23):
            body = {"token": token}
            opened = await families.door.client.post("/sessions/link", json=body)
            assert opened.status_code == 201
        with families.door.clock.moved_by(hours=25):
            late = await families.door.client.post("/sessions/link", json={"token": token})
            assert problem_of(late) == (401, "link-refused")


class TestTheDates:
    async def test_one_wrong_date_confirms_no_child_and_is_not_named(
        self, families: Families
    ) -> None:
        """Right ones beside it are not kept, so that dates cannot be found out one by one."""
        first, second = await families.child("Maya"), await families.child("Ravi")
        parent = await families.add(children=[first, second])
        opened = await families.accept(parent)
        wrong = date(2018, 5, 18)
        answers = [
            await families.confirm(opened, {first: BORN, second: wrong}),
            await families.confirm(opened, {first: wrong, second: BORN}),
            await families.confirm(opened, {first: wrong, second: wrong}),
        ]
        assert {problem_of(answer) for answer in answers} == {(422, "dates-refused")}
        assert len({answer.text for answer in answers}) == 1
        assert [c["confirmed_at"] for c in (await families.read(parent))["children"]] == [None] * 2
        right = await families.confirm(opened, {first: BORN, second: BORN})
        assert right.json()["session"]["scope"] == "full"

    async def test_the_session_that_asked_ends_and_opens_nothing_twice(
        self, families: Families
    ) -> None:
        child = await families.child()
        opened = await families.accept(await families.add(children=[child]))
        assert (await families.confirm(opened, {child: BORN})).status_code == 201
        again = await families.confirm(opened, {child: BORN})
        assert again.status_code in (401, 409)
        assert problem_of(await families.door.look_up(opened["token"])) == (401, "session-over")

    async def test_of_two_who_answer_at_once_one_goes_on(self, families: Families) -> None:
        child = await families.child()
        opened = await families.accept(await families.add(children=[child]))
        answers = await asyncio.gather(*(families.confirm(opened, {child: BORN}) for _ in range(3)))
        assert sorted(answer.status_code for answer in answers)[0] == 201
        assert {answer.status_code for answer in answers} <= {201, 401, 409}
        assert [answer.status_code for answer in answers].count(201) == 1

    async def test_tries_side_by_side_are_all_counted(self, families: Families) -> None:
        """Of ten at once five are looked at."""
        child = await families.child()
        opened = await families.accept(await families.add(children=[child]))
        wrong = {child: date(2017, 1, 1)}
        answers = await asyncio.gather(*(families.confirm(opened, wrong) for _ in range(10)))
        assert sorted(answer.status_code for answer in answers) == [422] * 5 + [429] * 5

    async def test_each_child_is_asked_for_and_no_other(self, families: Families) -> None:
        first, second = await families.child("Maya"), await families.child("Ravi")
        somebody_elses = await families.child("Tom")
        opened = await families.accept(await families.add(children=[first, second]))
        for dates in ({first: BORN}, {first: BORN, second: BORN, somebody_elses: BORN}):
            refused = await families.confirm(opened, dates)
            assert problem_of(refused) == (409, "children-changed")

    async def test_after_five_wrong_tries_there_is_a_pause_that_a_new_link_ends(
        self, families: Families
    ) -> None:
        child = await families.child()
        parent = await families.add(children=[child])
        opened = await families.accept(parent)
        for _ in range(5):
            wrong = await families.confirm(opened, {child: date(2017, 1, 1)})
            assert problem_of(wrong) == (422, "dates-refused")
        assert (await last_entry(families.school))["action"] == "parent.dates_wrong"
        paused = await families.confirm(opened, {child: BORN})
        assert problem_of(paused) == (429, "too-many-tries")
        assert 0 < int(paused.headers["Retry-After"]) <= 900
        assert (await families.read(parent))["dates_paused"] is True
        assert (await families.send_link(parent)).status_code == 200
        assert (await families.read(parent))["dates_paused"] is False
        opened = await families.sign_in(parent)
        assert (await families.confirm(opened, {child: BORN})).status_code == 201

    async def test_the_pauses_grow_and_end(self, families: Families) -> None:
        """Five in a quarter of an hour, ten in a day, twenty in a month."""
        child = await families.child()
        parent = await families.add(children=[child])
        await families.accept(parent)
        for minutes, allowed in ((0, 5), (16, 5), (32, 0), (60 * 24 + 1, 5)):
            with families.door.clock.moved_by(minutes=minutes):
                opened = await families.sign_in(parent)
                wrong = {child: date(2017, 1, 1)}
                answers = [await families.confirm(opened, wrong) for _ in range(6)]
                assert [a.status_code for a in answers] == [422] * allowed + [429] * (6 - allowed)
        with families.door.clock.moved_by(days=32):
            opened = await families.sign_in(parent)
            assert (await families.confirm(opened, {child: BORN})).status_code == 201

    async def test_nothing_that_is_no_date_counts_or_breaks_anything(
        self, families: Families
    ) -> None:
        child = await families.child()
        opened = await families.accept(await families.add(children=[child]))
        for nonsense in ("", "17/05/2018", "2018-05-17\x00", "0000-00-00", "9" * 500):
            refused = await families.confirm(opened, {child: nonsense})
            assert refused.status_code in (400, 422)
            assert problem_of(refused)[1] != "dates-refused"

    async def test_they_come_after_the_second_step(self, families: Families) -> None:
        """A parent may have one; children are asked for when it is done, and not before."""
        parent = await families.add()
        full = await families.accept(parent)
        phone, _ = await set_up(families.door, full["session"])
        child = await families.child()
        await families.link(parent, child)
        with later(families.door, steps=2):
            opened = await families.sign_in(parent)
            assert opened["session"]["scope"] == "two_step"
            refused = await families.confirm(opened, {child: BORN})
            assert problem_of(refused) == (403, "step-not-done")
            stepped = (await enter(families.door, opened, code=phone.code())).json()
            assert stepped["session"]["scope"] == "confirm_children"
            done = (await families.confirm(stepped, {child: BORN})).json()
        assert (done["session"]["scope"], done["session"]["authenticator"]) == ("full", "My phone")


class TestChildrenLater:
    async def test_a_child_linked_later_is_confirmed_at_the_next_sign_in(
        self, families: Families
    ) -> None:
        first, later = await families.child("Maya"), await families.child("Ravi")
        parent = await families.add(children=[first])
        opened = await families.accept(parent)
        full = (await families.confirm(opened, {first: BORN})).json()
        assert (await families.link(parent, later)).status_code == 200
        seen = await families.seen(full)
        assert ([c["name"] for c in seen["items"]], seen["to_confirm"]) == (["Maya Patel"], 1)
        again = await families.sign_in(parent)
        assert again["session"]["scope"] == "confirm_children"
        assert [c["forename"] for c in await families.asked_for(again)] == ["Ravi"]
        both = (await families.confirm(again, {later: BORN})).json()
        assert await families.names_seen(both) == ["Maya Patel", "Ravi Patel"]
        assert (await families.sign_in(parent))["session"]["scope"] == "full"

    async def test_a_child_without_a_date_of_birth_is_neither_asked_for_nor_seen(
        self, families: Families
    ) -> None:
        """The admin is told why; once the school has the date, the parent is asked for it."""
        child = await families.child("Maya", date_of_birth=None)
        parent = await families.add(children=[child])
        assert "no date of birth" in parent["children"][0]["hindrance"]
        opened = await families.accept(parent)
        assert opened["session"]["scope"] == "full"
        seen = await families.seen(opened)
        assert (seen["items"], seen["without_date"]) == ([], 1)
        await families.child("Maya", id=child, version=2)
        assert (await families.sign_in(parent))["session"]["scope"] == "confirm_children"

    async def test_an_unlinked_child_is_gone_at_once_and_confirmed_anew(
        self, families: Families
    ) -> None:
        child = await families.child()
        parent = await families.add(children=[child])
        full = (await families.confirm(await families.accept(parent), {child: BORN})).json()
        assert (await families.unlink(parent, child)).status_code == 200
        assert await families.names_seen(full) == []
        await families.link(parent, child)
        assert await families.names_seen(full) == []
        assert (await families.sign_in(parent))["session"]["scope"] == "confirm_children"

    async def test_a_leaver_is_not_seen_and_is_seen_again_when_back(
        self, families: Families
    ) -> None:
        child = await families.child("Maya")
        parent = await families.add(children=[child])
        full = (await families.confirm(await families.accept(parent), {child: BORN})).json()
        await families.child("Maya", id=child, version=2, active=False)
        assert await families.names_seen(full) == []
        await families.child("Maya", id=child, version=3)
        assert await families.names_seen(full) == ["Maya Patel"]


class TestAForgottenPassword:
    async def test_a_parent_gets_a_link_from_their_own_page_only(self, families: Families) -> None:
        """R3."""
        parent = await families.add()
        await families.accept(parent)
        await ask_for_link(families.door, parent["email"], page="staff")
        assert await links_to(families.door, parent["email"]) == []
        await ask_for_link(families.door, f" {parent['email'].upper()} ", page="parent")
        [token] = await links_to(families.door, parent["email"])
        opened = (await families.door.client.post("/sessions/link", json={"token": token})).json()
        assert (await families.door.set_password(opened, NEW_PASSWORD)).status_code == 201
        assert (await families.door.sign_in(parent["email"], NEW_PASSWORD)).status_code == 201

    async def test_children_are_still_asked_for_after_it(self, families: Families) -> None:
        """Who has the mailbox alone reaches no child that was not confirmed."""
        parent = await families.add(children=[await families.child()])
        await families.accept(parent)
        await ask_for_link(families.door, parent["email"], page="parent")
        [token] = await links_to(families.door, parent["email"])
        opened = (await families.door.client.post("/sessions/link", json={"token": token})).json()
        again = await families.door.set_password(opened, NEW_PASSWORD)
        assert again.json()["session"]["scope"] == "confirm_children"

    async def test_who_waits_is_invited_anew_and_no_invitation_gets_shorter(
        self, families: Families
    ) -> None:
        parent = await families.add()
        until = parent["invited_until"]
        await link_mailed_to(families.door, parent["email"])
        await ask_for_link(families.door, parent["email"], page="parent")
        await link_mailed_to(families.door, parent["email"], 2)
        assert (await families.read(parent))["invited_until"] == until
        await families.accept(parent, nth=2)

    async def test_who_waits_with_a_lapsed_invitation_gets_one_for_an_hour(
        self, families: Families, door: Door
    ) -> None:
        with door.clock.moved_by(days=-15):
            parent = await families.add()
        assert (await families.read(parent))["state"] == "lapsed"
        await ask_for_link(door, parent["email"], page="parent")
        token = await link_mailed_to(door, parent["email"])
        with door.clock.moved_by(minutes=61):
            late = await door.client.post("/sessions/link", json={"token": token})
            assert problem_of(late) == (401, "link-refused")
        await families.accept(parent)

    @pytest.mark.parametrize("page", ["parent", "staff"])
    async def test_an_inactive_parent_gets_nothing(
        self, families: Families, door: Door, page: str
    ) -> None:
        """R6."""
        parent = await families.add()
        await families.accept(parent)
        await families.set_active(parent, False)
        await ask_for_link(door, parent["email"], page=page)
        assert await links_to(door, parent["email"]) == []


async def test_an_inactive_parent_is_signed_out_at_once_and_has_all_back_later(
    families: Families, door: Door, school: SchoolInTest
) -> None:
    """R6."""
    child = await families.child()
    parent = await families.add(children=[child])
    full = (await families.confirm(await families.accept(parent), {child: BORN})).json()
    inactive = await families.set_active(parent, False)
    assert inactive.json()["active"] is False
    [ended] = (await door.told(school.id, "identity.session.ended.v1"))[-1:]
    assert full["session"]["id"] in ended["data"]["session_ids"]
    assert problem_of(await door.look_up(full["token"])) == (401, "session-over")
    refused = await door.sign_in(parent["email"], OWN_PASSWORD)
    assert problem_of(refused) == (401, "sign-in-refused")
    sent = await families.send_link(parent)
    assert problem_of(sent) == (409, "cannot-send-link")
    assert (await families.read(parent))["can_send_link"] is False
    await families.set_active(parent, True)
    again = await families.sign_in(parent)
    assert await families.names_seen(again) == ["Maya Patel"]


async def test_what_parents_are_mailed_holds_no_date_of_birth(families: Families) -> None:
    child = await families.child()
    email = an_address()
    parent = await families.add(email, children=[child])
    await families.confirm(await families.accept(parent), {child: BORN})
    await links_to(families.door, email)
    told = str(await families.door.told(families.school.id, "activity.recorded.v1"))
    told += str(await families.door.told(families.school.id, "identity.parents.changed.v1"))
    for text in [*map(text_of, families.door.mailbox.sent_to(email)), told]:
        assert BORN.isoformat() not in text
        assert "17 May 2018" not in text

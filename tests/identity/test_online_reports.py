"""Parents are told of online reports by e-mail, once, and only who sees a child of theirs (R27)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import aio_pika
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from shared.contracts.envelope import Event
from shared.contracts.reports import OnlineReportsPublished, OnlineReportsWithdrawn
from shared.contracts.topology import EVENTS_EXCHANGE
from shared.security.principals import Kind, Principal, Scope, digest_of
from tests.broker import TestBroker
from tests.eventually import eventually
from tests.identity.door import Door, SchoolInTest
from tests.identity.family import BORN, Families
from tests.identity.user_management import ask, send_due, text_of

Said = type[OnlineReportsPublished] | type[OnlineReportsWithdrawn]
PUBLISHED, WITHDRAWN = OnlineReportsPublished, OnlineReportsWithdrawn


class News:
    """What reports says of one publication."""

    def __init__(self, families: Families, *pupils: UUID, school: UUID | None = None) -> None:
        self.id = uuid4()
        self.pupils = pupils
        self.families = families
        self.school = school or families.school.id

    async def say(
        self, what: Said, version: int, *pupils: UUID, event_id: UUID | None = None, times: int = 1
    ) -> None:
        """Heard by identity when it returns; the last time of several is heard after the others."""
        event: Any = Event[what](  # type: ignore[valid-type]
            id=event_id or uuid7(),
            source="/services/reports",
            type=what.EVENT_TYPE,
            schoolid=self.school,
            correlationid="test-correlation",
            data=what(publication_id=self.id, version=version, pupil_ids=pupils or self.pupils),
        )
        connection = await aio_pika.connect(self.families.broker.url)
        async with connection, connection.channel() as channel:
            exchange = await channel.get_exchange(EVENTS_EXCHANGE)
            for _ in range(times):
                body = event.model_dump_json().encode()
                await exchange.publish(
                    aio_pika.Message(body, message_id=str(event.id)), what.EVENT_TYPE
                )
        query = "SELECT 1 FROM inbox WHERE message_key = $1"
        await eventually(lambda: self.families.door.rows(query, event.id), bool)


async def told(door: Door, parent: dict[str, Any]) -> list[str]:
    """The texts of the mails about reports that came to them, once all that is due has gone."""
    await send_due(door)
    query = "SELECT 1 FROM mails WHERE recipient = $1 AND sent_at IS NULL AND given_up_at IS NULL"
    await eventually(lambda: door.rows(query, parent["email"]), lambda rows: not rows)
    return [text_of(mail) for mail in door.mailbox.sent_to(parent["email"]) if _is_news(mail)]


def _is_news(mail: Any) -> bool:
    return str(mail["Subject"]).startswith("A new report from ")


async def accepted(families: Families, *children: UUID) -> dict[str, Any]:
    """A parent with a password who sees these."""
    parent = await families.add(children=children)
    opened = await families.accept(parent)
    answer = await families.confirm(opened, dict.fromkeys(children, BORN))
    assert answer.status_code == 201, answer.text
    return parent


@contextmanager
def no_mail_going(door: Door) -> Iterator[None]:
    door.mailbox.stop()
    try:
        yield
    finally:
        door.mailbox.start()


Home = tuple[dict[str, Any], list[UUID], Families]


@pytest.fixture(scope="module")
async def at_home(door: Door, broker: TestBroker) -> Home:
    """A parent of two."""
    families = Families(door, await door.new_school(), broker)
    children = [await families.child(name) for name in ("Maya", "Omar")]
    return await accepted(families, *children), children, families


class TestWhoIsTold:
    async def test_one_mail_for_two_children_however_often_it_is_said(
        self, door: Door, families: Families
    ) -> None:
        maya, omar = await families.child("Maya"), await families.child("Omar")
        parent = await accepted(families, maya, omar)
        news = News(families, maya, omar)
        once = uuid7()
        await news.say(PUBLISHED, 1, event_id=once, times=3)
        await news.say(PUBLISHED, 1)
        await news.say(PUBLISHED, 2)
        [text] = await told(door, parent)
        assert "http://localhost:8080/parents/sign-in" in text
        assert not any(name in text for name in ("Maya", "Omar"))

        await News(families, maya).say(PUBLISHED, 1)
        assert len(await told(door, parent)) == 2, "another publication is told anew"

    async def test_nobody_who_does_not_see_the_child(self, door: Door, families: Families) -> None:
        maya, omar = await families.child("Maya"), await families.child("Omar")
        left = await families.child("Lea", active=False)
        seeing = await accepted(families, maya)
        of_another = await accepted(families, omar)
        unlinked = await accepted(families, maya)
        await families.unlink(unlinked, maya)
        inactive = await accepted(families, maya)
        await families.set_active(inactive, active=False)
        waiting = await families.add(children=[maya])
        unconfirmed = await families.add(children=[maya])
        await families.accept(unconfirmed)
        of_a_leaver = await families.add(children=[left])
        await families.accept(of_a_leaver)
        await News(families, maya, left).say(PUBLISHED, 1)
        assert len(await told(door, seeing)) == 1
        for parent in (of_another, unlinked, inactive, waiting, unconfirmed, of_a_leaver):
            assert await told(door, parent) == []

    async def test_no_other_school_can_have_them_told(self, door: Door, families: Families) -> None:
        maya = await families.child("Maya")
        parent = await accepted(families, maya)
        other = await door.new_school()
        await News(families, maya, school=other.id).say(PUBLISHED, 1)
        assert await told(door, parent) == []


class TestWithdrawn:
    async def test_before_it_went_it_never_goes_and_once_when_published_again(
        self, door: Door, families: Families
    ) -> None:
        maya = await families.child("Maya")
        parent = await accepted(families, maya)
        news = News(families, maya)
        with no_mail_going(door):
            await news.say(PUBLISHED, 1)
            await news.say(WITHDRAWN, 2)
        assert await told(door, parent) == []
        await news.say(PUBLISHED, 3)
        await news.say(PUBLISHED, 4)
        assert len(await told(door, parent)) == 1
        await news.say(WITHDRAWN, 5)
        await news.say(PUBLISHED, 6)
        assert len(await told(door, parent)) == 1, "who was told of it is not told again"

    async def test_heard_of_before_it_was_published(self, door: Door, families: Families) -> None:
        maya = await families.child("Maya")
        parent = await accepted(families, maya)
        news = News(families, maya)
        await news.say(WITHDRAWN, 2)
        await news.say(PUBLISHED, 1)
        assert await told(door, parent) == []

    async def test_of_one_child_the_other_is_told_of_still(
        self, door: Door, families: Families
    ) -> None:
        maya, omar = await families.child("Maya"), await families.child("Omar")
        both, one = await accepted(families, maya, omar), await accepted(families, maya)
        with no_mail_going(door):
            news = News(families, maya, omar)
            await news.say(PUBLISHED, 1)
            await news.say(WITHDRAWN, 2, maya)
        assert len(await told(door, both)) == 1
        assert await told(door, one) == []


HISTORIES = st.lists(
    st.tuples(st.sampled_from([PUBLISHED, WITHDRAWN]), st.sets(st.integers(0, 1), min_size=1)),
    min_size=1,
    max_size=4,
)


class TestWhateverComesWhen:
    @settings(max_examples=8)
    @given(history=HISTORIES, drawn=st.data())
    async def test_they_are_told_once_if_there_is_anything_to_read(
        self, door: Door, at_home: Home, history: list[tuple[Said, set[int]]], drawn: st.DataObject
    ) -> None:
        """What was said of two children of one parent is heard in any order, some of it again."""
        parent, children, families = at_home
        news = News(families, *children)
        said = list(enumerate(history, start=1))
        order = drawn.draw(st.permutations(said)) + drawn.draw(
            st.lists(st.sampled_from(said), max_size=2)
        )
        before = len(await told(door, parent))
        with no_mail_going(door):
            for version, (what, which) in order:
                await news.say(what, version, *(children[n] for n in sorted(which)))
        last = {n: what for what, which in history for n in which}
        there_is = PUBLISHED in last.values()
        assert len(await told(door, parent)) - before == int(there_is)


class TestReach:
    async def test_says_of_each_pupil_what_is_best(
        self, door: Door, families: Families, school: SchoolInTest
    ) -> None:
        seen, invited, nobody = [await families.child(name) for name in ("Maya", "Omar", "Lea")]
        await accepted(families, seen)
        await families.add(children=[seen, invited])
        answer = await _reach(door, school.id, "teacher", seen, invited, nobody)
        assert answer == {str(seen): "see", str(invited): "invited", str(nobody): "none"}
        other = await door.new_school()
        assert set((await _reach(door, other.id, "slt", seen)).values()) == {"none"}

    async def test_a_teacher_hears_of_those_alone_whom_reports_has_named(
        self, door: Door, families: Families, school: SchoolInTest
    ) -> None:
        """R14: identity does not know who is in which group, so the gateway signs what reports
        said."""
        child, other = [await families.child(name) for name in ("Maya", "Omar")]
        await accepted(families, child)
        named = (child,)
        assert await _reach(door, school.id, "teacher", child, named=named) == {str(child): "see"}
        for asked in ((child, other), (other,)):
            assert await _reach(door, school.id, "teacher", *asked, named=named) == {}
        assert await _reach(door, school.id, "teacher", child, named=()) == {}
        assert await _reach(door, school.id, "slt", child, named=()) == {str(child): "see"}

    async def test_is_for_users_alone(self, school: SchoolInTest) -> None:
        answer = await ask(school, "POST", "/parents/reach", {"pupil_ids": []})
        assert answer.status_code == 403, "the admin account publishes nothing"


async def _reach(
    door: Door, school_id: UUID, role: str, *pupils: UUID, named: Sequence[UUID] | None = None
) -> dict[str, str]:
    user = Principal(
        uuid4(),
        school_id,
        Kind.USER,
        role,
        Scope.FULL,
        uuid4(),
        "Sam Reed",
        pupils=digest_of(pupils if named is None else named),
    )
    body = {"pupil_ids": [str(pupil) for pupil in pupils]}
    answer = await door.client.post("/parents/reach", json=body, headers=door.signed(user))
    assert answer.status_code == 200, answer.text
    return {one["pupil_id"]: one["parents"] for one in answer.json()["items"]}

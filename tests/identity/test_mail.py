"""E-mail waits for its server and is not lost; what can never be delivered is given up (R3)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg

from tests.eventually import eventually
from tests.identity.door import OPERATOR, Door, SchoolInTest

MAIL = "SELECT * FROM mails WHERE recipient = $1"


async def test_a_mail_server_that_is_down_delays_and_loses_nothing(door: Door) -> None:
    door.mailbox.stop()
    try:
        school = await door.new_school()
        [waiting] = await eventually(
            lambda: door.rows(MAIL, school.admin_email), lambda rows: rows[0]["last_error"]
        )
        assert waiting["sent_at"] is None
    finally:
        door.mailbox.start()
    sent = await eventually(lambda: _mails(door, school.admin_email), seconds=60)
    assert len(sent) == 1
    assert str(waiting["mail_id"]) in sent[0]["Message-ID"]


async def test_a_server_that_does_not_take_us_for_a_sender_loses_nothing(door: Door) -> None:
    """It says so for good, but of us and not of the mail; an operator puts that right."""
    door.mailbox.unwilling = True
    try:
        school = await door.new_school()
        [waiting] = await eventually(
            lambda: door.rows(MAIL, school.admin_email), lambda rows: rows[0]["last_error"]
        )
        assert "530" in waiting["last_error"]
        assert (waiting["sent_at"], waiting["given_up_at"]) == (None, None)
    finally:
        door.mailbox.unwilling = False
    with door.clock.moved_by(minutes=1):
        assert await eventually(lambda: _mails(door, school.admin_email))


async def test_what_was_sent_is_kept_without_its_text(door: Door, school: SchoolInTest) -> None:
    [mail] = await eventually(
        lambda: door.rows(MAIL, school.admin_email), lambda rows: rows[0]["sent_at"]
    )
    assert (mail["body_text"], mail["body_html"]) == (None, None)


async def test_whom_was_written_to_is_forgotten_after_a_month(door: Door) -> None:
    month_ago, of_late = await _written(door, days_ago=31), await _written(door, days_ago=29)
    await eventually(lambda: door.rows(MAIL, month_ago), lambda rows: not rows)
    assert await door.rows(MAIL, of_late)


async def _written(door: Door, *, days_ago: int) -> str:
    """To whom a mail was sent so long ago."""
    recipient = (await door.new_school()).admin_email
    await eventually(lambda: door.rows(MAIL, recipient), lambda rows: rows[0]["sent_at"])
    older = "UPDATE mails SET written_at = written_at - make_interval(days => $2) "
    await door.rows(f"{older} WHERE recipient = $1 RETURNING 1", recipient, days_ago)
    return recipient


async def test_of_a_school_that_is_erased_none_is_kept_and_none_is_sent(door: Door) -> None:
    """Of what waited for the server, the address and the link in it are gone with the school."""
    operator = door.signed(OPERATOR)
    door.mailbox.stop()
    try:
        gone, stays = await door.new_school(), await door.new_school()
        at, name = f"/left-schools/{gone.id}", gone.made["school"]["name"]
        left = await door.client.put(at, json={"name": name, "days": 0}, headers=operator)
        assert left.is_success
        assert await door.rows(MAIL, gone.admin_email)
        erased = await door.client.post(f"{at}/erasure", json={"name": name}, headers=operator)
        assert erased.is_success
        assert await door.rows(MAIL, gone.admin_email) == []
        assert await door.rows(MAIL, stays.admin_email)
    finally:
        door.mailbox.start()


async def test_a_mail_written_while_others_are_taken_is_taken_by_nobody_or_handed_on(
    door: Door,
) -> None:
    """One that was taken and not handed on would wait until whoever took it is given up."""
    door.mailbox.stop()
    in_the_way, taking = (
        await asyncpg.connect(door.admin_dsn),
        await asyncpg.connect(door.service_dsn),
    )
    try:
        first = await door.new_school()
        lock = in_the_way.transaction()
        await lock.start()
        await in_the_way.execute(f"{MAIL} FOR UPDATE", first.admin_email)
        whole = taking.transaction()  # taken back: what others wait for is left to them
        await whole.start()
        take = "SELECT recipient FROM mails_lease($1, interval '1 hour', 100000)"
        long_after = door.clock() + timedelta(days=400)  # the first is of no use any more
        taken = asyncio.create_task(taking.fetch(take, long_after))
        held_up = "SELECT 1 FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))"
        await eventually(lambda: door.rows(held_up, in_the_way.get_server_pid()))
        second = await door.new_school()
        await lock.rollback()
        assert second.admin_email in {row["recipient"] for row in await taken}
        await whole.rollback()
    finally:
        await in_the_way.close()
        await taking.close()
        door.mailbox.start()


async def test_an_address_that_does_not_exist_is_given_up_and_holds_nobody_up(door: Door) -> None:
    refused = await door.new_school(admin_email="nobody-at-all@refused.example")
    other = await door.new_school()
    [mail] = await eventually(
        lambda: door.rows(MAIL, refused.admin_email), lambda rows: rows[0]["given_up_at"]
    )
    assert "550" in mail["last_error"]
    assert mail["body_text"] is None
    assert await eventually(lambda: _mails(door, other.admin_email))


async def test_a_mail_that_cannot_go_as_it_is_holds_nobody_up(door: Door) -> None:
    school = await door.new_school(admin_email="büro@heronpark-with-umlaut.example")
    other = await door.new_school()
    [mail] = await eventually(
        lambda: door.rows(MAIL, school.admin_email), lambda rows: rows[0]["last_error"]
    )
    assert "SMTPUTF8" in mail["last_error"]
    assert mail["given_up_at"] is None
    assert mail["next_try_at"] > door.clock()
    assert await eventually(lambda: _mails(door, other.admin_email))


async def test_mail_comes_as_text_and_as_html(door: Door) -> None:
    school = await door.new_school(name="St <b>Bartholomew’s</b> & All")
    [mail] = await eventually(lambda: _mails(door, school.admin_email))
    assert mail["From"] == "Classroom <no-reply@classroom.example>"
    assert mail["Subject"] == "Your account for St <b>Bartholomew’s</b> & All"
    html = mail.get_body(("html",)).get_content()
    assert "St &lt;b&gt;Bartholomew’s&lt;/b&gt; &amp; All" in html
    assert school.link_token in html


async def _mails(door: Door, recipient: str) -> list[Any]:
    return door.mailbox.sent_to(recipient)

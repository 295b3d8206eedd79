"""Contact us: a message goes to support by e-mail, and is kept for its writer alone (R28)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.identity.leaving.repository import erase
from services.identity.support.service import forget_due
from tests.eventually import eventually
from tests.identity.door import Door, SchoolInTest, problem_of
from tests.identity.family import BORN, Families

SUPPORT = "support@operator.example"
TEXT = "The mapping page stays empty.\n\nWhat can I do? <b>Please</b> help"


def body(**said: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "topic": "mis_sync", "message": TEXT, **said}


async def write(door: Door, headers: dict[str, str], **said: Any) -> Any:
    return await door.client.post("/support/messages", json=body(**said), headers=headers)


async def contact(door: Door, headers: dict[str, str]) -> dict[str, Any]:
    answer = await door.client.get("/support", headers=headers)
    assert answer.status_code == 200, answer.text
    read: dict[str, Any] = answer.json()
    return read


async def mail_about(door: Door, reference: str) -> Any:
    async def found() -> list[Any]:
        return [m for m in door.mailbox.sent_to(SUPPORT) if reference in m["Subject"]]

    [mail] = await eventually(found)
    return mail


async def teacher(door: Door, school: SchoolInTest, **details: Any) -> dict[str, str]:
    user = await school.add_user(**details)
    claimed = await school.claim(user["username"])
    return door.as_session(claimed["session"])


class TestWriting:
    async def test_support_is_mailed_who_writes_from_where_and_what(
        self, door: Door, school: SchoolInTest
    ) -> None:
        email = f"jo-{uuid4().hex[:8]}@heronpark.example"
        jo = await teacher(door, school, email=email)
        pupil = uuid4()
        answer = await write(
            door, jo, telephone="01154960123", page=f"/pupils/{pupil}?q=Amelia#Smith"
        )
        assert answer.status_code == 201, answer.text
        sent = answer.json()
        mail = await mail_about(door, sent["reference"])
        assert mail["Reply-To"] == email
        assert mail["Subject"] == (
            f"[{sent['reference']}] MIS sync and mapping – Heron Park Primary School"
        )
        text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
        for said in (TEXT, str(school.id), "Jo Smith", "teacher", "0115 496 0123", "/pupils/…"):
            assert said in text
        assert f"{school.postcode}_smith" in text
        assert str(pupil) not in text
        assert "Amelia" not in text
        assert "&lt;b&gt;Please&lt;/b&gt;" in mail.get_body(("html",)).get_content()

    async def test_who_has_no_address_is_answered_at_the_admin_accounts(
        self, door: Door, school: SchoolInTest
    ) -> None:
        jo = await teacher(door, school)
        assert (await contact(door, jo))["reply_to"] == school.admin_email
        sent = (await write(door, jo)).json()
        assert (await mail_about(door, sent["reference"]))["Reply-To"] == school.admin_email

    async def test_the_writer_sees_it_with_its_state_and_nobody_else_does(
        self, door: Door, school: SchoolInTest
    ) -> None:
        jo, admin = await teacher(door, school), await school.as_admin()
        door.mailbox.unwilling = True
        try:
            sent = (await write(door, jo)).json()
            [waiting] = (await contact(door, jo))["sent"]
            assert waiting == {**sent, "state": "waiting"}
        finally:
            door.mailbox.unwilling = False
        with door.clock.moved_by(minutes=2):
            await mail_about(door, sent["reference"])

            async def kept() -> Any:
                [message] = (await contact(door, jo))["sent"]
                return message

            assert (await eventually(kept, lambda m: m["state"] == "sent"))["message"] == TEXT
        assert (await contact(door, admin))["sent"] == []

    async def test_sent_twice_it_is_one(self, door: Door, school: SchoolInTest) -> None:
        admin, jo = await school.as_admin(), await teacher(door, school)
        message = body()
        first = await door.client.post("/support/messages", json=message, headers=admin)
        again = await door.client.post("/support/messages", json=message, headers=admin)
        assert first.json()["reference"] == again.json()["reference"]
        taken = await door.client.post("/support/messages", json=message, headers=jo)
        assert problem_of(taken) == (409, "message-id-used")
        # Of another school it is another message.
        other = await (await door.new_school()).as_admin()
        elsewhere = await door.client.post("/support/messages", json=message, headers=other)
        assert elsewhere.status_code == 201
        assert elsewhere.json()["reference"] != first.json()["reference"]

    async def test_the_log_says_that_it_was_sent_and_nothing_of_what(
        self, door: Door, school: SchoolInTest
    ) -> None:
        sent = (await write(door, await school.as_admin())).json()
        told = await door.told(school.id, "activity.recorded.v1")
        [entry] = [
            entry
            for event in told
            for entry in event["data"]["entries"]
            if entry["action"] == "support.message_sent"
        ]
        assert entry["subject"]["label"] == sent["reference"]
        assert entry["after"] == {"topic": "MIS sync and mapping"}
        assert "mapping page" not in str(told)

    async def test_a_person_writes_five_in_an_hour(self, door: Door, school: SchoolInTest) -> None:
        admin, jo = await school.as_admin(), await teacher(door, school)
        assert [(await write(door, admin)).status_code for _ in range(5)] == [201] * 5
        assert problem_of(await write(door, admin)) == (429, "too-many-tries")
        assert len((await contact(door, admin))["sent"]) == 5
        assert (await write(door, jo)).status_code == 201
        with door.clock.moved_by(hours=1, minutes=1):
            assert (await write(door, admin)).status_code == 201

    @pytest.mark.parametrize(
        "said",
        [
            {"message": " \n "},
            {"message": "x" * 4001},
            {"message": "a\x00b"},
            {"message": "a\x1b[31m"},
            {"topic": "pupils\nBcc: all@example.org"},
            {"telephone": "0115\r\nBcc: all@example.org"},
            {"page": "https://elsewhere.example/"},
            {"page": "/a\nBcc: all@example.org"},
            {"school_id": str(UUID(int=1))},
        ],
        ids=[
            *("empty", "long", "nul", "escape", "topic", "telephone", "elsewhere", "header"),
            "another-field",
        ],
    )
    async def test_what_is_no_message_is_refused(
        self, door: Door, school: SchoolInTest, said: dict[str, Any]
    ) -> None:
        answer = await write(door, await school.as_admin(), **said)
        assert answer.status_code in (400, 422)
        assert (await contact(door, await school.as_admin()))["sent"] == []

    async def test_a_name_makes_no_header(self, door: Door) -> None:
        school = await door.new_school(name="Heron, Park: <Bcc> \u2028 all@example.org")
        sent = (await write(door, await school.as_admin())).json()
        mail = await mail_about(door, sent["reference"])
        assert mail["Bcc"] is None
        assert mail.defects == []


class TestWithoutAnAddress:
    async def test_the_page_is_told_and_nothing_is_taken(
        self, door: Door, school: SchoolInTest
    ) -> None:
        admin = await school.as_admin()
        before = door.app.state.identity
        door.app.state.identity = replace(before, support_address=None)
        try:
            assert (await contact(door, admin))["can_write"] is False
            assert problem_of(await write(door, admin)) == (409, "no-support-address")
        finally:
            door.app.state.identity = before


class TestParents:
    async def test_a_parent_is_told_how_to_reach_the_school(
        self, door: Door, school: SchoolInTest, families: Families
    ) -> None:
        admin = await school.as_admin()
        details = (await door.client.get("/school/settings", headers=admin)).json()["details"]
        names = ("name", "postcode", "first_year_group", "last_year_group")
        said = {
            **{name: details[name] for name in names},
            "expected_version": details["version"],
            "address_line_1": "1 Park Road",
            "town": "Nottingham",
            "telephone": "0115 496 0123",
            "contact_email": "office@heronpark.example",
        }
        saved = await door.client.put("/school/settings/details", json=said, headers=admin)
        assert saved.status_code == 200, saved.text
        child = await families.child()
        accepted = await families.accept(await families.add(children=[child]))
        opened = (await families.confirm(accepted, {child: BORN})).json()
        parent = door.as_session(opened["session"])
        read = await contact(door, parent)
        assert (read["can_write"], read["reply_to"], read["sent"]) == (False, None, [])
        assert read["school"] == {
            "name": "Heron Park Primary School",
            "address": ["1 Park Road", "Nottingham", details["postcode"]],
            "telephone": "0115 496 0123",
            "contact_email": "office@heronpark.example",
        }
        assert problem_of(await write(door, parent))[0] == 403


class TestKept:
    async def test_it_is_forgotten_after_thirty_days(
        self, door: Door, school: SchoolInTest
    ) -> None:
        admin = await school.as_admin()
        await write(door, admin)
        identity = door.app.state.identity
        with door.clock.moved_by(days=29):
            await forget_due(identity)
        assert len((await contact(door, admin))["sent"]) == 1
        with door.clock.moved_by(days=31):
            await forget_due(identity)
        assert (await contact(door, admin))["sent"] == []
        kept = "SELECT 1 FROM support_messages_due WHERE school_id = $1"
        assert await door.rows(kept, school.id) == []

    async def test_it_goes_with_its_school_unsent_or_not(
        self, door: Door, school: SchoolInTest
    ) -> None:
        door.mailbox.unwilling = True
        try:
            sent = (await write(door, await school.as_admin())).json()
            of_mail = "SELECT 1 FROM mails WHERE subject LIKE '%' || $1 || '%'"
            assert await door.rows(of_mail, sent["reference"])
            async with door.app.state.identity.database.transaction(school.id) as connection:
                await erase(connection)
            assert await door.rows(of_mail, sent["reference"]) == []
            kept = "SELECT 1 FROM support_messages WHERE school_id = $1"
            due = "SELECT 1 FROM support_messages_due WHERE school_id = $1"
            assert await door.rows(kept, school.id) == await door.rows(due, school.id) == []
        finally:
            door.mailbox.unwilling = False

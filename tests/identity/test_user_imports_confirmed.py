"""An import of users is done as it was shown, once, whole or not at all (R2, R7–R10, R13)."""

from __future__ import annotations

import asyncio

from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.user_imports import (
    HEADINGS,
    by_row,
    confirm,
    imported,
    preview,
    row,
    upload,
    users_of,
    why,
)
from tests.identity.user_management import ask, change, link_mailed_to
from tests.shared.tables import as_csv


class TestConfirming:
    async def test_does_what_the_preview_said(self, door: Door, school: SchoolInTest) -> None:
        """R2, R7, R9, R13."""
        mail = f"{school.postcode}.example"
        known = await school.add_user(email=f"jo@{mail}")
        await door.rows("UPDATE accounts SET overrides = '{}' WHERE account_id = $1", known["id"])
        made = await preview(
            school,
            [
                row("Al", "Smith", f"al@{mail}", "Teacher"),
                row("Bo", "Smith", role="slt"),
                row("He", "Ad", f"head@{mail}", "Head Teacher"),
                row("Jojo", "Smith", f"jo@{mail}"),
                row("", "Nobody"),
            ],
        )
        answer = await confirm(school, made)
        assert answer.status_code == 200, answer.text
        done = answer.json()
        assert (done["state"], done["counts"]["added"]) == ("confirmed", 3)
        users = await users_of(school)
        assert set(users) == {
            f"{school.postcode}_{name}" for name in ("smith", "smith.1", "smith.2", "ad")
        }
        al = users[f"{school.postcode}_smith.1"]
        assert (al["origin"], al["overrides"], al["forename"]) == ("import", [], "Al")
        assert users[known["username"]]["forename"] == "Jojo"
        assert users[known["username"]]["overrides"] == []
        assert users[f"{school.postcode}_ad"]["leadership"] == "head"
        await link_mailed_to(door, f"head@{mail}")
        await school.claim(al["username"])
        rows = await by_row(school, done)
        assert rows[2]["user_id"] == al["id"]
        entries = [
            entry
            for event in await door.told(school.id, "activity.recorded.v1")
            for entry in event["data"]["entries"]
        ]
        actions = [entry["action"] for entry in entries]
        assert actions.count("user.created") == 2 + 3  # the admin and Jo were there
        [line] = [entry for entry in entries if entry["action"] == "users.imported"]
        assert line["subject"]["label"] == "4 users imported from staff.csv"

    async def test_again_does_nothing_more(self, door: Door, school: SchoolInTest) -> None:
        made = await preview(school, [row("Al", "Smith")])
        answers = await asyncio.gather(*(confirm(school, made) for _ in range(4)))
        assert [answer.status_code for answer in answers] == [200] * 4
        assert len({answer.text for answer in answers}) == 1
        told = len(await door.told(school.id))
        for again in (made, answers[0].json()):
            assert (await confirm(school, again)).json() == answers[0].json()
        assert len(await door.told(school.id)) == told
        assert list(await users_of(school)) == [f"{school.postcode}_smith"]

    async def test_is_refused_where_something_changed_meanwhile(self, school: SchoolInTest) -> None:
        mail = f"{school.postcode}.example"
        known = await school.add_user(email=f"jo@{mail}")
        made = await preview(school, [row("Joan", "", f"jo@{mail}"), row("Al", "Smith")])
        assert (await change(school, known, forename="Joanna")).status_code == 200
        answer = await confirm(school, made)
        assert problem_of(answer) == (409, "changed-meanwhile")
        assert len(await users_of(school)) == 1
        now = (await ask(school, "GET", f"/user-imports/{made['id']}")).json()
        assert now["version"] == answer.json()["version"] > made["version"]
        assert (await by_row(school, now))[2]["changes"][0]["before"] == "Joanna"
        assert problem_of(await confirm(school, made)) == (409, "changed-meanwhile")
        assert (await confirm(school, now)).status_code == 200
        assert (await users_of(school))[known["username"]]["forename"] == "Joan"

    async def test_of_two_at_once_both_are_right(self, school: SchoolInTest) -> None:
        """Whichever is second is looked at again: no address is needed to tell that it is."""
        file = [row("Al", "Smith"), row("Bo", "Smith")]
        both = [await preview(school, file), await preview(school, file)]
        answers = await asyncio.gather(*(confirm(school, made) for made in both))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        assert len(await users_of(school)) == 2
        [late] = [made for made, answer in zip(both, answers, strict=True) if answer.is_error]
        now = (await ask(school, "GET", f"/user-imports/{late['id']}")).json()
        assert now["counts"] == {"added": 0, "updated": 0, "unchanged": 0, "rejected": 2}
        assert problem_of(await confirm(school, now)) == (409, "nothing-to-import")

    async def test_of_two_schools_one_gets_the_address(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """R8: whoever is second is looked at again, and is told nothing of the other."""
        elsewhere = await door.new_school()
        file = [row("Al", "Smith", f"al@{school.postcode}.example"), row("Bo", "Jones")]
        both = [(one, await preview(one, file)) for one in (school, elsewhere)]
        answers = await asyncio.gather(*(confirm(*one) for one in both))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        for (one, made), answer in zip(both, answers, strict=True):
            if answer.status_code == 200:
                continue
            assert await users_of(one) == {}
            now = (await ask(one, "GET", f"/user-imports/{made['id']}")).json()
            assert now["counts"] == {"added": 1, "updated": 0, "unchanged": 0, "rejected": 1}
            assert "in use on another account" in why((await by_row(one, now))[2])
            assert (await confirm(one, now)).status_code == 200

    async def test_keeps_values_over_the_mis_where_that_is_said(
        self, door: Door, school: SchoolInTest
    ) -> None:
        """R13."""
        known = await school.add_user(surname="Old", staff_code="OLD")
        await door.rows("UPDATE accounts SET overrides = '{}' WHERE account_id = $1", known["id"])
        await imported(
            school, [row("Al", "Smith"), row(surname="New", code="OLD")], keep_over_mis=True
        )
        users = await users_of(school)
        assert users[f"{school.postcode}_smith"]["overrides"] == ["forename", "surname"]
        assert users[known["username"]]["overrides"] == ["surname"]

    async def test_leaves_the_mark_on_what_was_set_by_hand(self, school: SchoolInTest) -> None:
        """R13: the school took the field from the MIS, and only hands it back by saying so."""
        known = await school.add_user(surname="Hand", staff_code="HND")
        await imported(school, [row(surname="Import", code="HND")])
        now = (await users_of(school))[known["username"]]
        assert (now["surname"], "surname" in now["overrides"]) == ("Import", True)

    async def test_an_unlooked_at_or_done_import_goes_no_further(
        self, school: SchoolInTest
    ) -> None:
        made = (await upload(school, as_csv([HEADINGS, row("Al", "Smith")]))).json()
        assert problem_of(await confirm(school, made)) == (409, "changed-meanwhile")
        done = await imported(school, [row("Bo", "Jones")])
        columns = [{"column": 1, "field": "forename"}, {"column": 2, "field": "surname"}]
        path = f"/user-imports/{done['id']}/preview"
        answer = await ask(school, "PUT", path, {"columns": columns})
        assert problem_of(answer) == (409, "import-done")

    async def test_a_role_that_changes_ends_sessions(
        self, door: Door, school: SchoolInTest
    ) -> None:
        user = await school.add_user(staff_code="JSM")
        session = await school.claim(user["username"])
        await imported(school, [row(role="SLT", code="JSM")])
        assert (await door.look_up(session["token"])).status_code == 401
        assert (await door.sign_in(user["username"], OWN_PASSWORD)).status_code == 201

    async def test_two_thousand_rows_take_seconds(self, door: Door, school: SchoolInTest) -> None:
        mail = f"{school.postcode}.example"
        file = [row(f"Jo{n}", "Smith", f"jo{n}@{mail}", "Teacher", f"C{n}") for n in range(2_000)]
        async with asyncio.timeout(60):
            done = await imported(school, file)
        assert done["counts"]["added"] == 2_000
        for event, part in (
            ("identity.users.changed.v1", "users"),
            ("activity.recorded.v1", "entries"),
        ):
            sizes = [len(told["data"][part]) for told in await door.told(school.id, event)]
            assert max(sizes) <= 500
        found = await door.rows(
            "SELECT count(*), count(DISTINCT username) AS names FROM accounts "
            "WHERE school_id = $1 AND kind = 'user'",
            school.id,
        )
        assert dict(found[0]) == {"count": 2_000, "names": 2_000}

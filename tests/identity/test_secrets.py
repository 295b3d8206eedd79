"""No secret is in an event, in the activity log, in a log line or readable in the database (R9)."""

from __future__ import annotations

import json

import pytest

from tests.eventually import eventually
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest
from tests.identity.second_step import enter, set_up, sign_in
from tests.identity.starting_codes import code_for, use, use_codes

CHANGED_PASSWORD = "marmalade on the piano"


async def _use_everything(door: Door, school: SchoolInTest) -> set[str]:
    """All doors through which secrets go in or out; the secrets."""
    admin = await school.admin()
    user = await school.add_user(surname="Secretive", email=f"s@{school.postcode}.example")
    wrong = "a wrong password that was typed"
    await door.sign_in(user["username"], wrong)
    form = (await door.sign_in(user["username"], school.default_password)).json()
    await door.set_password(form, "short")
    claimed = (await door.set_password(form, OWN_PASSWORD)).json()
    changed = (await door.set_password(claimed, CHANGED_PASSWORD, current=OWN_PASSWORD)).json()
    await door.look_up(changed["token"])
    phone, done = await set_up(door, changed["session"], current_password=CHANGED_PASSWORD)
    code = phone.code(1)
    half = await sign_in(door, user["username"], CHANGED_PASSWORD)
    entered = await enter(door, half, code=code, device=changed["device"])
    half = await sign_in(door, user["username"], CHANGED_PASSWORD)
    wrong_code = "wrong-wrong-1234"
    await enter(door, half, recovery_code=wrong_code)
    changed = (await enter(door, half, recovery_code=done["recovery_codes"][0])).json()
    assert entered.status_code == 201
    codes = await _use_codes(door, school)
    made = await door.client.post("/default-password", headers=await school.as_admin())
    await door.client.delete("/sessions/current", headers=door.as_session(changed["session"]))
    opened = [admin, form, claimed, changed, done, half, entered.json()]
    return {
        *(session["token"] for session in opened),
        *(session["session"]["csrf_token"] for session in opened),
        *(session["device"] for session in opened if session["device"]),
        school.link_token,
        school.default_password,
        made.json()["default_password"],
        OWN_PASSWORD,
        CHANGED_PASSWORD,
        wrong,
        "argon2",
        phone.key,
        wrong_code,
        *done["recovery_codes"],
        *codes,
    }


async def _use_codes(door: Door, school: SchoolInTest) -> set[str]:
    """One that was claimed with, one that waits; as printed, and as typed without dashes."""
    await use_codes(school)
    used, waits = [await school.add_user(surname="Coded") for _ in range(2)]
    code, waiting = await code_for(school, used), await code_for(school, waits)
    await door.sign_in(used["username"], waiting)
    form = (await door.sign_in(used["username"], code.lower())).json()
    await door.set_password(form, OWN_PASSWORD)
    await use(school, "default")
    forms = [code, waiting, code.lower()]
    return {form["token"], *forms, *(one.replace("-", "") for one in forms)}


async def test_secrets_are_in_nothing_that_is_told_logged_or_kept(
    door: Door, school: SchoolInTest, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        secrets = await _use_everything(door, school)
        told = json.dumps(await door.told(school.id))
        entries = told.count('"user.claimed"') + told.count('"user.password_changed"')
        assert entries == 4, "the admin, the user, the user again, and the one with a code"
        log = await eventually(
            lambda: door.rows("SELECT * FROM activity_log WHERE school_id = $1", school.id),
            lambda rows: any(row["action"] == "default_password.made" for row in rows),
        )
        await eventually(
            lambda: door.rows(
                "SELECT 1 FROM mails WHERE sent_at IS NULL AND recipient = ANY ($1)",
                [school.admin_email, f"s@{school.postcode}.example"],
            ),
            lambda rows: not rows,
        )
    kept = {
        table: str(await door.rows(f"SELECT * FROM {table}"))  # noqa: S608 - the names below
        for table in (
            *("sessions", "single_use_links", "mails", "dead_letters", "inbox"),
            *("authenticators", "session_authenticators"),
        )
    }
    # The log of the tests' own mail server is not the product's.
    logged = "\n".join(str(r.__dict__) for r in caplog.records if r.name != "mail.log")
    for secret in secrets:
        assert secret not in told
        assert secret not in str(log)
        assert secret not in logged
        for table, rows in kept.items():
            assert secret not in rows, table
    accounts = await door.rows("SELECT * FROM accounts WHERE school_id = $1", school.id)
    hashes = [
        row[kept]
        for row in accounts
        for kept in ("password_hash", "starting_code_hash")
        if row[kept] is not None
    ]
    assert len(hashes) == 4, "the admin, the user, the one with a code, and the code that waits"
    assert all(kept.startswith("$argon2id$") for kept in hashes)
    assert not any(secret in str(accounts) for secret in secrets - {"argon2"})

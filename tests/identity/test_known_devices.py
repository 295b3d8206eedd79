"""A browser in which somebody signed in is not kept out by what others guess (R3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.accounts.account import Account
from services.identity.devices.devices import MOST, Devices
from shared.contracts.vocabulary import Origin
from tests.identity.door import OWN_PASSWORD, Door, SchoolInTest, problem_of
from tests.identity.family import BORN, Families, an_address
from tests.identity.second_step import enter, set_up
from tests.identity.test_forgotten_password import NEW_PASSWORD, links_to, open_link
from tests.identity.test_throttling import WRONG, wait_told

PUPIL_IN_THE_ICT_ROOM = "192.0.2.201"
ASKED_TOO_OFTEN = "192.0.2.202"


async def guess(
    door: Door, name: str, password: str = WRONG, device: str | None = None, **more: Any
) -> httpx.Response:
    body = {"identifier": name, "password": password, "device": device, **more}
    return await door.client.post("/sessions", json=body)


async def ask(door: Door, name: str, device: str | None = None) -> httpx.Response:
    body = {"identifier": name, "address": ASKED_TOO_OFTEN, "device": device}
    return await door.client.post("/password/forgotten", json=body)


@pytest.fixture(scope="module")
async def flooded(door: Door) -> str:
    """An address from which a hundred wrong passwords came; those of a known browser count not."""
    address = PUPIL_IN_THE_ICT_ROOM
    for n in range(99):
        answer = await guess(door, f"nobody_{n}", address=address)
        assert answer.status_code == 401
    school = await door.new_school()
    device = (await school.admin())["device"]
    for _ in range(5):
        wrong = await guess(door, school.admin_email, WRONG, device, address=address)
        assert wrong.status_code == 401
    assert (await guess(door, "nobody", address=address)).status_code == 401
    return address


@pytest.fixture
async def user(school: SchoolInTest) -> dict[str, Any]:
    return await school.add_user(surname="Okafor", email=f"okafor@{school.postcode}.example")


@pytest.fixture
async def device(school: SchoolInTest, user: dict[str, Any]) -> str:
    """What the user's own browser keeps."""
    kept: str = (await school.claim(user["username"]))["device"]
    return kept


async def a_colleague(school: SchoolInTest, before: str | None = None) -> tuple[str, str]:
    """Somebody else who signs in in a browser; their username, and what it keeps then."""
    other = await school.add_user(surname="Colleague")
    await school.claim(other["username"])
    answer = await guess(school.door, other["username"], OWN_PASSWORD, before)
    return other["username"], answer.json()["device"]


class TestAFloodFromOneAddress:
    async def test_keeps_out_who_is_not_known_and_nobody_else(
        self, door: Door, flooded: str, user: dict[str, Any], device: str
    ) -> None:
        for name in (user["username"], user["email"]):
            stopped = await guess(door, name, OWN_PASSWORD, address=flooded)
            assert problem_of(stopped) == (429, "too-many-tries")
            known = await guess(door, name, OWN_PASSWORD, device, address=flooded)
            assert known.status_code == 201

    @pytest.mark.usefixtures("device")
    async def test_is_not_passed_with_a_device_of_somebody_else(
        self, door: Door, school: SchoolInTest, flooded: str, user: dict[str, Any]
    ) -> None:
        """And the answer is that of a name that nobody has."""
        name, theirs = await a_colleague(school)
        for password in (OWN_PASSWORD, WRONG):
            answers = [
                await guess(door, typed, password, theirs, address=flooded)
                for typed in (user["username"], f"nobody {uuid4()}")
            ]
            assert [problem_of(answer) for answer in answers] == [(429, "too-many-tries")] * 2
            assert answers[0].json() == answers[1].json()
        assert (await guess(door, name, OWN_PASSWORD, theirs, address=flooded)).status_code == 201

    async def test_keeps_nobody_at_the_second_step(
        self, door: Door, school: SchoolInTest, flooded: str
    ) -> None:
        user = await school.add_user(surname="Phone")
        phone, done = await set_up(door, (await school.claim(user["username"]))["session"])
        half = await guess(door, user["username"], OWN_PASSWORD, done["device"], address=flooded)
        assert half.json()["session"]["scope"] == "two_step"
        assert half.json()["device"] is None, "all steps come first"
        code = {"code": phone.code(1), "address": flooded}
        stopped = await enter(door, half.json(), **code)
        assert problem_of(stopped) == (429, "too-many-tries")
        whole = await enter(door, half.json(), device=done["device"], **code)
        assert whole.status_code == 201
        again = await guess(
            door, user["username"], OWN_PASSWORD, whole.json()["device"], address=flooded
        )
        assert again.status_code == 201


class TestGuessesAtOneAccount:
    async def test_elsewhere_keep_its_own_browser_out_by_neither_name(
        self, door: Door, user: dict[str, Any], device: str
    ) -> None:
        await wait_told(door, user["username"], 5)
        for name in (user["username"], user["email"]):
            assert (await guess(door, name, OWN_PASSWORD, device)).status_code == 201
        assert (await guess(door, user["username"], OWN_PASSWORD)).status_code == 429, (
            "who guesses elsewhere is given no more by it"
        )

    async def test_with_a_stolen_device_are_no_more_than_anybodys(
        self, door: Door, user: dict[str, Any], device: str
    ) -> None:
        """By both names together; and its owner comes in by another browser."""
        names = [user["username"], user["email"]]
        for n in range(5):
            wrong = await guess(door, names[n % 2], WRONG, device)
            assert problem_of(wrong) == (401, "sign-in-refused")
        for name in names:
            stopped = await guess(door, name, OWN_PASSWORD, device)
            assert problem_of(stopped) == (429, "too-many-tries")
            assert int(stopped.headers["Retry-After"]) <= 60
        assert (await guess(door, names[0], OWN_PASSWORD)).status_code == 201

    async def test_are_not_won_by_signing_in_to_an_account_of_ones_own(
        self, door: Door, school: SchoolInTest, user: dict[str, Any], device: str
    ) -> None:
        """A computer that several share: each keeps the count that there is."""
        for _ in range(5):
            await guess(door, user["username"], WRONG, device)
        for _ in range(2):
            _, device = await a_colleague(school, device)
            answer = await guess(door, user["username"], OWN_PASSWORD, device)
            assert problem_of(answer) == (429, "too-many-tries")

    async def test_start_anew_with_the_right_password(
        self, door: Door, user: dict[str, Any], device: str
    ) -> None:
        first = device
        for _ in range(2):
            for _ in range(4):
                await guess(door, user["username"], WRONG, device)
            device = (await guess(door, user["username"], OWN_PASSWORD, device)).json()["device"]
        for one in (first, device, first, device, first):
            await guess(door, user["username"], WRONG, one)
        answer = await guess(door, user["username"], OWN_PASSWORD, device)
        assert answer.status_code == 429, "a copy that was taken before has the same count"


class TestADevice:
    async def test_comes_with_a_full_session_only(
        self, door: Door, school: SchoolInTest, user: dict[str, Any]
    ) -> None:
        form = (await guess(door, user["username"], school.default_password)).json()
        assert form["device"] is None
        link = await open_link(door, (await door.new_school()).link_token)
        assert link.json()["device"] is None
        claimed = await door.set_password(form, OWN_PASSWORD)
        assert claimed.json()["device"]

    async def test_opens_nothing_itself(self, door: Door, device: str) -> None:
        for token in (device, device[:200]):
            assert (await door.look_up(token)).is_client_error
        assert (await guess(door, "", "", device)).status_code == 401
        answer = await door.client.get("/sessions", headers={"Authorization": f"Bearer {device}"})
        assert answer.status_code == 401

    async def test_with_nuls_is_refused_as_any_request_is(
        self, door: Door, user: dict[str, Any], device: str
    ) -> None:
        """Whoever is meant; no browser's cookie with any comes so far."""
        answers = [
            await guess(door, name, OWN_PASSWORD, f"\x00{device}\x00")
            for name in (user["username"], "nobody")
        ]
        assert [problem_of(answer) for answer in answers] == [(400, "bad-request")] * 2
        assert answers[0].json() == answers[1].json()

    async def test_of_a_parent_comes_once_the_children_are_confirmed(
        self, families: Families
    ) -> None:
        child = await families.child()
        parent = await families.add(an_address(), [child])
        opened = await families.accept(parent)
        assert opened["device"] is None
        confirmed = await families.confirm(opened, {child: BORN})
        assert confirmed.json()["device"]

    async def test_is_over_with_the_password(
        self, door: Door, school: SchoolInTest, user: dict[str, Any], device: str
    ) -> None:
        await wait_told(door, user["username"], 5)
        opened = (await guess(door, user["username"], OWN_PASSWORD, device)).json()
        body = {"new_password": NEW_PASSWORD, "current_password": OWN_PASSWORD, "device": device}
        headers = door.as_session(opened["session"])
        changed = await door.client.post("/password", json=body, headers=headers)
        await wait_told(door, user["username"], 5)
        for old in (device, opened["device"]):
            answer = await guess(door, user["username"], NEW_PASSWORD, old)
            assert problem_of(answer) == (429, "too-many-tries")
        new = changed.json()["device"]
        assert (await guess(door, user["username"], NEW_PASSWORD, new)).status_code == 201
        path = f"/users/{user['id']}/password-reset"
        assert (await door.client.post(path, headers=await school.as_admin())).is_success
        answer = await guess(door, user["username"], NEW_PASSWORD, new)
        assert problem_of(answer) == (429, "too-many-tries")

    async def test_that_was_guessed_with_too_often_is_made_good_by_a_mailed_link(
        self, door: Door, user: dict[str, Any], device: str
    ) -> None:
        for _ in range(5):
            await guess(door, user["username"], WRONG, device)
        body = {"identifier": user["username"], "device": device}
        assert (await door.client.post("/password/forgotten", json=body)).status_code == 202
        [token] = await links_to(door, user["email"])
        opened = (await open_link(door, token)).json()
        body = {"new_password": NEW_PASSWORD, "device": device}
        headers = door.as_session(opened["session"])
        new = (await door.client.post("/password", json=body, headers=headers)).json()["device"]
        assert (await guess(door, user["username"], NEW_PASSWORD, new)).status_code == 201


async def test_links_are_asked_for_in_a_known_browser_whatever_others_ask(
    door: Door, school: SchoolInTest, user: dict[str, Any], device: str
) -> None:
    """Of the account that it is known to be of, and not without end."""
    for n in range(30):
        assert (await ask(door, f"nobody_{n}")).status_code == 202
    _, theirs = await a_colleague(school)
    for name, kept in ((user["username"], None), (user["username"], theirs), ("nobody", device)):
        assert problem_of(await ask(door, name, kept)) == (429, "too-many-tries")
    for n in range(30):
        name = (user["email"], user["username"])[n % 2]
        assert (await ask(door, name, device)).status_code == 202
    assert problem_of(await ask(door, user["email"], device)) == (429, "too-many-tries")


NOW = datetime(2026, 9, 1, tzinfo=UTC)


def account(*, has_password: bool = True) -> Account:
    return Account(
        account_id=uuid4(),
        school_id=UUID(int=1),
        kind="user",
        origin=Origin.HAND,
        password_hash="a hash" if has_password else None,
        created_at=NOW,
    )


class TestTheSealedList:
    def test_keeps_the_last_few_who_signed_in(self) -> None:
        devices = Devices(b"k" * 32, lambda: NOW)
        people = [account() for _ in range(MOST + 2)]
        kept = None
        for one in people:
            kept = devices.renewed(kept, one)
        known = [devices.name_for(kept, one) is not None for one in people]
        assert known == [False] * 2 + [True] * MOST
        assert len(kept or "") < 2048, "more than a list that is full is never read"
        names = {devices.name_for(kept, one) for one in people[2:]}
        assert len(names) == MOST, "each has a count of its own"

    def test_each_is_known_for_half_a_year_from_when_they_signed_in(self) -> None:
        now = [NOW]
        devices = Devices(b"k" * 32, lambda: now[0])
        one, other = account(), account()
        kept = devices.renewed(None, one)
        now[0] += timedelta(days=100)
        kept = devices.renewed(kept, other)
        now[0] += timedelta(days=79, hours=23)
        assert devices.name_for(kept, one)
        now[0] += timedelta(hours=1)
        assert devices.name_for(kept, one) is None
        assert devices.name_for(kept, other)

    def test_is_of_nobody_who_has_no_password(self) -> None:
        devices = Devices(b"k" * 32, lambda: NOW)
        one = account(has_password=False)
        assert devices.name_for(devices.renewed(None, one), one) is None
        assert devices.name_for(devices.renewed(None, one), None) is None

    def test_of_another_key_is_nobodys(self) -> None:
        one = account()
        forged = Devices(b"j" * 32, lambda: NOW).renewed(None, one)
        devices = Devices(b"k" * 32, lambda: NOW)
        assert devices.name_for(forged, one) is None
        assert not devices.is_ours(forged)

    @given(st.text() | st.text("AZaz09-_=", max_size=400))
    def test_that_somebody_made_up_is_nobodys(self, made_up: str) -> None:
        devices = Devices(b"k" * 32, lambda: NOW)
        assert not devices.is_ours(made_up)
        assert devices.name_for(made_up, account()) is None

    @given(at=st.integers(0, 10_000), other=st.characters())
    def test_with_one_character_changed_is_nobodys(self, at: int, other: str) -> None:
        devices = Devices(b"k" * 32, lambda: NOW)
        one = account()
        real = devices.renewed(None, one)
        at %= len(real.rstrip("=")) - 1
        changed = real[:at] + other + real[at + 1 :]
        assert (devices.name_for(changed, one) is not None) == (changed == real)

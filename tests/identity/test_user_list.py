"""The list of users: its filters, who has no class, and what is exported of them."""

from __future__ import annotations

import csv
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from services.identity.settings import Settings
from shared.contracts.roster import GroupsChanged, LinksChanged
from shared.contracts.vocabulary import GroupKind, LinkKind
from tests.broker import TestBroker
from tests.identity.door import Door, SchoolInTest, problem_of
from tests.identity.user_list import Roster, group_state, link_state, listed, names_of
from tests.identity.user_management import ask, set_active
from tests.identity.work import watched


@pytest.fixture
def roster(school: SchoolInTest, broker: TestBroker) -> Roster:
    return Roster(school, broker)


@pytest.fixture
def service_settings(request: pytest.FixtureRequest) -> Settings:
    """The service's, under a name that hypothesis has not taken."""
    given: Settings = request.getfixturevalue("settings")
    return given


class TestNoClass:
    """The FAQ's 'teachers who do not have classes assigned (e.g. PPA teachers, some SLT)'."""

    async def test_is_who_teaches_no_active_class(
        self, school: SchoolInTest, roster: Roster
    ) -> None:
        teaching, of_a_set, nobody, left = [
            await school.add_user(surname=name) for name in ("Class", "Set", "None", "Left")
        ]
        await roster.has_group("3 Blue", teaching, left)
        await roster.has_group("Choir", of_a_set, teaching, kind=GroupKind.SET)
        old = await roster.has_group("Old", nobody)
        await roster.say(GroupsChanged(groups=(group_state(old, version=2, active=False),)))
        [row] = await school.door.rows(
            "SELECT group_id FROM teacher_links WHERE person_id = $1", UUID(left["id"])
        )
        gone = link_state(row["group_id"], UUID(left["id"]), version=2, present=False)
        await roster.say(LinksChanged(links=(gone,)))
        assert names_of(await listed(school, no_class=True)) == ["Left", "None", "Set"]
        assert names_of(await listed(school, no_class=False)) == ["Class"]

    async def test_pupils_of_a_class_are_nothing_to_identity(
        self, school: SchoolInTest, roster: Roster
    ) -> None:
        user = await school.add_user()
        group_id = await roster.has_group("3 Blue")
        member = link_state(group_id, UUID(user["id"]), kind=LinkKind.MEMBER)
        await roster.say(LinksChanged(links=(member,)))
        assert len(await listed(school, no_class=True)) == 1
        assert not await school.door.rows(
            "SELECT 1 FROM teacher_links WHERE school_id = $1", school.id
        )

    @settings(max_examples=8)
    @given(shuffled=st.randoms(use_true_random=False))
    async def test_any_order_with_repeats_ends_as_the_true_order_does(
        self, door: Door, broker: TestBroker, shuffled: Any
    ) -> None:
        school = await door.new_school()
        roster = Roster(school, broker)
        group_id, user_id = uuid7(), uuid7()
        told: list[GroupsChanged | LinksChanged] = []
        for version in (1, 2, 3):
            group = group_state(group_id, version=version, active=version != 2, name=f"{version}B")
            link = link_state(group_id, user_id, version=version, present=version != 1)
            told += [GroupsChanged(groups=(group,)), LinksChanged(links=(link,))]
        mixed = told + shuffled.sample(told, 3)
        shuffled.shuffle(mixed)
        await roster.say(*mixed)
        query = "SELECT g.name, g.active, l.present, l.version FROM groups g JOIN teacher_links l ON l.group_id = g.id WHERE g.id = $1"  # noqa: E501
        [copy] = await door.rows(query, group_id)
        assert copy == {"name": "3B", "active": True, "present": True, "version": 3}

    async def test_groups_of_another_school_are_none_of_ours(
        self, door: Door, school: SchoolInTest, broker: TestBroker
    ) -> None:
        """Not even where its events name our user."""
        user = await school.add_user()
        await Roster(await door.new_school(), broker).has_group("3 Blue", user)
        assert len(await listed(school, no_class=True)) == 1


FACTS = st.fixed_dictionaries(
    {
        "surname": st.sampled_from(["Smith", "O’Neill", "Ärmel", "van der Berg", "Smith-Jones"]),
        "position": st.sampled_from(["teacher", "slt", "head", "deputy"]),
        "active": st.booleans(),
        "group": st.sampled_from([None, "class", "set", "inactive class"]),
    }
)
QUESTIONS = st.fixed_dictionaries(
    {},
    optional={
        "active": st.booleans(),
        "role": st.sampled_from(["teacher", "slt"]),
        "leadership": st.sampled_from(["head", "deputy"]),
        "no_class": st.booleans(),
        "default_password": st.booleans(),
        "claimed": st.booleans(),
        "search": st.sampled_from(
            ["smith", "oneill", "O'Neill", "JONES smith", "arm", "100%", "_"]
        ),
        "sort": st.sampled_from(["surname", "-surname"]),
    },
)


class TestFilters:
    @settings(max_examples=6)
    @given(
        people=st.lists(FACTS, min_size=1, max_size=6), questions=st.lists(QUESTIONS, max_size=8)
    )
    async def test_find_whom_a_plain_model_finds(
        self,
        door: Door,
        broker: TestBroker,
        people: list[dict[str, Any]],
        questions: list[dict[str, Any]],
    ) -> None:
        school = await door.new_school()
        made = [await _made(school, person) for person in people]
        roster = Roster(school, broker)
        for kind in ("class", "set", "inactive class"):
            members = [user for person, user in made if person["group"] == kind]
            of_kind = GroupKind.SET if kind == "set" else GroupKind.CLASS
            group_id = await roster.has_group(kind, *members, kind=of_kind)
            if kind == "inactive class":
                inactive = group_state(group_id, version=2, active=False)
                await roster.say(GroupsChanged(groups=(inactive,)))
        for question in questions:
            found = await listed(school, **{"limit": 2, **question})
            fitting = {user["id"] for person, user in made if _fits(person, user, question)}
            assert [one["id"] for one in found if one["id"] not in fitting] == []
            assert {one["id"] for one in found} == fitting, question
            assert len(found) == len(fitting)

    async def test_another_order_or_an_unknown_one_is_told(self, school: SchoolInTest) -> None:
        answer = await ask(school, "GET", "/users?leadership=governor")
        assert answer.status_code == 422


async def _made(
    school: SchoolInTest, person: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    position = person["position"]
    leads = position in ("head", "deputy")
    user = await school.add_user(
        surname=person["surname"],
        role="teacher" if position == "teacher" else "slt",
        leadership=position if leads else None,
        email=f"{uuid4().hex}@list.example" if leads else None,
    )
    if not person["active"]:
        await set_active(school, user, False)
    return person, user


def _fits(person: dict[str, Any], user: dict[str, Any], question: dict[str, Any]) -> bool:
    leads = person["position"] in ("head", "deputy")
    words = {"O'Neill": ["oneill"], "JONES smith": ["jones", "smith"], "100%": ["100"], "_": []}
    folded = {"O’Neill": "oneill", "Ärmel": "armel"}
    surname = folded.get(person["surname"], person["surname"].lower().replace("-", " "))
    text = f"jo {surname} {user['username'].replace('_', ' ')} {(user['email'] or '')}"
    answers = {
        "active": person["active"],
        "role": "teacher" if person["position"] == "teacher" else "slt",
        "leadership": person["position"] if leads else None,
        "no_class": person["group"] != "class",
        "default_password": not leads,
        "claimed": False,
    }
    if any(answers[name] != value for name, value in question.items() if name in answers):
        return False
    search = question.get("search", "")
    return all(word in text for word in words.get(search, [search]))


class TestSelectingAll:
    async def test_names_all_that_fit_and_no_other(self, school: SchoolInTest) -> None:
        made = [await school.add_user(surname=name) for name in ("Beta", "Alpha", "Gamma")]
        await set_active(school, made[2], False)
        answer = await ask(school, "GET", "/users/ids?active=true")
        assert answer.json() == {"ids": [made[1]["id"], made[0]["id"]], "total": 2}

    async def test_stops_at_as_many_as_can_be_changed_at_once(
        self, door: Door, school: SchoolInTest
    ) -> None:
        await _has_users(door, school, 501)
        found = (await ask(school, "GET", "/users/ids")).json()
        assert (len(found["ids"]), found["total"]) == (500, 501)


async def test_a_page_costs_the_same_however_many_are_on_it(
    door: Door, school: SchoolInTest, service_settings: Settings
) -> None:
    """Also with a filter that looks at links: one query for the users, one for their number."""
    await school.add_user()
    path = "/users?no_class=true&limit=200"
    with watched(door, service_settings) as few:
        assert (await ask(school, "GET", path)).json()["total"] == 1
    await _has_users(door, school, 150)
    with watched(door, service_settings) as many:
        assert len((await ask(school, "GET", path)).json()["items"]) == 151
    assert many.statements == few.statements
    assert len([one for one in many.statements if "accounts" in one]) == 2


class TestExport:
    async def test_has_each_user_of_the_list_with_their_groups_and_no_secret(
        self, school: SchoolInTest, roster: Roster
    ) -> None:
        user = await school.add_user(
            forename="Zoë", surname="=Smith", title="Ms", email=f"z@{school.postcode}.example"
        )
        head = await school.add_user(
            surname="Head", role="slt", leadership="head", email=f"h@{school.postcode}.example"
        )
        await set_active(school, head, False)
        await roster.has_group("3 Blue", user)
        await roster.has_group("Choir", user, kind=GroupKind.SET)
        answer = await ask(school, "GET", "/users/export")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        text = answer.content.decode()
        assert text.startswith("\ufeffSurname,First name,")
        second, first = csv.DictReader(text.removeprefix("\ufeff").splitlines())
        assert first["Surname"] == "'=Smith"
        assert first["First name"] == "Zoë"
        assert first["Password"].startswith("Default password, until ")
        assert (first["Groups"], first["Active"], first["Role"]) == (
            "3 Blue; Choir",
            "Yes",
            "Teacher",
        )
        assert (second["Leadership"], second["Active"]) == ("Head", "No")
        assert second["Password"] == "Waiting for their link"
        assert "argon2" not in text
        assert school.default_password not in text

    async def test_is_filtered_and_whole_over_its_pieces(
        self, door: Door, school: SchoolInTest
    ) -> None:
        await _has_users(door, school, 1_003)
        text = (await ask(school, "GET", "/users/export")).text.removeprefix("\ufeff")
        usernames = [row["Username"] for row in csv.DictReader(text.splitlines())]
        assert len(usernames) == len(set(usernames)) == 1_003
        none = (await ask(school, "GET", "/users/export?claimed=true")).text
        assert none.count("\r\n") == 1


@pytest.mark.parametrize("path", ["/users/ids", "/users/export"])
async def test_only_the_admin_takes_the_list_away(school: SchoolInTest, path: str) -> None:
    """R1: neither SLT, who see it, nor teachers."""
    for role in ("slt", "teacher"):
        user = await school.add_user(surname=role, role=role)
        session = (await school.claim(user["username"]))["session"]
        answer = await ask(school, "GET", path, headers=school.door.as_session(session))
        assert problem_of(answer)[0] == 403


async def _has_users(door: Door, school: SchoolInTest, count: int) -> None:
    """Many at once, past the doors, of whom only the number matters."""
    await door.rows(
        """
        WITH made AS (
            INSERT INTO accounts (account_id, school_id, kind, role, forename, surname, username,
                origin, state, surname_key, forename_key, search_key, created_at, changed_at)
            SELECT gen_random_uuid(), $1::uuid, 'user', 'teacher', 'Jo', 'Bulk ' || (n % 7),
                $2 || '_bulk.' || n, 'hand', 'awaiting_first_password', 'bulk ' || (n % 7), 'jo',
                'jo bulk ' || n, now(), now()
            FROM generate_series(1, $3::int) AS n
            RETURNING account_id, username)
        INSERT INTO sign_in_directory (identifier, kind, account_id, school_id)
        SELECT username, 'username', account_id, $1 FROM made
        """,
        school.id,
        school.postcode,
        count,
    )

"""An import is what the admin would have done by hand, one user after another (R7, R8, R10)."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.identity.user_imports.rows import position_of
from tests.identity.door import Door, SchoolInTest
from tests.identity.user_imports import by_row, confirm, preview, users_of
from tests.identity.user_management import change

ROLES = ["", "Teacher", "SLT", "Deputy head", "Headteacher"]
PERSON = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["", "Ms"]),
        "forename": st.sampled_from(["", "Jo", "Zoë"]),
        "surname": st.sampled_from(["", "Smith", "O’Neill", "Łuk"]),
        "email": st.sampled_from(["", "", "jo", "al", "zoe"]),
        "role": st.sampled_from(ROLES),
        "staff_code": st.sampled_from(["", "", "AAA", "BBB"]),
    }
)
HERE = PERSON.filter(lambda one: bool(one["forename"] and one["surname"]))
FIELDS = ["title", "forename", "surname", "email", "role", "staff_code"]


@settings(max_examples=6)
@given(here=st.lists(HERE, max_size=2), file=st.lists(PERSON, min_size=1, max_size=6))
async def test_an_import_is_what_is_done_by_hand(
    door: Door, here: list[dict[str, str]], file: list[dict[str, str]]
) -> None:
    by_file, by_hand = await door.new_school(), await door.new_school()
    for school in (by_file, by_hand):
        for one in here:
            await school.try_to_add_user(**details(school, one))
    rows = [[cell(by_file, one, name) for name in FIELDS] for one in file]
    rows = [one for one in rows if any(one)]
    made = await preview(by_file, [*rows, ["", "", "Last"]], FIELDS, add_namesakes=True)
    found = await by_row(by_file, made)
    assert sum(made["counts"].values()) == made["rows"] == len(rows) + 1 == len(found)
    if made["counts"]["added"] + made["counts"]["updated"]:
        assert (await confirm(by_file, made)).status_code == 200

    said = [one for one in file if any(one.values())]
    for number, one in enumerate(said, start=2):
        row = found[number]
        if row["outcome"] == "added":
            answer = await by_hand.try_to_add_user(**details(by_hand, one))
            assert answer.status_code == 201, answer.text
        elif row["outcome"] in ("updated", "unchanged"):
            await change_by_hand(by_hand, row["username"].rpartition("_")[2], one)
    assert await people(by_file) == await people(by_hand)


async def change_by_hand(school: SchoolInTest, name: str, one: dict[str, str]) -> None:
    user = (await users_of(school))[f"{school.postcode}_{name}"]
    wanted = details(school, one)
    if one["role"] in ("", "SLT"):
        # What says nothing of who is head takes it from nobody.
        del wanted["leadership"]
    if not one["role"]:
        del wanted["role"]
    if one["role"] == "SLT" and user["role"] == "teacher":
        wanted["leadership"] = None
    said = {field: value for field, value in wanted.items() if value or field == "leadership"}
    answer = await change(school, user, **said)
    assert answer.status_code == 200, answer.text


def details(school: SchoolInTest, one: dict[str, str]) -> dict[str, Any]:
    position = position_of(one["role"])
    return {
        "title": one["title"] or None,
        "forename": one["forename"],
        "surname": one["surname"],
        "email": cell(school, one, "email") or None,
        "role": position.role.value if position else "teacher",
        "leadership": position.leadership if position else None,
        "staff_code": one["staff_code"] or None,
    }


def cell(school: SchoolInTest, one: dict[str, str], name: str) -> str:
    value = one[name]
    return f"{value}@{school.postcode}.example" if name == "email" and value else value


async def people(school: SchoolInTest) -> dict[str, dict[str, Any]]:
    """Without what is each school's own, and without where a value came from (R13)."""
    own = {"id", "default_until", "origin", "overrides"}
    return {
        name.removeprefix(f"{school.postcode}_"): {
            field: str(value).replace(school.postcode, "")
            for field, value in user.items()
            if field not in own
        }
        for name, user in (await users_of(school)).items()
    }

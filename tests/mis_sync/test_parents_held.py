"""A snapshot after which most parents would lose their children is held (R18, R20, R21)."""

from __future__ import annotations

from typing import Any

import pytest
from uuid_utils.compat import uuid7

from services.mis_sync.runs.limits import MIN_PARENTS_LOSING
from tests.mis_sync.test_contacts import families, set_parents
from tests.mis_sync.test_later_snapshots import AFTER, TODAY, TOMORROW
from tests.mis_sync.world import SchoolInTest

MANY = 12


@pytest.fixture
async def school(school: SchoolInTest) -> SchoolInTest:
    """Twelve families, each of one pupil and one contact who has become a parent."""
    await set_parents(school, True)
    for serial in range(MANY):
        school.mis.pupil(f"P{serial}")
        school.mis.contact(f"C{serial}", f"P{serial}")
    run = await school.sync(school.mis.snapshot(TODAY))
    assert run["counts"]["parents_created"] == MANY
    return school


async def release(school: SchoolInTest, run: dict[str, Any], parents: int) -> Any:
    held = await school.ask("GET", f"/runs/{run['id']}/held")
    who = held.json()["who"] if held.is_success else "0" * 64
    shown = {"pupils_gone": 0, "groups_gone": 0, "parents_gone": parents, "who": who}
    return await school.ask("POST", f"/runs/{run['id']}/release", json=shown)


async def test_it_is_held_whole_and_names_them_until_a_person_releases_it(
    school: SchoolInTest,
) -> None:
    """As an export does that lost its table of relationships but for a few lines."""
    before = families(school)
    school.mis.relationships = {k: r for k, r in school.mis.relationships.items() if k[0] == "C1"}
    run = await school.sync(school.mis.snapshot(TOMORROW))
    assert run["state"] == "held"
    assert run["reason"].startswith("11 of the 12 parents who came from the MIS would no longer")
    assert families(school) == before
    held = await school.get(f"/runs/{run['id']}/held")
    assert held["parents"] == {"mapped": 12, "gone": 11}
    assert held["pupils"]["gone"] == held["groups"]["gone"] == 0
    assert {(one["kind"], one["label"], *one["groups"]) for one in held["gone"]} == {
        ("parent", f"Anna PatelC{n}", f"Maya PatelP{n}") for n in range(MANY) if n != 1
    }
    refused = await release(school, run, 3)
    assert refused.status_code == 409
    assert refused.json()["detail"].startswith("11 parents would lose a child now, and 3 when")
    assert (await release(school, run, 11)).status_code == 202
    assert (await school.rest())[0]["state"] == "closed"
    assert families(school) == {f"PatelC{n}": {"P1"} if n == 1 else set() for n in range(MANY)}
    run = await school.sync(school.mis.snapshot(AFTER))
    assert (run["state"], set(run["counts"].values())) == ("closed", {0})


async def test_contacts_that_are_all_gone_are_held_too_and_not_again_once_released(
    school: SchoolInTest,
) -> None:
    """Contacts go, as pupils do, once two snapshots are without them: a person is asked once."""
    school.mis.contacts = {"C1": school.mis.contacts["C1"]}
    school.mis.relationships = {k: r for k, r in school.mis.relationships.items() if k[0] == "C1"}
    run = await school.sync(school.mis.snapshot(TOMORROW))
    assert run["state"] == "held"
    assert (await release(school, run, 11)).status_code == 202
    await school.rest()
    run = await school.sync(school.mis.snapshot(AFTER))
    assert run["state"] == "closed"
    assert sum(bool(children) for children in families(school).values()) == 1


async def test_a_few_families_hold_nobody_up_nor_do_others_ids(school: SchoolInTest) -> None:
    """Who is there under another id, by address and UPN, is not gone (R17)."""
    few = [(f"C{n}", f"P{n}") for n in range(MIN_PARENTS_LOSING - 1)]
    for pair in few:
        del school.mis.relationships[pair]
    assert (await school.sync(school.mis.snapshot(TOMORROW)))["state"] == "closed"
    had = families(school)
    known = [(school.mis.pupils[p], school.mis.contacts[c]) for c, p in school.mis.relationships]
    school.mis.pupils = {k: p for k, p in school.mis.pupils.items() if k in ("P0", "P1")}
    school.mis.contacts, school.mis.relationships = {}, {}
    for pupil, contact in known:
        old = pupil.mis_id
        school.mis.pupil(f"N{old}", upn=pupil.upn, legal_surname=pupil.legal_surname)
        school.mis.contact(
            f"N{contact.mis_id}", f"N{old}", email=contact.email, surname=contact.surname
        )
    run = await school.sync(school.mis.snapshot(AFTER))
    assert run["state"] == "closed", run["reason"]
    assert families(school) == had


async def test_a_new_server_that_tells_no_addresses_is_held(school: SchoolInTest) -> None:
    """R21: re-instated, its contacts are nobody here, and every parent would be left alone."""
    before = families(school)
    await school.link()
    for mis_id, contact in school.mis.contacts.items():
        school.mis.contacts[mis_id] = contact.model_copy(update={"email": None})
    school.mis.pupils = {
        k: p.model_copy(update={"mis_id": str(uuid7())}) for k, p in school.mis.pupils.items()
    }
    ids = {k: p.mis_id for k, p in school.mis.pupils.items()}
    school.mis.relationships = {
        (c, ids[p]): r.model_copy(update={"pupil_mis_id": ids[p]})
        for (c, p), r in school.mis.relationships.items()
    }
    school.mis.instance_id = "two"
    await school.world.rows(
        "UPDATE mis_link SET instance_id = 'one' WHERE school_id = $1", school.id
    )
    run = await school.sync(school.mis.snapshot(TOMORROW))
    assert (run["state"], families(school)) == ("held", before)
    held = await school.get(f"/runs/{run['id']}/held")
    assert (held["server_changed"], held["parents"]["gone"]) == (False, MANY)
    assert (await release(school, run, MANY)).status_code == 202
    assert (await school.rest())[0]["state"] == "closed"
    assert not any(families(school).values())

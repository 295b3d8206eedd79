"""A whole roll column by column, as an import looks it up, is what its pupils are one by one."""

from __future__ import annotations

from dataclasses import astuple
from datetime import date

from uuid_utils.compat import uuid7

from services.roster.imports.roll import PupilColumns
from services.roster.pupils.pupil import Pupil
from services.roster.pupils.repository import HELD_FIELDS, PupilRepository
from shared.contracts.vocabulary import Origin, Sex, YearGroup
from shared.database.pool import Database
from tests.roster.door import Door, SchoolInTest
from tests.roster.pupil_imports import upn


def plain_pupil() -> Pupil:
    return Pupil(
        id=uuid7(), version=1, legal_forename="Jo", legal_surname="Hall", origin=Origin.MIS
    )


def pupil_who_is_otherwise(serial: int) -> Pupil:
    """In every field that a pupil can have."""
    return Pupil(
        id=uuid7(),
        version=serial + 1,
        active=False,
        active_reason="Moved, away",
        upn=upn(serial),
        former_upns=(upn(serial + 10), upn(serial + 20)),
        legal_forename="Zoë",
        legal_surname="O’Neill",
        preferred_forename="Zo",
        preferred_surname="Neill",
        middle_names="May",
        date_of_birth=date(2018, 2, serial),
        sex=Sex.FEMALE,
        year_group=YearGroup.Y3,
        year_offset=-1,
        ethnicity="WBRI",
        first_language="ENG",
        sen_provision="K",
        free_school_meals=False,
        pupil_premium=True,
        in_care=False,
        origin=Origin.HAND,
        overrides=("sex", "year_group"),
        seen_in_mis=True,
    )


async def test_everybody_is_as_they_are(door: Door, school: SchoolInTest) -> None:
    """What most hold comes as a default and not from the table: it is whose it is all the same."""
    usual, other = plain_pupil(), pupil_who_is_otherwise(1)
    assert all(getattr(usual, name) != getattr(other, name) for name in HELD_FIELDS if name != "id")
    pupils = [usual, other, plain_pupil(), pupil_who_is_otherwise(2), plain_pupil()]
    pupils.sort(key=lambda pupil: pupil.id)
    database = Database(door.service_dsn, name="a test", max_size=1)
    await database.open()
    try:
        async with database.transaction(school.id) as connection:
            rows = PupilRepository()
            assert [len(column) for column in (await rows.everybody(connection)).values()] == [
                0 for _ in HELD_FIELDS
            ]
            await rows.save(connection, school.id, pupils)
            found = PupilColumns(await rows.everybody(connection))
    finally:
        await database.close()
    assert [astuple(pupil) for pupil in found] == [astuple(pupil) for pupil in pupils]

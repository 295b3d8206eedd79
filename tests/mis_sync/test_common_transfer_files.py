"""What mis_sync makes of Common Transfer Files: pupils come, and nobody ever leaves (R17, R18)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.mis_sync.connectors.ctf import read_ctf
from services.mis_sync.connectors.snapshot import Snapshot
from shared.contracts.mis import PupilRecord
from tests.mis_sync.connectors.ctf_files import CtfQuirks, pupils_as_ctf, write_ctf
from tests.mis_sync.mis import upn
from tests.mis_sync.world import SchoolInTest

FIRST = datetime.now(UTC) - timedelta(days=3)
TEMPORARY = "R92538742401Z"


def _pupil(number: int, **fields: object) -> PupilRecord:
    known = {"legal_forename": "Maya", "legal_surname": f"Patel{number}", "year_group": "3"}
    return PupilRecord.model_validate(
        {"mis_id": upn(number), "upn": upn(number), **known, **fields}
    )


def _file(folder: Path, day: int, *pupils: PupilRecord) -> Snapshot:
    path = write_ctf(pupils_as_ctf(pupils, CtfQuirks()), folder)
    return read_ctf(path, FIRST + timedelta(days=day))


async def test_whoever_is_not_in_the_next_files_has_not_left(
    school: SchoolInTest, tmp_path: Path
) -> None:
    run = await school.sync(_file(tmp_path, 0, *map(_pupil, range(5))))
    assert run["counts"]["pupils_created"] == 5
    for day in (1, 2):
        run = await school.sync(_file(tmp_path, day, _pupil(0)))
        assert run["state"] == "closed"
        assert set(run["counts"].values()) == {0}
    assert [pupil.active for pupil in school.held.pupils.values()] == [True] * 5


async def test_a_permanent_upn_goes_to_the_pupil_who_had_the_temporary_one(
    school: SchoolInTest, tmp_path: Path
) -> None:
    await school.sync(_file(tmp_path, 0, _pupil(1, mis_id=TEMPORARY, upn=TEMPORARY)))
    run = await school.sync(
        _file(tmp_path, 1, _pupil(1, mis_id=TEMPORARY, former_upns=(TEMPORARY,)))
    )
    assert run["counts"]["pupils_updated"] == 1
    (pupil,) = school.held.pupils.values()
    assert pupil.upn == upn(1)
    assert await school.differences() == []


async def test_a_pupil_of_another_kind_of_source_is_listed_and_not_made_twice(
    school: SchoolInTest, tmp_path: Path
) -> None:
    record = school.mis.pupil("P1")
    await school.sync(school.mis.snapshot(FIRST))
    assert record.upn is not None
    await school.sync(_file(tmp_path, 1, _pupil(1, mis_id=record.upn, upn=record.upn)))
    assert len(school.held.pupils) == 1
    (listed,) = await school.not_here()
    assert "has the same UPN" in listed["reason"]

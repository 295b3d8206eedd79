"""Any pupils written as a CTF are read back as they were, whoever wrote it (R16, R17, R22)."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from services.mis_sync.connectors.ctf import read_ctf
from services.mis_sync.connectors.snapshot import in_stable_order
from shared.contracts.mis import PupilRecord
from shared.contracts.vocabulary import Sex, YearGroup
from tests.mis_sync.connectors.ctf_files import CtfQuirks, pupils_as_ctf, write_ctf
from tests.mis_sync.connectors.exports import NOW

_LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cn"))
_TEXTS = st.lists(st.text(_LETTERS, min_size=1, max_size=8), min_size=1, max_size=3).map(" ".join)
_UPNS = st.from_regex(r"[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]", fullmatch=True)
_NO = st.none()
_QUIRKS = st.builds(
    CtfQuirks,
    encoding=st.sampled_from(["utf-8", "utf-16", "us-ascii", "windows-1252"]),
    version=st.sampled_from(["15.0", "19.0", "25.0", "26.1 draft"]),
    sex_element=st.sampled_from(["Sex", "Gender"]),
    padded=st.booleans(),
    other_elements=st.booleans(),
)


@st.composite
def _pupils(draw: st.DrawFn) -> list[PupilRecord]:
    upns = draw(st.lists(_UPNS, min_size=2, max_size=10, unique=True))
    found = []
    while len(upns) > 1:
        former = [upns.pop() for _ in range(draw(st.integers(0, min(2, len(upns) - 1))))]
        upn = upns.pop()
        found.append(
            PupilRecord(
                mis_id=former[0] if former else upn,
                upn=upn,
                former_upns=tuple(former),
                legal_forename=draw(_NO | _TEXTS),
                legal_surname=draw(_TEXTS),
                preferred_forename=draw(_NO | _TEXTS),
                preferred_surname=draw(_NO | _TEXTS),
                middle_names=draw(_NO | _TEXTS),
                date_of_birth=draw(_NO | st.dates(date(1900, 1, 1), NOW.date())),
                sex=draw(_NO | st.sampled_from(Sex)),
                year_group=draw(_NO | st.sampled_from(YearGroup)),
            )
        )
    return found


@settings(max_examples=40)
@given(pupils=_pupils(), quirks=_QUIRKS)
def test_a_file_gives_its_pupils_and_completes_nothing(
    pupils: list[PupilRecord], quirks: CtfQuirks
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write_ctf(pupils_as_ctf(pupils, quirks), Path(folder))
        snapshot = read_ctf(path, NOW)
    assert snapshot.records == in_stable_order(pupils)
    assert snapshot.complete == frozenset()
    assert snapshot.academic_year == "2026/27"
    assert snapshot.source.format_version == quirks.version
    assert snapshot.source.instance_id is None

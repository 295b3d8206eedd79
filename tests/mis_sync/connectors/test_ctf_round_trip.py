"""Any pupils written as a CTF are read back as they were, whoever wrote it (R16, R17, R22)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from services.mis_sync.connectors.ctf import read_ctf
from services.mis_sync.connectors.snapshot import AnyRecord, in_stable_order
from shared.contracts.mis import (
    Collection,
    ContactRecord,
    PupilRecord,
    RelationshipRecord,
)
from shared.contracts.vocabulary import Sex, YearGroup
from tests.mis_sync.connectors.ctf_files import CODES, CtfQuirks, pupils_as_ctf, write_ctf
from tests.mis_sync.connectors.exports import NOW

_LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cn"))
_TEXTS = st.lists(st.text(_LETTERS, min_size=1, max_size=8), min_size=1, max_size=3).map(" ".join)
_UPNS = st.from_regex(r"[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]", fullmatch=True)
_NO = st.none()
_CODES = st.text(st.sampled_from("ABENGWIROTH"), min_size=2, max_size=4)
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
                ethnicity=draw(_NO | _CODES),
                first_language=draw(_NO | _CODES),
                sen_provision=draw(_NO | st.sampled_from("NKES")),
                free_school_meals=draw(_NO | st.booleans()),
                in_care=draw(_NO | st.booleans()),
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
    assert snapshot.counts()[Collection.CONTACTS] == 0
    assert snapshot.complete == frozenset()
    assert snapshot.academic_year == "2026/27"
    assert snapshot.source.format_version == quirks.version
    assert snapshot.source.instance_id is None


Families = dict[str, list[tuple[ContactRecord, RelationshipRecord]]]


@st.composite
def _families(draw: st.DrawFn) -> Families:
    """Some of whom share their addresses, within a family and beyond it."""
    emails = st.sampled_from(["ann@mailbox.example", "Ann@mailbox.example", "bo@mailbox.example"])
    found: Families = {}
    for pupil in draw(st.lists(_UPNS, min_size=1, max_size=4, unique=True)):
        for _ in range(draw(st.integers(0, 3))):
            contact = ContactRecord(
                mis_id="-",
                title=draw(_NO | _TEXTS),
                forename=draw(_NO | _TEXTS),
                surname=draw(_NO | _TEXTS),
                email=draw(_NO | emails),
            )
            related = RelationshipRecord(
                contact_mis_id="-",
                pupil_mis_id=pupil,
                relationship=draw(_NO | st.sampled_from(sorted(CODES))),
                responsibility=draw(_NO | st.booleans()),
            )
            found.setdefault(pupil, []).append((contact, related))
    return found


@settings(max_examples=30)
@given(families=_families(), quirks=_QUIRKS)
def test_contacts_are_their_pupils_and_one_address_is_one_contact(
    families: Families, quirks: CtfQuirks
) -> None:
    pupils = [PupilRecord(mis_id=upn, upn=upn, legal_surname="Nowak") for upn in families]
    if not pupils:
        return
    read = []
    for order in (pupils, pupils[::-1]):
        with tempfile.TemporaryDirectory() as folder:
            path = write_ctf(pupils_as_ctf(order, quirks, families), Path(folder))
            read.append(read_ctf(path, NOW))
    contacts = {r.mis_id: r for r in read[0].records if isinstance(r, ContactRecord)}
    related = [r for r in read[0].records if isinstance(r, RelationshipRecord)]
    given_related = [each for family in families.values() for _, each in family]
    assert sorted(map(_what, related)) == sorted(map(_what, given_related))
    assert len({(r.pupil_mis_id, r.contact_mis_id) for r in related}) == len(related)
    assert {r.contact_mis_id for r in related} == contacts.keys()
    addresses = [r.email.casefold() for r in contacts.values() if r.email]
    given_addresses = {c.email.casefold() for f in families.values() for c, _ in f if c.email}
    assert sorted(addresses) == sorted(given_addresses)
    assert _ids(read[0].records) == _ids(read[1].records)


def _what(record: RelationshipRecord) -> tuple[str, ...]:
    return record.pupil_mis_id, str(record.relationship), str(record.responsibility)


def _ids(records: Iterable[AnyRecord]) -> set[tuple[str, str]]:
    return {(r.kind, r.mis_id) for r in records if isinstance(r, PupilRecord | ContactRecord)}

"""Any school at Wonde is read as it is, and nobody is gone for not being shown (R16, R17, R18)."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.mis_sync.connectors.findings import ExportRefused, Remark
from services.mis_sync.connectors.snapshot import AnyRecord, Snapshot, in_stable_order
from services.mis_sync.connectors.web.client import How
from services.mis_sync.connectors.wonde import read_wonde
from shared.contracts.mis import (
    Collection,
    ContactRecord,
    GroupRecord,
    MembershipRecord,
    PupilRecord,
    RelationshipRecord,
    StaffRecord,
    TeachingRecord,
)
from shared.contracts.vocabulary import ContactRelationship, GroupKind, Sex, YearGroup
from tests.mis_sync.connectors.doubles.server import Double, Reply, reply_json
from tests.mis_sync.connectors.doubles.wonde import TOKEN, WondeService, lists_of
from tests.mis_sync.connectors.exports import NOW

HOW = How(sleep=lambda _: None)
_TEXTS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=8
)
_NO = st.none()
_IDS = st.integers(1, 10**9).map(lambda number: f"A{number}")


@contextmanager
def _running(service: WondeService, **more: Any) -> Iterator[tuple[Double, Path]]:
    with service.double() as double, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wonde.json"
        path.write_text(json.dumps(service.configuration(double, **more)))
        path.chmod(0o600)
        yield double, path


def _read(service: WondeService, **more: Any) -> Snapshot:
    with _running(service, **more) as (_, path):
        return read_wonde(path, NOW, how=HOW)


def _remarked(snapshot: Snapshot) -> dict[Remark, int]:
    return {each.remark: each.count for each in snapshot.remarks}


@st.composite
def _schools(draw: st.DrawFn) -> list[AnyRecord]:
    """Records that fit together, of whom some only say that they are gone."""
    ids = iter(draw(st.lists(_IDS, min_size=18, max_size=18, unique=True)))
    records: list[AnyRecord] = [
        kind(mis_id=next(ids), removed=True)
        for kind in draw(
            st.lists(
                st.sampled_from([PupilRecord, StaffRecord, GroupRecord, ContactRecord]), max_size=4
            )
        )
    ]
    pupils = [next(ids) for _ in range(draw(st.integers(1, 4)))]
    records += [draw(_pupils(pupil)) for pupil in pupils]
    staff = [next(ids) for _ in range(draw(st.integers(1, 2)))]
    records += [
        StaffRecord(
            mis_id=member,
            title=draw(_NO | _TEXTS),
            forename=draw(_NO | _TEXTS),
            surname=draw(_TEXTS),
            email=draw(_NO | st.just("someone@heronpark.example")),
        )
        for member in staff
    ]
    for contact in [next(ids) for _ in range(draw(st.integers(0, 3)))]:
        records.append(
            ContactRecord(
                mis_id=contact,
                title=draw(_NO | _TEXTS),
                forename=draw(_NO | _TEXTS),
                surname=draw(_NO | _TEXTS),
                email=draw(_NO | st.just("family@mailbox.example")),
            )
        )
        records += [
            RelationshipRecord(
                contact_mis_id=contact,
                pupil_mis_id=pupil,
                relationship=draw(_NO | st.sampled_from(ContactRelationship)),
                responsibility=draw(_NO | st.booleans()),
            )
            for pupil in draw(st.sets(st.sampled_from(pupils), min_size=1))
        ]
    for kind in [GroupKind.CLASS, *draw(st.lists(st.sampled_from(GroupKind), max_size=2))]:
        group = next(ids)
        records.append(
            GroupRecord(
                mis_id=group,
                name=draw(_TEXTS),
                group_kind=kind,
                year_group=draw(_NO | st.sampled_from(YearGroup)),
                subject=draw(_NO | _TEXTS) if kind is GroupKind.SET else None,
            )
        )
        records += [
            MembershipRecord(pupil_mis_id=pupil, group_mis_id=group)
            for pupil in draw(st.sets(st.sampled_from(pupils), min_size=1))
        ]
        records += [
            TeachingRecord(staff_mis_id=member, group_mis_id=group, main=draw(_NO | st.booleans()))
            for member in draw(st.sets(st.sampled_from(staff), min_size=1))
        ]
    return records


def _pupils(pupil: str) -> st.SearchStrategy[PupilRecord]:
    codes = _NO | st.text(st.sampled_from("ABCDEFGHIWOR"), min_size=2, max_size=4)
    flags = _NO | st.booleans()
    return st.builds(
        PupilRecord,
        mis_id=st.just(pupil),
        upn=_NO | _TEXTS,
        former_upns=st.lists(_TEXTS, max_size=1).map(tuple),
        legal_forename=_TEXTS,
        legal_surname=_TEXTS,
        preferred_forename=_TEXTS,
        preferred_surname=_TEXTS,
        middle_names=_NO | _TEXTS,
        date_of_birth=_NO | st.dates(date(1900, 1, 1), NOW.date()),
        sex=_NO | st.sampled_from(Sex),
        year_group=_NO | st.sampled_from(YearGroup),
        ethnicity=codes,
        first_language=codes,
        sen_provision=_NO | st.sampled_from("NKE"),
        free_school_meals=flags,
        pupil_premium=flags,
        in_care=flags,
    )


@settings(max_examples=20, deadline=None)
@given(records=_schools(), page_size=st.sampled_from([1, 3, 200]))
def test_a_school_gives_its_records_and_only_its_links_are_complete(
    records: list[AnyRecord], page_size: int
) -> None:
    snapshot = _read(WondeService(lists_of(records)), page_size=page_size)
    assert snapshot.records == in_stable_order(records)
    links = {Collection.MEMBERSHIPS, Collection.TEACHINGS, Collection.RELATIONSHIPS}
    assert snapshot.complete == links & {record.kind for record in records}
    assert snapshot.academic_year == "2026/27"
    assert snapshot.source.instance_id == "A1930499544 Test MIS"


SMALL: list[AnyRecord] = [
    PupilRecord(mis_id="A1", upn="H801200001001", legal_forename="Zoë", legal_surname="Nowak",
                preferred_forename="Zo", preferred_surname="Nowak"),
    StaffRecord(mis_id="A2", surname="Rees"),
    GroupRecord(mis_id="A3", name="Maths", group_kind=GroupKind.SET, subject="Maths"),
    MembershipRecord(pupil_mis_id="A1", group_mis_id="A3"),
    TeachingRecord(staff_mis_id="A2", group_mis_id="A3"),
    ContactRecord(mis_id="A4", surname="Nowak"),
    RelationshipRecord(contact_mis_id="A4", pupil_mis_id="A1"),
]  # fmt: skip


def test_what_is_not_granted_is_no_information() -> None:
    service = WondeService(lists_of(SMALL), not_granted={"groups", "students-leaver", "deletions"})
    (student,) = service.lists["students"]
    student |= {"legal_forename": None, "legal_surname": None, "date_of_birth": None}
    student |= {"contacts": None, "extended_details": None, "education_details": {"data": None}}
    told = {**service.lists["classes"][0], "id": "A5"}
    service.lists["classes"] = [told, {**told, "id": "A3", "employees": None}]
    snapshot = _read(service)
    pupil = next(record for record in snapshot.records if isinstance(record, PupilRecord))
    assert pupil.model_dump(exclude_none=True, exclude_defaults=True) == {
        "mis_id": "A1",
        "legal_forename": "Zo",
        "legal_surname": "Nowak",
    }
    assert snapshot.complete == {Collection.MEMBERSHIPS}
    assert _remarked(snapshot)[Remark.COLLECTION_NOT_GIVEN] == 3


def test_who_is_here_again_or_was_restored_is_not_gone() -> None:
    service = WondeService(lists_of(SMALL))
    service.lists["students-leaver"] = [{"id": "A1"}, {"id": "A9"}]
    restored = {"date": "2026-11-21 00:00:00.000000", "timezone": "UTC"}
    service.lists["deletions"] = [
        {"id": "A2", "type": "employee", "restored_at": None},
        {"id": "A8", "type": "contact", "restored_at": restored},
        {"id": "A8", "type": "lesson", "restored_at": None},
        {"id": "A7", "type": "class", "restored_at": None},
    ]
    service.lists["classes"][0]["students"]["data"] += [{"id": "A9"}, {"id": "A100"}]
    snapshot = _read(service)
    members = [r.pupil_mis_id for r in snapshot.records if isinstance(r, MembershipRecord)]
    assert members == ["A1", "A100"]  # who is not shown may still be there
    gone = [record for record in snapshot.records if record.removed]
    assert gone == [
        PupilRecord(mis_id="A9", removed=True),
        GroupRecord(mis_id="A7", removed=True),
    ]


def test_without_registration_groups_a_class_without_a_subject_is_one() -> None:
    service = WondeService(lists_of(SMALL))
    plain = {**service.lists["classes"][0], "id": "A5", "name": "3 Blue", "subject": None}
    service.lists["classes"].append(plain)
    service.lists["groups"] = [{"id": "A6", "name": "Year 3", "type": "YEAR"}]
    snapshot = _read(service)
    kinds = {r.name: r.group_kind for r in snapshot.records if isinstance(r, GroupRecord)}
    assert kinds == {"3 Blue": GroupKind.CLASS, "Maths": GroupKind.SET}
    assert _remarked(snapshot)[Remark.GROUP_NOT_USED] == 1


def test_classes_of_another_year_are_left_out() -> None:
    service = WondeService(lists_of(SMALL))
    old = {**service.lists["classes"][0], "id": "A5", "academic_year": "2025-2026"}
    service.lists["classes"].append(old)
    snapshot = _read(service)
    assert snapshot.counts()[Collection.GROUPS] == 1
    assert snapshot.academic_year == "2026/27"
    assert _remarked(snapshot)[Remark.OTHER_SCHOOL_YEAR] == 1


def test_one_pupil_does_not_keep_the_others_behind() -> None:
    """R16, R17: what cannot be read is no information."""
    service = WondeService(lists_of(SMALL))
    before = _read(service)
    student, *_ = service.lists["students"]
    student |= {"date_of_birth": {"date": "2918-01-01"}, "middle_names": "x" * 201}
    snapshot = _read(service)
    assert snapshot.counts() == before.counts()
    told = _remarked(snapshot)
    assert (told[Remark.BIRTH_DATE_NOT_USED], told[Remark.TEXT_TOO_LONG]) == (1, 1)
    record = next(r for r in snapshot.records if getattr(r, "mis_id", None) == student["id"])
    assert isinstance(record, PupilRecord)
    assert (record.date_of_birth, record.middle_names) == (None, None)


_ELSEWHERE = "https://wonde.example.org/v1.0/schools/A1930499544/students?page=2"


@pytest.mark.parametrize(
    ("name", "reply", "reason"),
    [
        ("students", reply_json({"data": [], "meta": {"pagination": {"more": True}}}),
         "there is more of it, but not where"),
        ("students", reply_json({"data": [], "meta": {"pagination": {"more": True,
         "next": _ELSEWHERE}}}), r"another host \(wonde.example.org\)"),
        ("students", reply_json({"data": [], "meta": {"pagination": {"more": True,
         "next": "//wonde.example.org/students"}}}), r"another host"),
        ("students", reply_json({"data": [], "meta": {"pagination": {"more": True,
         "next": "students?page=2"}}}), "round in a circle"),
        ("students", reply_json({"data": {"id": "A1"}}), "holds no list"),
        ("students", reply_json({"data": [{"id": "A1"}, {"id": "A1"}]}), "A1 came twice"),
        ("students", reply_json({"data": [{"surname": "Nowak"}]}), "There is no id"),
        ("students", reply_json({"data": [{"id": "A1", "education_details": {"data": [1]}}]}),
         "no object where"),
        ("students", reply_json({"data": [{"id": "A1", "contacts": {"data": "none"}}]}),
         "no list where"),
        ("students", Reply(302, headers={"Location": _ELSEWHERE}), "another host"),
        ("students", Reply(302, headers={"Location": "/v1.0/schools/A1930499544/students"}),
         "without end"),
        ("students", reply_json({}, 403), "have it granted"),
        ("A1930499544", reply_json({"data": {"id": "A5"}}), "not about A1930499544"),
        ("A1930499544", reply_json({"error": "invalid_token"}, 401), "not accepted"),
    ],
)  # fmt: skip
def test_what_cannot_be_trusted_is_refused(name: str, reply: Reply, reason: str) -> None:
    service = WondeService(lists_of(SMALL))
    with _running(service) as (double, path):
        normal = service.answer
        double._answer = lambda sent: reply if sent.path.endswith(f"/{name}") else normal(sent)
        with pytest.raises(ExportRefused, match=reason) as refused:
            read_wonde(path, NOW, how=HOW)
    assert TOKEN not in str(refused.value)

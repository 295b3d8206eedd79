"""Any school, made up by hypothesis: what a MIS that speaks OneRoster can hold."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from services.mis_sync.connectors.snapshot import AnyRecord
from shared.contracts.mis import (
    ContactRecord,
    GroupRecord,
    MembershipRecord,
    PupilRecord,
    RelationshipRecord,
    StaffRecord,
    TeachingRecord,
)
from shared.contracts.vocabulary import ContactRelationship, GroupKind, Sex, YearGroup
from tests.mis_sync.connectors.exports import NOW

__all__ = ["schools"]

FAMILY = (
    ContactRelationship.PARENT,
    ContactRelationship.GUARDIAN,
    ContactRelationship.RELATIVE,
)
_LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"))
_WORDS = st.text(_LETTERS, min_size=1, max_size=8)
_TEXTS = st.lists(_WORDS, min_size=1, max_size=3).map(" ".join)
_IDS = st.text(st.sampled_from("abcXYZ019-._ é{}"), min_size=1, max_size=10).filter(
    lambda text: text == text.strip()
)
_UPNS = st.text(st.sampled_from("ABCDEFGHJK0123456789 ab"), min_size=1, max_size=13).filter(
    lambda text: text == text.strip()
)
_NO = st.none()


def _pupils(id_: str, version: str) -> st.SearchStrategy[PupilRecord]:
    preferred = _NO | _TEXTS if version == "1.2" else _NO
    return st.builds(
        PupilRecord,
        mis_id=st.just(id_),
        upn=_NO | _UPNS,
        former_upns=st.lists(_UPNS, max_size=1).map(tuple),
        legal_forename=_NO | _TEXTS,
        legal_surname=_TEXTS,
        preferred_forename=preferred,
        preferred_surname=preferred,
        middle_names=_NO | _TEXTS,
        date_of_birth=_NO | st.dates(date(1900, 1, 1), NOW.date()),
        sex=_NO | st.sampled_from(Sex),
        year_group=_NO | st.sampled_from(YearGroup),
    )


def _staff(id_: str) -> st.SearchStrategy[StaffRecord]:
    return st.builds(
        StaffRecord,
        mis_id=st.just(id_),
        staff_code=_NO | _TEXTS,
        forename=_NO | _TEXTS,
        surname=_TEXTS,
        email=_NO | st.just("someone@heronpark.example"),
    )


def _contacts(id_: str) -> st.SearchStrategy[ContactRecord]:
    return st.builds(
        ContactRecord,
        mis_id=st.just(id_),
        forename=_NO | _TEXTS,
        surname=_NO | _TEXTS,
        email=_NO | st.just("family@mailbox.example"),
    )


@st.composite
def _relationships(draw: st.DrawFn, records: list[AnyRecord]) -> list[RelationshipRecord]:
    """Between those who are not gone; OneRoster has one word for a contact, whoever it is to."""
    here = [record for record in records if not record.removed]
    pupils = [record.mis_id for record in here if isinstance(record, PupilRecord)]
    found = []
    for contact in [record.mis_id for record in here if isinstance(record, ContactRecord)]:
        relationship = draw(st.sampled_from(FAMILY))
        children = draw(st.sets(st.sampled_from(pupils))) if pupils else set()
        found += [
            RelationshipRecord(
                contact_mis_id=contact, pupil_mis_id=pupil, relationship=relationship
            )
            for pupil in children
        ]
    return found


def _groups(id_: str) -> st.SearchStrategy[GroupRecord]:
    return st.builds(
        GroupRecord,
        mis_id=st.just(id_),
        name=_TEXTS,
        group_kind=st.sampled_from(GroupKind),
        year_group=_NO | st.sampled_from(YearGroup),
        subject=_NO | _TEXTS,
    )


@st.composite
def schools(draw: st.DrawFn, version: str, *, removals: bool) -> list[AnyRecord]:
    """Records that fit together; with `removals` some of them only say that they are gone."""
    people = draw(st.lists(_IDS, min_size=3, max_size=10, unique=True))
    pupils, staff, contacts = people[::3], people[1::3], people[2::3]
    groups = draw(st.lists(_IDS, min_size=1, max_size=4, unique=True))
    gone = st.booleans() if removals else st.just(False)
    records: list[AnyRecord] = []
    for pupil in pupils:
        record = PupilRecord(mis_id=pupil, removed=True)
        records.append(record if draw(gone) else draw(_pupils(pupil, version)))
    for member in staff:
        gone_member = StaffRecord(mis_id=member, removed=True)
        records.append(gone_member if draw(gone) else draw(_staff(member)))
    for contact in contacts:
        gone_contact = ContactRecord(mis_id=contact, removed=True)
        records.append(gone_contact if draw(gone) else draw(_contacts(contact)))
    records += draw(_relationships(records))
    for group in groups:
        gone_group = GroupRecord(mis_id=group, removed=True)
        records.append(gone_group if draw(gone) else draw(_groups(group)))
        records += [
            MembershipRecord(pupil_mis_id=pupil, group_mis_id=group, removed=draw(gone))
            for pupil in draw(st.sets(st.sampled_from(pupils), min_size=1))
        ]
        for member in draw(st.sets(st.sampled_from(staff), min_size=1)):
            removed = draw(gone)
            main = None if removed else draw(_NO | st.booleans())
            records.append(
                TeachingRecord(staff_mis_id=member, group_mis_id=group, removed=removed, main=main)
            )
    return records

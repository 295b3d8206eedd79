"""A MIS that a test fills as it likes, and a connector that publishes snapshots of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from stdnum.gb import upn as standard
from uuid_utils.compat import uuid7

from services.mis_sync.connectors.credentials import Credentials
from services.mis_sync.connectors.messages import Outgoing, snapshot_messages
from services.mis_sync.connectors.publish import publish
from services.mis_sync.connectors.snapshot import AnyRecord, Snapshot, in_stable_order
from shared.contracts.envelope import Payload
from shared.contracts.mis import (
    Collection,
    ContactRecord,
    GroupRecord,
    MembershipRecord,
    PupilRecord,
    RelationshipRecord,
    Source,
    StaffRecord,
    TeachingRecord,
)
from shared.contracts.vocabulary import ContactRelationship, GroupKind, Sex, YearGroup

EVERYTHING = frozenset(Collection)


def upn(serial: int) -> str:
    """A valid UPN."""
    rest = f"8012000{serial % 100_000:05d}"
    return standard.calc_check_digit(rest) + rest


@dataclass
class Mis:
    """What it holds. `instance_id` names its server, if it does."""

    pupils: dict[str, PupilRecord] = field(default_factory=dict)
    staff: dict[str, StaffRecord] = field(default_factory=dict)
    groups: dict[str, GroupRecord] = field(default_factory=dict)
    memberships: set[tuple[str, str]] = field(default_factory=set)
    teachings: set[tuple[str, str]] = field(default_factory=set)
    contacts: dict[str, ContactRecord] = field(default_factory=dict)
    relationships: dict[tuple[str, str], RelationshipRecord] = field(default_factory=dict)
    instance_id: str | None = None
    academic_year: str | None = "2026/27"

    def pupil(self, mis_id: str, *groups: str, **fields: Any) -> PupilRecord:
        """A pupil with a valid UPN, a name of their own and a birthday in Year 3."""
        number = sum(map(ord, mis_id)) * 7 + len(self.pupils)
        known: dict[str, Any] = {
            "upn": upn(number),
            "legal_forename": "Maya",
            "legal_surname": f"Patel{mis_id}",
            "date_of_birth": date(2018, 10, 1 + number % 28),
            "sex": Sex.FEMALE,
        }
        self.pupils[mis_id] = PupilRecord.model_validate({"mis_id": mis_id, **known, **fields})
        for group in groups:
            self.memberships.add((mis_id, group))
        return self.pupils[mis_id]

    def group(self, mis_id: str, name: str, year_group: str | None = None) -> GroupRecord:
        self.groups[mis_id] = GroupRecord(
            mis_id=mis_id,
            name=name,
            group_kind=GroupKind.CLASS,
            year_group=YearGroup(year_group) if year_group else None,
        )
        return self.groups[mis_id]

    def teacher(self, mis_id: str, *groups: str, **fields: Any) -> StaffRecord:
        known: dict[str, Any] = {
            "forename": "Tom",
            "surname": f"Reid{mis_id}",
            "title": "Mr",
            "email": f"{mis_id}@school.example".lower(),
        }
        self.staff[mis_id] = StaffRecord.model_validate({"mis_id": mis_id, **known, **fields})
        for group in groups:
            self.teachings.add((mis_id, group))
        return self.staff[mis_id]

    def contact(self, mis_id: str, *pupils: str, **fields: Any) -> ContactRecord:
        """A contact with an address of their own, the mother of these pupils if nothing else."""
        as_what = {"relationship": fields.pop("relationship", ContactRelationship.MOTHER)}
        as_what["responsibility"] = fields.pop("responsibility", None)
        known: dict[str, Any] = {
            "title": "Ms",
            "forename": "Anna",
            "surname": f"Patel{mis_id}",
            "email": f"{mis_id}@home.example".lower(),
        }
        self.contacts[mis_id] = ContactRecord.model_validate({"mis_id": mis_id, **known, **fields})
        for pupil in pupils:
            record = {"contact_mis_id": mis_id, "pupil_mis_id": pupil, **as_what}
            self.relationships[mis_id, pupil] = RelationshipRecord.model_validate(record)
        return self.contacts[mis_id]

    def records(self) -> tuple[AnyRecord, ...]:
        members = [MembershipRecord(pupil_mis_id=p, group_mis_id=g) for p, g in self.memberships]
        teachings = [TeachingRecord(staff_mis_id=s, group_mis_id=g) for s, g in self.teachings]
        people: list[AnyRecord] = [*self.pupils.values(), *self.staff.values()]
        families: list[AnyRecord] = [*self.contacts.values(), *self.relationships.values()]
        return in_stable_order([*people, *self.groups.values(), *members, *teachings, *families])

    def snapshot(
        self,
        taken_at: datetime | None = None,
        *,
        complete: frozenset[Collection] = EVERYTHING,
        records: Sequence[AnyRecord] | None = None,
    ) -> Snapshot:
        return Snapshot(
            source=Source(connector="test", instance_id=self.instance_id),
            taken_at=taken_at or datetime.now(UTC),
            academic_year=self.academic_year,
            complete=complete,
            records=tuple(self.records() if records is None else records),
        )


def messages_of(
    snapshot: Snapshot, username: str, snapshot_id: UUID | None = None
) -> list[Outgoing[Payload]]:
    return snapshot_messages(snapshot, snapshot_id or uuid7(), username)


async def push(
    credentials: Credentials,
    snapshot: Snapshot,
    *,
    arranged: Callable[[list[Outgoing[Payload]]], list[Outgoing[Payload]]] = list,
    snapshot_id: UUID | None = None,
) -> UUID:
    """Publish a snapshot as a connector does; `arranged` puts its messages in another order."""
    snapshot_id = snapshot_id or uuid7()
    messages = arranged(messages_of(snapshot, credentials.username, snapshot_id))
    await publish(credentials, messages)
    return snapshot_id


def anew(message: Outgoing[Payload]) -> Outgoing[Payload]:
    """The same message with another id: sent again, not delivered again."""
    event = message.event.model_copy(update={"id": uuid7()})
    return replace(message, event=event, body=event.model_dump_json().encode())

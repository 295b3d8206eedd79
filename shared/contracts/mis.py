"""What a connector says to mis_sync: one snapshot of a MIS, in chunks (R15, R16).

Exchange `mis.in` on vhost `mis`; routing key `{broker user}.snapshot.begin|chunk|end|failed` or
`{broker user}.connector.heard`; the AMQP property `user_id`, checked by the broker, says which
connector it was, never the body. Each message is signed besides (`signatures`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, EmailStr, Field, StringConstraints, TypeAdapter

from shared.contracts.envelope import Contract, Payload
from shared.contracts.vocabulary import (
    AcademicYearName,
    ContactRelationship,
    GroupKind,
    Name,
    Sex,
    YearGroup,
)

__all__ = [
    "MAX_RECORDS_PER_CHUNK",
    "MAX_REMARK",
    "Collection",
    "ConnectorHeard",
    "ContactRecord",
    "GroupRecord",
    "MembershipRecord",
    "MisId",
    "PupilRecord",
    "Record",
    "RelationshipRecord",
    "SnapshotBegin",
    "SnapshotChunk",
    "SnapshotEnd",
    "SnapshotFailed",
    "SnapshotRequested",
    "StaffRecord",
    "TeachingRecord",
    "canonical",
    "canonical_digest",
    "plain",
    "records_digest",
    "snapshot_digest",
]

MAX_RECORDS_PER_CHUNK = 500
MAX_REMARK = 400

MisId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10)]


class Collection(StrEnum):
    """The kinds of record in a snapshot; the value is the record's `kind`."""

    PUPILS = "pupil"
    STAFF = "staff"
    GROUPS = "group"
    MEMBERSHIPS = "membership"
    TEACHINGS = "teaching"
    CONTACTS = "contact"
    RELATIONSHIPS = "relationship"


class PupilRecord(Contract):
    """A pupil as the MIS has them. `None` is no information and never blanks anything (R17)."""

    kind: Literal["pupil"] = "pupil"
    mis_id: MisId
    removed: bool = False
    """An explicit removal, which only a delta can carry."""
    upn: Text | None = None
    """As the MIS has it: mis_sync checks it (R11)."""
    former_upns: tuple[Text, ...] = ()
    legal_forename: Text | None = None
    legal_surname: Text | None = None
    preferred_forename: Text | None = None
    preferred_surname: Text | None = None
    middle_names: Text | None = None
    date_of_birth: date | None = None
    sex: Sex | None = None
    year_group: YearGroup | None = None
    ethnicity: Code | None = None
    """As the MIS has it, as are the next two: roster drops what is none of DfE's codes, and the
    fields that the school does not keep (R29)."""
    first_language: Code | None = None
    sen_provision: Code | None = None
    free_school_meals: bool | None = None
    pupil_premium: bool | None = None
    in_care: bool | None = None


class StaffRecord(Contract):
    """A member of staff. Without a teaching of a mapped group they get no user (R20)."""

    kind: Literal["staff"] = "staff"
    mis_id: MisId
    removed: bool = False
    staff_code: Text | None = None
    title: Text | None = None
    forename: Text | None = None
    surname: Text | None = None
    email: Annotated[EmailStr, StringConstraints(max_length=254)] | None = None


class GroupRecord(Contract):
    """A class or another set of pupils."""

    kind: Literal["group"] = "group"
    mis_id: MisId
    removed: bool = False
    name: Name | None = None
    group_kind: GroupKind | None = None
    year_group: YearGroup | None = None
    subject: Text | None = None


class MembershipRecord(Contract):
    """A pupil is in a group."""

    kind: Literal["membership"] = "membership"
    removed: bool = False
    pupil_mis_id: MisId
    group_mis_id: MisId


class TeachingRecord(Contract):
    """A member of staff teaches a group."""

    kind: Literal["teaching"] = "teaching"
    removed: bool = False
    staff_mis_id: MisId
    group_mis_id: MisId
    main: bool | None = None


class ContactRecord(Contract):
    """Somebody whom the school may turn to about pupils, a parent for one."""

    kind: Literal["contact"] = "contact"
    mis_id: MisId
    removed: bool = False
    title: Text | None = None
    forename: Text | None = None
    surname: Text | None = None
    email: Annotated[EmailStr, StringConstraints(max_length=254)] | None = None


class RelationshipRecord(Contract):
    """What a contact is to a pupil. `responsibility` is parental responsibility by law."""

    kind: Literal["relationship"] = "relationship"
    removed: bool = False
    contact_mis_id: MisId
    pupil_mis_id: MisId
    relationship: ContactRelationship | None = None
    responsibility: bool | None = None


Record = Annotated[
    PupilRecord
    | StaffRecord
    | GroupRecord
    | MembershipRecord
    | TeachingRecord
    | ContactRecord
    | RelationshipRecord,
    Field(discriminator="kind"),
]


class Source(Contract):
    """Where the snapshot was read; `instance_id` is the MIS server's own, if it has one (R21)."""

    connector: Text
    """Such as `oneroster-csv`."""
    format_version: Text | None = None
    system_name: Text | None = None
    instance_id: Text | None = None


class SnapshotBegin(Payload, event_type="mis.snapshot.begin.v1"):
    """A snapshot starts. Absence means 'gone' only in the collections named as complete."""

    snapshot_id: UUID
    taken_at: AwareDatetime
    source: Source
    academic_year: AcademicYearName | None = None
    """`None` where the source does not tell; mis_sync then takes the year of `taken_at`."""
    complete: frozenset[Collection]
    request_id: UUID | None = None
    """The request that it answers; `None` where nobody asked."""


class SnapshotChunk(Payload, event_type="mis.snapshot.chunk.v1"):
    """Some of the snapshot's records. Chunks may arrive in any order and more than once."""

    snapshot_id: UUID
    sequence: int = Field(ge=0)
    records: tuple[Record, ...] = Field(max_length=MAX_RECORDS_PER_CHUNK)


SnapshotRemark = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_REMARK)
]


class SnapshotEnd(Payload, event_type="mis.snapshot.end.v1"):
    """The snapshot is whole if this many chunks and records are there and their digest agrees.

    `digest` is `snapshot_digest` over the chunks' `records_digest`, in the order of their sequence.
    """

    snapshot_id: UUID
    chunks: int = Field(ge=0)
    counts: dict[Collection, int]
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    remarks: tuple[SnapshotRemark, ...] = Field(default=(), max_length=30)
    """For the school's office: what was left out and should be mended in the MIS, and where; never
    a name or another value of a record."""


class SnapshotFailed(Payload, event_type="mis.snapshot.failed.v1"):
    """The source could not be read, so there is no snapshot (R16, R23)."""

    at: AwareDatetime
    request_id: UUID | None = None
    """The request that it ends; `None` where nobody asked."""
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    """For the school's office: what, and where; never a name or another value of a record."""


class ConnectorHeard(Payload, event_type="mis.connector.heard.v1"):
    """The connector is there and listens: when it has signed in, and when a request has come."""

    at: AwareDatetime
    request_id: UUID | None = None
    """The request that it has heard and is about to answer."""
    connector: Text
    """Its kind of source, such as `oneroster-csv`."""


class SnapshotRequested(Payload, event_type="mis.snapshot.requested.v1", publisher="mis_sync"):
    """mis_sync asks a connector for a snapshot, on the connector's own request queue (R16)."""

    request_id: UUID
    requested_at: AwareDatetime


_RECORDS: TypeAdapter[tuple[Record, ...]] = TypeAdapter(tuple[Record, ...])


def plain(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The records, JSON-ready. Fields that are `None` are left out, so that a field more on one
    side changes no digest."""
    return list(_RECORDS.dump_python(tuple(records), mode="json", exclude_none=True))


def canonical(records: Sequence[dict[str, Any]]) -> str:
    """Plain records as a list in canonical JSON: sorted keys, no spaces."""
    return json.dumps(records, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical_digest(text: str) -> str:
    """Hex SHA-256 of canonical JSON, in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def records_digest(records: Sequence[Record]) -> str:
    """Hex SHA-256 of the records as canonical JSON."""
    return canonical_digest(canonical(plain(records)))


def snapshot_digest(chunk_digests: Iterable[str]) -> str:
    """Hex SHA-256 over the digests of all chunks, each followed by a line feed."""
    digest = hashlib.sha256()
    for chunk_digest in chunk_digests:
        digest.update(f"{chunk_digest}\n".encode())
    return digest.hexdigest()

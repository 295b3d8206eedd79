"""What mis_sync says: proposals to roster and identity, and orders to its provisioner.

A proposal carries its run, sequence and total; the owner checks it again in the transaction that
applies it, and answers every item (`roster.*.applied.v1`, `identity.staff.applied.v1`).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import EmailStr, Field

from shared.contracts.envelope import Contract, Payload
from shared.contracts.vocabulary import AcademicYearName, GroupKind, LinkKind, Name, Sex, YearGroup

__all__ = [
    "MAX_PROPOSALS_PER_BATCH",
    "ConnectorProvisioned",
    "ConnectorRequested",
    "ConnectorRevoked",
    "GroupProposal",
    "GroupsApproved",
    "LinkAction",
    "LinkProposal",
    "LinksApproved",
    "MisSyncErased",
    "ParentProposal",
    "ParentsApproved",
    "ProposalAction",
    "ProposalBatch",
    "PupilDetails",
    "PupilProposal",
    "PupilsApproved",
    "StaffApproved",
    "StaffProposal",
    "SyncSettingsChanged",
]

MAX_PROPOSALS_PER_BATCH = 500


class ProposalBatch(Payload):
    """What all batches of a run carry. `total` counts the batches of this kind in this run."""

    run_id: UUID
    sequence: int = Field(ge=0)
    total: int = Field(ge=1)
    academic_year: AcademicYearName
    """The year the snapshot speaks of; roster refuses any but the school's own (R22)."""


class ProposalAction(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    DEACTIVATE = "deactivate"
    REACTIVATE = "reactivate"


class PupilDetails(Contract):
    """What the MIS knows of a pupil. `None` is no information: the field is left as it is."""

    upn: str | None = None
    former_upns: tuple[str, ...] = ()
    legal_forename: Name | None = None
    legal_surname: Name | None = None
    preferred_forename: Name | None = None
    preferred_surname: Name | None = None
    middle_names: Name | None = None
    date_of_birth: date | None = None
    sex: Sex | None = None
    year_group: YearGroup | None = None
    ethnicity: str | None = Field(default=None, max_length=10)
    """By DfE's codes, as are the next two; roster drops what is none, and the fields that the
    school does not keep (R29)."""
    first_language: str | None = Field(default=None, max_length=10)
    sen_provision: str | None = Field(default=None, max_length=10)
    free_school_meals: bool | None = None
    pupil_premium: bool | None = None
    in_care: bool | None = None


class PupilProposal(Contract):
    """One pupil. A new one's id was made by mis_sync; a reactivation carries details too."""

    pupil_id: UUID
    action: ProposalAction
    expected_version: int | None = None
    details: PupilDetails = PupilDetails()


class PupilsApproved(ProposalBatch, event_type="mis_sync.pupils.approved.v1"):
    proposals: tuple[PupilProposal, ...] = Field(max_length=MAX_PROPOSALS_PER_BATCH)


class GroupProposal(Contract):
    group_id: UUID
    action: ProposalAction
    expected_version: int | None = None
    name: Name | None = None
    kind: GroupKind | None = None
    year_group: YearGroup | None = None


class GroupsApproved(ProposalBatch, event_type="mis_sync.groups.approved.v1"):
    proposals: tuple[GroupProposal, ...] = Field(max_length=MAX_PROPOSALS_PER_BATCH)


class StaffProposal(Contract):
    """One member of staff who teaches a mapped group and gets a user (R20), in order of MIS id; or
    what the MIS knows better of a user who is mapped.

    The e-mail address of a user who is there is told only where a person said that the MIS's is
    right: people sign in with it.
    """

    user_id: UUID
    action: ProposalAction
    expected_version: int | None = None
    mis_id: str
    title: Name | None = None
    forename: Name | None = None
    surname: Name | None = None
    email: EmailStr | None = None
    staff_code: Name | None = None


class StaffApproved(ProposalBatch, event_type="mis_sync.staff.approved.v1"):
    proposals: tuple[StaffProposal, ...] = Field(max_length=MAX_PROPOSALS_PER_BATCH)


class LinkAction(StrEnum):
    ADD = "add"
    REMOVE = "remove"


class LinkProposal(Contract):
    """`person_id` is a pupil's id for a member and a user's for a teacher."""

    kind: LinkKind
    group_id: UUID
    person_id: UUID
    action: LinkAction


class LinksApproved(ProposalBatch, event_type="mis_sync.links.approved.v1"):
    proposals: tuple[LinkProposal, ...] = Field(max_length=MAX_PROPOSALS_PER_BATCH)


class ParentProposal(Contract):
    """One parent, and which pupils the MIS says are their children (R20).

    A new one's id was made by mis_sync. The e-mail address of one who is there is told only where
    a person said that the MIS's is right: parents sign in with it.
    """

    parent_id: UUID
    action: ProposalAction
    expected_version: int | None = None
    mis_id: str
    title: Name | None = None
    forename: Name | None = None
    surname: Name | None = None
    email: EmailStr | None = None
    link: tuple[UUID, ...] = ()
    """Pupils, who may arrive later."""
    unlink: tuple[UUID, ...] = ()


class ParentsApproved(ProposalBatch, event_type="mis_sync.parents.approved.v1"):
    proposals: tuple[ParentProposal, ...] = Field(max_length=MAX_PROPOSALS_PER_BATCH)


class ConnectorRequested(Payload, event_type="mis_sync.connector.requested.v1"):
    """The provisioner is to make a connector's broker user. Only the password's hash travels."""

    connector_id: UUID
    broker_user: str = Field(pattern=r"^[a-z0-9_]{1,64}$")
    password_hash: str
    """`rabbit_password_hashing_sha256`: base64 of a 4 byte salt and SHA-256(salt + password)."""


class ConnectorRevoked(Payload, event_type="mis_sync.connector.revoked.v1"):
    """The provisioner is to delete a connector's broker user and cut its open connections."""

    connector_id: UUID
    broker_user: str = Field(pattern=r"^[a-z0-9_]{1,64}$")


class ConnectorProvisioned(Payload, event_type="mis_sync.connector.provisioned.v1"):
    """The provisioner's answer: the broker user is there with its permissions, or is gone."""

    connector_id: UUID
    broker_user: str
    present: bool


class SyncSettingsChanged(Payload, event_type="mis_sync.settings.changed.v1"):
    """When the school's MIS is asked every night, in London's hours; `None` is ours to choose."""

    version: int = Field(ge=1)
    hour: int | None = Field(ge=0, le=6)
    parents: bool = False
    """Whether parents come from the MIS (R20)."""


class MisSyncErased(Payload, event_type="mis_sync.school.erased.v1"):
    """Nothing is kept here of the school any more; `rows` were."""

    rows: int = Field(ge=0)

"""Who hears what: every durable queue between the services, so that none is missing at the start.

A queue is declared before the first event is published and again by its consumer at every start;
an event that no queue would hear is refused by the broker (mandatory) and stays in the outbox.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.activity import ActivityRecorded
from shared.contracts.envelope import Payload
from shared.contracts.identity import (
    IdentitySettingsChanged,
    ParentsApplied,
    ParentsChanged,
    SchoolChanged,
    SchoolErasing,
    SchoolLeft,
    SessionsEnded,
    StaffApplied,
    UsersChanged,
)
from shared.contracts.mis_sync import (
    ConnectorProvisioned,
    ConnectorRequested,
    ConnectorRevoked,
    GroupsApproved,
    LinksApproved,
    MisSyncErased,
    ParentsApproved,
    PupilsApproved,
    StaffApproved,
    SyncSettingsChanged,
)
from shared.contracts.reports import (
    OnlineReportsPublished,
    OnlineReportsWithdrawn,
    ReportsDue,
    ReportsErased,
    ScaleChanged,
    SubjectsChanged,
    TermsChanged,
)
from shared.contracts.roster import (
    GroupsApplied,
    GroupsChanged,
    LinksApplied,
    LinksChanged,
    MembershipsChanged,
    PupilFieldsChanged,
    PupilsApplied,
    PupilsChanged,
    RollUpDue,
    RosterErased,
    SchoolYearChanged,
)

__all__ = [
    "ACTIVITY_EXCHANGE",
    "ANNOUNCEMENTS",
    "BROADCASTS",
    "EVENTS_EXCHANGE",
    "INBOUND_EXCHANGE",
    "INBOUND_QUEUE",
    "QUEUES",
    "REPLAY_EXCHANGE",
    "Queue",
    "exchange_of",
    "queue_of",
    "request_queue_of",
]

EVENTS_EXCHANGE = "classroom.events"
ACTIVITY_EXCHANGE = "classroom.activity"
REPLAY_EXCHANGE = "classroom.replay"
"""Topic; every queue is bound to it by its own name, so that one consumer alone hears a replay."""
INBOUND_EXCHANGE = "mis.in"
INBOUND_QUEUE = "mis.inbound"


@dataclass(frozen=True)
class Queue:
    """A durable quorum queue of one service, bound to its exchange for one event type."""

    service: str
    payload: type[Payload]

    @property
    def name(self) -> str:
        return f"{self.service}.{self.payload.EVENT_TYPE}"

    @property
    def exchange(self) -> str:
        return exchange_of(self.payload)


def exchange_of(payload: type[Payload]) -> str:
    """The exchange an event is published to; activity has its own (see `activity`)."""
    return ACTIVITY_EXCHANGE if payload is ActivityRecorded else EVENTS_EXCHANGE


def queue_of(service: str, payload: type[Payload]) -> Queue:
    """The queue on which a service hears an event; `LookupError` if `QUEUES` has none."""
    queue = Queue(service, payload)
    if queue not in QUEUES:
        raise LookupError(f"{service} does not hear {payload.EVENT_TYPE}: add it to the topology")
    return queue


def request_queue_of(broker_user: str) -> str:
    """The classic queue, of length one, on which a connector hears that a snapshot is wanted."""
    return f"mis.requests.{broker_user}"


QUEUES: tuple[Queue, ...] = (
    Queue("identity", StaffApproved),
    Queue("identity", ParentsApproved),
    Queue("identity", ActivityRecorded),
    Queue("identity", GroupsChanged),
    Queue("identity", LinksChanged),
    Queue("identity", PupilsChanged),
    Queue("identity", OnlineReportsPublished),
    Queue("identity", OnlineReportsWithdrawn),
    Queue("identity", RosterErased),
    Queue("identity", MisSyncErased),
    Queue("identity", ReportsErased),
    Queue("roster", SchoolChanged),
    Queue("roster", SchoolErasing),
    Queue("roster", UsersChanged),
    Queue("roster", PupilsApproved),
    Queue("roster", GroupsApproved),
    Queue("roster", LinksApproved),
    Queue("roster", RollUpDue),
    Queue("mis_sync", SchoolChanged),
    Queue("mis_sync", SchoolLeft),
    Queue("mis_sync", SchoolErasing),
    Queue("mis_sync", UsersChanged),
    Queue("mis_sync", SchoolYearChanged),
    Queue("mis_sync", PupilFieldsChanged),
    Queue("mis_sync", PupilsChanged),
    Queue("mis_sync", GroupsChanged),
    Queue("mis_sync", LinksChanged),
    Queue("mis_sync", MembershipsChanged),
    Queue("mis_sync", ParentsChanged),
    Queue("mis_sync", PupilsApplied),
    Queue("mis_sync", GroupsApplied),
    Queue("mis_sync", LinksApplied),
    Queue("mis_sync", StaffApplied),
    Queue("mis_sync", ParentsApplied),
    Queue("mis_sync", ConnectorProvisioned),
    Queue("provisioner", ConnectorRequested),
    Queue("provisioner", ConnectorRevoked),
    Queue("reports", SchoolChanged),
    Queue("reports", SchoolErasing),
    Queue("reports", UsersChanged),
    Queue("reports", SchoolYearChanged),
    Queue("reports", PupilsChanged),
    Queue("reports", PupilFieldsChanged),
    Queue("reports", GroupsChanged),
    Queue("reports", LinksChanged),
    Queue("reports", MembershipsChanged),
    Queue("reports", ReportsDue),
)

BROADCASTS: frozenset[str] = frozenset({SessionsEnded.EVENT_TYPE})
"""Heard by every gateway instance on an exclusive queue of its own; no gateway, nobody to tell."""

ANNOUNCEMENTS: tuple[type[Payload], ...] = (
    IdentitySettingsChanged,
    SyncSettingsChanged,
    SubjectsChanged,
    TermsChanged,
    ScaleChanged,
)
"""Told although no rule of another service depends on them today, so that no queue is asked for.
Whoever comes to need one adds a queue, takes it out here, and has the owner republish."""

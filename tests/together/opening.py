"""mis_sync, roster and identity, all three real, on one broker: a school that is whole.

Waiting is for convergence: everything that one of them said has been taken by those who keep it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import asyncpg
import httpx

from services.mis_sync.connectors.messages import Outgoing
from services.mis_sync.connectors.snapshot import Snapshot
from shared.contracts.envelope import Payload
from shared.contracts.roster import RollUpDue
from shared.security.principals import Kind, Principal, PrincipalSigner, Scope, new_signing_key
from tests.broker import make_broker
from tests.eventually import eventually
from tests.identity.door import Door as IdentityDoor
from tests.identity.mailbox import Mailbox
from tests.identity.running import identity_settings, running_identity
from tests.mis_sync.opening import open_mis_sync
from tests.mis_sync.world import AT_REST, Clock, MisSyncDoor, SchoolWithMis
from tests.roster.door import Door as RosterDoor
from tests.roster.door import SchoolInTest as SchoolAtRoster
from tests.roster.running import running_roster
from tests.servers import Servers, make_database, with_database

__all__ = ["BEGINS", "STATE_EVENTS", "Service", "Together", "WholeSchool", "open_together"]

BEGINS = datetime(2026, 11, 24, 9, tzinfo=UTC)
"""A day on which nothing in particular happens in a school."""
_PURPOSE = "together"
Service = Literal["mis_sync", "roster", "identity"]
_OWNERS: tuple[Service, ...] = ("roster", "identity")
STATE_EVENTS = [
    "roster.pupils.changed.v1",
    "roster.groups.changed.v1",
    "roster.links.changed.v1",
    "roster.school_year.changed.v1",
    "identity.users.changed.v1",
]
_OWNED = {
    "pupils": ("roster", "SELECT id::text AS key, version FROM pupils WHERE school_id = $1"),
    "groups": ("roster", "SELECT id::text AS key, version FROM groups WHERE school_id = $1"),
    "links": (
        "roster",
        "SELECT kind || group_id || person_id AS key, version FROM links WHERE school_id = $1",
    ),
    "users": (
        "identity",
        "SELECT account_id::text AS key, version FROM accounts"
        " WHERE school_id = $1 AND kind = 'user'",
    ),
    "schools": (
        "roster",
        "SELECT academic_year AS key, version FROM schools WHERE school_id = $1 AND version > 0",
    ),
}
_COPIED = {
    "pupils": "SELECT id::text AS key, version FROM own_pupils WHERE school_id = $1",
    "groups": "SELECT id::text AS key, version FROM own_groups WHERE school_id = $1",
    "links": "SELECT kind || group_id || person_id AS key, version FROM own_links"
    " WHERE school_id = $1",
    "users": "SELECT id::text AS key, version FROM own_users WHERE school_id = $1",
    "schools": "SELECT academic_year AS key, version FROM own_schools"
    " WHERE school_id = $1 AND version > 0",
}
_USERS_AT_ROSTER = "SELECT id::text AS key, version FROM users WHERE school_id = $1"


@dataclass
class Together:
    """The three, their clock, and a look into each database past row-level security."""

    mis_sync: MisSyncDoor
    roster: RosterDoor
    identity: IdentityDoor
    databases: dict[Service, asyncpg.Connection[asyncpg.Record]]

    @property
    def clock(self) -> Clock:
        return self.mis_sync.clock

    def it_is(self, now: datetime) -> None:
        """From now on. For mis_sync it goes on from there, for roster it stands still."""
        self.clock.ahead += now - self.clock()
        self.roster.clock.set(now)

    async def new_school(self, name: str = "Heron Park Primary School") -> WholeSchool:
        """Set up at identity, heard of by all; its MIS is not linked yet."""
        made = await self.identity.new_school(name=name)
        school = WholeSchool(self.mis_sync, made.id, name, together=self)
        await eventually(school.is_converged)
        return school


@dataclass
class WholeSchool(SchoolWithMis):
    together: Together = field(kw_only=True)

    @property
    def at_roster(self) -> SchoolAtRoster:
        return SchoolAtRoster(self.together.roster, self.id)

    async def rows(self, service: Service, query: str) -> list[dict[str, Any]]:
        """`$1` is the school."""
        found = await self.together.databases[service].fetch(query, self.id)
        return [dict(row) for row in found]

    async def by_hand(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """What the admin does at roster."""
        return await self.at_roster.by_hand(method, path, body, **query)

    async def of_users(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """What the admin does at identity."""
        principal = Principal(self.id, self.id, Kind.ADMIN, None, Scope.FULL, self.id, "The office")
        headers = self.together.identity.signed(principal)
        client = self.together.identity.client
        return await client.request(method, path, json=body, headers=headers)

    async def rolls_up(self, year: str) -> None:
        """The day has come: asked twice, as after a restart."""
        for _ in range(2):
            await self.at_roster.hears(RollUpDue(academic_year=year))

    async def push(self, snapshot: Snapshot | None = None, **how: Any) -> UUID:
        """As a connector whose clock goes as ours does, for it signs the time."""
        arranged: Callable[[list[Any]], list[Any]] = how.pop("arranged", list)

        def at_its_time(messages: list[Any]) -> list[Any]:
            return [_said_at(self.together.clock(), message) for message in arranged(messages)]

        return await super().push(snapshot, arranged=at_its_time, **how)

    async def is_converged(self) -> bool:
        """Whether no run is under way and every copy is as its owner's rows are (I3)."""
        runs = await self.rows("mis_sync", "SELECT state FROM runs WHERE school_id = $1")
        if any(run["state"] not in AT_REST | {"refused"} for run in runs):
            return False
        for name, (owner, query) in _OWNED.items():
            owned = await self._versions(owner, query)  # type: ignore[arg-type]
            if not owned and name == "schools":
                return False
            copies = [await self._versions("mis_sync", _COPIED[name])]
            if name == "users":
                copies.append(await self._versions("roster", _USERS_AT_ROSTER))
            if any(copy != owned for copy in copies):
                return False
        return True

    async def comes_to_rest(self) -> None:
        await eventually(self.is_converged, seconds=60)

    async def told(self) -> set[int]:
        """The rows of all events of state that roster and identity ever wrote of it."""
        query = "SELECT id FROM outbox WHERE school_id = $1 AND routing_key = ANY($2)"
        found: set[int] = set()
        for service in _OWNERS:
            database = self.together.databases[service]
            found |= {row["id"] for row in await database.fetch(query, self.id, STATE_EVENTS)}
        return found

    async def _versions(self, service: Service, query: str) -> dict[str, int]:
        return {row["key"]: row["version"] for row in await self.rows(service, query)}


@asynccontextmanager
async def open_together(
    servers: Servers, folder: Path, mailbox: Mailbox
) -> AsyncIterator[Together]:
    """On databases and vhosts of their own; `folder` takes their files."""
    broker = await make_broker(servers, _PURPOSE)
    rosters = await make_database(servers, "roster", _PURPOSE)
    identities = await make_database(servers, "identity", _PURPOSE)
    key = new_signing_key()
    settings = identity_settings(
        identities, broker.url, mailbox.port, key, _made(folder / "identity")
    )
    signer = PrincipalSigner(key)
    dsns = {
        service: with_database(servers.database_url, f"{servers.worker}_{service}_{_PURPOSE}")
        for service in ("roster", "identity")
    }
    async with (
        running_roster(servers, rosters, broker, _made(folder / "roster")) as roster,
        running_identity(settings, signer, mailbox, dsns["identity"]) as identity,
        open_mis_sync(
            servers, _made(folder / "mis_sync"), f"mis_sync_{_PURPOSE}", broker, Clock()
        ) as mis_sync,
    ):
        databases: dict[Service, asyncpg.Connection[asyncpg.Record]] = {
            "mis_sync": await asyncpg.connect(mis_sync.admin_dsn),
            "roster": await asyncpg.connect(roster.admin_dsn),
            "identity": await asyncpg.connect(identity.admin_dsn),
        }
        try:
            yield Together(mis_sync, roster, identity, databases)
        finally:
            for database in databases.values():
                await database.close()


def _said_at(now: datetime, message: Outgoing[Payload]) -> Outgoing[Payload]:
    event = message.event.model_copy(update={"time": now})
    return replace(message, event=event, body=event.model_dump_json().encode())


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder

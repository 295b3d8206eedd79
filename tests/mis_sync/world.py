"""mis_sync and its provisioner whole, on real servers, with the owners stood in; and one school."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from uuid_utils.compat import uuid7

from services.mis_sync.connectors.credentials import Credentials
from services.mis_sync.connectors.snapshot import Snapshot
from shared.security.principals import Kind, Principal, PrincipalSigner, Scope
from tests.broker import TestBroker
from tests.eventually import eventually
from tests.looking import Look
from tests.mis_sync.mis import Mis, push
from tests.mis_sync.owners import Owners, SchoolOfOwners

NOT_OF_DATA = ("refused", "overnight", "asked", "connector")
AT_REST = frozenset({"closed", "held", "incomplete", "ignored", "superseded", "failed"})


_HEARD_OF = "SELECT 1 FROM own_schools WHERE school_id = $1 AND version > 0 AND year_version > 0"


@dataclass
class Clock:
    """The real time, moved on as a test likes."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class MisSyncDoor:
    """mis_sync and its provisioner, as the tests reach them."""

    client: httpx.AsyncClient
    signer: PrincipalSigner
    broker: TestBroker
    admin_dsn: str
    service_dsn: str
    look: Look
    clock: Clock
    audit: Callable[[], Awaitable[list[str]]]
    """The provisioner's, as at its start."""

    async def rows(self, query: str, *args: object) -> list[asyncpg.Record]:
        return await self.look.fetch(query, *args)


@dataclass
class World(MisSyncDoor):
    """With the owners stood in."""

    owners: Owners

    async def new_school(self, name: str = "Heron Park", **known: Any) -> SchoolInTest:
        school_id = uuid7()
        held = await self.owners.add_school(school_id, name, **known)
        school = SchoolInTest(self, school_id, name, held=held)

        async def heard() -> int:
            return len(await self.rows(_HEARD_OF, school_id))

        await eventually(heard)
        return school

    async def linked_school(self, **known: Any) -> SchoolInTest:
        school = await self.new_school(**known)
        await school.link()
        return school


@dataclass
class SchoolWithMis:
    """A school as mis_sync knows it, and the MIS that a test fills for it."""

    world: MisSyncDoor
    id: UUID
    name: str
    mis: Mis = field(default_factory=Mis)
    credentials: Credentials | None = None

    def principal(self, kind: Kind = Kind.ADMIN, name: str = "The office") -> Principal:
        return Principal(
            account_id=uuid7(),
            school_id=self.id,
            kind=kind,
            role="slt" if kind is Kind.USER else None,
            scope=Scope.FULL,
            session_id=uuid7(),
            name=name,
        )

    async def ask(
        self, method: str, path: str, *, kind: Kind = Kind.ADMIN, **more: Any
    ) -> httpx.Response:
        token = self.world.signer.sign(self.principal(kind), "mis_sync")
        headers = {"Authorization": f"Bearer {token}"}
        return await self.world.client.request(method, path, headers=headers, **more)

    async def get(self, path: str, **params: Any) -> Any:
        response = await self.ask("GET", path, params=params)
        assert response.status_code == 200, response.text
        return response.json()

    async def link(self) -> Credentials:
        """Link the MIS, and wait until the connector can sign in."""
        response = await self.ask("POST", "/link")
        assert response.status_code == 201, response.text
        self.credentials = Credentials.model_validate(response.json()["credentials"])
        await eventually(self.link_state, lambda state: state != "provisioning")
        return self.credentials

    async def link_state(self) -> str:
        return str((await self.get("/link"))["state"])

    async def push(self, snapshot: Snapshot | None = None, **how: Any) -> UUID:
        assert self.credentials is not None
        return await push(self.credentials, snapshot or self.mis.snapshot(), **how)

    async def sync(self, snapshot: Snapshot | None = None, **how: Any) -> dict[str, Any]:
        """Push a snapshot and wait until its run, and all that follow it, have come to rest."""
        snapshot_id = await self.push(snapshot, **how)
        return await self.run_of(snapshot_id)

    async def run_of(self, snapshot_id: UUID) -> dict[str, Any]:
        def is_at_rest(runs: list[dict[str, Any]]) -> bool:
            mine = [run for run in runs if run["snapshot_id"] == str(snapshot_id)]
            return bool(mine) and all(run["state"] in AT_REST for run in runs)

        runs = await eventually(self.runs, is_at_rest)
        # The first of them: a line that it was sent again comes later.
        return [run for run in runs if run["snapshot_id"] == str(snapshot_id)][-1]

    async def runs(self) -> list[dict[str, Any]]:
        """The newest first, of snapshots and mappings: no other lines of the history."""
        page = await self.get("/runs", limit=200)
        return [run for run in page["items"] if run["cause"] not in NOT_OF_DATA]

    async def rest(self) -> list[dict[str, Any]]:
        return await eventually(
            self.runs, lambda runs: all(run["state"] in AT_REST for run in runs)
        )

    async def differences(self, **filters: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.get("/differences", limit=200, **filters))[
            "items"
        ]
        return found

    async def not_here(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.get("/not-here", limit=200))["items"]
        return found

    async def not_here_page(self, **filters: Any) -> dict[str, Any]:
        page: dict[str, Any] = await self.get("/not-here", **filters)
        return page

    async def post(self, path: str, **body: Any) -> httpx.Response:
        return await self.ask("POST", path, json=body)

    async def mapped(self, **filters: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.get("/mapping", limit=200, **filters))["items"]
        return found

    async def change(self, *changes: dict[str, Any]) -> dict[str, Any]:
        """Change what is mapped, and wait for what follows from it."""
        response = await self.post("/mapping/changes", changes=list(changes))
        assert response.status_code == 200, response.text
        await self.rest()
        saved: dict[str, Any] = response.json()
        return saved

    async def decide(self, *decisions: dict[str, Any], wait: bool = True) -> dict[str, Any]:
        response = await self.ask("POST", "/mapping", json={"decisions": list(decisions)})
        assert response.status_code == 200, response.text
        if wait:
            await self.rest()
        saved: dict[str, Any] = response.json()
        return saved

    async def activity(self) -> list[dict[str, Any]]:
        """The lines that we wrote for the activity log, the oldest first."""
        rows = await self.world.rows(
            "SELECT body FROM outbox WHERE school_id = $1 AND routing_key = $2 ORDER BY id",
            self.id,
            "activity.recorded.v1",
        )
        return [line for row in rows for line in json.loads(row["body"])["data"]["entries"]]

    async def create_all(self, kind: str = "group_unmapped") -> dict[str, Any]:
        """Say of each difference of a kind that it is new here."""
        found = await self.differences(kind=kind, state="open")
        return await self.decide(*(decision(each, "create") for each in found))

    async def hears(self, satisfied: Callable[[list[asyncpg.Record]], object], query: str) -> None:
        """Wait for our copy."""

        async def look() -> list[asyncpg.Record]:
            return await self.world.rows(query, self.id)

        await eventually(look, satisfied)


@dataclass
class SchoolInTest(SchoolWithMis):
    """Whose owners are stood in: `held` is what they hold."""

    world: World
    held: SchoolOfOwners = field(default_factory=SchoolOfOwners)


def decision(
    difference: dict[str, Any], action: str, record_id: UUID | None = None
) -> dict[str, Any]:
    return {
        "difference_id": difference["id"],
        "action": action,
        "expected_version": difference["version"],
        **({"record_id": str(record_id)} if record_id else {}),
    }


def change(
    mapped: dict[str, Any], action: str = "take_apart", record_id: UUID | None = None
) -> dict[str, Any]:
    return {
        "kind": mapped["kind"],
        "mis_id": mapped["mis_id"],
        "action": action,
        "expected_version": mapped["version"],
        **({"record_id": str(record_id)} if record_id else {}),
    }

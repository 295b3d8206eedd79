"""As many schools as are wanted, all with a first snapshot behind them.

The first school comes by the product's public way: set up, linked, its snapshot published, its
groups mapped, all applied. The others are its rows under other school ids, copied by SQL in every
service, so that they are what the product itself has made of a first snapshot.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from joserfc.jwk import OKPKey
from uuid_utils.compat import uuid7

from benchmarks.night.school import Night
from benchmarks.night.sending import send
from benchmarks.night.stack import Stack
from shared.security.principals import Kind, Principal, PrincipalSigner, Scope

__all__ = ["LinkedSchool", "copies_of", "first_school"]

_LOOK_SECONDS = 0.1
_PATIENCE_SECONDS = 120.0
_OPERATOR = Principal(UUID(int=1), None, Kind.OPERATOR, None, Scope.FULL, None, "Operator")
_COPIED: Mapping[str, Sequence[str]] = {
    "identity": ("schools", "school_settings", "pupils", "groups"),
    "roster": ("schools", "school_directory", "users", "pupils", "groups", "links"),
    "mis_sync": (
        "own_schools",
        "own_pupils",
        "own_groups",
        "own_users",
        "own_links",
        "mis_link",
        "mis_records",
        "mis_relations",
        "mapping",
        "differences",
    ),
    "reports": ("schools", "school_years", "users", "pupils", "groups", "links"),
}
"""What a night reads or changes; accounts, histories and messages stay the first school's own."""
_COLUMNS = """
SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER'
    AND column_name <> 'school_id'
"""


@dataclass(frozen=True)
class LinkedSchool:
    id: UUID
    broker_user: str
    key: OKPKey
    """That its connector signs with: the copies' too, so that they share one."""


async def first_school(stack: Stack, first_night: Night) -> LinkedSchool:
    """A school whose first snapshot is applied, with a mapping of all its groups."""
    async with httpx.AsyncClient(timeout=30) as client:
        public = _Public(stack, client)
        school_id = await public.set_up()
        await stack.all_is_heard()
        linked = await public.ask("mis_sync", "POST", "/link", school_id)
        credentials = linked["credentials"]
        key = OKPKey.import_key(credentials["signing_key"])
        school = LinkedSchool(school_id, credentials["username"], key)
        await send(stack.connectors_url, key, first_night, [(school.broker_user, uuid7())])
        asked = await public.until("/differences?limit=200", lambda page: page["items"], school_id)
        decisions = [
            {
                "difference_id": each["id"],
                "action": "create",
                "expected_version": each["version"],
            }
            for each in asked["items"]
        ]
        await public.ask("mis_sync", "POST", "/mapping", school_id, json={"decisions": decisions})
        await public.until(
            "/runs?limit=10",
            lambda page: all(run["state"] == "closed" for run in page["items"]),
            school_id,
        )
        await stack.all_is_heard()
        return school


async def copies_of(stack: Stack, model: LinkedSchool, many: int) -> list[LinkedSchool]:
    """So many more schools, like the first in all but their ids."""
    schools = [LinkedSchool(school_id, _user_of(school_id), model.key) for school_id in _ids(many)]
    await asyncio.gather(
        *(
            _copy(stack.admin_urls[service], tables, model, schools)
            for service, tables in _COPIED.items()
        )
    )
    return schools


def _ids(many: int) -> list[UUID]:
    return [uuid4() for _ in range(many)]


def _user_of(school_id: UUID) -> str:
    return f"c_{hashlib.sha256(school_id.bytes).hexdigest()[:32]}"


async def _copy(
    url: str, tables: Sequence[str], model: LinkedSchool, schools: Sequence[LinkedSchool]
) -> None:
    ids = [school.id for school in schools]
    connection = await asyncpg.connect(url)
    try:
        # Neither triggers nor foreign keys: the rows were right where they come from.
        await connection.execute("SET session_replication_role = replica")
        for table in tables:
            columns = await connection.fetchval(_COLUMNS, table)
            named = f", {columns}" if columns else ""
            await connection.execute(
                f"INSERT INTO {table} (school_id{named}) SELECT s{named} FROM {table} "  # noqa: S608
                "CROSS JOIN unnest($1::uuid[]) AS s WHERE school_id = $2 ORDER BY s",
                ids,
                model.id,
                timeout=600,
            )
        if "mis_link" in tables:
            await connection.execute(_CONNECTORS, ids, [s.broker_user for s in schools], model.id)
        await connection.execute("VACUUM ANALYZE", timeout=600)
    finally:
        await connection.close()


_CONNECTORS = """
WITH made AS (
    INSERT INTO connectors
        (school_id, id, broker_user, password_hash, made_by, created_at, provisioned_at, public_key)
    SELECT s.school_id, c.id, s.broker_user, c.password_hash, c.made_by, c.created_at,
        c.provisioned_at, c.public_key
    FROM unnest($1::uuid[], $2::text[]) AS s(school_id, broker_user)
    CROSS JOIN connectors c WHERE c.school_id = $3
    RETURNING school_id, id, broker_user, public_key
)
INSERT INTO connector_registry (broker_user, school_id, connector_id, revoked, public_key)
SELECT broker_user, school_id, id, false, public_key FROM made
"""


@dataclass(frozen=True)
class _Public:
    """The services, asked as the gateway asks them."""

    stack: Stack
    client: httpx.AsyncClient

    async def ask(self, service: str, method: str, path: str, school: UUID, **more: Any) -> Any:
        admin = Principal(UUID(int=2), school, Kind.ADMIN, None, Scope.FULL, None, "Admin")
        return await self._ask(service, method, path, admin, **more)

    async def set_up(self) -> UUID:
        school = {
            "name": "Heron Park Primary School",
            "postcode": "NG7 5PN",
            "first_year_group": "R",
            "last_year_group": "6",
            "admin_email": "office@heronpark.example",
        }
        made = await self._ask("identity", "POST", "/schools", _OPERATOR, json=school)
        return UUID(made["school"]["id"])

    async def until(self, path: str, satisfied: Any, school: UUID) -> Any:
        """What mis_sync answers as soon as it satisfies."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                found = await self.ask("mis_sync", "GET", path, school)
                if satisfied(found):
                    return found
                await asyncio.sleep(_LOOK_SECONDS)

    async def _ask(
        self, service: str, method: str, path: str, principal: Principal, **more: Any
    ) -> Any:
        token = PrincipalSigner(self.stack.key).sign(principal, service)
        answer = await self.client.request(
            method,
            self.stack.addresses[service] + path,
            headers={"Authorization": f"Bearer {token}"},
            **more,
        )
        if answer.is_error:
            raise RuntimeError(f"{service} {path}: {answer.status_code} {answer.text[:300]}")
        return answer.json()

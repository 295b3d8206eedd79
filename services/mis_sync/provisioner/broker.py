"""The broker's management API, as far as connectors' users need it. Every call may be repeated.

A user without a topic permission may publish under any name, so rights are always given last.
Source: rabbitmq.com/docs/access-control and /docs/http-api-reference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
from tenacity import (
    AsyncRetrying,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from shared.contracts.topology import INBOUND_EXCHANGE, request_queue_of

__all__ = ["Broker", "Unlimited"]

_NOTHING = "^$"
_REQUEST_QUEUE = {
    "durable": True,
    "auto_delete": False,
    "arguments": {"x-queue-type": "classic", "x-max-length": 1, "x-message-ttl": 3_600_000},
}


@dataclass(frozen=True)
class Unlimited:
    """A user who could publish under any connector's name."""

    user: str
    why: str


class Broker:
    """Makes, removes and audits the users of one vhost."""

    def __init__(self, client: httpx.AsyncClient, vhost: str) -> None:
        self._client = client
        self._vhost = vhost

    async def make_connector(self, user: str, password_hash: str) -> None:
        """The user, limited to its own name: no rights are there before their limits are.

        If a step fails for good the user is deleted again, and the error raised.
        """
        try:
            await self._put(
                f"/api/users/{_part(user)}",
                {
                    "password_hash": password_hash,
                    "hashing_algorithm": "rabbit_password_hashing_sha256",
                    "tags": "",
                },
            )
            await self._put(
                f"/api/topic-permissions/{_part(self._vhost)}/{_part(user)}",
                {"exchange": INBOUND_EXCHANGE, "write": _topics_of(user), "read": _NOTHING},
            )
            await self._put(self._queue_path(user), _REQUEST_QUEUE)
            await self._put(
                f"/api/permissions/{_part(self._vhost)}/{_part(user)}",
                {
                    "configure": _NOTHING,
                    "write": f"^{re.escape(INBOUND_EXCHANGE)}$",
                    "read": f"^{re.escape(request_queue_of(user))}$",
                },
            )
        except httpx.HTTPError:
            await self._delete(f"/api/users/{_part(user)}")
            raise

    async def remove_connector(self, user: str) -> None:
        """The user, its open connections, and its queue. One that is not there is no error."""
        await self._delete(f"/api/users/{_part(user)}")
        for connection in await self._get(f"/api/vhosts/{_part(self._vhost)}/connections"):
            if connection.get("user") == user:
                await self._delete(f"/api/connections/{_part(connection['name'])}")
        await self._delete(self._queue_path(user))

    async def unlimited_users(self) -> list[Unlimited]:
        """Who may write to the inbound exchange without a topic permission on it.

        Administrators are passed over: they can give themselves any right. Rights are asked for
        first, then their limits, then who is there: another provisioner that makes a user meanwhile
        sets its limits before its rights, and one that removes a user takes both.
        """
        permissions = await self._get(f"/api/vhosts/{_part(self._vhost)}/permissions")
        limited = {
            permission["user"]
            for permission in await self._get(f"/api/vhosts/{_part(self._vhost)}/topic-permissions")
            if permission["exchange"] == INBOUND_EXCHANGE
        }
        who_counts = {
            user["name"]
            for user in await self._get("/api/users")
            if "administrator" not in _tags(user["tags"])
        }
        return [
            Unlimited(permission["user"], f"may write {permission['write']}, under any name")
            for permission in permissions
            if permission["user"] in who_counts - limited
            and _may_match(permission["write"], INBOUND_EXCHANGE)
        ]

    async def strip(self, user: str) -> None:
        """Take all of a user's rights on the vhost, and cut its connections."""
        await self._delete(f"/api/permissions/{_part(self._vhost)}/{_part(user)}")
        for connection in await self._get(f"/api/vhosts/{_part(self._vhost)}/connections"):
            if connection.get("user") == user:
                await self._delete(f"/api/connections/{_part(connection['name'])}")

    async def answers(self) -> bool:
        """Whether the management API is there and knows us."""
        try:
            response = await self._client.get("/api/whoami")
        except httpx.HTTPError:
            return False
        return response.is_success

    def _queue_path(self, user: str) -> str:
        return f"/api/queues/{_part(self._vhost)}/{_part(request_queue_of(user))}"

    async def _get(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self._ask("GET", path)).json()
        return found

    async def _put(self, path: str, body: dict[str, Any]) -> None:
        await self._ask("PUT", path, body)

    async def _delete(self, path: str) -> None:
        await self._ask("DELETE", path, none_is_well=True)

    async def _ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        none_is_well: bool = False,
    ) -> httpx.Response:
        """Tries for a few seconds. Raises what httpx raises."""
        async for attempt in AsyncRetrying(
            retry=retry_if_exception(_passes),
            stop=stop_after_attempt(4),
            wait=wait_random_exponential(multiplier=0.2, max=2),
            reraise=True,
        ):
            with attempt:
                response = await self._client.request(method, path, json=body)
                if not (none_is_well and response.status_code == httpx.codes.NOT_FOUND):
                    response.raise_for_status()
                return response
        raise AssertionError("retrying ends by returning or raising")


def _topics_of(user: str) -> str:
    """What a connector may write: its own name, then a part of a snapshot or news of itself."""
    return rf"^{re.escape(user)}\.(snapshot\.(begin|chunk|end|failed)|connector\.heard)$"


def _passes(error: BaseException) -> bool:
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.is_server_error
    return isinstance(error, httpx.TransportError)


def _may_match(pattern: str, name: str) -> bool:
    """As the broker reads it; what cannot be read here is taken to match."""
    if not pattern:
        return False
    try:
        return re.search(pattern, name) is not None
    except re.error:
        return True


def _tags(tags: object) -> list[str]:
    """A list since RabbitMQ 3.9, before that a text with commas."""
    return tags.split(",") if isinstance(tags, str) else [str(tag) for tag in tags or []]  # type: ignore[attr-defined]


def _part(text: str) -> str:
    return quote(text, safe="")

"""Identity as a process, with a school whose people were let in before anything is measured."""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from cryptography.fernet import Fernet

from benchmarks.processes import running
from benchmarks.servers import Servers, ServiceServers
from shared.security.principals import (
    Kind,
    Principal,
    PrincipalSigner,
    Scope,
    new_signing_key,
    public_keys,
)

__all__ = ["PASSWORD", "IdentityMeasured", "identity_with_people", "settings_of"]

PASSWORD = "tuesday bicycle lamp 42"  # noqa: S105 - of people who are made up
_OPERATOR = Principal(UUID(int=1), None, Kind.OPERATOR, None, Scope.FULL, None, "Operator")


@dataclass(frozen=True)
class IdentityMeasured:
    """Where it answers, who may sign in by `PASSWORD`, and the form in which it stores that."""

    address: str
    usernames: list[str]
    stored: str
    admin_url: str


@asynccontextmanager
async def identity_with_people(servers: Servers, people: int) -> AsyncIterator[IdentityMeasured]:
    """The whole service, and a school with so many teachers who have a password of their own."""
    key = new_signing_key()
    async with servers.for_service("identity") as given:
        with tempfile.TemporaryDirectory() as folder:
            told = settings_of(given, Path(folder), key)
            async with running("services.identity", told, "/ready") as address:
                signer = PrincipalSigner(key)
                async with httpx.AsyncClient(base_url=address, timeout=30) as client:
                    usernames = await _users(client, signer, people)
                stored = await _let_in(given.admin_url, usernames)
                yield IdentityMeasured(address, usernames, stored, given.admin_url)


def settings_of(given: ServiceServers, folder: Path, key: dict[str, str]) -> dict[str, str]:
    """What identity is told, with files of its own in `folder`; nobody takes its mail."""
    (folder / "pepper").write_text(secrets.token_hex(32))
    (folder / "two-step-keys").write_bytes(Fernet.generate_key())
    (folder / "keys.json").write_text(json.dumps(public_keys(key)))
    return {
        "DATABASE_URL": given.database_url,
        "RELAY_DATABASE_URL": given.relay_database_url,
        "RABBITMQ_URL": given.rabbitmq_url,
        "PRINCIPAL_PUBLIC_KEY_FILE": str(folder / "keys.json"),
        "PEPPER_FILE": str(folder / "pepper"),
        "TWO_STEP_KEYS_FILE": str(folder / "two-step-keys"),
        "PUBLIC_URL": "http://localhost",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": "9",
        "MAIL_FROM": "no-reply@localhost",
    }


async def _users(client: httpx.AsyncClient, signer: PrincipalSigner, people: int) -> list[str]:
    """Usernames of teachers of a new school; the first has set a password."""

    async def ask(path: str, principal: Principal, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {signer.sign(principal, 'identity')}"}
        answer = await client.post(path, json=body, headers=headers)
        answer.raise_for_status()
        return dict(answer.json())

    school = {
        "name": "Heron Park Primary School",
        "postcode": "NG7 5PN",
        "first_year_group": "R",
        "last_year_group": "6",
        "admin_email": "office@heronpark.example",
    }
    made = await ask("/schools", _OPERATOR, school)
    school_id = UUID(made["school"]["id"])
    admin = Principal(UUID(int=2), school_id, Kind.ADMIN, None, Scope.FULL, None, "Admin")
    usernames = []
    for number in range(people):
        surname = f"Teacher {number}"
        email = f"teacher-{number}@heronpark.example"
        body = {"forename": "Jo", "surname": surname, "role": "teacher", "email": email}
        usernames.append(str((await ask("/users", admin, body))["username"]))
    opened = await ask(
        "/sessions",
        _OPERATOR,
        {"identifier": usernames[0], "password": made["default_password"]},
    )
    session = opened["session"]
    first = Principal(
        UUID(session["account"]["id"]),
        school_id,
        Kind.USER,
        session["account"]["role"],
        Scope.SET_PASSWORD,
        UUID(session["id"]),
        "Jo",
    )
    await ask("/password", first, {"new_password": PASSWORD})
    return usernames


async def _let_in(admin_url: str, usernames: list[str]) -> str:
    """Gives all the stored password of the first: setting each takes a quarter of a second."""
    connection = await asyncpg.connect(admin_url)
    try:
        stored = await connection.fetchval(
            "SELECT password_hash FROM accounts WHERE username = $1", usernames[0]
        )
        await connection.execute(
            "UPDATE accounts SET state = 'claimed', default_until = NULL, password_hash = $1 "
            "WHERE username = ANY ($2::text[])",
            stored,
            usernames,
        )
    finally:
        await connection.close()
    return str(stored)

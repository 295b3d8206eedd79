"""All SQL about authenticators, recovery codes, and what a session's second step was done with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.identity.two_step.authenticator import Authenticator, Proof
from services.identity.two_step.recovery import RecoveryCode
from shared.database.pool import Connection

__all__ = [
    "Sealed",
    "admin_of_school",
    "all_secrets",
    "authenticators_of",
    "codes_left",
    "confirm",
    "delete_all",
    "delete_authenticator",
    "delete_waiting",
    "find_recovery_code",
    "has_authenticator",
    "insert_waiting",
    "keep_proof",
    "names_of_proofs",
    "proof_of",
    "rename",
    "replace_recovery_codes",
    "reseal",
    "secrets_of",
    "sessions_opened_with",
    "spend_recovery_code",
    "take_step",
    "waiting",
]


@dataclass(frozen=True)
class Sealed:
    """An authenticator's secret as it is kept."""

    authenticator_id: UUID
    name: str
    secret: bytes = field(repr=False)


async def has_authenticator(connection: Connection, account_id: UUID) -> bool:
    """Whether the account has one whose first code was right."""
    return bool(
        await connection.fetchval(
            "SELECT EXISTS (SELECT FROM authenticators "
            "WHERE account_id = $1 AND confirmed_at IS NOT NULL)",
            account_id,
        )
    )


async def authenticators_of(connection: Connection, account_id: UUID) -> list[Authenticator]:
    """Those that work, the oldest first."""
    rows = await connection.fetch(
        "SELECT authenticator_id, name, confirmed_at AS created_at, used_at, version "
        "FROM authenticators WHERE account_id = $1 AND confirmed_at IS NOT NULL "
        "ORDER BY confirmed_at, authenticator_id",
        account_id,
    )
    return [Authenticator(**dict(row)) for row in rows]


async def all_secrets(connection: Connection) -> list[Sealed]:
    """Of the whole school, those that wait for their first code included; held until the end."""
    rows = await connection.fetch(
        "SELECT authenticator_id, name, secret FROM authenticators "
        "ORDER BY authenticator_id FOR UPDATE"
    )
    return [Sealed(**dict(row)) for row in rows]


async def secrets_of(connection: Connection, account_id: UUID) -> list[Sealed]:
    """Of those that work."""
    rows = await connection.fetch(
        "SELECT authenticator_id, name, secret FROM authenticators "
        "WHERE account_id = $1 AND confirmed_at IS NOT NULL "
        "ORDER BY confirmed_at, authenticator_id",
        account_id,
    )
    return [Sealed(**dict(row)) for row in rows]


async def take_step(
    connection: Connection, authenticator_id: UUID, step: int, now: datetime
) -> bool:
    """Whether no code of this step, or of a later one, was taken before; from now on it was."""
    return bool(
        await connection.fetchval(
            "UPDATE authenticators SET last_step = $2, used_at = $3 "
            "WHERE authenticator_id = $1 AND last_step < $2 RETURNING true",
            authenticator_id,
            step,
            now,
        )
    )


async def reseal(connection: Connection, authenticator_id: UUID, secret: bytes) -> None:
    await connection.execute(
        "UPDATE authenticators SET secret = $2 WHERE authenticator_id = $1",
        authenticator_id,
        secret,
    )


async def insert_waiting(
    connection: Connection,
    school_id: UUID,
    account_id: UUID,
    sealed: Sealed,
    now: datetime,
    forgotten_before: datetime,
) -> None:
    """One whose first code is awaited. Those that waited for too long are swept out."""
    await connection.execute(
        "DELETE FROM authenticators "
        "WHERE account_id = $1 AND confirmed_at IS NULL AND created_at < $2",
        account_id,
        forgotten_before,
    )
    await connection.execute(
        "INSERT INTO authenticators "
        "(school_id, authenticator_id, account_id, name, secret, created_at) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        school_id,
        sealed.authenticator_id,
        account_id,
        sealed.name,
        sealed.secret,
        now,
    )


async def waiting(
    connection: Connection, account_id: UUID, authenticator_id: UUID, since: datetime
) -> Sealed | None:
    """The one that is being set up, if it is not forgotten."""
    rows = await connection.fetch(
        "SELECT authenticator_id, name, secret FROM authenticators "
        "WHERE account_id = $1 AND authenticator_id = $2 "
        "AND confirmed_at IS NULL AND created_at >= $3",
        account_id,
        authenticator_id,
        since,
    )
    return Sealed(**dict(rows[0])) if rows else None


async def confirm(connection: Connection, authenticator_id: UUID, step: int, now: datetime) -> None:
    """It works from now on.

    Raises `asyncpg.UniqueViolationError` where another has its name.
    """
    await connection.execute(
        "UPDATE authenticators SET confirmed_at = $2, used_at = $2, last_step = $3 "
        "WHERE authenticator_id = $1",
        authenticator_id,
        now,
        step,
    )


async def delete_waiting(connection: Connection, account_id: UUID) -> None:
    """Whatever is being set up is not any more."""
    await connection.execute(
        "DELETE FROM authenticators WHERE account_id = $1 AND confirmed_at IS NULL", account_id
    )


async def rename(
    connection: Connection, authenticator_id: UUID, name: str, version: int
) -> Authenticator | None:
    """`None` where it is not at that version. Raises `asyncpg.UniqueViolationError`."""
    rows = await connection.fetch(
        "UPDATE authenticators SET name = $2, version = version + 1 "
        "WHERE authenticator_id = $1 AND version = $3 "
        "RETURNING authenticator_id, name, confirmed_at AS created_at, used_at, version",
        authenticator_id,
        name,
        version,
    )
    return Authenticator(**dict(rows[0])) if rows else None


async def delete_authenticator(connection: Connection, authenticator_id: UUID) -> None:
    await connection.execute(
        "DELETE FROM authenticators WHERE authenticator_id = $1", authenticator_id
    )


async def delete_all(connection: Connection, account_id: UUID) -> None:
    """Authenticators, also those being set up, and recovery codes."""
    await connection.execute("DELETE FROM authenticators WHERE account_id = $1", account_id)
    await connection.execute("DELETE FROM recovery_codes WHERE account_id = $1", account_id)


async def replace_recovery_codes(
    connection: Connection,
    school_id: UUID,
    account_id: UUID,
    codes: Sequence[RecoveryCode],
    now: datetime,
) -> None:
    """The old ones are gone."""
    await connection.execute("DELETE FROM recovery_codes WHERE account_id = $1", account_id)
    await connection.execute(
        "INSERT INTO recovery_codes (school_id, account_id, label, code_hash, made_at) "
        "SELECT $1, $2, label, code_hash, $5 FROM unnest($3::text[], $4::text[]) "
        "AS new (label, code_hash)",
        school_id,
        account_id,
        [code.label for code in codes],
        [code.code_hash for code in codes],
        now,
    )


async def find_recovery_code(
    connection: Connection, account_id: UUID, label: str
) -> RecoveryCode | None:
    """One that was not used yet."""
    rows = await connection.fetch(
        "SELECT label, code_hash FROM recovery_codes "
        "WHERE account_id = $1 AND label = $2 AND used_at IS NULL",
        account_id,
        label,
    )
    return RecoveryCode(**dict(rows[0])) if rows else None


async def spend_recovery_code(
    connection: Connection, account_id: UUID, code: RecoveryCode, now: datetime
) -> bool:
    """True for the one who came first."""
    return bool(
        await connection.fetchval(
            "UPDATE recovery_codes SET used_at = $4 WHERE account_id = $1 AND label = $2 "
            "AND code_hash = $3 AND used_at IS NULL RETURNING true",
            account_id,
            code.label,
            code.code_hash,
            now,
        )
    )


async def codes_left(connection: Connection, account_id: UUID) -> int:
    return int(
        await connection.fetchval(
            "SELECT count(*) FROM recovery_codes WHERE account_id = $1 AND used_at IS NULL",
            account_id,
        )
    )


async def keep_proof(
    connection: Connection, school_id: UUID, session_id: UUID, proof: Proof
) -> None:
    """What this session's second step was done with."""
    await connection.execute(
        "INSERT INTO session_authenticators (school_id, session_id, authenticator_id, name) "
        "VALUES ($1, $2, $3, $4)",
        school_id,
        session_id,
        proof.authenticator_id,
        proof.name,
    )


async def proof_of(connection: Connection, session_id: UUID) -> Proof | None:
    rows = await connection.fetch(
        "SELECT authenticator_id, name FROM session_authenticators WHERE session_id = $1",
        session_id,
    )
    return Proof(**dict(rows[0])) if rows else None


async def names_of_proofs(connection: Connection, session_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What each of these sessions was opened with, for those that had a second step."""
    rows = await connection.fetch(
        "SELECT session_id, name FROM session_authenticators WHERE session_id = ANY ($1::uuid[])",
        list(session_ids),
    )
    return {row["session_id"]: row["name"] for row in rows}


async def sessions_opened_with(connection: Connection, authenticator_id: UUID) -> list[UUID]:
    rows = await connection.fetch(
        "SELECT session_id FROM session_authenticators WHERE authenticator_id = $1",
        authenticator_id,
    )
    return [row["session_id"] for row in rows]


async def admin_of_school(connection: Connection) -> UUID | None:
    """The one admin account of the school whose transaction this is (R1)."""
    found: UUID | None = await connection.fetchval(
        "SELECT account_id FROM accounts WHERE kind = 'admin'"
    )
    return found

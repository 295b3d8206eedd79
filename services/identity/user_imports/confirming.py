"""Confirming an import: what the preview said, once, whole or not at all (R2, R7–R10, R13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.identity.accounts import repository as accounts
from services.identity.accounts.account import Account
from services.identity.accounts.changes import with_details, write_details
from services.identity.accounts.problems import EmailTaken
from services.identity.accounts.service import NewUser, create_users
from services.identity.activity.service import about_school, actor_of, record
from services.identity.context import Identity
from services.identity.schools.repository import lock_school
from services.identity.schools.school import School
from services.identity.user_imports.preview import look_through, plan_of, results_of
from services.identity.user_imports.repository import TABLES
from services.identity.user_imports.service import get_import
from services.identity.user_imports.user_import import Planned, UserImport
from shared.contracts.vocabulary import Origin
from shared.database.pool import Connection
from shared.imports.plans import fingerprint_of
from shared.imports.problems import ChangedMeanwhile, NothingToImport
from shared.imports.uploading import keep_preview
from shared.security.principals import Principal

__all__ = ["confirm_import"]


async def confirm_import(
    identity: Identity, principal: Principal, import_id: UUID, version: int
) -> UserImport:
    """The import as it was done; confirmed again, the same without doing anything.

    Raises `ChangedMeanwhile` where the preview of `version` is not what would be done now,
    and keeps the new one, for which it opens its own transactions.
    """
    try:
        async with identity.database.transaction(principal.tenant) as connection:
            done = await _confirm(identity, connection, principal, import_id, version)
    except EmailTaken:
        # Another school took an address between our look at the directory and our entry in it.
        async with identity.database.transaction(principal.tenant) as connection:
            done, _ = await look_through(
                connection, await get_import(connection, import_id, to_change=True)
            )
    if done.state != "confirmed":
        raise ChangedMeanwhile(done.version)
    return done


async def _confirm(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    import_id: UUID,
    version: int,
) -> UserImport:
    """The import as it is afterwards: `previewed` where there is something new to look at."""
    school = await lock_school(connection)
    wanted = await get_import(connection, import_id, to_change=True)
    if wanted.state == "confirmed" or wanted.version != version or not wanted.fingerprint:
        return wanted
    plan = await _plan_kept_still(connection, school, wanted)
    if fingerprint_of(results_of(plan)) != wanted.fingerprint:
        return await keep_preview(connection, TABLES, wanted, results_of(plan))
    if not wanted.counts["added"] + wanted.counts["updated"]:
        raise NothingToImport
    made = await _write(identity, connection, principal, wanted, plan)
    now = identity.clock()
    done = replace(wanted, state="confirmed", version=wanted.version + 1, confirmed_at=now)
    await TABLES.keep(connection, done)
    await TABLES.keep_results(connection, import_id, results_of(made))
    await _tell(identity, connection, principal, school, done)
    return done


async def _plan_kept_still(
    connection: Connection, school: School, wanted: UserImport
) -> list[Planned]:
    """What would be done, of users and usernames that stay as they are until the end."""
    looked_at = await plan_of(connection, wanted)
    changing = [one.before.account_id for one in looked_at if one.before and one.changed]
    await accounts.lock_accounts(connection, changing)
    await accounts.lock_usernames(connection, school.postcode)
    return await plan_of(connection, wanted)


async def _write(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    wanted: UserImport,
    plan: Sequence[Planned],
) -> list[Planned]:
    """The plan with the ids of the new users."""
    kept = wanted.keep_over_mis
    changes = [
        (one.before, with_details(one.before, one.changed, kept=kept))
        for one in plan
        if one.before and one.changed
    ]
    await write_details(identity, connection, principal, changes)
    added = [one for one in plan if one.result.outcome == "added"]
    made = await create_users(
        identity,
        connection,
        principal,
        [_new_user(one) for one in added],
        origin=Origin.IMPORT,
        kept=kept,
    )
    return [_made(one, user) for one, user in zip(added, made, strict=True)]


def _made(planned: Planned, user: Account) -> Planned:
    if user.username != planned.result.username:
        raise RuntimeError("a username is not what the preview said")
    return replace(planned, result=replace(planned.result, user_id=user.account_id))


def _new_user(planned: Planned) -> NewUser:
    position, values = planned.said.position, planned.said.values
    if position is None:
        raise ValueError("a new user has a role")
    return NewUser(
        forename=values["forename"],
        surname=values["surname"],
        role=position.role,
        title=values.get("title"),
        email=values.get("email"),
        staff_code=values.get("staff_code"),
        leadership=position.leadership,
    )


async def _tell(
    identity: Identity,
    connection: Connection,
    principal: Principal,
    school: School,
    done: UserImport,
) -> None:
    """R9: one line for the file; each user has their own."""
    count = done.counts["added"] + done.counts["updated"]
    users = "1 user" if count == 1 else f"{count:,} users"
    entry = about_school(
        identity.clock(),
        actor_of(principal),
        "users.imported",
        school.school_id,
        f"{users} imported from {done.file_name}",
        after={**done.counts, "kept_over_the_mis": done.keep_over_mis},
    )
    await record(identity.outbox, connection, school.school_id, [entry])

"""The preview of an import, held against what is here now, and kept with each row."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from services.identity.accounts import repository as accounts
from services.identity.accounts.account import sign_in_key
from services.identity.accounts.usernames import user_base
from services.identity.schools.repository import find_school
from services.identity.user_imports.matching import Here
from services.identity.user_imports.plan import make_plan
from services.identity.user_imports.repository import TABLES
from services.identity.user_imports.rows import said_by
from services.identity.user_imports.user_import import Planned, Result, Said, UserImport
from shared.database.pool import Connection
from shared.imports.uploading import keep_preview

__all__ = ["look_through", "plan_of", "results_of"]


async def look_through(
    connection: Connection, wanted: UserImport
) -> tuple[UserImport, list[Planned]]:
    """What it would do now, kept at the import's next version."""
    plan = await plan_of(connection, wanted)
    return await keep_preview(connection, TABLES, wanted, results_of(plan)), plan


async def plan_of(connection: Connection, wanted: UserImport) -> list[Planned]:
    """Worked out beside the loop: thousands of rows take a second, and others sign in meanwhile."""
    rows = [row async for row in TABLES.all_rows(connection, wanted.import_id)]
    said = await asyncio.to_thread(lambda: [said_by(row, wanted) for row in rows])
    here = await _here(connection, said)
    return await asyncio.to_thread(make_plan, said, here, namesakes=wanted.add_namesakes)


def results_of(plan: Sequence[Planned]) -> list[Result]:
    return [planned.result for planned in plan]


async def _here(connection: Connection, rows: Sequence[Said]) -> Here:
    school = await find_school(connection)
    keys = [sign_in_key(said.values["email"]) for said in rows if "email" in said.values]
    holders = await accounts.find_in_directory(connection, keys)
    surnames = {said.values["surname"] for said in rows if "surname" in said.values}
    bases = [user_base(school.postcode, surname) for surname in surnames]
    return Here(
        postcode=school.postcode,
        accounts=await accounts.all_accounts(connection),
        elsewhere=frozenset(
            key for key, holder in holders.items() if holder.school_id != school.school_id
        ),
        usernames=await accounts.taken_usernames(connection, bases),
    )

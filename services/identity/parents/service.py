"""Parents: made by hand, looked up and listed (R2, R8, R20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from uuid_utils.compat import uuid7

from services.identity.accounts.account import Account, sign_in_key
from services.identity.accounts.problems import EmailTaken
from services.identity.accounts.repository import find_accounts, find_in_directory
from services.identity.accounts.service import (
    DETAILS_BY_HAND,
    insert_new,
    place_by_name,
    place_in_names,
    refuse_taken_address,
)
from services.identity.activity.service import about_account, actor_of, record
from services.identity.context import Identity
from services.identity.parents import repository
from services.identity.parents.events import publish_parents
from services.identity.parents.family import Family
from services.identity.parents.invitations import invite
from services.identity.parents.problems import AlreadyAParent, NoSuchChild, NoSuchParent
from services.identity.parents.repository import ParentFilter
from shared.contracts.vocabulary import Origin
from shared.database.pool import Connection
from shared.security.principals import Principal
from shared.web.paging import PageRequest
from shared.web.problems import BadRequest

__all__ = ["NewParent", "ParentPage", "create_parent", "families", "get_parent", "list_parents"]


@dataclass(frozen=True)
class NewParent:
    """What the admin tells of a new parent. `children` are pupils of the school."""

    forename: str
    surname: str
    email: str
    title: str | None = None
    children: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class ParentPage:
    families: list[Family]
    next_cursor: str | None
    total: int


async def create_parent(
    identity: Identity, connection: Connection, principal: Principal, new: NewParent
) -> Family:
    """A parent, invited by e-mail. Raises `AlreadyAParent`, `EmailTaken` or `NoSuchChild`."""
    now = identity.clock()
    await _refuse_taken_address(connection, principal.tenant, new.email)
    pupils = await repository.find_pupils(connection, new.children)
    if pupils.keys() != set(new.children):
        raise NoSuchChild
    parent = Account(
        account_id=uuid7(),
        school_id=principal.tenant,
        kind="parent",
        title=new.title,
        forename=new.forename,
        surname=new.surname,
        email=new.email,
        origin=Origin.HAND,
        overrides=frozenset(
            name for name in DETAILS_BY_HAND if getattr(new, name, None) is not None
        ),
        created_at=now,
    )
    await insert_new(connection, [parent])
    await repository.link(connection, parent, pupils, now)
    await publish_parents(identity.outbox, connection, [parent])
    told = parent.for_the_log() | {"children": sorted(pupil.name for pupil in pupils.values())}
    entry = about_account(now, actor_of(principal), "parent.created", parent, after=told)
    await record(identity.outbox, connection, parent.school_id, [entry])
    await invite(identity, connection, actor_of(principal), [parent])
    [family] = await families(identity, connection, [parent])
    return family


async def _refuse_taken_address(connection: Connection, school_id: UUID, email: str) -> None:
    """R8, R20: where a parent of this school has it, the child is to be added to that one."""
    try:
        await refuse_taken_address(connection, school_id, email)
    except EmailTaken:
        key = sign_in_key(email)
        holder = (await find_in_directory(connection, [key]))[key].account_id
        here = (await find_accounts(connection, [holder])).get(holder)
        if here is not None and here.kind == "parent":
            raise AlreadyAParent(here) from None
        raise


async def families(
    identity: Identity, connection: Connection, parents: Sequence[Account]
) -> list[Family]:
    """The parents with their children and invitations, in the order given."""
    if not parents:
        return []
    children = await repository.children_of(connection, [parent.account_id for parent in parents])
    invited = await repository.open_invitations(connection, identity.clock())
    first = await repository.first_invitations(connection, [one.account_id for one in parents])
    return [
        Family(
            parent,
            children[parent.account_id],
            invited.get(parent.account_id),
            first.get(parent.account_id),
        )
        for parent in parents
    ]


async def get_parent(identity: Identity, connection: Connection, parent_id: UUID) -> Family:
    """Raises `NoSuchParent`."""
    parent = (await find_accounts(connection, [parent_id])).get(parent_id)
    if parent is None or parent.kind != "parent":
        raise NoSuchParent
    [family] = await families(identity, connection, [parent])
    with identity.throttle.within(connection):
        return replace(family, dates_paused=await identity.throttle.dates_paused(parent_id))


async def list_parents(
    identity: Identity, connection: Connection, wanted: ParentFilter, page: PageRequest
) -> ParentPage:
    """Sorted by `surname` or `-surname`."""
    if page.sort not in (None, "surname", "-surname"):
        raise BadRequest("Parents can be sorted by surname only.")
    now = identity.clock()
    found = await repository.list_parents(
        connection,
        wanted,
        now,
        descending=page.sort == "-surname",
        after=place_in_names(page.cursor),
        limit=page.limit + 1,
    )
    total = await repository.count_parents(connection, wanted, now)
    parents = found[: page.limit]
    more = len(found) > page.limit
    shown = await families(identity, connection, parents)
    return ParentPage(shown, place_by_name(parents[-1]) if more else None, total)

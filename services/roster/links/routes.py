"""Links over HTTP: users of groups and pupils of groups."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.roster.links.link import LinkKey
from services.roster.links.many import ManyLinks
from services.roster.links.repository import LinkFilter
from services.roster.links.schemas import LinkView, ManyLinksView, ManyPupilsBody, ManyUsersBody
from services.roster.links.service import LinkService
from shared.contracts.vocabulary import LinkKind
from shared.database.pool import Database
from shared.security.dependencies import Admin, AnyUser
from shared.web.paging import Page, Paging

__all__ = ["link_routes"]

Ids = Annotated[list[UUID] | None, Query(max_length=200)]
Expected = Annotated[
    int | None, Query(ge=0, description="The version that was seen; 0 where there was no link")
]


def link_routes(database: Database, links: LinkService, many: ManyLinks) -> APIRouter:
    router = APIRouter(tags=["links"])

    @router.get("/links")
    async def list_links(
        principal: AnyUser,
        paging: Paging,
        user_id: Ids = None,
        pupil_id: Ids = None,
        group_id: Ids = None,
        kind: LinkKind | None = None,
        present: bool = True,
    ) -> Page[LinkView]:
        """The links of these users, pupils and groups; with `present=false` those removed, which
        are the whole school's to see and no teacher's (R14)."""
        people = [*(user_id or []), *(pupil_id or [])]
        wanted = LinkFilter(
            kind=kind,
            person_ids=people if user_id is not None or pupil_id is not None else None,
            group_ids=group_id,
            present=present,
        )
        async with database.transaction(principal.tenant) as connection:
            return await links.page(connection, principal, wanted, paging)

    for kind, people in ((LinkKind.TEACHER, "users"), (LinkKind.MEMBER, "pupils")):
        _add_routes_by_hand(router, database, links, kind, people)
    _add_routes_of_many(router, database, many)
    return router


def _add_routes_of_many(router: APIRouter, database: Database, many: ManyLinks) -> None:
    @router.post("/groups/{group_id}/users/preview")
    async def preview_links_of_users(
        principal: Admin, group_id: UUID, body: ManyUsersBody
    ) -> ManyLinksView:
        """What linking or unlinking them would change. Nothing is changed."""
        async with database.snapshot(principal.tenant) as connection:
            fates = await many.look_ahead(
                connection, LinkKind.TEACHER, group_id, body.user_ids, present=body.present
            )
        return ManyLinksView.of(fates)

    @router.post("/groups/{group_id}/users")
    async def set_links_of_users(
        principal: Admin, group_id: UUID, body: ManyUsersBody
    ) -> ManyLinksView:
        """Link or unlink them by hand, all or none: overrides (R13)."""
        async with database.transaction(principal.tenant) as connection:
            fates = await many.carry_out(
                connection,
                principal,
                LinkKind.TEACHER,
                group_id,
                body.user_ids,
                present=body.present,
                seen=body.seen,
            )
        return ManyLinksView.of(fates)

    @router.post("/groups/{group_id}/pupils/preview")
    async def preview_members(
        principal: Admin, group_id: UUID, body: ManyPupilsBody
    ) -> ManyLinksView:
        """What putting them in or taking them out would change. Nothing is changed."""
        async with database.snapshot(principal.tenant) as connection:
            fates = await many.look_ahead(
                connection, LinkKind.MEMBER, group_id, body.pupil_ids, present=body.present
            )
        return ManyLinksView.of(fates)

    @router.post("/groups/{group_id}/pupils")
    async def set_members(principal: Admin, group_id: UUID, body: ManyPupilsBody) -> ManyLinksView:
        """Put them in or take them out by hand, all or none: overrides (R13)."""
        async with database.transaction(principal.tenant) as connection:
            fates = await many.carry_out(
                connection,
                principal,
                LinkKind.MEMBER,
                group_id,
                body.pupil_ids,
                present=body.present,
                seen=body.seen,
            )
        return ManyLinksView.of(fates)


def _add_routes_by_hand(
    router: APIRouter, database: Database, links: LinkService, kind: LinkKind, people: str
) -> None:
    """The same three routes for users and for pupils."""
    path = f"/groups/{{group_id}}/{people}/{{person_id}}"

    @router.put(path, name=f"link_{people}")
    async def link(
        principal: Admin, group_id: UUID, person_id: UUID, expected_version: Expected = None
    ) -> LinkView:
        """Link by hand: an override (R13)."""
        key = LinkKey(kind, group_id, person_id)
        async with database.transaction(principal.tenant) as connection:
            return await links.set_by_hand(
                connection, principal, key, present=True, expected_version=expected_version
            )

    @router.delete(path, name=f"unlink_{people}")
    async def unlink(
        principal: Admin, group_id: UUID, person_id: UUID, expected_version: Expected = None
    ) -> LinkView:
        """Unlink by hand: an override too. The link is kept, as not present."""
        key = LinkKey(kind, group_id, person_id)
        async with database.transaction(principal.tenant) as connection:
            return await links.set_by_hand(
                connection, principal, key, present=False, expected_version=expected_version
            )

    @router.delete(f"{path}/override", name=f"hand_back_{people}")
    async def hand_back(
        principal: Admin, group_id: UUID, person_id: UUID, expected_version: Expected = None
    ) -> LinkView:
        """Hand the link back to the MIS."""
        key = LinkKey(kind, group_id, person_id)
        async with database.transaction(principal.tenant) as connection:
            return await links.hand_back(
                connection, principal, key, expected_version=expected_version
            )

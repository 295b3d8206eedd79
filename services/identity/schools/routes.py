"""Schools over HTTP: set up by an operator, read by everyone who is in one."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.identity.context import InContext
from services.identity.leaving.problems import Unknown
from services.identity.schools.repository import NoSuchSchool, find_school, schools_named
from services.identity.schools.schemas import (
    AdminMade,
    NewSchoolBody,
    SchoolMade,
    SchoolsFound,
    SchoolView,
    SessionsOfSchoolEnded,
)
from services.identity.schools.service import NewSchool, set_up_school, sign_everyone_out
from shared.security.dependencies import AnyUser, Operator

__all__ = ["router"]

router = APIRouter(tags=["schools"])


@router.post("/schools", status_code=201)
async def make_school(identity: InContext, operator: Operator, body: NewSchoolBody) -> SchoolMade:
    made = await set_up_school(identity, operator, NewSchool(**body.model_dump()))
    return SchoolMade(
        school=SchoolView.of(made.school),
        admin=AdminMade(
            id=made.admin.account_id,
            username=made.admin.username or "",
            sign_in_link=made.sign_in_link,
            link_expires_at=made.link_expires_at,
        ),
        default_password=made.default_password,
    )


@router.get("/schools")
async def list_schools(
    identity: InContext, _: Operator, name: Annotated[str | None, Query()] = None
) -> SchoolsFound:
    async with identity.database.transaction() as connection:
        found = await schools_named(connection, name)
    return SchoolsFound(items=[SchoolView.of(school) for school in found])


@router.delete("/schools/{school_id}/sessions")
async def end_sessions_of_school(
    identity: InContext, operator: Operator, school_id: UUID
) -> SessionsOfSchoolEnded:
    """Everybody of the school has to sign in again."""
    try:
        ended = await sign_everyone_out(identity, operator, school_id)
    except NoSuchSchool:
        raise Unknown from None
    return SessionsOfSchoolEnded(ended=ended)


@router.get("/school")
async def own_school(identity: InContext, principal: AnyUser) -> SchoolView:
    async with identity.database.transaction(principal.tenant) as connection:
        return SchoolView.of(await find_school(connection))

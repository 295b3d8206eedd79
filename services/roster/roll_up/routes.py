"""The roll-up over HTTP, for the admin."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from services.roster.roll_up.planning import Planning
from services.roster.roll_up.schemas import RollUpPlan, SuccessionsBody
from services.roster.roll_up.service import RollUpService
from shared.database.pool import Database
from shared.security.dependencies import Admin

__all__ = ["roll_up_routes"]


def roll_up_routes(database: Database, roll_ups: RollUpService, planning: Planning) -> APIRouter:
    router = APIRouter(prefix="/roll-up", tags=["roll-up"])

    @router.get("")
    async def read_roll_up(principal: Admin) -> RollUpPlan:
        """What the next one will do, and what the last one did."""
        async with database.transaction(principal.tenant) as connection:
            return await planning.plan(connection, principal)

    @router.put("/successions")
    async def name_successions(principal: Admin, body: SuccessionsBody) -> RollUpPlan:
        """Say which group follows which; what is not sent stays."""
        async with database.transaction(principal.tenant) as connection:
            return await planning.name(connection, principal, body)

    @router.post("/{roll_up_id}/undo")
    async def undo_roll_up(principal: Admin, roll_up_id: UUID) -> RollUpPlan:
        async with database.transaction(principal.tenant) as connection:
            await roll_ups.undo(connection, principal, roll_up_id)
            return await planning.plan(connection, principal)

    @router.post("/run")
    async def run_roll_up_again(principal: Admin) -> RollUpPlan:
        """After it was undone; it never runs again by itself."""
        async with database.transaction(principal.tenant) as connection:
            await roll_ups.run_again(connection, principal)
            return await planning.plan(connection, principal)

    return router

"""The roll-up over HTTP, for the admin."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from services.roster.roll_up.leavers import Leavers
from services.roster.roll_up.planning import Planning
from services.roster.roll_up.schemas import (
    GroupRollUp,
    LeaversBody,
    RollUpPlan,
    RollUpSettings,
    SuccessionsBody,
)
from services.roster.roll_up.service import RollUpService
from shared.database.pool import Database
from shared.security.dependencies import Admin

__all__ = ["roll_up_routes"]


def roll_up_routes(
    database: Database, roll_ups: RollUpService, planning: Planning, leavers: Leavers
) -> APIRouter:
    router = APIRouter(tags=["roll-up"])

    @router.get("/roll-up")
    async def read_roll_up(principal: Admin) -> RollUpPlan:
        """What the next one will do, and what the last one did."""
        async with database.snapshot(principal.tenant) as connection:
            return await planning.plan(connection, principal)

    @router.get("/groups/{group_id}/roll-up")
    async def read_roll_up_of_group(principal: Admin, group_id: UUID) -> GroupRollUp:
        """Which group follows it, and which it follows."""
        async with database.snapshot(principal.tenant) as connection:
            return await planning.around(connection, principal, group_id)

    @router.get("/roll-up/settings")
    async def read_roll_up_settings(principal: Admin) -> RollUpSettings:
        """Where leavers go (R29), and how the next roll-up stands."""
        async with database.snapshot(principal.tenant) as connection:
            return await leavers.settings(connection, principal)

    @router.put("/roll-up/settings")
    async def set_roll_up_settings(principal: Admin, body: LeaversBody) -> RollUpSettings:
        async with database.transaction(principal.tenant) as connection:
            return await leavers.set(connection, principal, body)

    @router.put("/roll-up/successions")
    async def name_successions(principal: Admin, body: SuccessionsBody) -> RollUpPlan:
        """Say which group follows which; what is not sent stays."""
        async with database.transaction(principal.tenant) as connection:
            return await planning.name(connection, principal, body)

    @router.post("/roll-up/{roll_up_id}/undo")
    async def undo_roll_up(principal: Admin, roll_up_id: UUID) -> RollUpPlan:
        async with database.transaction(principal.tenant) as connection:
            await roll_ups.undo(connection, principal, roll_up_id)
            return await planning.plan(connection, principal)

    @router.post("/roll-up/run")
    async def run_roll_up_again(principal: Admin) -> RollUpPlan:
        """After it was undone; it never runs again by itself."""
        async with database.transaction(principal.tenant) as connection:
            await roll_ups.run_again(connection, principal)
            return await planning.plan(connection, principal)

    return router

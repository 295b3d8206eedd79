"""The school's default password (R2)."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.rights import Admin
from gateway.schemas.sessions import DefaultPassword, DefaultPasswordState

__all__ = ["router"]

router = APIRouter(prefix="/api", tags=["settings"])


@router.get("/default-password")
async def read_default_password(visit: Admin) -> DefaultPasswordState:
    """When it was made. The words themselves are shown only then."""
    return await visit.identity.default_password()


@router.post("/default-password", status_code=201)
async def make_default_password(visit: Admin) -> DefaultPassword:
    """Make a new one, which takes the old one's place at once for all who still wait."""
    return await visit.identity.make_default_password()

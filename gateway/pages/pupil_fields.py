"""What can be said of a pupil in this school, as forms and files need it (R29)."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.rights import Staff
from gateway.schemas.pupils import PupilFields

__all__ = ["router"]

router = APIRouter(prefix="/api/pupil-fields", tags=["pupils"])


@router.get("")
async def read_pupil_fields(visit: Staff) -> PupilFields:
    """With DfE's codes and their labels. For the admin and SLT: roster refuses a teacher."""
    return await visit.roster.pupil_fields()

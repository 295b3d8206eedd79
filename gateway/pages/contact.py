"""Contact us: for everybody who is signed in; a parent is told how to reach the school (R28)."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.rights import SignedIn, Staff
from gateway.schemas.contact import Contact, NewSupportMessage, SupportMessage

__all__ = ["router"]

router = APIRouter(prefix="/api/contact", tags=["contact"])


@router.get("")
async def read_contact(visit: SignedIn) -> Contact:
    return await visit.identity.contact()


@router.post("", status_code=201)
async def write_to_support(visit: Staff, message: NewSupportMessage) -> SupportMessage:
    return await visit.identity.write_to_support(message)

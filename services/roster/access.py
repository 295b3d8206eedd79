"""How much of the school a principal sees (R14): a teacher their groups, the admin and SLT all."""

from __future__ import annotations

from uuid import UUID

from shared.contracts.vocabulary import StaffRole
from shared.security.principals import Kind, Principal

__all__ = ["reach_of"]


def reach_of(principal: Principal) -> UUID | None:
    """The user whose links bound what is seen; `None` where the whole school is."""
    sees_all = principal.kind is Kind.ADMIN or principal.role == StaffRole.SLT
    return None if sees_all else principal.account_id

"""Undoing the last import, for seven days (R10)."""

from __future__ import annotations

from uuid import UUID

from shared.security.principals import Principal

__all__ = ["Undoing"]


class Undoing:
    async def undo(self, principal: Principal, import_id: UUID) -> None:
        raise NotImplementedError

"""Confirming an import: what the preview said, once, whole or not at all (R10)."""

from __future__ import annotations

from uuid import UUID

from shared.security.principals import Principal

__all__ = ["Confirming"]


class Confirming:
    async def confirm(
        self, principal: Principal, import_id: UUID, version: int, *, make_many_inactive: bool
    ) -> None:
        raise NotImplementedError

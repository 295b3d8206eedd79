"""What questions to identity have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from gateway.clients.service import Budget, Caller, Service
from gateway.schemas.sessions import Session
from shared.security.principals import Principal

__all__ = ["HASHING_SECONDS", "FromBrowser", "Opened"]

HASHING_SECONDS = 10.0
"""Passwords are hashed slowly on purpose, and in a queue when a whole school signs in at once."""


class Opened(BaseModel):
    """A session just opened, with what goes into cookies and nowhere else."""

    token: str
    device: str | None = None
    session: Session


class Typed(BaseModel):
    """What was typed, and where it comes from."""

    model_config = ConfigDict(extra="allow")

    address: str | None


class FromBrowser(Caller):
    """`device` is by what the browser is known again, for whatever is braked (R3)."""

    def __init__(
        self, service: Service, principal: Principal | None, budget: Budget, device: str | None
    ) -> None:
        super().__init__(service, principal, budget)
        self._device = {"device": device} if device else {}

    def typed(self, form: BaseModel, address: str | None) -> Typed:
        return Typed(address=address, **self._device, **form.model_dump())

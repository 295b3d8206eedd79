"""What the gateway asks of identity about sessions, their steps, and passwords."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel

from gateway.clients.identity.bodies import HASHING_SECONDS, FromBrowser, Opened
from gateway.schemas.sessions import ForgottenPassword, NewPassword, OwnSessions, Session
from gateway.schemas.sessions import SignIn as Credentials

__all__ = ["SignIn"]


class _Token(BaseModel):
    token: str


class _TokenUsed(_Token):
    address: str | None


class SignIn(FromBrowser):
    async def sign_in(self, form: Credentials, address: str | None) -> Opened:
        body = self.typed(form, address)
        return await self.ask(Opened, "POST", "/sessions", body=body, seconds=HASHING_SECONDS)

    async def open_link(self, token: str, address: str | None) -> Opened:
        body = _TokenUsed(token=token, address=address)
        return await self.ask(Opened, "POST", "/sessions/link", body=body)

    async def look_up(self, token: str) -> Session:
        """The session of a token. Raises `ServiceRefused` with status 401 where there is none."""
        return await self.ask(Session, "POST", "/sessions/lookup", body=_Token(token=token))

    async def sign_out(self) -> None:
        await self.tell("DELETE", "/sessions/current")

    async def set_password(self, form: NewPassword, address: str | None) -> Opened:
        body = self.typed(form, address)
        return await self.ask(Opened, "POST", "/password", body=body, seconds=HASHING_SECONDS)

    async def ask_for_link(self, form: ForgottenPassword, address: str | None) -> None:
        body = self.typed(form, address)
        await self.tell("POST", "/password/forgotten", body=body)

    async def own_sessions(self) -> OwnSessions:
        return await self.ask(OwnSessions, "GET", "/sessions")

    async def end_session(self, session_id: UUID) -> None:
        await self.tell("DELETE", f"/sessions/{session_id}")

"""Whose session a cookie opens: asked of identity, remembered for a minute at most.

What is remembered is trusted only while this gateway hears of ended sessions; while it does not,
identity is asked every time.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from gateway.clients.identity import Identity
from gateway.clients.problems import ServiceRefused
from gateway.schemas.sessions import Session

__all__ = ["COOKIE", "DEVICE", "DEVICE_SECONDS", "REMEMBERED_SECONDS", "Sessions"]

COOKIE = "__Host-session"
DEVICE = "__Host-device"
"""Whose browser it is known to be, for identity's brakes on guessing. It opens nothing."""
DEVICE_SECONDS = 180 * 24 * 60 * 60
REMEMBERED_SECONDS = 60.0
_MAX_REMEMBERED = 20_000
_MAX_TOKEN_LENGTH = 200
"""Identity takes none that is longer."""


@dataclass(frozen=True)
class _Remembered:
    session: Session
    until: float


class Sessions:
    """The sessions that this gateway has seen lately, by the hash of their tokens."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._clock = clock
        self._now = now
        self._trusted = False
        self._gaps = 0
        self._by_token: dict[bytes, _Remembered] = {}
        self._ended: dict[UUID, float] = {}

    @property
    def trusted(self) -> bool:
        """Whether ended sessions are heard of, so that something may be remembered."""
        return self._trusted

    async def find(self, token: str | None, identity: Identity) -> Session | None:
        """The session that this token opens, or `None`. Raises `ServiceAway` without identity."""
        if not token or len(token) > _MAX_TOKEN_LENGTH:
            return None
        key = hashlib.sha256(token.encode()).digest()
        remembered = self._recall(key)
        if remembered is not None:
            return remembered
        gaps = self._gaps
        try:
            session = await identity.look_up(token)
        except ServiceRefused as refusal:
            if refusal.status == 401:
                return None
            raise
        if gaps == self._gaps:
            self._remember(key, session)
        return session

    def trust(self) -> None:
        """From now on every end is heard. What was looked up before may have missed one."""
        self._forget()
        self._trusted = True

    def distrust(self) -> None:
        self._trusted = False
        self._forget()

    def end(self, session_ids: Iterable[UUID]) -> None:
        """Forget these sessions, also those whose look-up is under way."""
        gone = set(session_ids)
        self._ended |= dict.fromkeys(gone, self._clock() + REMEMBERED_SECONDS)
        stale = [k for k, found in self._by_token.items() if found.session.id in gone]
        for key in stale:
            del self._by_token[key]

    def forget_school(self, school_id: UUID) -> None:
        """Look its people's sessions up anew, also those whose look-up is under way (R29)."""
        stale = [k for k, found in self._by_token.items() if found.session.school.id == school_id]
        for key in stale:
            del self._by_token[key]
        self._gaps += 1

    def _forget(self) -> None:
        """All that was remembered, and what is being looked up."""
        self._by_token.clear()
        self._gaps += 1

    def _recall(self, key: bytes) -> Session | None:
        found = self._by_token.get(key) if self._trusted else None
        if found is None:
            return None
        if self._clock() < found.until and self._now() < found.session.expires_at:
            return found.session
        del self._by_token[key]
        return None

    def _remember(self, key: bytes, session: Session) -> None:
        clock = self._clock()
        self._ended = {id_: until for id_, until in self._ended.items() if clock < until}
        if not self._trusted or session.id in self._ended:
            return
        while len(self._by_token) >= _MAX_REMEMBERED:
            del self._by_token[next(iter(self._by_token))]
        self._by_token[key] = _Remembered(session, clock + REMEMBERED_SECONDS)

"""How often a password may be guessed, a link asked for, and a school's default missed (R2, R3).

Counts go by what was typed, and not by whose it is, so that they tell nothing of accounts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from limits import (
    RateLimitItem,
    RateLimitItemPerDay,
    RateLimitItemPerHour,
    RateLimitItemPerMinute,
    RateLimitItemPerMonth,
)
from limits.aio.strategies import FixedWindowRateLimiter

from services.identity.throttling.storage import PostgresStorage
from shared.database.pool import Connection
from shared.web.problems import TooManyRequests

__all__ = ["Throttle", "TooManyTries"]

_GUESSES = (
    RateLimitItemPerMinute(5, 1, namespace="guesses"),
    RateLimitItemPerMinute(10, 5, namespace="guesses"),
    RateLimitItemPerMinute(20, 15, namespace="guesses"),
)
"""Each longer pause follows the one before; what is tried during a pause makes none longer, so that
nobody can keep another person out for more than a quarter of an hour at a time."""
_FAILURES_OF_AN_ADDRESS = RateLimitItemPerMinute(100, 15, namespace="failures")
"""A whole school may come from one."""
_LINKS_FROM_AN_ADDRESS = RateLimitItemPerMinute(30, 15, namespace="links-asked")
_LINKS_TO_AN_ACCOUNT = RateLimitItemPerHour(5, 1, namespace="links-sent")
"""The last of them works for as long as there is no further one."""
_MISSES_OF_A_DEFAULT = RateLimitItemPerMinute(20, 5, namespace="default-missed")
_WRONG_CODES = RateLimitItemPerDay(30, 1, namespace="codes-wrong")
"""Three of a million codes are right at any time, so that a day's tries find one in 0.01 % of days.
Nothing takes these back; recovery codes, which cannot be guessed, are not counted here."""
_CODES_TO_WARN_OF = 10
_DATES = (
    RateLimitItemPerMinute(5, 15, namespace="dates"),
    RateLimitItemPerDay(10, 1, namespace="dates"),
    RateLimitItemPerMonth(20, 1, namespace="dates"),
)
"""A class has children of some 365 dates. A new link from the school takes these back."""
_NOWHERE = "nowhere"


class TooManyTries(TooManyRequests):
    """The same for accounts that are there and those that are not."""

    slug, title = "too-many-tries", "Too many tries"

    def __init__(
        self,
        seconds: int,
        advice: str = "If you have forgotten your password, you can ask for a link by e-mail "
        "instead.",
    ) -> None:
        super().__init__(
            f"Please wait {_wait(seconds)}, then try again. {advice}",
            headers={"Retry-After": str(seconds)},
        )


def _wait(seconds: int) -> str:
    minutes = math.ceil(seconds / 60)
    if minutes >= 2 * 24 * 60:
        return f"{math.ceil(minutes / (24 * 60))} days"
    if minutes >= 120:
        return f"{math.ceil(minutes / 60)} hours"
    return "a minute" if minutes == 1 else f"{minutes} minutes"


class Throttle:
    """Raises `TooManyTries` where something was tried too often."""

    def __init__(self, storage: PostgresStorage, clock: Callable[[], datetime]) -> None:
        self._storage = storage
        self._limits = FixedWindowRateLimiter(storage)
        self._clock = clock

    def within(self, connection: Connection) -> AbstractContextManager[None]:
        """What is asked and counted in the block is part of the connection's transaction."""
        return self._storage.within(connection)

    async def guess(self, whose: str, address: str | None) -> None:
        """Count one guess at a password before it is checked, so that no two slip in side by side.

        `whose` is what was typed. What is right is forgiven afterwards. What is refused is not
        counted: the transaction that counts it, its own or the caller's, must end with the refusal.
        """
        async with self._storage.together():
            await self._refuse_if_spent(_FAILURES_OF_AN_ADDRESS, address)
            hits = await self._count(_GUESSES, whose)
            spent = [item for item, count in hits if count > item.amount]
            if spent:
                raise TooManyTries(max([await self._seconds(item, whose) for item in spent]))

    async def forgive(self, *whose: str) -> None:
        """The password is known, or was set anew through a link."""
        await self._storage.clear_all(item.key_for(one) for one in whose for item in _GUESSES)

    async def failed(self, whose: str, address: str | None, default_of: UUID | None) -> None:
        """A wrong password. `default_of` is the school whose default was missed.

        What is written is the same whether there is such a school or not.
        """
        # Not together: both count for many, and nobody may hold one while they wait for the other.
        await self._limits.hit(_FAILURES_OF_AN_ADDRESS, address or _NOWHERE)
        missed = str(default_of) if default_of else f"none of {whose}"
        await self._limits.hit(_MISSES_OF_A_DEFAULT, missed)

    async def default_paused(self, school_id: UUID) -> bool:
        """Whether the school's default opens nothing for now, because it was missed too often."""
        return not await self._limits.test(_MISSES_OF_A_DEFAULT, str(school_id))

    async def guess_code(self, account_id: UUID, address: str | None) -> None:
        """As `guess`, for a code of an authenticator, and stopped for a day after 30 wrong ones."""
        whose = str(account_id)
        if not await self._limits.test(_WRONG_CODES, whose):
            advice = "If you have a recovery code, use that instead."
            raise TooManyTries(await self._seconds(_WRONG_CODES, whose), advice)
        await self._guess_at_step("CODE", account_id, address)

    async def guess_recovery_code(self, account_id: UUID, address: str | None) -> None:
        await self._guess_at_step("RECOVERY CODE", account_id, address)

    async def code_was_wrong(self, account_id: UUID, address: str | None) -> bool:
        """Whether it is the one at which the account's holder is to be warned, once a day."""
        await self._limits.hit(_FAILURES_OF_AN_ADDRESS, address or _NOWHERE)
        await self._limits.hit(_WRONG_CODES, str(account_id))
        left = (await self._limits.get_window_stats(_WRONG_CODES, str(account_id))).remaining
        return left == _WRONG_CODES.amount - _CODES_TO_WARN_OF

    async def forgive_codes(self, account_id: UUID) -> None:
        await self.forgive(f"CODE of {account_id}", f"RECOVERY CODE of {account_id}")

    async def guess_dates(self, account_id: UUID) -> bool:
        """As `guess`, for children's dates of birth; whether there is a pause after this one."""
        whose = str(account_id)
        async with self._storage.together():
            hits = await self._count(_DATES, whose)
            spent = [item for item, count in hits if count > item.amount]
            if spent:
                raise TooManyTries(
                    max([await self._seconds(item, whose) for item in spent]),
                    "The school office can tell you which dates it has, and send you a new link, "
                    "with which you can try again at once.",
                )
        return any(count == item.amount for item, count in hits)

    async def dates_paused(self, account_id: UUID) -> bool:
        """Whether no date of birth is taken from the account for now."""
        return not all([await self._limits.test(item, str(account_id)) for item in _DATES])

    async def forgive_dates(self, *account_ids: UUID) -> None:
        """They were right, or the school sent a new link."""
        await self._storage.clear_all(
            item.key_for(str(one)) for one in account_ids for item in _DATES
        )

    async def _count(
        self, items: Sequence[RateLimitItem], whose: str
    ) -> list[tuple[RateLimitItem, int]]:
        """One more in each window, in one round trip; how many there are now."""
        windows = {item.key_for(whose): item.get_expiry() for item in items}
        return list(zip(items, await self._storage.incr_all(windows), strict=True))

    async def _guess_at_step(self, what: str, account_id: UUID, address: str | None) -> None:
        # In capitals, so that nothing that is typed as a username is counted with it.
        try:
            await self.guess(f"{what} of {account_id}", address)
        except TooManyTries as spent:
            seconds = int((spent.headers or {})["Retry-After"])
            raise TooManyTries(seconds, "Each code works once: wait for the next one.") from None

    async def ask_for_link(self, address: str | None) -> None:
        if address and not await self._limits.hit(_LINKS_FROM_AN_ADDRESS, address):
            raise TooManyTries(await self._seconds(_LINKS_FROM_AN_ADDRESS, address))

    async def may_send_link(self, account_id: UUID) -> bool:
        """Whether the account may be sent one more; counts it."""
        return await self._limits.hit(_LINKS_TO_AN_ACCOUNT, str(account_id))

    async def _refuse_if_spent(self, item: RateLimitItem, key: str | None) -> None:
        if key is not None and not await self._limits.test(item, key):
            raise TooManyTries(await self._seconds(item, key))

    async def _seconds(self, item: RateLimitItem, key: str) -> int:
        stats = await self._limits.get_window_stats(item, key)
        return max(1, math.ceil(stats.reset_time - self._clock().timestamp()))

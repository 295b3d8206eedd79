"""How often a password may be guessed, a link asked for, and a school's default missed (R2, R3).

Counts go by what was typed, and for signing in by account too; what is answered tells of neither.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from ipaddress import IPv6Address, IPv6Network, ip_address
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
_ADMIN_ADDRESSES_ASKED = RateLimitItemPerHour(5, 1, namespace="admin-addresses-asked")
"""Each one mails an address that nobody has confirmed."""
_MESSAGES_OF_A_PERSON = RateLimitItemPerHour(5, 1, namespace="support-person")
_MESSAGES_OF_A_SCHOOL = RateLimitItemPerDay(40, 1, namespace="support-school")
"""Each is an e-mail to people who answer it (R28)."""
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
_ACCOUNT = "ACCOUNT"
"""In capitals, so that nothing that is typed as a username is counted with it."""


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


def _line_of(address: str | None) -> str | None:
    """Whose address it is: of IPv6 everybody has 2^64 at least, so those are one (RFC 6177)."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    return str(parsed.ipv4_mapped or IPv6Network((int(parsed), 64), strict=False))


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

        What is right is forgiven afterwards. What is refused is not counted.
        """
        async with self._storage.together():
            await self._refuse_if_spent(_FAILURES_OF_AN_ADDRESS, _line_of(address))
            [until] = await self._storage.guess(_GUESSES, whose)
            self._refuse_until(until)

    async def guess_to_sign_in(
        self, typed: str, account_id: UUID | None, address: str | None, device: str | None = None
    ) -> bool:
        """As `guess`, for what was typed and for the account too, whose other name may be tried.

        False where that was tried too often: then nothing is right, and the answer is that of a
        wrong password. To be told to wait would say that both names are of one account (R3). The
        transaction must end with what is raised.

        Where the account is known in a `device`, guesses are counted by that alone, as many as
        anybody has: nobody uses them up elsewhere, and who has it knows both names.
        """
        if device:
            await self.guess(device, None)
            return True
        account = f"{_ACCOUNT} {account_id}" if account_id else f"{_ACCOUNT} of {typed}"
        async with self._storage.together():
            await self._refuse_if_spent(_FAILURES_OF_AN_ADDRESS, _line_of(address))
            until, held_until = await self._storage.guess(_GUESSES, typed, account)
            self._refuse_until(until)
        return held_until is None

    async def forgive(self, *whose: str) -> None:
        """The password is known, or was set anew through a link."""
        await self._storage.clear_all(item.key_for(one) for one in whose for item in _GUESSES)

    async def forgive_account(self, account_id: UUID, *typed: str) -> None:
        """As `forgive`, of these of its names and of the account itself."""
        await self.forgive(*typed, f"{_ACCOUNT} {account_id}")

    async def failed(self, whose: str, address: str | None, default_of: UUID | None) -> None:
        """A wrong password. `default_of` is the school whose default was missed.

        What is written is the same whether there is such a school or not.
        """
        # Not together: both count for many, and nobody may hold one while they wait for the other.
        await self._limits.hit(_FAILURES_OF_AN_ADDRESS, _line_of(address) or _NOWHERE)
        missed = str(default_of) if default_of else f"none of {whose}"
        await self._limits.hit(_MISSES_OF_A_DEFAULT, missed)

    async def default_paused(self, school_id: UUID) -> bool:
        """Whether the school's default opens nothing for now, because it was missed too often."""
        return not await self._limits.test(_MISSES_OF_A_DEFAULT, str(school_id))

    async def default_paused_until(self, school_id: UUID) -> datetime | None:
        """`None` where it is not paused."""
        if not await self.default_paused(school_id):
            return None
        stats = await self._limits.get_window_stats(_MISSES_OF_A_DEFAULT, str(school_id))
        return datetime.fromtimestamp(stats.reset_time, UTC)

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
        await self._limits.hit(_FAILURES_OF_AN_ADDRESS, _line_of(address) or _NOWHERE)
        await self._limits.hit(_WRONG_CODES, str(account_id))
        left = (await self._limits.get_window_stats(_WRONG_CODES, str(account_id))).remaining
        return left == _WRONG_CODES.amount - _CODES_TO_WARN_OF

    async def forgive_codes(self, account_id: UUID) -> None:
        await self.forgive(f"CODE of {account_id}", f"RECOVERY CODE of {account_id}")

    async def guess_dates(self, account_id: UUID) -> bool:
        """As `guess`, for children's dates of birth; whether there is a pause after this one."""
        async with self._storage.together():
            [until] = await self._storage.guess(_DATES, str(account_id))
            self._refuse_until(
                until,
                "The school office can tell you which dates it has, and send you a new link, with "
                "which you can try again at once.",
            )
            return await self.dates_paused(account_id)

    async def dates_paused(self, account_id: UUID) -> bool:
        """Whether no date of birth is taken from the account for now."""
        return not all([await self._limits.test(item, str(account_id)) for item in _DATES])

    async def forgive_dates(self, *account_ids: UUID) -> None:
        """They were right, or the school sent a new link."""
        await self._storage.clear_all(
            item.key_for(str(one)) for one in account_ids for item in _DATES
        )

    async def _guess_at_step(self, what: str, account_id: UUID, address: str | None) -> None:
        # In capitals, so that nothing that is typed as a username is counted with it.
        try:
            await self.guess(f"{what} of {account_id}", address)
        except TooManyTries as spent:
            seconds = int((spent.headers or {})["Retry-After"])
            raise TooManyTries(seconds, "Each code works once: wait for the next one.") from None

    async def ask_for_link(self, address: str | None) -> None:
        """`address` may be a known device in its place."""
        line = _line_of(address)
        if line and not await self._limits.hit(_LINKS_FROM_AN_ADDRESS, line):
            raise TooManyTries(await self._seconds(_LINKS_FROM_AN_ADDRESS, line))

    async def may_send_link(self, account_id: UUID) -> bool:
        """Whether the account may be sent one more; counts it."""
        return await self._limits.hit(_LINKS_TO_AN_ACCOUNT, str(account_id))

    async def ask_for_admin_email(self, school_id: UUID) -> None:
        """Counts one request for another address of the school's admin account (R5)."""
        if not await self._limits.hit(_ADMIN_ADDRESSES_ASKED, str(school_id)):
            seconds = await self._seconds(_ADMIN_ADDRESSES_ASKED, str(school_id))
            raise TooManyTries(
                seconds, "Your school has asked for another address several times within the hour."
            )

    async def write_to_support(self, account_id: UUID, school_id: UUID) -> None:
        """Counts one message of the person and of the school (R28)."""
        for item, whose in (
            (_MESSAGES_OF_A_PERSON, account_id),
            (_MESSAGES_OF_A_SCHOOL, school_id),
        ):
            if not await self._limits.hit(item, str(whose)):
                seconds = await self._seconds(item, str(whose))
                raise TooManyTries(seconds, "What you have sent already has been kept.")

    async def _refuse_if_spent(self, item: RateLimitItem, key: str | None) -> None:
        if key is not None and not await self._limits.test(item, key):
            raise TooManyTries(await self._seconds(item, key))

    def _refuse_until(self, until: datetime | None, *advice: str) -> None:
        if until is not None:
            seconds = (until - self._clock()).total_seconds()
            raise TooManyTries(max(1, math.ceil(seconds)), *advice)

    async def _seconds(self, item: RateLimitItem, key: str) -> int:
        stats = await self._limits.get_window_stats(item, key)
        return max(1, math.ceil(stats.reset_time - self._clock().timestamp()))

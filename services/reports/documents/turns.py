"""What one person has printed while they wait: a few at once, so that others get a turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from shared.web.problems import TooManyRequests

__all__ = ["MOST_AT_ONCE", "TooManyAtOnce", "Turns"]

MOST_AT_ONCE = 3
"""Of one person, for each process: one that is printed, and others that are waited for."""


class TooManyAtOnce(TooManyRequests):
    slug, title = "too-many-previews", "Other pages of yours are being printed"

    def __init__(self) -> None:
        super().__init__(
            f"{MOST_AT_ONCE} previews or reports of yours are being printed just now, perhaps "
            "in another window. Please wait until one of them is there, and try again.",
            headers={"Retry-After": "2"},
        )


class Turns:
    """Of one event loop."""

    def __init__(self) -> None:
        self._taken: Counter[UUID] = Counter()

    @contextmanager
    def of(self, account_id: UUID) -> Iterator[None]:
        """Raises `TooManyAtOnce`."""
        if self._taken[account_id] >= MOST_AT_ONCE:
            raise TooManyAtOnce
        self._taken[account_id] += 1
        try:
            yield
        finally:
            self._taken[account_id] -= 1
            if not self._taken[account_id]:
                del self._taken[account_id]

"""How it stands with the first password of one user, on the list of all (R2, R4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from services.identity.accounts.account import Account
from services.identity.accounts.password_state import PasswordState, password_state
from shared.school.names import search_key

__all__ = ["Claim", "ClaimState", "claims_of", "counted"]

ClaimState = PasswordState | Literal["link_lapsed"]
"""As the user's own page has it, and of heads and deputies whether their link still opens."""
_STATES: tuple[ClaimState, ...] = (*get_args(PasswordState), "link_lapsed")


@dataclass(frozen=True)
class Claim:
    user: Account
    state: ClaimState
    link_until: datetime | None

    @property
    def key(self) -> tuple[str, str, UUID]:
        """Where it stands in the list: by surname."""
        user = self.user
        return search_key(user.surname or ""), search_key(user.forename or ""), user.account_id


def claims_of(
    users: Sequence[Account], links: Mapping[UUID, datetime], now: datetime
) -> list[Claim]:
    """By surname. `links`: until when the newest of an account's links opens."""
    claims = []
    for user in users:
        state: ClaimState = password_state(user, now)
        link_until = None if user.claimed else links.get(user.account_id)
        if state == "link" and link_until is None:
            state = "link_lapsed"
        claims.append(Claim(user, state, link_until))
    return sorted(claims, key=lambda claim: claim.key)


def counted(claims: Sequence[Claim]) -> dict[ClaimState, int]:
    """How many are in each state, those without any too."""
    found = Counter(claim.state for claim in claims)
    return {state: found[state] for state in _STATES}

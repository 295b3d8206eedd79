"""What may stand in the way of slips, in sentences that a school's office can act on."""

from __future__ import annotations

from collections.abc import Sequence

from services.identity.accounts.account import Account
from services.identity.starting_codes.press import MOST_SLIPS
from shared.web.problems import Conflict, Unprocessable

__all__ = ["NoSlipFor", "NobodyToPrintFor", "PrintedMeanwhile", "TooManySlips"]

_NAMED = 3


class NoSlipFor(Conflict):
    slug, title = "no-slip", "There is no slip for some of these users"

    def __init__(self, users: Sequence[Account]) -> None:
        named = ", ".join(user.name for user in users[:_NAMED])
        more = f" and {len(users) - _NAMED} more" if len(users) > _NAMED else ""
        super().__init__(
            "A slip is for an active user who waits for their first password and whose 14 days are "
            f"not over. That is not so for {named}{more}. Nothing was printed. Leave them out, or "
            "reset those whose days are over first."
        )


class NobodyToPrintFor(Conflict):
    slug, title = "nobody-waits", "Nobody waits for a slip"

    def __init__(self) -> None:
        super().__init__("No user waits for a first password that a slip could help with.")


class TooManySlips(Unprocessable):
    slug, title = "too-many-slips", "These are too many slips at once"

    def __init__(self) -> None:
        super().__init__(f"Please choose up to {MOST_SLIPS} users, and print the others after.")


class PrintedMeanwhile(Conflict):
    """Of two who print at once one gets a sheet that works, and the other is told."""

    slug, title = "printed-meanwhile", "Something changed while the slips were made"

    def __init__(self) -> None:
        super().__init__(
            "Somebody else printed slips for some of these users, or changed them, at the same "
            "moment. This sheet was thrown away, and nothing of it works. Look at the list again, "
            "and print what is still needed."
        )

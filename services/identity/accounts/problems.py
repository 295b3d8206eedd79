"""What may stand in the way of an account, in sentences that a school's office can act on."""

from __future__ import annotations

from services.identity.accounts.account import Account
from shared.web.problems import Conflict, NotFound, Unprocessable

__all__ = ["EmailTaken", "LinkNeedsAddress", "NoSuchUser", "email_taken_sentence"]


class NoSuchUser(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such user in this school.")


class EmailTaken(Conflict):
    """R8. The other account is named only within one's own school."""

    slug, title = "email-taken", "This e-mail address belongs to another account"

    def __init__(self, holder: Account | None = None) -> None:
        detail = email_taken_sentence(holder)
        super().__init__(
            detail,
            errors=[{"pointer": "#/email", "detail": detail}],
            in_the_way=None
            if holder is None
            else {
                "id": str(holder.account_id),
                "kind": holder.kind,
                "name": holder.name,
                "username": holder.username,
                "active": holder.active,
            },
        )


class LinkNeedsAddress(Unprocessable):
    """R2: a head or deputy never gets the default password."""

    slug, title = "email-needed", "An e-mail address is needed"

    def __init__(self) -> None:
        detail = "A head or deputy gets a link by e-mail. Please give their e-mail address."
        super().__init__(detail, errors=[{"pointer": "#/email", "detail": detail}])


def email_taken_sentence(holder: Account | None) -> str:
    """What to do; of an account of another school nothing is said (R8)."""
    if holder is None:
        return (
            "This e-mail address is in use on another account. Take it off that account first, or "
            "use another address."
        )
    inactive = "" if holder.active else ", which is inactive"
    username = f" ({holder.username})" if holder.username else ""
    return (
        f"This e-mail address belongs to {holder.name}{username}{inactive}. Take it off that "
        "account first, or use another address."
    )

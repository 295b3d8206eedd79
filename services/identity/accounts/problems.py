"""What may stand in the way of an account, in sentences that a school's office can act on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.identity.accounts.account import Account
from shared.web.problems import Conflict, NotFound, Unprocessable

__all__ = [
    "ChangedMeanwhile",
    "EmailTaken",
    "LeaderIsTeacher",
    "LinkNeedsAddress",
    "NoSuchUser",
    "UsernameStays",
    "email_taken_sentence",
]


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


class LeaderIsTeacher(Unprocessable):
    slug, title = "leaders-are-slt", "A head or deputy belongs to the SLT"

    def __init__(self) -> None:
        detail = "A head or deputy is a member of the SLT. Please choose SLT as the role."
        super().__init__(detail, errors=[{"pointer": "#/leadership", "detail": detail}])


class UsernameStays(Unprocessable):
    """R7, with what to do instead."""

    slug, title = "username-stays", "A username cannot be changed"

    def __init__(self, account: Account) -> None:
        detail = (
            f"{account.name} keeps the username {account.username}. If they need another one, add "
            "a new user and make this one inactive. To use the same e-mail address for the new "
            "user, take it off this one first."
        )
        super().__init__(detail, errors=[{"pointer": "#/username", "detail": detail}])


class ChangedMeanwhile(Conflict):
    """Somebody else was quicker. `current` is as it is now, `errors` where that is not as sent."""

    slug, title = "changed-meanwhile", "This user was changed meanwhile"

    def __init__(self, account: Account, said: Mapping[str, Any]) -> None:
        kind = "parent" if account.kind == "parent" else "user"
        self.title = f"This {kind} was changed meanwhile"
        now = {name: getattr(account, name) for name in said}
        errors = [
            {"pointer": f"#/{name}", "detail": f"It is now: {now[name] or 'nothing'}."}
            for name in said
            if now[name] != said[name]
        ]
        super().__init__(
            f"Somebody else has changed this {kind} since you opened the page. Nothing of yours "
            "was saved. Look at what is there now, then make your change again.",
            errors=errors,
            current={**now, "version": account.version, "active": account.active},
        )


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

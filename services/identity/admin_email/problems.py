"""What may stand in the way of another address, in sentences that a school can act on (R5)."""

from __future__ import annotations

from datetime import datetime

from services.identity.mail.writing import at_school
from shared.web.problems import Conflict, Forbidden, NotFound, Unprocessable

__all__ = [
    "AddressTakenMeanwhile",
    "LinkIsOver",
    "NoSuchRequest",
    "NotALeader",
    "NotYet",
    "SameAddress",
    "not_yet_sentence",
]


class NotALeader(Forbidden):
    slug, title = "not-head-or-deputy", "Only a head or deputy can do that"

    def __init__(self) -> None:
        super().__init__(
            "The e-mail address of the admin account changes only when a head or deputy asks for "
            "it while signed in as themselves. Who is head or deputy is set in User Management."
        )


class NotYet(Conflict):
    slug, title = "too-early-to-ask", "You cannot ask for this yet"

    def __init__(self, since: datetime) -> None:
        super().__init__(not_yet_sentence(since), may_ask_from=since.isoformat())


class SameAddress(Unprocessable):
    slug, title = "same-address", "The admin account has this address already"

    def __init__(self) -> None:
        detail = "Please give the address that it is to have from now on."
        super().__init__(detail, errors=[{"pointer": "#/email", "detail": detail}])


class NoSuchRequest(NotFound):
    def __init__(self) -> None:
        super().__init__("This request is not waiting any more.")


class LinkIsOver(Conflict):
    """The same for a link that was never made, and one that is over for whatever reason."""

    slug, title = "address-link-over", "This link cannot be used"

    def __init__(self) -> None:
        super().__init__(
            "It was used before, is older than three days, or the request was cancelled or "
            "replaced by a newer one, so the link does nothing any more. If the address is still "
            "to be changed, a head or deputy of the school can ask for it again."
        )


class AddressTakenMeanwhile(Conflict):
    """R8, on a page that anybody can open: of the other account nothing is said."""

    slug, title = "email-taken", "This address is in use on another account"

    def __init__(self) -> None:
        super().__init__(
            "It was given to another account after this was asked for, so the admin account keeps "
            "its present address. Take it off the other account first and open this link again, "
            "or let a head or deputy ask for another address."
        )


def not_yet_sentence(since: datetime) -> str:
    return (
        f"You can ask for this from {at_school(since)}. For 7 days after an account was first "
        "used, was reset, or became a head's or deputy's, it cannot, so that nobody who has just "
        "come by it can take over the admin account."
    )

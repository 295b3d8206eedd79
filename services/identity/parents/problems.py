"""What may stand in the way of a parent, in sentences that they or the office can act on."""

from __future__ import annotations

from collections.abc import Sequence

from services.identity.accounts.account import Account
from shared.web.problems import Conflict, NotFound, Unprocessable

__all__ = [
    "AlreadyAParent",
    "CannotSendLink",
    "ChildrenChanged",
    "DatesRefused",
    "NoSuchChild",
    "NoSuchParent",
    "ParentNeedsAddress",
]


class NoSuchParent(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such parent in this school.")


class NoSuchChild(NotFound):
    def __init__(self) -> None:
        super().__init__(
            "There is no such pupil in this school. If they were added just now, please try again "
            "in a minute."
        )


class AlreadyAParent(Conflict):
    """R8, R20: siblings share one parent, so the child is added to the one who is there."""

    slug, title = "already-a-parent", "This e-mail address is a parent's here already"

    def __init__(self, holder: Account) -> None:
        inactive = "" if holder.active else ", who is inactive"
        detail = (
            f"This e-mail address belongs to {holder.name}{inactive}. Brothers and sisters share "
            f"one parent account: add the child to {holder.name} instead."
        )
        super().__init__(
            detail,
            errors=[{"pointer": "#/email", "detail": detail}],
            in_the_way={
                "id": str(holder.account_id),
                "kind": holder.kind,
                "name": holder.name,
                "username": None,
                "active": holder.active,
            },
        )


class ParentNeedsAddress(Unprocessable):
    """Parents sign in with it, and have nothing else to sign in with."""

    slug, title = "email-needed", "An e-mail address is needed"

    def __init__(self, parents: Sequence[Account]) -> None:
        names = ", ".join(parent.name for parent in parents)
        detail = f"Parents sign in with their e-mail address. Please give one for: {names}."
        super().__init__(detail, errors=[{"pointer": "#/email", "detail": detail}])


class CannotSendLink(Conflict):
    slug, title = "cannot-send-link", "No link can be sent to this parent now"


class DatesRefused(Unprocessable):
    """It is never said which one, so that a date cannot be found out child by child (R2)."""

    slug, title = "dates-refused", "Not all of these are the dates that the school has"

    def __init__(self) -> None:
        super().__init__(
            "Please look at each date again. If they are right, the school may have another one: "
            "please ask the school office."
        )


class ChildrenChanged(Conflict):
    slug, title = "children-changed", "The children on this page have changed"

    def __init__(self) -> None:
        super().__init__(
            "Please look at the page again, then give the date of birth of each child."
        )

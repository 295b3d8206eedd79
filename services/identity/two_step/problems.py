"""What may stand in the way of a second step, in sentences that a person can act on."""

from __future__ import annotations

from services.identity.two_step.authenticator import MOST, Authenticator
from shared.web.problems import Conflict, NotFound, Unprocessable

__all__ = [
    "AuthenticatorChanged",
    "CodeRefused",
    "LastOneStays",
    "NameTaken",
    "NoSuchAuthenticator",
    "NotSetUp",
    "SetUpMeanwhile",
    "TooManyAuthenticators",
]


class CodeRefused(Unprocessable):
    """The same for a wrong code, an old one, and one that was used before."""

    slug, title = "code-refused", "This code cannot be used"

    def __init__(self, field: str) -> None:
        detail = (
            "Please type the code that your authenticator app shows now. Each code works once: if "
            "you have used this one, wait for the next."
            if field == "code"
            else "Please type one of your recovery codes that you have not used yet."
        )
        super().__init__(detail, errors=[{"pointer": f"#/{field}", "detail": detail}])


class SetUpMeanwhile(Conflict):
    slug, title = "two-step-set-up-meanwhile", "Two-step sign-in was set up meanwhile"

    def __init__(self) -> None:
        super().__init__(
            "Somebody with this account has just set it up. Please sign in again, with a code of "
            "theirs, and add your own authenticator in My account."
        )


class TooManyAuthenticators(Conflict):
    slug, title = "too-many-authenticators", "There is no room for another authenticator"

    def __init__(self) -> None:
        super().__init__(f"An account has at most {MOST}. Please remove one first.")


class NameTaken(Conflict):
    slug, title = "authenticator-name-taken", "Another authenticator has this name"

    def __init__(self) -> None:
        detail = "Please give it a name of its own, such as whose phone it is."
        super().__init__(detail, errors=[{"pointer": "#/name", "detail": detail}])


class NoSuchAuthenticator(NotFound):
    def __init__(self) -> None:
        super().__init__("This authenticator is not there any more. Please start again.")


class AuthenticatorChanged(Conflict):
    slug, title = "changed-meanwhile", "Somebody else has changed this meanwhile"

    def __init__(self, now: Authenticator) -> None:
        super().__init__(
            f"It is called {now.name} now.",
            current={"name": now.name, "version": now.version},
        )


class LastOneStays(Conflict):
    slug, title = "last-authenticator", "The last authenticator cannot be removed"

    def __init__(self) -> None:
        super().__init__(
            "Your school asks for two-step sign-in of this account. Add another authenticator "
            "first, then remove this one."
        )


class NotSetUp(Conflict):
    slug, title = "two-step-not-set-up", "Two-step sign-in is not set up"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has no authenticator, so there is nothing to remove.")

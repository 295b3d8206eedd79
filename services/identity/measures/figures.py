"""The metrics of signing in, sessions and e-mail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Literal

from services.identity.throttling.service import TooManyTries
from shared.observability.metrics.asked import gauge
from shared.observability.metrics.committed import when_committed
from shared.observability.metrics.registry import counter
from shared.web.problems import Problem, Unavailable

__all__ = [
    "MAILS_OLDEST",
    "MAILS_WAITING",
    "SESSIONS_LIVE",
    "mail_ended",
    "mail_written",
    "session_started",
    "sessions_ended",
    "signing_in",
]

Step = Literal["password", "link", "code"]
MailEnd = Literal["sent", "put_off", "given_up"]
_STEPS: tuple[Step, ...] = ("password", "link", "code")
_OUTCOMES = ("admitted", "refused", "braked", "busy", "failed")
_MAIL_ENDS: tuple[MailEnd, ...] = ("sent", "put_off", "given_up")
_SCOPES = ("full", "set_password", "confirm_children", "two_step", "set_up_two_step")

_sign_ins = counter(
    "sign_ins_total",
    "Tries to sign in, by step (`password`, `link`, `code` for the second one) and outcome: "
    "`admitted`, `refused` (it was not right), `braked` (too many tries), `busy` (too many wait to "
    "be checked), `failed` (by a fault of ours).",
    ["step", "outcome"],
)
_sessions_started = counter(
    "sessions_started_total",
    "Sessions that began, by what they open: `full`, or a step of signing in.",
    ["scope"],
)
_sessions_ended = counter(
    "sessions_ended_total",
    "Sessions that were ended: signed out, taken over by the next step, or closed by a new "
    "password or an admin. Those that idle out are not counted.",
)
SESSIONS_LIVE = gauge(
    "sessions_live", "Sessions that are open now, by scope. Of the database: max.", ["scope"]
)
_written = counter(
    "mails_written_total",
    "E-mails that are to be sent, by kind: `forgotten_password`, `first_link` and so on.",
    ["kind"],
)
_mails = counter(
    "mails_total",
    "What came of e-mails: `sent`; `put_off`, to be tried again; `given_up`, refused for good.",
    ["outcome"],
)
MAILS_WAITING = gauge("mails_waiting", "E-mails that are not sent yet. Of the database: max.")
MAILS_OLDEST = gauge(
    "mails_oldest_seconds",
    "How long the oldest of them has waited; 0 where none does. Of the database: max.",
)

for _step in _STEPS:
    for _outcome in _OUTCOMES:
        _sign_ins.labels(_step, _outcome)
for _scope in _SCOPES:
    _sessions_started.labels(_scope)
for _template in files("services.identity.mail").joinpath("templates").iterdir():
    if _template.name.endswith(".txt"):
        _written.labels(_template.name.removesuffix(".txt"))
_of_mails = {end: _mails.labels(end) for end in _MAIL_ENDS}


@contextmanager
def signing_in(step: Step) -> Iterator[None]:
    """Counts how the block ends."""
    outcome = "failed"
    try:
        yield
        outcome = "admitted"
    except TooManyTries:
        outcome = "braked"
        raise
    except Unavailable:
        outcome = "busy"
        raise
    except Problem:
        outcome = "refused"
        raise
    finally:
        _sign_ins.labels(step, outcome).inc()


def session_started(scope: str) -> None:
    when_committed(_sessions_started.labels(scope).inc)


def sessions_ended(count: int) -> None:
    when_committed(lambda: _sessions_ended.inc(count))


def mail_written(kind: str) -> None:
    when_committed(_written.labels(kind).inc)


def mail_ended(end: MailEnd) -> None:
    when_committed(_of_mails[end].inc)

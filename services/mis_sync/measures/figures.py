"""The metrics of snapshots, runs and requests, and how many schools are up to date.

A school counts in classes: of how long ago its MIS was last taken over, and of how large it is. A
school is asked every night at the same minute, so 26 hours is a night and two hours for being late.
"""

from __future__ import annotations

from shared.observability.metrics.asked import gauge
from shared.observability.metrics.committed import when_committed
from shared.observability.metrics.registry import counter

__all__ = [
    "NIGHTS_OLDEST",
    "NIGHTS_WAITING",
    "RUNS_OLDEST",
    "RUNS_OPEN",
    "SCHOOLS",
    "request",
    "run_ended",
    "snapshot",
]

_SNAPSHOT_STATES = (
    *("received", "staged", "applied"),
    *("held", "incomplete", "ignored", "superseded", "refused"),
)
_RUN_ENDS = ("closed", "failed")
_REQUEST_ENDS = ("asked", "answered", "failed", "not_heard")

_snapshots = counter(
    "mis_snapshots_total",
    "Snapshots that came into a state: `received` (its first message), `staged` (whole), `applied` "
    "(taken over), `held` (for a person to look at), `incomplete`, `ignored` (older, or sent "
    "again), `superseded` (by a newer one), `refused` (a message that was turned away, once an "
    "hour and reason for each school).",
    ["state"],
)
_runs = counter(
    "mis_runs_total",
    "Runs that have come to rest: `closed`, or `failed` by a fault of ours.",
    ["outcome"],
)
_requests = counter(
    "mis_requests_total",
    "What a connector was asked for: `asked`, and what came of it: `answered`, `failed` (it could "
    "not read the MIS, or sent nothing), `not_heard` (no connector was there).",
    ["outcome"],
)
SCHOOLS = gauge(
    "mis_schools",
    "Linked schools, by when their MIS was last taken over: `on_time` (in 26 hours), `one_night` "
    "late (in 50 hours), `more_nights` late, `never` yet; and by their size, in pupils of the MIS: "
    "`up_to_210`, `up_to_420`, `over_420` (one form of entry in a primary school, two, more). Of "
    "the database: max.",
    ["late", "pupils"],
)
RUNS_OPEN = gauge(
    "mis_runs_open",
    "Runs that have not come to rest, by state: `receiving`, `waiting`, `applying`, and `held`, "
    "which waits for a person. Of the database: max.",
    ["state"],
)
RUNS_OLDEST = gauge(
    "mis_runs_oldest_seconds",
    "How long the run that has been in this state longest has been in it; 0 where none is. Of the "
    "database: max.",
    ["state"],
)
NIGHTS_WAITING = gauge(
    "mis_nights_waiting",
    "Schools whose moment of the night has come and whose MIS was not asked yet. Of the database: "
    "max.",
)
NIGHTS_OLDEST = gauge(
    "mis_nights_oldest_seconds",
    "How long the one that has waited longest has waited; 0 where none does. Of the database: max.",
)

_of_snapshots = {state: _snapshots.labels(state) for state in _SNAPSHOT_STATES}
_of_runs = {end: _runs.labels(end) for end in _RUN_ENDS}
_of_requests = {outcome: _requests.labels(outcome) for outcome in _REQUEST_ENDS}


def snapshot(state: str) -> None:
    """One came into this state, if the transaction commits."""
    when_committed(_of_snapshots[state].inc)


def run_ended(state: str) -> None:
    """In a state of `runs`: of a snapshot where only a snapshot can end so."""
    if state in _of_runs:
        when_committed(_of_runs[state].inc)
    else:
        snapshot(state)


def request(outcome: str) -> None:
    """A connector was asked, or that is how it ended."""
    when_committed(_of_requests[outcome].inc)

"""A system that runs, as whoever changes its secrets sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from deploy.local.state import State

__all__ = ["System"]


@dataclass(frozen=True)
class System:
    """Where it is entered as its administrator, and how its processes are told.

    `in_identity` runs `services.identity.renewing` with identity's keys and gives what it printed;
    `None` where only a person can. `opens_files` says whether a key, by its id and its secret,
    opens the object store; `None` where files lie in none.
    """

    state: State
    database: Callable[[], str]
    management: Callable[[], str]
    hand_out: Callable[[], None]
    in_identity: Callable[[str], str] | None
    opens_files: Callable[[str, str], bool] | None = None
    files_are_ours: bool = False

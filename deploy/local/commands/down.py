"""`down`: nothing left running."""

from __future__ import annotations

from deploy.local.stack import stop_stack
from deploy.local.state import State

__all__ = ["down"]


def down() -> None:
    """Stop everything that ./classroom started. The data stays."""
    stop_stack(State.from_environment())

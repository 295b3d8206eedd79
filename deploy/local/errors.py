"""What stops a command of `./classroom`: one sentence that says what to do, never a traceback."""

from __future__ import annotations

__all__ = ["OperatorError"]


class OperatorError(Exception):
    """A fault that the operator can act on; the command line prints the sentence and exits 1."""

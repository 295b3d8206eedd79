"""The one list of tables without a tenant policy, each with the reason why it can have none.

The service's role has no right on any of them: it reaches them through functions that run as their
owner. A test walks all tables and asserts that each is either in this list or under forced
row-level security.
"""

from __future__ import annotations

__all__ = ["UNTENANTED"]

_MESSAGING = {
    "alembic_version": "Alembic's own record of what was applied",
    "outbox": "the relay sends the events of all schools in the order they were written",
    "inbox": "what was consumed is known before its school is looked at",
    "message_attempts": "a message is counted before its contents can be trusted",
    "dead_letters": "the operator's list over all schools; a broken message may name none",
}

UNTENANTED: dict[str, dict[str, str]] = {
    "identity": {**_MESSAGING},
    "roster": {**_MESSAGING},
    "mis_sync": {**_MESSAGING},
    "reports": {**_MESSAGING},
}
"""Service → table → reason."""

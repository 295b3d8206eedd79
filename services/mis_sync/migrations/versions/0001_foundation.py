"""mis_sync's tables, and those of its messages."""

from __future__ import annotations

from shared.database.migrations import run_messaging_sql, run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_messaging_sql("mis_sync")
    run_sql(__file__, "0001_foundation.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

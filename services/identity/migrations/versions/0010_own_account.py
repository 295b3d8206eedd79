"""Forgotten passwords, brakes on guessing, and the list of one's own sessions."""

from shared.database.migrations import run_sql

revision = "0010"
down_revision = "0002"


def upgrade() -> None:
    run_sql(__file__, "0010_own_account.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

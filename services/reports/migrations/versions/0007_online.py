"""Online reports, and who opened them (R27)."""

from shared.database.migrations import run_sql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_sql(__file__, "0007_online.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

"""Messages to support, and how a school wants its set-up guide (R28)."""

from shared.database.migrations import run_sql

revision = "0060"
down_revision = "0059"


def upgrade() -> None:
    run_sql(__file__, "0060_support.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

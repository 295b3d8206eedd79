"""Messages to support, and how a school wants its set-up guide (R28)."""

from shared.database.migrations import run_sql

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    run_sql(__file__, "0056_support.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

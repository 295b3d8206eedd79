"""The second step of signing in: authenticators and recovery codes."""

from shared.database.migrations import run_sql

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    run_sql(__file__, "0043_two_step.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

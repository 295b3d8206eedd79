"""The activity log is read by an office, by day, person and subject."""

from shared.database.migrations import run_sql

revision = "0030"
down_revision = "0010"


def upgrade() -> None:
    run_sql(__file__, "0030_activity.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

"""Names are found in the activity log of years (R9)."""

from shared.database.migrations import run_sql

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    run_sql(__file__, "0045_activity_names.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

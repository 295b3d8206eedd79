"""What a snapshot left out, for the office to mend in the MIS."""

from shared.database.migrations import run_sql

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    run_sql(__file__, "0016_remarks.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

"""What a roll-up is told and read by (R12)."""

from shared.database.migrations import run_sql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_sql(__file__, "0008_roll_up_reads.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

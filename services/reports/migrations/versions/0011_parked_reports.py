"""Whether anybody still makes some reports (R27)."""

from shared.database.migrations import run_sql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run_sql(__file__, "0011_parked_reports.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

"""The hour of a school's overnight sync, and when it was asked (R16, R29)."""

from shared.database.migrations import run_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_sql(__file__, "0002_overnight.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

"""What attainment and progress are shown by (R26)."""

from shared.database.migrations import run_sql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_sql(__file__, "0008_attainment.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

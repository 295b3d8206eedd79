"""What whole snapshots are compared by (R17)."""

from shared.database.migrations import run_sql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_sql(__file__, "0005_faster.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

"""Reports that were made, as files (R27)."""

from shared.database.migrations import run_sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run_sql(__file__, "0006_generated.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

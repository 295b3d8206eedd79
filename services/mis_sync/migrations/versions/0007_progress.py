"""What each run changed, person by person (R23)."""

from shared.database.migrations import run_sql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_sql(__file__, "0007_progress.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

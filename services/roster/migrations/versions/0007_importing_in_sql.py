"""What an import of a whole file is written by (R10)."""

from shared.database.migrations import run_sql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_sql(__file__, "0007_importing_in_sql.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

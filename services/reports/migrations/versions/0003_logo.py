"""The school's logo (R24)."""

from shared.database.migrations import run_sql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_sql(__file__, "0003_logo.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

"""The markbook: what was recorded of pupils, by subject and term (R26)."""

from shared.database.migrations import run_sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_sql(__file__, "0004_markbook.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

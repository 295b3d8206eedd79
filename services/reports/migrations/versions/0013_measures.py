"""What operators watch of the making of reports, over all schools (R27)."""

from shared.database.migrations import run_sql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run_sql(__file__, "0013_measures.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

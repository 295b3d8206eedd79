"""What operators watch of the sync, over all schools."""

from shared.database.migrations import run_sql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_sql(__file__, "0009_measures.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

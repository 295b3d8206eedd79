"""What operators watch of the sync, over all schools."""

from shared.database.migrations import run_sql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_sql(__file__, "0008_measures.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

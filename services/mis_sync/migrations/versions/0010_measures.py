"""What operators watch of the sync, over all schools."""

from shared.database.migrations import run_sql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_sql(__file__, "0010_measures.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

"""Which trace a snapshot and a run belong to."""

from shared.database.migrations import run_sql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_sql(__file__, "0008_traces.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

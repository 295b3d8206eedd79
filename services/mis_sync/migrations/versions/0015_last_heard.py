"""When a part of a snapshot arrived last."""

from shared.database.migrations import run_sql

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    run_sql(__file__, "0015_last_heard.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

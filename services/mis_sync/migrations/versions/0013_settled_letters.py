"""Dead letters that somebody has settled are not kept for ever."""

from shared.database.migrations import run_messaging_sql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run_messaging_sql("mis_sync", "settled_letters.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

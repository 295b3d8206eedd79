"""A school that has left is erased."""

from shared.database.migrations import run_messaging_sql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_messaging_sql("mis_sync", "erasing.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

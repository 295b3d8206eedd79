"""A school that has left is erased."""

from shared.database.migrations import run_messaging_sql

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run_messaging_sql("reports", "erasing.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

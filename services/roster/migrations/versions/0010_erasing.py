"""A school that has left is erased."""

from shared.database.migrations import run_messaging_sql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_messaging_sql("roster", "erasing.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

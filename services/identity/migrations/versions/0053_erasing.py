"""A school that has left is erased."""

from shared.database.migrations import run_messaging_sql, run_sql

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    run_messaging_sql("identity", "erasing.sql")
    run_sql(__file__, "0053_erasing.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

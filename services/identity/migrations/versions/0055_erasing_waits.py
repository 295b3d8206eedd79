"""A school is erased after what is being applied of it, and nothing of it is applied after that."""

from shared.database.migrations import run_messaging_sql

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    run_messaging_sql("identity", "erasing_waits.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

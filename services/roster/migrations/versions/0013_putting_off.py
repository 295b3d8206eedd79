"""Messages of a school something of which is locked are put off, and hold up no other school's."""

from shared.database.migrations import run_messaging_sql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run_messaging_sql("roster", "putting_off.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

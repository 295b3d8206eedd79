"""Messages of a school something of which is locked are put off, and hold up no other school's."""

from shared.database.migrations import run_messaging_sql

revision = "0059"
down_revision = "0058"


def upgrade() -> None:
    run_messaging_sql("identity", "putting_off.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

"""Where leavers go at the roll-up, and an index for the people of a group."""

from shared.database.migrations import run_sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_sql(__file__, "0004_groups.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

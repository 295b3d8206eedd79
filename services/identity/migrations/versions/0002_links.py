"""Links are spent by the password that is set through them."""

from shared.database.migrations import run_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_sql(__file__, "0002_links.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

"""Links that still open something are found by their school."""

from shared.database.migrations import run_sql

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    run_sql(__file__, "0056_open_links.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

"""Parents who would lose a child, and connectors that only send."""

from shared.database.migrations import run_sql

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run_sql(__file__, "0012_guards.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

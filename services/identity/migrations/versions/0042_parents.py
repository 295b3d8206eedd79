"""Parents, their children, and what is known here of the pupils (R2, R3)."""

from shared.database.migrations import run_sql

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    run_sql(__file__, "0042_parents.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

"""The roll-up: which class follows which, what each roll-up did, and when one is due (R12)."""

from shared.database.migrations import run_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_sql(__file__, "0002_roll_up.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

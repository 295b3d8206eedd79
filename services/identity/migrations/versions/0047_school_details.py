"""A school's address and contact, and guesses counted for an account too."""

from shared.database.migrations import run_sql

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    run_sql(__file__, "0047_school_details.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

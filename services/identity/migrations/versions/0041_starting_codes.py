"""Starting codes: one random code a user, in place of the default (R2)."""

from shared.database.migrations import run_sql

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    run_sql(__file__, "0041_starting_codes.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

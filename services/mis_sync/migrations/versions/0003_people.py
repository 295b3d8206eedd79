"""Contacts of the MIS, and pupils' optional fields (R20)."""

from shared.database.migrations import run_sql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_sql(__file__, "0003_people.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

"""A school's subjects, terms and attainment scale (R29)."""

from shared.database.migrations import run_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_sql(__file__, "0002_subjects.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

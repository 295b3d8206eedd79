"""The optional fields of pupils, and the offset of a year group (R29)."""

from shared.database.migrations import run_sql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_sql(__file__, "0003_pupil_fields.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

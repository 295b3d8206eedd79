"""What the list of pupils is searched and filtered by."""

from shared.database.migrations import run_sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_sql(__file__, "0004_pupil_lists.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

"""What stands in reports, and parents' files of them, go when their time is over (R27)."""

from shared.database.migrations import run_sql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_sql(__file__, "0009_texts_due.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

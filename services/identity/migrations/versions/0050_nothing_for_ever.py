"""Used links, old sessions and the links of settled requests are not kept for ever."""

from shared.database.migrations import run_sql

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    run_sql(__file__, "0050_nothing_for_ever.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

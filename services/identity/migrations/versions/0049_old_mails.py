"""Mail that is settled is not kept for ever."""

from shared.database.migrations import run_sql

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    run_sql(__file__, "0049_old_mails.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

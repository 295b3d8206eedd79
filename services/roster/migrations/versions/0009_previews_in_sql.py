"""What an import is looked through by (R10)."""

from shared.database.migrations import run_sql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_sql(__file__, "0009_previews_in_sql.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

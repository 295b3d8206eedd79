"""Parents are told of online reports (R27)."""

from shared.database.migrations import run_sql

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    run_sql(__file__, "0052_online_reports.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

"""Templates of reports, in versions (R25)."""

from shared.database.migrations import run_sql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_sql(__file__, "0005_templates.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

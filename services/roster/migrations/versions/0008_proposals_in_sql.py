"""What proposals of the MIS are applied by, set by set (R18)."""

from shared.database.migrations import run_sql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_sql(__file__, "0008_proposals_in_sql.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

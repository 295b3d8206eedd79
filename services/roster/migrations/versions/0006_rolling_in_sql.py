"""What a roll-up of a whole school is written by (R12)."""

from shared.database.migrations import run_messaging_sql, run_sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run_messaging_sql("roster", "telling.sql")
    run_sql(__file__, "0006_rolling_in_sql.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

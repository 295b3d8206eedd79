"""Schools, accounts, sessions, mail and the activity log."""

from shared.database.migrations import run_messaging_sql, run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_messaging_sql("identity")
    for name in ("accounts", "sessions", "mail", "activity"):
        run_sql(__file__, f"0001_{name}.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

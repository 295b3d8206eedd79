"""Users come by a file, looked through before they are made."""

from shared.database.migrations import run_sql

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    run_sql(__file__, "0046_user_imports.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

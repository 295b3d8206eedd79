"""The admin's e-mail address changes on request of a head or deputy (R5)."""

from shared.database.migrations import run_sql

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    run_sql(__file__, "0044_admin_email.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

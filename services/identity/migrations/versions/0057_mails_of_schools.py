"""A mail says which school it is of, and is erased with it."""

from shared.database.migrations import run_sql

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    run_sql(__file__, "0057_mails_of_schools.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

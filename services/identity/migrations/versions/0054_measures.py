"""What operators watch of sessions and e-mail, over all schools."""

from shared.database.migrations import run_sql

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    run_sql(__file__, "0054_measures.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

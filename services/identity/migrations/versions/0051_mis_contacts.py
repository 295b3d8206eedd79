"""Parents who come from the MIS (R20)."""

from shared.database.migrations import run_sql

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    run_sql(__file__, "0051_mis_contacts.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

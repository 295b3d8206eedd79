"""The keys that connectors sign with, and what is heard of them (R15, R23)."""

from shared.database.migrations import run_sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_sql(__file__, "0004_signatures.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

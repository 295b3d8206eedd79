"""Who has a class, who is signed in: what the list of users is filtered by and tells."""

from shared.database.migrations import run_sql

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    run_sql(__file__, "0048_user_list.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

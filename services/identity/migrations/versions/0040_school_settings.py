"""How a school's people sign in, as it decided (R29), and the steps a session may stand at."""

from shared.database.migrations import run_sql

revision = "0040"
down_revision = "0030"


def upgrade() -> None:
    run_sql(__file__, "0040_school_settings.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

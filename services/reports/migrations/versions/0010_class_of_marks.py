"""Which class a pupil was in when a mark was recorded (R27)."""

from shared.database.migrations import run_sql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_sql(__file__, "0010_class_of_marks.sql")


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")

"""Migrations: plain SQL files, ordered and recorded by Alembic, run as the role that owns.

Each revision in `services/X/migrations/versions/` calls `run_sql(__file__, "NNNN_name.sql")`. They
go forward only and must suit the version that still runs (expand, then contract).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from alembic import command, op
from alembic.config import Config
from alembic.script.revision import ResolutionError
from alembic.util import CommandError

__all__ = ["Patience", "configuration", "migrate", "run_messaging_sql", "run_sql"]

_log = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Patience:
    """How long a statement waits for a lock and runs, and one migration waits for another.

    Whoever uses the database meanwhile waits behind a statement that waits for a lock, so it gives
    up soon, and the whole revision with it.
    """

    lock_seconds: float = 10
    statement_seconds: float = 300
    another_seconds: float = 900


def migrate(
    service: str, dsn: str, revision: str = "head", patience: Patience | None = None
) -> None:
    """Bring the database of `service` to `revision`. `dsn` is the owner's, `postgresql://…`.

    One that a newer version has migrated is left as it is: it suits this version too.
    """
    config = configuration(service)
    config.attributes.update(dsn=dsn, service=service, patience=patience or Patience())
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        if revision != "head" or not isinstance(error.__cause__, ResolutionError):
            raise
        _log.warning("the database of %s is a newer version's, and is left as it is", service)


def configuration(service: str) -> Config:
    """Where Alembic finds the revisions of `service`."""
    config = Config()
    config.set_main_option("script_location", str(_ROOT / "shared/database/alembic"))
    config.set_main_option(
        "version_locations", str(_ROOT / "services" / service / "migrations/versions")
    )
    config.set_main_option("path_separator", "newline")
    return config


def run_sql(revision_file: str, name: str) -> None:
    """Run the SQL file `name` that lies beside the revision."""
    _execute((Path(revision_file).parent / name).read_text(encoding="utf-8"))


def run_messaging_sql(service: str, name: str = "messaging.sql") -> None:
    """Make the outbox, the inbox, the tries and the dead letters of `service`, or what another file
    of messaging's adds to them."""
    sql = (_ROOT / "shared/messaging/sql" / name).read_text(encoding="utf-8")
    _execute(sql.replace("{service}", service))


def _execute(sql: str) -> None:
    # The driver's own cursor: SQLAlchemy would read `:name` in the SQL as a parameter.
    cursor = op.get_bind().connection.cursor()
    try:
        cursor.execute(sql)
    finally:
        cursor.close()

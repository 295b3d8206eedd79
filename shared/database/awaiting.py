"""`python -m shared.database.awaiting roles|schema SERVICE`: returns once the database is that far.

For where processes start in no order, such as in Kubernetes. `roles`: the service's roles have been
made (`provision`), so that it can be migrated; `schema`: every revision that is in this image has
been applied. Says every few seconds what it waits for, and gives up, with 1, after ten minutes.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

import psycopg
from alembic.script import ScriptDirectory
from pydantic import Field
from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_fixed

from shared.database.migrations import configuration
from shared.database.provision import SERVICES
from shared.settings import FromSurroundings

__all__ = ["main", "schema_missing", "set_up_missing"]

_LOOK_EVERY_SECONDS = 3.0
_LONGEST_SECONDS = 600.0
_CONNECT_SECONDS = 5

_log = logging.getLogger(__name__)


class _Migrating(FromSurroundings):
    migration_database_url: str = Field(min_length=1)


class _Serving(FromSurroundings):
    database_url: str = Field(min_length=1)


def set_up_missing(service: str, dsn: str) -> str | None:
    """What `provision` has yet to do, as the database's owner sees it; `None` where it is done."""
    with psycopg.connect(dsn, connect_timeout=_CONNECT_SECONDS) as connection:
        # The last thing that is granted, to the last of the roles.
        row = connection.execute(
            "SELECT has_schema_privilege(oid, 'public', 'USAGE') FROM pg_roles WHERE rolname = %s",
            (f"{service}_relay",),
        ).fetchone()
    return None if row and row[0] else f"the roles of {service} are not set up yet"


def schema_missing(service: str, dsn: str) -> str | None:
    """Which revision is yet to be applied, as the service sees it; `None` where none is.

    One that this image does not know is a newer one's, which suits this version too.
    """
    with psycopg.connect(dsn, connect_timeout=_CONNECT_SECONDS) as connection:
        row = connection.execute(
            "SELECT to_regprocedure('applied_revision()') IS NOT NULL"
        ).fetchone()
        applied = (
            connection.execute("SELECT applied_revision()").fetchone() if row and row[0] else None
        )
    revisions = ScriptDirectory.from_config(configuration(service))
    newest = revisions.get_current_head()
    known = {each.revision for each in revisions.walk_revisions()}
    if applied and (applied[0] == newest or applied[0] not in known):
        return None
    return f"{service} is at {applied[0] if applied else 'nothing'}, and needs {newest}"


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    match sys.argv[1:]:
        case ["roles", service] if service in SERVICES:
            owner = _Migrating().migration_database_url
            return _wait(lambda: set_up_missing(service, owner))
        case ["schema", service] if service in SERVICES:
            own = _Serving().database_url
            return _wait(lambda: schema_missing(service, own))
    sys.stderr.write("usage: python -m shared.database.awaiting roles|schema SERVICE\n")
    return 2


def _wait(missing: Callable[[], str | None]) -> int:
    def look() -> str | None:
        try:
            found = missing()
        except psycopg.OperationalError as error:
            found = f"the database cannot be reached: {str(error).strip()}"
        if found:
            _log.info("waiting: %s", found)
        return found

    try:
        Retrying(
            retry=retry_if_result(lambda found: found is not None),
            wait=wait_fixed(_LOOK_EVERY_SECONDS),
            stop=stop_after_delay(_LONGEST_SECONDS),
        )(look)
    except RetryError:
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""`python -m shared.database.migrate SERVICE`: bring one service's database up to date.

Reads the owner's DSN from `CLASSROOM_MIGRATION_DATABASE_URL`, or from the file in its place
(`shared/settings.py`). Exits with 2 if neither is there.
"""

from __future__ import annotations

import sys

from pydantic import Field, ValidationError

from shared.database.migrations import migrate
from shared.settings import FromSurroundings

__all__ = ["main"]


class _Settings(FromSurroundings):
    migration_database_url: str = Field(min_length=1)


def main() -> int:
    dsn = _owners_dsn()
    if len(sys.argv) != 2 or dsn is None:
        sys.stderr.write(
            "usage: CLASSROOM_MIGRATION_DATABASE_URL=postgresql://… "
            "python -m shared.database.migrate SERVICE\n"
        )
        return 2
    migrate(sys.argv[1], dsn)
    return 0


def _owners_dsn() -> str | None:
    try:
        return _Settings().migration_database_url
    except ValidationError:
        return None


if __name__ == "__main__":
    raise SystemExit(main())

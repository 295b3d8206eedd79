"""`python -m shared.database.migrate SERVICE`: bring one service's database up to date.

Reads the owner's DSN from `CLASSROOM_MIGRATION_DATABASE_URL`. Exits with 2 if it is not there.
"""

from __future__ import annotations

import os
import sys

from shared.database.migrations import migrate

__all__ = ["main"]


def main() -> int:
    dsn = os.environ.get("CLASSROOM_MIGRATION_DATABASE_URL")
    if len(sys.argv) != 2 or not dsn:
        sys.stderr.write(
            "usage: CLASSROOM_MIGRATION_DATABASE_URL=postgresql://… "
            "python -m shared.database.migrate SERVICE\n"
        )
        return 2
    migrate(sys.argv[1], dsn)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""How Alembic reaches a service's database: one transaction a revision, with short lock waits."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine, pool, text

from shared.database.migrations import Patience

APPLIED_REVISION = (
    "CREATE OR REPLACE FUNCTION applied_revision() RETURNS text LANGUAGE sql STABLE"
    " SECURITY DEFINER SET search_path = public, pg_temp"
    " AS 'SELECT version_num FROM alembic_version'",
    "REVOKE ALL ON FUNCTION applied_revision() FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION applied_revision() TO {service}_service",
)
"""So that the service itself can see whether it may start (`awaiting.py`)."""


def run() -> None:
    """Apply the revisions that `shared.database.migrations.migrate` asked for."""
    dsn: str = context.config.attributes["dsn"]
    service: str = context.config.attributes["service"]
    engine = create_engine(
        dsn.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=pool.NullPool
    )
    patience: Patience = context.config.attributes["patience"]
    with engine.connect() as connection:
        # Two migrations of one database wait for each other, longer than either waits for a lock.
        _set(connection, "statement_timeout", patience.another_seconds)
        connection.execute(text("SELECT pg_advisory_lock(7263001)"))
        _set(connection, "lock_timeout", patience.lock_seconds)
        _set(connection, "statement_timeout", patience.statement_seconds)
        connection.commit()
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
        for statement in APPLIED_REVISION:
            connection.execute(text(statement.format(service=service)))
        connection.commit()


def _set(connection: Connection, name: str, seconds: float) -> None:
    milliseconds = round(seconds * 1000)
    connection.execute(text(f"SET {name} = {milliseconds}"))


run()

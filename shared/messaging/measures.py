"""What a relay knows of its service's outbox and dead letters, asked for when a scrape comes."""

from __future__ import annotations

from shared.kept import Lines
from shared.messaging.connections import connect_database
from shared.observability.metrics.asked import Answer
from shared.observability.metrics.messaging import (
    DEAD_LETTERS,
    OUTBOX_OLDEST,
    OUTBOX_UNSENT,
    PUT_OFF,
)

__all__ = ["measures_of"]

_OUTBOX = """
SELECT count(*) AS unsent,
    coalesce(extract(epoch FROM clock_timestamp() - min(written_at)), 0)::float8 AS oldest
FROM outbox WHERE sent_at IS NULL
"""
# The classes are those of `shared.observability.metrics.messaging.Parked`; a letter from before a
# reason had its class is told by its words, which the consumer gives it.
_DEAD_LETTERS = """
SELECT consumer, count(*) AS letters, CASE
    WHEN reason LIKE 'breaks its contract:%' OR reason LIKE 'is a %, expected %' THEN 'contract'
    WHEN reason = 'was being applied when the process ended' THEN 'ended_process'
    WHEN tries > 0 THEN 'failed'
    ELSE 'refused' END AS why
FROM dead_letters WHERE state = 'waiting' GROUP BY consumer, why
"""
_PUT_OFF = "SELECT consumer, count(*) AS messages FROM messages_put_off GROUP BY consumer"


async def measures_of(dsns: str | Lines, service: str) -> list[Answer]:
    """By a connection of its own, as the relay's role: the relay's own may be publishing."""
    connection = await connect_database(
        dsns,
        timeout=2,
        command_timeout=2,
        server_settings={"application_name": f"{service}-measures"},
    )
    try:
        outbox = await connection.fetchrow(_OUTBOX)
        letters = await connection.fetch(_DEAD_LETTERS)
        put_off = await connection.fetch(_PUT_OFF)
    finally:
        await connection.close(timeout=2)
    assert outbox is not None  # noqa: S101 - a query without a GROUP BY has one row
    return [
        OUTBOX_UNSENT.of(outbox["unsent"]),
        OUTBOX_OLDEST.of(outbox["oldest"]),
        *(DEAD_LETTERS.of(row["letters"], row["consumer"], row["why"]) for row in letters),
        *(PUT_OFF.of(row["messages"], row["consumer"]) for row in put_off),
    ]

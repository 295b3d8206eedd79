"""The connections of a process to its database: how many there are, who waits for one, how long."""

from __future__ import annotations

from shared.observability.metrics.asked import gauge
from shared.observability.metrics.registry import histogram

__all__ = ["CONNECTIONS", "CONNECTIONS_MAX", "WAITED", "WAITING"]

CONNECTIONS = gauge(
    "database_connections", "Connections of the pool, by state: `used` or `idle`.", ["state"]
)
CONNECTIONS_MAX = gauge("database_connections_max", "How many the pool may have.")
WAITING = gauge("database_waiting", "Transactions that wait for a connection of the pool.")
WAITED = histogram(
    "database_wait_seconds",
    "How long a transaction waited for a connection of the pool.",
    buckets=(0.001, 0.005, 0.02, 0.1, 0.5, 1.0, 5.0, 10.0),
)

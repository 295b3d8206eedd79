"""Events that a statement tells of what it changes: payloads built in SQL, in the same transaction.

For changes of thousands of rows, which would else be read, made into models and written back. What
`told_in_parts` gives is run as a part of the statement that changes them: PostgreSQL runs a `WITH`
that only selects if the main query asks it for its rows. Whoever writes a contract's JSON in SQL
has a test that reads it back by the contract.
"""

from __future__ import annotations

__all__ = ["told_in_parts"]


def told_in_parts(
    source: str,
    said: str,
    *,
    address: str,
    start: str,
    end: str = "]}",
    most: int = 500,
    size: str = "1",
) -> str:
    """A query that tells events, and gives how many; no row where there is nothing to tell.

    `source` is a table expression, and `said` an SQL expression over it: one element's JSON, as
    text. `start` and `end` are the JSON around the elements, such as `{"pupils":[` and `]}`; no
    event has more than `most` elements; where an element is of `size`, an SQL expression too, one
    begins before `most` are full, and may go past it. `address` is the parameter of
    `Outbox.address`.
    """
    before = "row_number() OVER () - 1"
    if size != "1":
        before = f"(sum({size}) OVER (ROWS UNBOUNDED PRECEDING))::bigint - {size}"
    return f"""
    SELECT outbox_tell({address}::text::jsonb, array_agg(payload ORDER BY part))
    FROM (
        SELECT part, '{start}' || string_agg(said, ',') || '{end}' AS payload
        FROM (
            SELECT {said} AS said, ({before}) / {most} AS part FROM {source}
        ) AS numbered
        GROUP BY part
    ) AS parts
    HAVING count(*) > 0
    """

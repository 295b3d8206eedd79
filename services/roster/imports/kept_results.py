"""The results of an import as they are kept: some hundred in one row, so that none costs a row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson

from services.roster.imports.pupil_import import Listed, Listing, PupilImport, Result

__all__ = ["KeptResults", "fingerprint_of", "kept_results", "listed_in"]

_AT_ONCE = 200


@dataclass(frozen=True)
class KeptResults:
    """`results` are JSON; `added` are the ids of the pupils whom they add, in their order."""

    first: int
    last: int
    outcomes: Sequence[str]
    results: bytes
    added: Sequence[UUID]


def kept_results(results: Sequence[Listed], added: Iterable[UUID] = ()) -> Iterator[KeptResults]:
    """`added` are the ids that those pupils have, or will have, whom the results add."""
    ids = iter(added)
    for start in range(0, len(results), _AT_ONCE):
        part = results[start : start + _AT_ONCE]
        outcomes = [one.outcome for one in part]
        yield KeptResults(
            part[0].place,
            part[-1].place,
            sorted(set(outcomes)),
            orjson.dumps([[one.place, one.outcome, one.result] for one in part], default=str),
            [next(ids) for outcome in outcomes if outcome == "added"],
        )


def fingerprint_of(kept: Iterable[KeptResults]) -> str:
    """The same for plans that show the same. Ids of who is still to be added are not shown."""
    digest = hashlib.sha256()
    for part in kept:
        digest.update(part.results)
    return digest.hexdigest()


def listed_in(row: Any, of: PupilImport, after: int, outcome: Listing | None) -> list[Listed]:
    """Those after this place. Whom the import adds has an id from its confirmation on."""
    ids = iter(row["added"])
    found = []
    for place, its_outcome, stored in orjson.loads(row["results"]):
        added = next(ids, None) if its_outcome == "added" else None
        if place > after and outcome in (None, its_outcome):
            result = Result.of_stored(stored)
            if added and of.confirmed_at:
                result = replace(result, pupil_id=added)
            found.append(Listed(place, its_outcome, result))
    return found

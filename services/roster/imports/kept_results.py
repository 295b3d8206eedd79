"""The results of an import as they are kept: some hundred in one row, so that none costs a row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from services.roster.imports.pupil_import import Listed, Listing, PupilImport, Result

__all__ = [
    "KeptResults",
    "ResultText",
    "fingerprint_of",
    "kept_results",
    "kept_texts",
    "listed_in",
    "result_texts",
    "stored",
]

_AT_ONCE = 200


@dataclass(frozen=True)
class KeptResults:
    """`results` are JSON; `added` are the ids of the pupils whom they add, in their order."""

    first: int
    last: int
    outcomes: Sequence[str]
    results: str
    added: Sequence[UUID | str]


class ResultText(NamedTuple):
    """A result as JSON, and the id of the pupil whom it adds."""

    place: int
    outcome: Listing
    text: str
    added: UUID | str | None = None


def kept_results(results: Iterable[Listed], added: Iterable[UUID] = ()) -> Iterator[KeptResults]:
    """`added` are the ids that those pupils have, or will have, whom the results add."""
    return kept_texts(result_texts(results, added))


def result_texts(results: Iterable[Listed], added: Iterable[UUID]) -> list[ResultText]:
    ids = iter(added)
    return [
        ResultText(
            one.place,
            one.outcome,
            orjson.dumps(stored(one), default=str).decode(),
            next(ids) if one.outcome == "added" else None,
        )
        for one in results
    ]


def kept_texts(texts: Sequence[ResultText]) -> Iterator[KeptResults]:
    """In their order."""
    for start in range(0, len(texts), _AT_ONCE):
        part = texts[start : start + _AT_ONCE]
        yield KeptResults(
            part[0].place,
            part[-1].place,
            sorted({one.outcome for one in part}),
            f"[{','.join([one.text for one in part])}]",
            [one.added for one in part if one.added],
        )


def stored(one: Listed) -> list[Any]:
    """As JSON has it: without what says nothing, since there are so many."""
    result = one.result
    said: dict[str, Any] = {"number": result.number, "name": result.name}
    said |= {"upn": result.upn, "pupil_id": result.pupil_id}
    if result.probable:
        said["probable"] = True
    if result.changes:
        said["changes"] = [list(vars(change).values()) for change in result.changes]
    if result.faults:
        said["faults"] = [[fault.detail, fault.field] for fault in result.faults]
    if result.notes:
        said["notes"] = [[note.detail, note.field] for note in result.notes]
    if result.outcome != one.outcome:
        said["outcome"] = result.outcome
    return [one.place, one.outcome, said]


def fingerprint_of(kept: Iterable[KeptResults]) -> str:
    """The same for plans that show the same. Ids of who is still to be added are not shown."""
    digest = hashlib.sha256()
    for part in kept:
        digest.update(part.results.encode())
    return digest.hexdigest()


def listed_in(row: Any, of: PupilImport, after: int, outcome: Listing | None) -> list[Listed]:
    """Those after this place. Whom the import adds has an id from its confirmation on."""
    ids = iter(row["added"])
    found = []
    for place, its_outcome, said in orjson.loads(row["results"]):
        added = next(ids, None) if its_outcome == "added" else None
        if place > after and outcome in (None, its_outcome):
            result = Result.of_stored({"outcome": its_outcome} | said)
            if added and of.confirmed_at:
                result = replace(result, pupil_id=added)
            found.append(Listed(place, its_outcome, result))
    return found

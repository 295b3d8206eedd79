"""Which column of a file is which field: by what the school chose before, else by synonyms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from shared.tabular.table import Heading

__all__ = ["heading_key", "recognise"]

_NOT_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=5_000)
def heading_key(text: str) -> str:
    """Without case, accents and punctuation: `E-mail Address*` → `emailaddress`."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return _NOT_WORD.sub("", letters)


def recognise(
    headings: Sequence[Heading],
    synonyms: Mapping[str, Iterable[str]],
    kept: Mapping[str, str | None],
) -> dict[int, str]:
    """Column → field. `synonyms` in the order in which they are wanted, `kept` by `heading_key`.

    What was kept goes first, also where it says that a column is no field; each field is found
    once, in the column whose heading is its best synonym.
    """
    keys: dict[str, int] = {}
    for heading in headings:
        if key := heading_key(heading.text):
            keys.setdefault(key, heading.column)
    found: dict[str, int] = {}
    for key, column in keys.items():
        chosen = kept.get(key)
        if chosen in synonyms:
            found.setdefault(str(chosen), column)
    free = {key: column for key, column in keys.items() if key not in kept}
    for field, words in synonyms.items():
        wanted = (heading_key(word) for word in words)
        best = next((key for key in wanted if key in free), None)
        if best is not None and field not in found:
            found[field] = free.pop(best)
    return {column: field for field, column in sorted(found.items(), key=lambda one: one[1])}

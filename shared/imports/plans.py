"""What a preview comes to, and how a confirmation knows it again (R10)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

from shared.imports.uploads import OUTCOMES, Result

__all__ = ["counts_of", "fingerprint_of"]


def counts_of(results: Sequence[Result]) -> dict[str, int]:
    """How many rows, by outcome; together they are all of them."""
    counted = Counter(result.outcome for result in results)
    return {outcome: counted[outcome] for outcome in OUTCOMES}


def fingerprint_of(results: Sequence[Result]) -> str:
    """The same for plans that show the same."""
    text = json.dumps([result.stored() for result in results], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()

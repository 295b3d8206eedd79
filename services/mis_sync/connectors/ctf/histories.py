"""Parts of a pupil that a CTF has as a history, as they were on the day it was written."""

from __future__ import annotations

from datetime import date

from services.mis_sync.connectors.ctf.document import Block, Value

__all__ = ["first_language", "free_school_meals", "latest_provision"]

_FIRST = "F"


def first_language(block: Block) -> Value | None:
    """The one that is said to be the first; the only one where nothing is said of it."""
    languages = block.several("Languages/Type")
    for each in languages:
        if (each.text("LanguageType") or "").upper() == _FIRST:
            return each.one("Language")
    unsaid = len(languages) == 1 and languages[0].text("LanguageType") is None
    return languages[0].one("Language") if unsaid else None


def latest_provision(block: Block) -> Value | None:
    """The SEN provision that began last; of those without a beginning the last one."""
    held = [each for each in block.several("SENhistory/SEN") if each.one("SENprovision")]
    if not held:
        return None
    return max(enumerate(held), key=lambda pair: (_day(pair[1], "StartDate"), pair[0]))[1].one(
        "SENprovision"
    )


def free_school_meals(block: Block, written: date) -> bool | None:
    """Whether an instance is open on that day; a file without instances says nothing."""
    instances = block.several("FSMhistory/FSMinstance")
    if not instances:
        return None
    return any(
        _day(each, "FSMstartDate") <= written
        and (each.one("FSMendDate") is None or written <= _day(each, "FSMendDate"))
        for each in instances
    )


def _day(block: Block, name: str) -> date:
    """The day, or the first of all where there is none that can be read."""
    try:
        return date.fromisoformat((block.text(name) or "")[:10])
    except ValueError:
        return date.min

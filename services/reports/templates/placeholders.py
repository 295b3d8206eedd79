"""The closed list of what may stand in a template's texts in place of a pupil's own (R25).

`{pupil.forename}` and the like. Braces are for nothing else, so one that is left open, or a word
that is not on the list, is an error with its place and never printed in a report. What is put in is
plain text and is not looked through again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = ["PLACEHOLDERS", "Placeholder", "TextFault", "faults_of_text", "filled", "names_in"]


@dataclass(frozen=True)
class Placeholder:
    """`meaning` is what an office reads, `example` what it may become."""

    name: str
    meaning: str
    example: str


PLACEHOLDERS: tuple[Placeholder, ...] = (
    Placeholder("pupil.forename", "The forename the pupil is called by", "Maya"),
    Placeholder("pupil.surname", "The surname the pupil is called by", "Patel"),
    Placeholder("pupil.full_name", "Forename and surname", "Maya Patel"),
    Placeholder("pupil.legal_name", "Legal forename and surname", "Maya Louise Patel"),
    Placeholder("pupil.class", "The pupil’s class", "3 Blue"),
    Placeholder("pupil.year_group", "The pupil’s year group", "Year 3"),
    Placeholder("pupil.date_of_birth", "The pupil’s date of birth", "4 May 2019"),
    Placeholder("pupil.he_she", "he, she or they", "she"),
    Placeholder("pupil.He_She", "He, She or They, to begin a sentence", "She"),
    Placeholder("pupil.him_her", "him, her or them", "her"),
    Placeholder("pupil.his_her", "his, her or their", "her"),
    Placeholder("pupil.His_Her", "His, Her or Their, to begin a sentence", "Her"),
    Placeholder("pupil.his_hers", "his, hers or theirs", "hers"),
    Placeholder("pupil.himself_herself", "himself, herself or themselves", "herself"),
    Placeholder("pupil.is_are", "is, or are after they", "is"),
    Placeholder("pupil.has_have", "has, or have after they", "has"),
    Placeholder("pupil.was_were", "was, or were after they", "was"),
    Placeholder("class.teacher", "Who teaches the class", "Mrs Smith"),
    Placeholder("term.name", "The term’s name", "Autumn"),
    Placeholder("term.first_day", "The term’s first day", "1 September 2026"),
    Placeholder("term.last_day", "The term’s last day", "18 December 2026"),
    Placeholder("academic_year", "The term’s academic year", "2026/27"),
    Placeholder("school.name", "The school’s name", "Heron Park Primary School"),
)

_NAMES = {placeholder.name for placeholder in PLACEHOLDERS}
_ONE = re.compile(r"\{([^{}\n]*)\}")
_BRACE = re.compile(r"[{}]")


@dataclass(frozen=True)
class TextFault:
    """`at` counts characters from 0; `nearest` is the known placeholder that is most alike."""

    at: int
    found: str
    nearest: str | None
    reason: str


def faults_of_text(text: str) -> list[TextFault]:
    """In the order of their places; none: the text can be filled for every pupil."""
    faults = [_unknown(match) for match in _ONE.finditer(text) if match.group(1) not in _NAMES]
    # Of the same length, so that what is left stands where it stood.
    left = _ONE.sub(lambda match: " " * len(match.group()), text)
    faults += [_alone(match) for match in _BRACE.finditer(left)]
    return sorted(faults, key=lambda fault: fault.at)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text for one pupil. What has no value stays as it is."""
    return _ONE.sub(lambda match: values.get(match.group(1), match.group()), text)


def names_in(text: str) -> list[str]:
    """Which known ones stand in it, in their order."""
    return [name for name in _ONE.findall(text) if name in _NAMES]


def _unknown(match: re.Match[str]) -> TextFault:
    found, name = match.group(), match.group(1)
    nearest = _nearest(name)
    hint = f" Did you mean {{{nearest}}}?" if nearest else ""
    if not name.strip():
        hint = " Say what is to stand there, such as {pupil.forename}."
    reason = f"{found} at character {match.start() + 1} is no placeholder that is known.{hint}"
    return TextFault(match.start(), found, nearest, reason)


def _alone(match: re.Match[str]) -> TextFault:
    at, brace = match.start(), match.group()
    which = "opened and not closed" if brace == "{" else "closed and not opened"
    reason = (
        f"At character {at + 1} a brace is {which}. Braces are for placeholders only, such as "
        "{pupil.forename}."
    )
    return TextFault(at, brace, None, reason)


def _nearest(name: str) -> str | None:
    wanted = name.strip().replace(" ", "_").replace("-", "_")
    # Of `He_She` and `he_she` the small one, which is the later.
    by_lower = {known.lower(): known for known in sorted(_NAMES)}
    if wanted.lower() in by_lower:
        return by_lower[wanted.lower()]
    # `first name` and `pupil.first` alike: with and without what stands before the dot.
    by_part = {known.rpartition(".")[2].lower(): known for known in sorted(_NAMES)} | by_lower
    alike = get_close_matches(wanted.lower(), list(by_part), n=1, cutoff=0.5)
    return by_part[alike[0]] if alike else None

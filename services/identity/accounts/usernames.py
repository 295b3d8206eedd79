"""Usernames: `{postcode}_{surname}`, the next one with `.1` (R7).

The same accounts in the same order get the same names, whoever else is being made at the time.
"""

from __future__ import annotations

from collections.abc import Iterable

from shared.school.names import username_part

__all__ = ["admin_base", "first_free", "user_base"]

_LONGEST_SURNAME = 40


def user_base(postcode: str, surname: str) -> str:
    """`NG7 5PN`, `O’Neill` → `ng75pn_oneill`. A surname without any Latin letter is `user`."""
    return f"{username_part(postcode)}_{username_part(surname)[:_LONGEST_SURNAME] or 'user'}"


def admin_base(postcode: str) -> str:
    """The admin account's, which has no surname."""
    return f"{username_part(postcode)}_admin"


def first_free(bases: Iterable[str], taken: Iterable[str]) -> list[str]:
    """A username for each base in turn: the base, else the lowest number that is free."""
    used = set(taken)
    chosen: list[str] = []
    # All below a base's number are taken, and stay so: a thousand Smiths are counted once.
    numbers: dict[str, int] = {}
    for base in bases:
        number = numbers.get(base, 0)
        name = f"{base}.{number}" if number else base
        while name in used:
            number += 1
            name = f"{base}.{number}"
        numbers[base] = number
        used.add(name)
        chosen.append(name)
    return chosen

"""Who a row is about, of those who are here (R8, R10, R17)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from services.identity.accounts.account import Account, sign_in_key
from services.identity.user_imports.user_import import Said
from shared.imports.uploads import Remark
from shared.school.names import search_key

__all__ = ["Here", "called", "match"]

_KEYS = {"email": "e-mail address", "username": "username", "staff_code": "staff code"}


@dataclass(frozen=True)
class Here:
    """The school as it is. `elsewhere`: addresses of the file that are in use at other schools."""

    postcode: str
    accounts: Sequence[Account]
    elsewhere: frozenset[str]
    usernames: Sequence[str]

    @cached_property
    def users(self) -> list[Account]:
        return [account for account in self.accounts if account.kind == "user"]

    @cached_property
    def by_email(self) -> dict[str, Account]:
        """Of any kind, inactive ones included (R8)."""
        return {sign_in_key(one.email): one for one in self.accounts if one.email}

    @cached_property
    def by_username(self) -> dict[str, Account]:
        return {sign_in_key(user.username): user for user in self.users if user.username}

    @cached_property
    def by_code(self) -> dict[str, list[Account]]:
        found: dict[str, list[Account]] = {}
        for user in self.users:
            if user.staff_code:
                found.setdefault(user.staff_code.casefold(), []).append(user)
        return found

    @cached_property
    def by_name(self) -> dict[str, list[Account]]:
        found: dict[str, list[Account]] = {}
        for user in self.users:
            found.setdefault(search_key(user.name), []).append(user)
        return found


def match(said: Said, here: Here) -> Account | Remark | None:
    """By e-mail, then staff code, then username; where two of them say two people, neither is."""
    found: dict[str, Account] = {}
    holder = here.by_email.get(sign_in_key(said.values.get("email", "")))
    if holder is not None and holder.kind == "user":
        found["email"] = holder
    username = said.values.get("username")
    if username is not None:
        named = here.by_username.get(sign_in_key(username))
        if named is None:
            return Remark(
                f"No user of this school has the username ‘{username[:80]}’. Leave the cell empty "
                "for somebody new: usernames are made here.",
                "username",
            )
        found["username"] = named
    with_code = here.by_code.get(said.values.get("staff_code", "").casefold(), [])
    if len(with_code) == 1:
        found["staff_code"] = with_code[0]
    elif with_code and not any(one in with_code for one in found.values()):
        return Remark(
            "Several users have this staff code. Give the e-mail address or the username too.",
            "staff_code",
        )
    return _the_one(said, found)


def _the_one(said: Said, found: Mapping[str, Account]) -> Account | Remark | None:
    """Of those whom each field says."""
    if not found:
        return None
    (first, user), *others = found.items()
    for field, other in others:
        if other.account_id != user.account_id:
            return Remark(
                f"The {_KEYS[first]} is {called(user)}, and the {_KEYS[field]} is "
                f"{called(other)}. Correct the one that is wrong.",
                field,
            )
    if first == "staff_code" and _another_name(said, user):
        return Remark(
            f"The staff code is {called(user)}, whose name is quite another. If this is the "
            "same person, give the username too; if not, give another staff code.",
            "staff_code",
        )
    return user


def _another_name(said: Said, user: Account) -> bool:
    """Codes are given to new people when others leave: nobody becomes somebody else by one."""
    return all(
        said.values.get(name) and search_key(said.values[name]) != search_key(now or "")
        for name, now in (("forename", user.forename), ("surname", user.surname))
    )


def called(user: Account) -> str:
    return f"{user.name} ({user.username})"

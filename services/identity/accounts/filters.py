"""Which users are asked for: the same questions for the list, its export and what is selected."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from services.identity.accounts.account import Leadership
from services.identity.accounts.repository import UserFilter
from shared.contracts.vocabulary import StaffRole
from shared.web.paging import Line

__all__ = ["WantedUsers"]


def _wanted(
    active: bool | None = None,
    role: StaffRole | None = None,
    leadership: Leadership | None = None,
    claimed: bool | None = None,
    default_password: bool | None = None,
    no_class: Annotated[bool | None, Query(description="Linked to no active class.")] = None,
    search: Annotated[Line | None, Query()] = None,
) -> UserFilter:
    return UserFilter(
        active=active,
        role=role,
        leadership=leadership,
        claimed=claimed,
        default_password=default_password,
        no_class=no_class,
        search=search,
    )


WantedUsers = Annotated[UserFilter, Depends(_wanted)]

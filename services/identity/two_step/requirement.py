"""Of whom the school asks a second step (R29). Anybody else may set one up."""

from __future__ import annotations

from services.identity.accounts.account import Account
from services.identity.school_settings.school_settings import SchoolSettings
from shared.contracts.vocabulary import StaffRole

__all__ = ["asks_for_two_step"]


def asks_for_two_step(settings: SchoolSettings, account: Account) -> bool:
    """True for the admin account and SLT where the school decided so."""
    if settings.two_step != "admin_and_slt":
        return False
    return account.kind == "admin" or account.role is StaffRole.SLT

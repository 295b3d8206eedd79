"""The shapes of the set-up guide's figures over HTTP (R28)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from services.identity.school_settings.school_settings import FirstPasswords
from services.identity.set_up.service import Figures

__all__ = ["GuideBody", "IdentitySetUp"]


class IdentitySetUp(BaseModel):
    """Counted now; active accounts only."""

    has_address: bool
    has_telephone: bool
    has_contact_email: bool
    users: int
    users_claimed: int = Field(description="Who have set a password of their own.")
    users_stuck: int = Field(description="Who have nothing to sign in with.")
    senior_leaders: int
    leaders: int = Field(description="Flagged head or deputy (R5).")
    first_passwords: FirstPasswords
    parents: int
    parents_claimed: int
    put_away: bool = Field(description="Whether the admin put the guide away.")

    @classmethod
    def of(cls, figures: Figures) -> IdentitySetUp:
        school, accounts = figures.school, figures.accounts
        return cls(
            has_address=bool(school.address_line_1 and school.town),
            has_telephone=bool(school.telephone),
            has_contact_email=bool(school.contact_email),
            users=accounts.users,
            users_claimed=accounts.users_claimed,
            users_stuck=figures.stuck,
            senior_leaders=accounts.senior_leaders,
            leaders=accounts.leaders,
            first_passwords=figures.first_passwords,
            parents=accounts.parents,
            parents_claimed=accounts.parents_claimed,
            put_away=figures.put_away,
        )


class GuideBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    put_away: bool

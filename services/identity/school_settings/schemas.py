"""The shapes of a school's settings over HTTP (R29)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from services.identity.school_settings.school_settings import (
    FirstPasswords,
    SchoolSettings,
    TwoStep,
)

__all__ = ["IdentitySettings", "SignInBody", "SignInSettings", "SignInValues"]


class SignInValues(BaseModel):
    first_passwords: FirstPasswords = Field(
        description="What a new user signs in with first: the school's default password, or a "
        "code of their own (R2)."
    )
    two_step: TwoStep = Field(description="Who must have two-step sign-in; others may.")


class SignInSettings(SignInValues):
    version: int = Field(description="0 until somebody changes something.")
    defaults: SignInValues

    @classmethod
    def of(cls, settings: SchoolSettings) -> SignInSettings:
        return cls(
            **settings.values(),
            version=settings.version,
            defaults=SignInValues(**SchoolSettings().values()),
        )


class IdentitySettings(BaseModel):
    """All settings that identity keeps, each section with a version of its own."""

    sign_in: SignInSettings


class SignInBody(SignInValues):
    model_config = ConfigDict(extra="forbid")

    expected_version: int = Field(description="The version that was looked at.")

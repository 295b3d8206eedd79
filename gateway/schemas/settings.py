"""How the product works for the school, each section kept by the service whose rule it is (R29)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gateway.schemas.parts import PartialPage, Shape, Written

__all__ = ["IdentitySettings", "SchoolSettings", "SignInChange", "SignInSettings", "SignInValues"]

FirstPasswords = Literal["default", "starting_codes"]
TwoStep = Literal["optional", "admin_and_slt"]


class SignInValues(Shape):
    first_passwords: FirstPasswords = Field(description="What a new user signs in with first.")
    two_step: TwoStep = Field(description="Who must have two-step sign-in; others may.")


class SignInSettings(SignInValues):
    version: int
    defaults: SignInValues


class SignInChange(Written):
    expected_version: int
    first_passwords: FirstPasswords
    two_step: TwoStep


class IdentitySettings(Shape):
    sign_in: SignInSettings


class SchoolSettings(PartialPage):
    """A section is null where its service does not answer."""

    sign_in: SignInSettings | None = None

"""What the gateway asks of identity, parted by what it is about."""

from __future__ import annotations

from gateway.clients.identity.bodies import Opened
from gateway.clients.identity.parents import Parents
from gateway.clients.identity.school import School
from gateway.clients.identity.sign_in import SignIn
from gateway.clients.identity.two_step import TwoStepSignIn
from gateway.clients.identity.user_imports import UserImports
from gateway.clients.identity.users import Users

__all__ = ["Identity", "Opened"]


class Identity(SignIn, TwoStepSignIn, School, Users, Parents, UserImports):
    """All of it, on behalf of one caller."""

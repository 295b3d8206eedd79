"""Principals: signed for one service, for one minute, by the gateway's key and no other."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from shared.security.principals import (
    InvalidPrincipal,
    Kind,
    Principal,
    PrincipalSigner,
    PrincipalVerifier,
    Scope,
    new_signing_key,
    public_keys,
)

KEY = new_signing_key()
ADMIN = Principal(uuid4(), uuid4(), Kind.ADMIN, None, Scope.FULL, uuid4(), "The office")
NOW = 1_790_000_000


def token(principal: Principal = ADMIN, audience: str = "roster") -> str:
    return PrincipalSigner(KEY, now=lambda: NOW).sign(principal, audience)


def verifier(audience: str = "roster", later: int = 0) -> PrincipalVerifier:
    return PrincipalVerifier(public_keys(KEY), audience, now=lambda: NOW + later)


class TestPrincipals:
    @pytest.mark.parametrize(
        "principal",
        [
            ADMIN,
            replace(ADMIN, kind=Kind.USER, role="teacher", scope=Scope.SET_PASSWORD),
            replace(ADMIN, kind=Kind.OPERATOR, school_id=None, session_id=None, name="Zoë"),
        ],
    )
    def test_what_was_signed_is_read(self, principal: Principal) -> None:
        assert verifier().verify(token(principal)) == principal

    def test_another_service_refuses_it(self) -> None:
        with pytest.raises(InvalidPrincipal):
            verifier("identity").verify(token(audience="roster"))

    def test_it_lasts_a_minute(self) -> None:
        assert verifier(later=59).verify(token()) == ADMIN
        with pytest.raises(InvalidPrincipal):
            verifier(later=66).verify(token())

    def test_one_from_the_future_is_refused(self) -> None:
        with pytest.raises(InvalidPrincipal):
            verifier(later=-30).verify(token())

    def test_another_key_is_refused(self) -> None:
        other = PrincipalSigner(new_signing_key(), now=lambda: NOW).sign(ADMIN, "roster")
        with pytest.raises(InvalidPrincipal):
            verifier().verify(other)

    def test_keys_can_be_changed_over(self) -> None:
        both = PrincipalVerifier(public_keys(new_signing_key(), KEY), "roster", now=lambda: NOW)
        assert both.verify(token()) == ADMIN

    def test_other_algorithms_are_refused(self) -> None:
        claims = {"iss": "classroom", "aud": "roster", "sub": str(uuid4()), "exp": NOW + 60}
        secret = OctKey.import_key(str(KEY["x"]))
        forged = jwt.encode({"alg": "HS256"}, claims, secret, algorithms=["HS256"])
        with pytest.raises(InvalidPrincipal):
            verifier().verify(forged)

    @pytest.mark.parametrize("text", ["", "a.b.c", "Bearer x", "é", "." * 5000])
    def test_nonsense_is_refused(self, text: str) -> None:
        with pytest.raises(InvalidPrincipal):
            verifier().verify(text)

    def test_the_public_keys_hold_nothing_secret(self) -> None:
        assert "d" not in public_keys(KEY)["keys"][0]
        with pytest.raises(ValueError, match="private"):
            PrincipalSigner(public_keys(KEY)["keys"][0])

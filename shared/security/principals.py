"""Who is asking: a principal, signed by the gateway for one service and for one minute.

Ed25519 JSON Web Signatures (RFC 7515, RFC 9864). Services hold the public keys only, so none of
them can speak for a person to another.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

__all__ = [
    "LIFETIME_SECONDS",
    "InvalidPrincipal",
    "Kind",
    "Principal",
    "PrincipalSigner",
    "PrincipalVerifier",
    "Scope",
    "digest_of",
    "new_signing_key",
    "public_keys",
]

LIFETIME_SECONDS = 60
_ALGORITHM = "Ed25519"
_ISSUER = "classroom"
_CLOCK_SKEW_SECONDS = 5

Clock = Callable[[], int]
Jwk = Mapping[str, Any] | Callable[[], Mapping[str, Any]]
"""A key, a set of them, or what gives that of the moment: the same object while it is the same."""

T = TypeVar("T")


class Kind(StrEnum):
    """The kinds of account, and the operator who sets schools up."""

    ADMIN = "admin"
    USER = "user"
    PARENT = "parent"
    OPERATOR = "operator"


class Scope(StrEnum):
    """All but `full` reach nothing but the one step of signing in that they name (R2)."""

    FULL = "full"
    SET_PASSWORD = "set_password"  # noqa: S105 - the name of a right
    CONFIRM_CHILDREN = "confirm_children"
    TWO_STEP = "two_step"
    SET_UP_TWO_STEP = "set_up_two_step"


@dataclass(frozen=True)
class Principal:
    """The person on whose behalf a service is asked. `role` is `teacher` or `slt` for users."""

    account_id: UUID
    school_id: UUID | None
    kind: Kind
    role: str | None
    scope: Scope
    session_id: UUID | None
    name: str
    authenticator: str | None = None
    """What the second step of signing in was done with: of a shared account, whose it is (R1)."""
    children: tuple[UUID, ...] = ()
    """Of a parent, the children whom they see by identity's word of this moment. The gateway asks
    for them where a service needs to know, and nobody else can say."""
    pupils: str | None = None
    """The `digest_of` the pupils whom another service has named for this person, as those whom they
    see (R14): for a service that does not know by itself who is in which group."""

    @property
    def tenant(self) -> UUID:
        """The school; `LookupError` for an operator, who is of none."""
        if self.school_id is None:
            raise LookupError("this principal is of no school")
        return self.school_id


def digest_of(ids: Iterable[UUID]) -> str:
    """The same for the same records, in whichever order, and short however many they are."""
    each = sorted({one.hex for one in ids})
    return hashlib.sha256("".join(each).encode()).hexdigest()


class InvalidPrincipal(Exception):
    """The token is missing, forged, out of date or meant for another service."""


class PrincipalSigner:
    """Signs with the private key, a JSON Web Key, or the one that is given at the moment."""

    def __init__(self, private_jwk: Jwk, *, now: Clock = lambda: int(time.time())):
        self._key = _Made(private_jwk, _private_key)
        self._key()
        self._now = now

    def sign(self, principal: Principal, audience: str) -> str:
        """A token with which `audience`, a service's name, can be asked for the next minute."""
        now = self._now()
        claims = {
            "iss": _ISSUER,
            "aud": audience,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "sub": str(principal.account_id),
            "school": str(principal.school_id) if principal.school_id else None,
            "kind": principal.kind.value,
            "role": principal.role,
            "scope": principal.scope.value,
            "sid": str(principal.session_id) if principal.session_id else None,
            "name": principal.name,
            "authenticator": principal.authenticator,
            "children": [str(child) for child in principal.children],
            "pupils": principal.pupils,
        }
        key = self._key()
        header = {"alg": _ALGORITHM, "kid": key.thumbprint()}
        return jwt.encode(header, claims, key, algorithms=[_ALGORITHM])


class PrincipalVerifier:
    """Verifies for one service, with the public keys, a JSON Web Key set.

    While a key takes the place of another, both are in it; what is in it no more opens nothing.
    """

    def __init__(
        self,
        public_jwks: Jwk,
        audience: str,
        *,
        now: Clock = lambda: int(time.time()),
    ):
        self._keys = _Made(public_jwks, _key_set)
        self._keys()
        self._claims = jwt.JWTClaimsRegistry(
            now=now,
            leeway=_CLOCK_SKEW_SECONDS,
            iss={"essential": True, "value": _ISSUER},
            aud={"essential": True, "value": audience},
            iat={"essential": True},
            exp={"essential": True},
            sub={"essential": True},
        )

    def verify(self, token: str) -> Principal:
        """The principal who was signed. Raises `InvalidPrincipal`, with the reason for the log."""
        try:
            decoded = jwt.decode(token, self._keys(), algorithms=[_ALGORITHM])
            self._claims.validate(decoded.claims)
            return _principal(decoded.claims)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise InvalidPrincipal(str(error) or type(error).__name__) from None


def new_signing_key() -> dict[str, Any]:
    """A new private key as a JSON Web Key: what `PrincipalSigner` is given."""
    return dict(_named(OKPKey.generate_key("Ed25519")).as_dict(private=True))


def public_keys(*private_jwks: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON Web Key set of their public halves: what `PrincipalVerifier` is given."""
    keys = [_named(OKPKey.import_key(dict(jwk))) for jwk in private_jwks]
    return {"keys": [key.as_dict(private=False) for key in keys]}


class _Made(Generic[T]):
    """What is made of keys, and made anew once they are others."""

    def __init__(self, given: Jwk, make: Callable[[Mapping[str, Any]], T]) -> None:
        self._given = given
        self._make = make
        self._made: tuple[Mapping[str, Any], T] | None = None

    def __call__(self) -> T:
        given = self._given() if callable(self._given) else self._given
        if self._made is None or self._made[0] is not given:
            self._made = (given, self._make(given))
        return self._made[1]


def _private_key(jwk: Mapping[str, Any]) -> OKPKey:
    key = OKPKey.import_key(dict(jwk))
    if not key.is_private:
        raise ValueError("signing needs the private key")
    return key


def _key_set(jwks: Mapping[str, Any]) -> KeySet:
    return KeySet([_named(OKPKey.import_key(dict(key))) for key in jwks["keys"]])


def _named(key: OKPKey) -> OKPKey:
    """The key with its thumbprint as its id, so that a set finds it."""
    key.ensure_kid()
    return key


def _principal(claims: Mapping[str, Any]) -> Principal:
    return Principal(
        account_id=UUID(claims["sub"]),
        school_id=UUID(claims["school"]) if claims["school"] else None,
        kind=Kind(claims["kind"]),
        role=claims["role"],
        scope=Scope(claims["scope"]),
        session_id=UUID(claims["sid"]) if claims["sid"] else None,
        name=str(claims["name"]),
        authenticator=claims.get("authenticator"),
        children=tuple(UUID(child) for child in claims.get("children", ())),
        pupils=claims.get("pupils"),
    )

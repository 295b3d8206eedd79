"""Secrets that are handed out once and kept as a hash: session tokens and single-use links."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

__all__ = ["csrf_token_of", "new_token", "token_hash"]

_BYTES = 32


def new_token() -> str:
    """256 random bits, in characters that go into a cookie or an address."""
    return secrets.token_urlsafe(_BYTES)


def token_hash(token: str) -> bytes:
    """What is stored. The token is random, so nothing slower than SHA-256 is called for."""
    return hashlib.sha256(token.encode()).digest()


def csrf_token_of(token: str) -> str:
    """Proves that a request came from our page: only who holds the session can tell it."""
    digest = hmac.new(token.encode(), b"csrf", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

"""What a browser keeps in which somebody signed in: a sealed list of whose it is known to be (R3).

It opens nothing. Who has it guesses under a name of its own, so that others who guess, at the
account or behind the same address, do not keep it out (OWASP: device cookies).
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import TypeAdapter, ValidationError

from services.identity.accounts.account import Account
from services.identity.passwords.peppers import Peppers, Renewed

__all__ = ["LIFE", "MOST", "Devices"]

LIFE = timedelta(days=180)
MOST = 5
"""Accounts of one browser: a shared account, and those who use a computer of the staffroom."""
_SEALED = re.compile(r"[A-Za-z0-9_=-]{1,2048}")


@dataclass(frozen=True)
class _Known:
    """One account in one browser. `password` changes whenever a password is set or reset."""

    account_id: UUID
    nonce: str
    password: str
    until: datetime


_LIST = TypeAdapter(tuple[_Known, ...])


class Devices:
    """`keys` are kept outside the database, the newest first; Fernet keys are made of them for
    this and nothing else. The newest seals; what another has sealed is known until that is gone."""

    def __init__(self, keys: bytes | Peppers, clock: Callable[[], datetime]) -> None:
        self._fernet = Renewed(keys, _fernet)
        self._clock = clock

    def is_ours(self, device: str | None) -> bool:
        """Whether it is known to be of anybody at all."""
        return bool(self._read(device))

    def name_for(self, device: str | None, account: Account | None) -> str | None:
        """By what guesses at the account are counted here; `None` where it is not known here.

        In capitals, so that nothing that is typed as a username is counted with it.
        """
        if account is None or not account.password_hash:
            return None
        for known in self._read(device):
            if (known.account_id, known.password) == (account.account_id, _mark(account)):
                return f"DEVICE {known.nonce}"
        return None

    def renewed(self, device: str | None, account: Account) -> str:
        """What the browser keeps after signing in to the account with its own password.

        The account's nonce stays where it is known already, as do those of others, so that
        signing in, to whichever account, gives nobody more guesses at another.
        """
        others = [one for one in self._read(device) if one.account_id != account.account_id]
        nonce = (self.name_for(device, account) or "").removeprefix("DEVICE ")
        known = _Known(
            account_id=account.account_id,
            nonce=nonce or secrets.token_urlsafe(16),
            password=_mark(account),
            until=self._clock() + LIFE,
        )
        return self._fernet().encrypt(_LIST.dump_json((known, *others[: MOST - 1]))).decode()

    def _read(self, device: str | None) -> list[_Known]:
        """Those of it that are not too old; none where it is not of our making."""
        if not device or not _SEALED.fullmatch(device):
            return []
        try:
            found = _LIST.validate_json(self._fernet().decrypt(device))
        except (InvalidToken, ValidationError):
            return []
        return [one for one in found if self._clock() < one.until]


def _fernet(keys: Sequence[bytes]) -> MultiFernet:
    def one(key: bytes) -> Fernet:
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"identity: known devices")
        return Fernet(base64.urlsafe_b64encode(derive.derive(key)))

    return MultiFernet([one(key) for key in keys])


def _mark(account: Account) -> str:
    """Hashes are salted, so that the same password, set again, has another."""
    return hashlib.sha256((account.password_hash or "").encode()).hexdigest()[:32]

"""The rules of codes and seals by themselves, over many times, keys and histories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import pyotp
import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from services.identity.two_step.authenticator import address_of, new_secret, step_of
from services.identity.two_step.recovery import HOW_MANY, label_of, new_codes, typed
from services.identity.two_step.sealing import Sealing, UnknownSeal

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
moments = st.integers(1_700_000_000, 2_800_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


class TestCodes:
    @pytest.mark.parametrize(
        ("at", "code"),
        [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
    )
    def test_they_are_those_of_rfc_6238(self, at: int, code: str) -> None:
        """Appendix B, SHA-1, the last six of its eight digits."""
        secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        assert step_of(secret, code, datetime.fromtimestamp(at, UTC)) == at // 30

    @given(now=moments, off=st.integers(-10, 10))
    def test_a_code_is_of_its_step_and_taken_one_step_off(self, now: datetime, off: int) -> None:
        shown_at = now + timedelta(seconds=30 * off)
        code = pyotp.TOTP(SECRET).at(shown_at)
        step = step_of(SECRET, code, now)
        near = {pyotp.TOTP(SECRET).at(now + timedelta(seconds=30 * one)) for one in (-1, 0, 1)}
        assert (step is not None) == (code in near)
        if abs(off) <= 1 and len(near) == 3:
            assert step == int(shown_at.timestamp()) // 30

    @given(code=st.text(max_size=12))
    def test_nothing_else_is_taken(self, code: str) -> None:
        now = datetime(2026, 9, 1, 8, tzinfo=UTC)
        near = {pyotp.TOTP(SECRET).at(now + timedelta(seconds=30 * one)) for one in (-1, 0, 1)}
        if code not in near:
            assert step_of(SECRET, code, now) is None


def test_the_picture_names_school_and_username() -> None:
    address = address_of(SECRET, "ng75pn_smith.1", "St Mary's: Infants & Juniors")
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    issuer = "Classroom Monitor St Mary's  Infants & Juniors"
    assert unquote(parts.path) == f"/{issuer}:ng75pn_smith.1"
    assert parse_qs(parts.query) == {"secret": [SECRET], "issuer": [issuer]}


class TestRecoveryCodes:
    def test_ten_that_are_found_by_their_first_group(self) -> None:
        codes = new_codes()
        assert len(codes) == HOW_MANY == len({label_of(code) for code in codes})

    @given(st.data())
    def test_how_it_is_typed_makes_no_difference(self, data: st.DataObject) -> None:
        code = new_codes()[0]
        written = "".join(
            data.draw(st.sampled_from(["", " ", "-"]))
            + data.draw(st.sampled_from([one, one.upper()]))
            for one in code
        )
        assert typed(written) == typed(code)


class TestSealing:
    def test_a_secret_comes_back(self) -> None:
        sealing, whose, secret = Sealing([Fernet.generate_key().decode()]), uuid4(), new_secret()
        sealed = sealing.seal(secret, whose)
        assert secret.encode() not in sealed
        assert sealing.open(sealed, whose) == secret
        assert not sealing.is_old(sealed)

    def test_in_another_row_it_opens_nothing(self) -> None:
        sealing = Sealing([Fernet.generate_key().decode()])
        sealed = sealing.seal(SECRET, uuid4())
        with pytest.raises(UnknownSeal):
            sealing.open(sealed, uuid4())

    def test_an_old_key_opens_what_it_sealed_while_it_is_there(self) -> None:
        old, new, whose = Fernet.generate_key().decode(), Fernet.generate_key().decode(), uuid4()
        sealed = Sealing([old]).seal(SECRET, whose)
        both = Sealing([new, old])
        assert both.open(sealed, whose) == SECRET
        assert both.is_old(sealed)
        with pytest.raises(UnknownSeal):
            Sealing([new]).open(sealed, whose)

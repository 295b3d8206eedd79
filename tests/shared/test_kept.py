"""Secrets are read again as their files are replaced."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest

from services.roster.settings import Settings as RosterSettings
from shared.kept import Reread, first_let_in, lines, lines_of
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


def replace(path: Path, text: str) -> None:
    """As a secret is handed out: written beside and renamed."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    fresh.replace(path)


class _Refused(Exception):
    pass


def test_a_file_that_was_replaced_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    replace(file, "one\n")
    kept = Reread(file, lines)
    assert kept() is kept()
    replace(file, "two\none\n")
    assert kept() == ("two", "one")
    replace(file, "")
    assert kept() == ("two", "one"), "half of a file is none"
    file.unlink()
    assert kept() == ("two", "one")


async def test_the_first_that_is_let_in_is_taken() -> None:
    tried: list[str] = []

    async def enter(address: str) -> str:
        tried.append(address)
        if address != "old":
            raise _Refused(address)
        return address

    assert await first_let_in("new\nold", enter, _Refused) == "old"
    assert tried == ["new", "old"]
    with pytest.raises(_Refused, match="other"):
        await first_let_in(lines_of("new\nother"), enter, _Refused)


def test_a_setting_that_came_by_a_file_is_read_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLASSROOM_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("CLASSROOM_RABBITMQ_URL", "amqp://given")
    file = tmp_path / "classroom_database_url"
    replace(file, "postgresql://old")
    settings = RosterSettings(principal_public_key_file=tmp_path / "keys.json")
    database, broker = settings.kept("database_url"), settings.kept("rabbitmq_url")
    replace(file, "postgresql://new\npostgresql://old")
    replace(tmp_path / "classroom_rabbitmq_url", "amqp://another")
    assert database() == ("postgresql://new", "postgresql://old")
    assert broker() == ("amqp://given",)


def test_principals_go_over_to_another_key(tmp_path: Path) -> None:
    old, new = new_signing_key(), new_signing_key()
    private, public = tmp_path / "private.json", tmp_path / "public.json"
    replace(private, json.dumps(old))
    replace(public, json.dumps(public_keys(old)))
    signer = PrincipalSigner(Reread(private, json.loads))
    verifier = PrincipalVerifier(Reread(public, json.loads), "roster")
    somebody = Principal(uuid4(), uuid4(), Kind.ADMIN, None, Scope.FULL, None, "Somebody")
    by_the_old = signer.sign(somebody, "roster")
    replace(public, json.dumps(public_keys(new, old)))
    assert verifier.verify(by_the_old) == somebody
    replace(private, json.dumps(new))
    by_the_new = signer.sign(somebody, "roster")
    assert verifier.verify(by_the_old) == verifier.verify(by_the_new) == somebody
    replace(public, json.dumps(public_keys(new)))
    assert verifier.verify(by_the_new) == somebody
    with pytest.raises(InvalidPrincipal):
        verifier.verify(by_the_old)

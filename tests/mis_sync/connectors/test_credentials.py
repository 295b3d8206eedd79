"""The credentials file is taken only as it was downloaded (R15)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.mis_sync.connectors.credentials import CredentialsRefused, load_credentials
from services.mis_sync.links.credentials import new_broker_credentials

CONTENT: dict[str, Any] = {
    "version": 1,
    "school": "Heron Park Primary School",
    "url": "amqps://broker.example:5671/mis",
    "username": "c_0192f0c1",
    "password": "p@ss/wörd:1",
    "signing_key": dict(new_broker_credentials(uuid4()).signing_key),
    "exchange": "mis.in",
    "request_queue": "mis.requests.c_0192f0c1",
    "created_at": "2026-11-24T03:00:00Z",
}


def _file(folder: Path, **changes: Any) -> Path:
    path = folder / "credentials.json"
    path.write_text(json.dumps({**CONTENT, **changes}), encoding="utf-8")
    return path


def test_it_is_read_and_written_as_it_is(tmp_path: Path) -> None:
    credentials = load_credentials(_file(tmp_path, something_newer=1))
    assert credentials.file_content() == CONTENT
    assert credentials.broker == "broker.example:5671"
    address = credentials.address()
    assert (address.user, address.password, address.path) == ("c_0192f0c1", "p@ss/wörd:1", "/mis")


def test_it_never_shows_its_secrets(tmp_path: Path) -> None:
    shown = repr(load_credentials(_file(tmp_path)))
    assert "p@ss" not in shown
    assert CONTENT["signing_key"]["d"] not in shown


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": 2}, "version"),
        ({"signing_key": None}, "signing_key"),
        ({"signing_key": {**CONTENT["signing_key"], "d": ""}}, "signing_key.d"),
        ({"url": "http://broker/mis"}, "amqp://host:port/mis"),
        ({"url": "amqp://a:b@broker/mis"}, "must not hold the name and password"),
        ({"url": "amqp://broker:5672"}, "virtual host"),
        ({"username": "c.1"}, "username"),
        ({"password": ""}, "password"),
        ({"exchange": None}, "exchange"),
    ],
)
def test_it_is_refused_with_the_reason(
    changes: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(CredentialsRefused, match=reason) as caught:
        load_credentials(_file(tmp_path, **changes))
    assert "p@ss" not in str(caught.value)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"x"', "[" * 50_000, " " * 70_000])
def test_what_is_not_one_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    path.write_text(content)
    with pytest.raises(CredentialsRefused, match="not a credentials file"):
        load_credentials(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CredentialsRefused, match="cannot be read: No such file"):
        load_credentials(tmp_path / "none.json")

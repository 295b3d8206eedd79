"""The small TOML or JSON file that says where a web service is and with what one may read it.

A secret may be left out of the file and stand in an environment variable instead. It is never an
argument of a command, which others on the computer could see, and never in a sentence.
"""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Annotated, Any, ClassVar, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError
from yarl import URL

from services.mis_sync.connectors.findings import ExportRefused, Problem

__all__ = ["Config", "Line", "WebAddress", "load_config"]

MAX_BYTES = 64 * 1024
_THIS_COMPUTER = ("127.0.0.1", "::1", "localhost")
_OTHERS_CAN_READ = stat.S_IRGRP | stat.S_IROTH

Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\r\n]+$"),
]
"""A text that may stand in a header."""


def _address(text: str) -> str:
    try:
        url = URL(text.strip())
    except ValueError:
        raise ValueError("it is not a web address") from None
    if url.user is not None or url.password is not None:
        raise ValueError("it must not hold a name and password")
    if not url.host or url.query_string or url.fragment:
        raise ValueError("it must be https://host/path, and end there")
    if url.scheme != "https" and not (url.scheme == "http" and url.host in _THIS_COMPUTER):
        raise ValueError("it must start with https://, since names of children go over it")
    return str(url).rstrip("/")


WebAddress = Annotated[str, AfterValidator(_address)]


class Config(BaseModel):
    """What each file has; `SECRETS` are fields that an environment variable may hold instead."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    SECRETS: ClassVar[dict[str, str]] = {}


C = TypeVar("C", bound=Config)


def load_config(path: Path, model: type[C]) -> tuple[C, tuple[str, ...]]:
    """The configuration, and what its owner should know. Raises `ExportRefused`."""
    fields = _fields(path)
    for name, variable in model.SECRETS.items():
        if fields.get(name) is None and (secret := os.environ.get(variable)):
            fields[name] = secret
    try:
        config = model.model_validate(fields)
    except ValidationError as error:
        _refuse(path, "; ".join(_wrong(each, model) for each in error.errors()))
    return config, _known_to_others(path)


def _fields(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        _refuse(path, f"it cannot be read: {error.strerror or error}")
    try:
        if len(content) > MAX_BYTES:
            raise ValueError
        text = content.decode("utf-8-sig")
        fields = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError):
        _refuse(path, "it is neither TOML nor JSON")
    if not isinstance(fields, dict):
        _refuse(path, "it must hold names and values")
    return fields


def _wrong(error: Any, model: type[Config]) -> str:
    """Never with what the file has there, which may be the secret."""
    name = ".".join(map(str, error["loc"]))
    if error["type"] == "missing" and name in model.SECRETS:
        return f"{name} is missing, and the environment has no {model.SECRETS[name]}"
    words = {"missing": "is missing", "extra_forbidden": "is not a setting of this kind"}
    what = words.get(error["type"], re.sub(r"^Value error, ", "", error["msg"]))
    return f"{name}: {what}" if name else what


def _known_to_others(path: Path) -> tuple[str, ...]:
    if os.name == "posix" and path.stat().st_mode & _OTHERS_CAN_READ:
        return (f"Others on this computer can read {path}, and what it holds: chmod 600 {path}",)
    return ()


def _refuse(path: Path, reason: str) -> NoReturn:
    raise ExportRefused([Problem(f"The configuration cannot be used: {reason}.", path.name)])

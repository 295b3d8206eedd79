"""The credentials file that a school downloads once when it links its MIS (R15)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
)
from yarl import URL

__all__ = ["Credentials", "CredentialsRefused", "SigningKey", "load_credentials"]

MAX_BYTES = 64 * 1024


class CredentialsRefused(Exception):
    """The credentials file cannot be used; the text says why and never holds the password."""


def _broker_address(text: str) -> str:
    url = URL(text)
    if url.scheme not in ("amqp", "amqps") or not url.host:
        raise ValueError("it must be amqp://host:port/mis or amqps://host:port/mis")
    if url.user is not None or url.password is not None:
        raise ValueError("it must not hold the name and password")
    if not re.fullmatch(r"/[^/]+", url.path):
        raise ValueError("it must end in the name of the virtual host, such as /mis")
    return text


class SigningKey(BaseModel):
    """The connector's own key, as a JSON Web Key (RFC 8037); `d` is what nobody else may know."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: Annotated[str, StringConstraints(pattern=r"^[\w-]{43}$")]
    d: SecretStr = Field(min_length=43, max_length=43)

    def as_jwk(self) -> dict[str, str]:
        """The key whole, for signing; never to be shown."""
        return {"kty": self.kty, "crv": self.crv, "x": self.x, "d": self.d.get_secret_value()}


class Credentials(BaseModel):
    """What one connector of one school needs to publish, and nothing that lets it do more."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: Literal[1]
    school: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    url: Annotated[str, AfterValidator(_broker_address)]
    username: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,100}$")]
    password: SecretStr = Field(min_length=1)
    signing_key: SigningKey
    exchange: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    request_queue: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    created_at: AwareDatetime

    @property
    def encrypted(self) -> bool:
        return URL(self.url).scheme == "amqps"

    @property
    def host(self) -> str:
        return URL(self.url).host or ""

    @property
    def broker(self) -> str:
        """Host and port, for sentences."""
        return f"{self.host}:{URL(self.url).port or (5671 if self.encrypted else 5672)}"

    def address(self) -> URL:
        """The broker's URL with name and password, for connecting; never to be shown."""
        return (
            URL(self.url).with_user(self.username).with_password(self.password.get_secret_value())
        )

    def file_content(self) -> dict[str, Any]:
        """What the file holds, password and key included."""
        secret = {
            "password": self.password.get_secret_value(),
            "signing_key": self.signing_key.as_jwk(),
        }
        return {**self.model_dump(mode="json"), **secret}


def load_credentials(path: Path) -> Credentials:
    """Read a credentials file. Raises `CredentialsRefused`."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CredentialsRefused(f"{path} cannot be read: {error.strerror or error}.") from error
    try:
        if len(content) > MAX_BYTES:
            raise ValueError
        fields = json.loads(content)
        if not isinstance(fields, dict):
            raise ValueError
    except (ValueError, RecursionError):
        raise CredentialsRefused(
            f"{path} is not a credentials file. Download it again from MIS Synchronisation."
        ) from None
    try:
        return Credentials.model_validate(fields)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
            for each in error.errors(include_input=False, include_url=False)
        )
        raise CredentialsRefused(f"{path} is not a valid credentials file: {wrong}.") from None

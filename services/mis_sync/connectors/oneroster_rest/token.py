"""The bearer token of a OneRoster service: OAuth 2 client credentials, anew when one expires."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import httpx

from services.mis_sync.connectors.findings import ExportRefused, Problem
from services.mis_sync.connectors.oneroster_rest.config import OneRosterConfig
from services.mis_sync.connectors.web.client import WebClient

__all__ = ["Tokens"]

_TOKEN = re.compile(r"[\x21-\x7e]{1,10000}")


@dataclass
class Tokens:
    """Asks for a token when first needed, and for another when it is no longer accepted."""

    client: WebClient
    config: OneRosterConfig
    _token: str | None = field(default=None, repr=False)

    def header(self) -> str:
        if self._token is None:
            self._token = self._ask()
        return f"Bearer {self._token}"

    def renew(self) -> bool:
        self._token = None
        return True

    def _ask(self) -> str:
        config = self.config
        auth = httpx.Auth()  # which adds nothing
        if config.credentials_in == "header":
            auth = httpx.BasicAuth(config.client_id, config.client_secret.get_secret_value())
        answer = self.client.post_form(config.token_url, config.form(), auth)
        token = answer.content.get("access_token")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            reason = "The answer holds no access_token: is the token_url right?"
            raise ExportRefused([Problem(reason, config.token_url)])
        return token

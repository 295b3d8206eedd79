"""Where a OneRoster service is, which version it speaks, and how one gets a token of it."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, SecretStr, model_validator

from services.mis_sync.connectors.oneroster.export import Version
from services.mis_sync.connectors.web.config import Config, Line, WebAddress

__all__ = ["OneRosterConfig"]

XPORTER = "https://xporter.groupcall.com/api/ims/oneroster/v1p1/school"
_VERSIONS = {"v1p1": Version.V1_1, "v1p2": Version.V1_2}


class OneRosterConfig(Config):
    """`service = "xporter"` knows all but who is asking: `relying_party` and `establishment`."""

    SECRETS: ClassVar[dict[str, str]] = {"client_secret": "ONEROSTER_CLIENT_SECRET"}

    service: Literal["oneroster", "xporter"] = "oneroster"
    url: WebAddress
    version: Version
    token_url: WebAddress
    client_id: Line
    client_secret: SecretStr = Field(min_length=1)
    relying_party: Line | None = None
    establishment: Line | None = None
    scope: Line | None = None
    credentials_in: Literal["header", "form"] = "header"
    """Where the token endpoint wants them; OAuth 2 knows both."""
    page_size: Annotated[int, Field(ge=1, le=10_000)] = 1_000
    paging: bool = True
    """Without it each list is asked for once, for services that give all at once."""

    @model_validator(mode="before")
    @classmethod
    def _known_by_others(cls, fields: Any) -> Any:
        if not isinstance(fields, dict):
            return fields
        known = dict(fields)
        if known.get("service") == "xporter":
            for name in ("relying_party", "establishment"):
                if not known.get(name):
                    raise ValueError(f"{name} is missing, which Xporter needs")
            known.setdefault("url", XPORTER)
            known.setdefault("token_url", f"{str(known['url']).rstrip('/')}/auth/token")
            known.setdefault("client_id", f"{known['relying_party']}|{known['establishment']}")
        found = re.search(r"/(v1p[12])(/|$)", str(known.get("url", "")))
        if found is not None:
            known.setdefault("version", _VERSIONS[found[1]])
        return known

    def form(self) -> dict[str, str]:
        """What the token endpoint is sent; Xporter's is sent nothing."""
        if self.service == "xporter":
            return {}
        form = {"grant_type": "client_credentials"}
        if self.scope is not None:
            form["scope"] = self.scope
        if self.credentials_in == "form":
            secret = self.client_secret.get_secret_value()
            form |= {"client_id": self.client_id, "client_secret": secret}
        return form

"""What went wrong in asking a service: it is away, it has failed, or it refused with a problem."""

from __future__ import annotations

from typing import Any

import httpx

from gateway.schemas.parts import ServiceName
from shared.web.problems import MEDIA_TYPE, Problem, problem_type

__all__ = ["ServiceAway", "ServiceFault", "ServiceRefused"]

_SLUG_PREFIX = problem_type("")


class ServiceAway(Problem):
    """The service did not answer in time, or not in a way that can be read."""

    status, slug = 503, "service-unavailable"
    title = "A part of the system is not answering"

    def __init__(self, service: ServiceName) -> None:
        detail = "Please try again in a minute."
        super().__init__(detail, headers={"Retry-After": "5"}, service=service.value)
        self.service = service


class ServiceFault(ServiceAway):
    """It answered that it failed: coming back in a few seconds may not help."""

    status, slug, title = 502, "service-fault", "A part of the system has failed"


class ServiceRefused(Problem):
    """A problem of a service, passed on with its status, type, words and extras."""

    def __init__(self, answer: httpx.Response) -> None:
        details = _problem_details(answer)
        slug = str(details.pop("type", "")).removeprefix(_SLUG_PREFIX)
        title = str(details.pop("title", answer.reason_phrase))
        details.pop("status", None)
        retry = answer.headers.get("Retry-After")
        super().__init__(
            str(details.pop("detail", title)),
            headers={"Retry-After": retry} if retry else None,
            **details,
        )
        self.status = answer.status_code
        self.slug = slug or "refused"
        self.title = title


def _problem_details(answer: httpx.Response) -> dict[str, Any]:
    if answer.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
        details = answer.json()
        if isinstance(details, dict):
            return details
    return {}

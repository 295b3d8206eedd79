"""A collection of a OneRoster service, page by page to its end, whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NoReturn

from services.mis_sync.connectors.findings import ExportRefused, Problem
from services.mis_sync.connectors.oneroster_rest.config import OneRosterConfig
from services.mis_sync.connectors.snapshot import MAX_RECORDS
from services.mis_sync.connectors.web.client import Answer, WebClient

__all__ = ["read_collection"]

MAX_ITEMS = 2 * MAX_RECORDS


def read_collection(
    client: WebClient,
    config: OneRosterConfig,
    name: str,
    *,
    since: datetime | None = None,
    optional: bool = False,
) -> list[dict[str, Any]] | None:
    """All of it, or what changed `since`; `None` where it is `optional` and not given.

    Raises `ExportRefused` for one that ends before its end.
    """
    params = {}
    if since is not None:
        moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        params["filter"] = f"dateLastModified>'{moment}'"
    if not config.paging:
        answer = client.get(name, params, optional=optional)
        return None if answer is None else _items(answer, name)
    params |= {"limit": str(config.page_size), "offset": "0"}
    first = client.get(name, params, optional=optional)
    return None if first is None else _Pages(client, name, params).read(first)


class _Pages:
    def __init__(self, client: WebClient, name: str, params: dict[str, str]) -> None:
        self.client = client
        self.name = name
        self.params = params
        self.items: list[dict[str, Any]] = []
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.total: int | None = None

    def read(self, answer: Answer) -> list[dict[str, Any]]:
        """Follow the links if there are any, else count: to the total, or to an empty page."""
        while self._take(answer):
            following = answer.links.get("next")
            if following is not None:
                if following in self.links:
                    self._refuse("its pages go round in a circle")
                self.links.add(following)
                answer = self.client.get_next(following)
            elif self.links or (self.total is not None and len(self.items) >= self.total):
                break
            else:
                params = {**self.params, "offset": str(len(self.items))}
                page = self.client.get(self.name, params)
                assert page is not None  # noqa: S101
                answer = page
        if self.total is not None and len(self.items) != self.total:
            self._refuse(f"it has {self.total}, but {len(self.items)} came")
        return self.items

    def _take(self, answer: Answer) -> bool:
        """Whether there was anything on the page."""
        total = answer.headers.get("x-total-count", "")
        if total.isascii() and total.isdigit():
            count = int(total[:9])
            if self.total not in (None, count):
                self._refuse("it changed while it was read")
            self.total = count
        page = _items(answer, self.name)
        for item in page:
            id_ = str(item.get("sourcedId"))
            if id_ in self.ids:
                self._refuse(
                    f"{id_[:60]} came twice: it changed while it was read, or the service does "
                    "not page (then set paging = false)"
                )
            self.ids.add(id_)
        self.items += page
        if len(self.items) > MAX_ITEMS:
            self._refuse(f"it has over {MAX_ITEMS} records")
        return bool(page)

    def _refuse(self, reason: str) -> NoReturn:
        raise ExportRefused([Problem(f"The list cannot be trusted: {reason}.", self.name)])


def _items(answer: Answer, name: str) -> list[dict[str, Any]]:
    items = answer.content.get(name)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        reason = f"The answer holds no list of {name}: does the service speak OneRoster?"
        raise ExportRefused([Problem(reason, name)])
    return items

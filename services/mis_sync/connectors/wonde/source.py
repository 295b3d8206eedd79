"""What Wonde holds of one school: its lists, page by page to their ends, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from services.mis_sync.connectors.findings import ExportRefused, Findings, Problem, Remark
from services.mis_sync.connectors.snapshot import MAX_RECORDS
from services.mis_sync.connectors.web.client import Answer, WebClient
from services.mis_sync.connectors.web.fields import object_of
from services.mis_sync.connectors.wonde.config import WondeConfig
from services.mis_sync.connectors.wonde.items import Item

__all__ = ["Lists", "Token", "read_lists"]

_STUDENT = "education_details,extended_details,contacts,contacts.contact_details"


@dataclass(frozen=True)
class Token:
    """Wonde's do not expire, so that another is not to be had."""

    config: WondeConfig

    def header(self) -> str:
        return f"Bearer {self.config.token.get_secret_value()}"

    def renew(self) -> bool:
        return False


@dataclass(frozen=True)
class Lists:
    """`None` where Wonde does not give one."""

    school: Item
    students: list[Item]
    employees: list[Item]
    classes: list[Item]
    groups: list[Item] | None
    leavers: list[Item] | None
    deletions: list[Item] | None


def read_lists(client: WebClient, config: WondeConfig, findings: Findings) -> Lists:
    """Raises `ExportRefused` if any list cannot be read to its end."""
    reader = _Reader(client, config, findings)
    return Lists(
        school=reader.school(),
        students=reader.all("students", _STUDENT) or [],
        employees=reader.all("employees", "contact_details") or [],
        classes=reader.all("classes", "students,employees,subject") or [],
        groups=reader.all("groups", "students,employees", optional=True),
        leavers=reader.all("students-leaver", optional=True),
        deletions=reader.all("deletions", optional=True, several=True),
    )


@dataclass(frozen=True)
class _Reader:
    client: WebClient
    config: WondeConfig
    findings: Findings

    def school(self) -> Item:
        answer = self.client.get(f"schools/{self.config.school}")
        assert answer is not None  # noqa: S101
        fields = answer.content.get("data")
        if not isinstance(fields, dict) or fields.get("id") != self.config.school:
            self._refuse("school", f"the answer is not about {self.config.school}")
        return Item(fields, "school", self.findings)

    def all(
        self, name: str, include: str = "", *, optional: bool = False, several: bool = False
    ) -> list[Item] | None:
        """`several`: an id may be there more than once."""
        params = {"per_page": str(self.config.page_size)}
        if include:
            params["include"] = include
        path = f"schools/{self.config.school}/{name}"
        answer = self.client.get(path, params, optional=optional)
        if answer is None:
            self.findings.remark(Remark.COLLECTION_NOT_GIVEN, name)
            return None
        found: list[Item] = []
        ids: set[str] = set()
        seen: set[str] = set()
        while True:
            for item in self._items(answer, name):
                id_ = item.id() or ""
                if id_ in ids and not several:
                    self._refuse(name, f"{id_[:60]} came twice, so it changed while it was read")
                ids.add(id_)
                found.append(item)
            if len(found) > MAX_RECORDS:
                self._refuse(name, f"it has over {MAX_RECORDS} records")
            following = self._next(answer, name, seen)
            if following is None:
                return found
            answer = self.client.get_next(following)

    def _items(self, answer: Answer, name: str) -> list[Item]:
        data = answer.content.get("data")
        if not isinstance(data, list) or not all(isinstance(each, dict) for each in data):
            self._refuse(name, "the answer holds no list")
        return [
            Item(fields, f"{name} {str(fields.get('id'))[:60]}", self.findings) for fields in data
        ]

    def _next(self, answer: Answer, name: str, seen: set[str]) -> str | None:
        meta = object_of(answer.content.get("meta"), self.findings, name, "meta")
        pages = object_of(meta.get("pagination"), self.findings, name, "pagination")
        following, more = pages.get("next"), pages.get("more")
        if not following:
            if more:
                self._refuse(name, "there is more of it, but not where")
            return None
        if more is False:
            return None
        if not isinstance(following, str) or following in seen:
            self._refuse(name, "its pages go round in a circle")
        seen.add(following)
        return following

    def _refuse(self, name: str, reason: str) -> NoReturn:
        raise ExportRefused([Problem(f"The list cannot be trusted: {reason}.", name)])

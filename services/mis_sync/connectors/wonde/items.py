"""Wonde's objects: nested ones stand in `data`, dates are objects, null is no information (R17)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.mis_sync.connectors.findings import Findings, Remark
from services.mis_sync.connectors.values import MAX_CODE, MAX_TEXT, can_be_birth, flag_of
from services.mis_sync.connectors.web.fields import list_of, object_of, text_of

__all__ = ["Item"]


@dataclass(frozen=True)
class Item:
    """One object, and where it stands for sentences: `students A123`."""

    fields: dict[str, Any]
    place: str
    findings: Findings

    def text(self, *names: str) -> str | None:
        """The first of these fields that says anything."""
        for name in names:
            found = text_of(self.fields.get(name), self.findings, self.place, name)
            if found is None:
                continue
            if len(found) > MAX_TEXT:
                self.remark(Remark.TEXT_TOO_LONG)
                return None
            return found
        return None

    def code(self, *names: str) -> str | None:
        found = self.text(*names)
        if found is not None and len(found) > MAX_CODE:
            self.remark(Remark.CODE_NOT_USED)
            return None
        return found

    def flag(self, *names: str) -> bool | None:
        for name in names:
            value = self.fields.get(name)
            found = value if isinstance(value, bool) else flag_of(self.text(name) or "")
            if found is not None:
                return found
        return None

    def birth_date(self, name: str, today: date) -> date | None:
        """`{"date": "2019-01-07 00:00:00.000000", …}`; a plain date will do."""
        value = self.fields.get(name)
        if isinstance(value, dict):
            value = value.get("date")
        text = text_of(value, self.findings, self.place, name)
        if text is None:
            return None
        try:
            born = date.fromisoformat(text[:10])
        except ValueError:
            born = None
        if born is None or not can_be_birth(born, today):
            self.remark(Remark.BIRTH_DATE_NOT_USED)
            return None
        return born

    def id(self) -> str | None:
        """A record without one is a problem, since nothing tells it from others."""
        found = self.text("id")
        if found is None:
            self.problem("There is no id.", "id")
        return found

    def inside(self, name: str) -> Item:
        """The object under a name; one without fields where it is not told."""
        return Item(self._data(name, {}), self.place, self.findings)

    def several(self, name: str) -> list[Item] | None:
        """The list under a name; `None` where it is not told."""
        data = self._data(name, None)
        return None if data is None else list(self._items(data, name))

    def problem(self, reason: str, name: str) -> None:
        self.findings.problem(reason, self.place, None, name)

    def remark(self, remark: Remark) -> None:
        self.findings.remark(remark, self.place)

    def _data(self, name: str, missing: Any) -> Any:
        around = object_of(self.fields.get(name), self.findings, self.place, name)
        data = around.get("data", around if isinstance(missing, dict) else None)
        if data is None:
            return missing
        if isinstance(missing, dict):
            return object_of(data, self.findings, self.place, name)
        return data

    def _items(self, data: Any, name: str) -> Iterator[Item]:
        for each in list_of(data, self.findings, self.place, name):
            fields = object_of(each, self.findings, self.place, name)
            yield Item(fields, f"{self.place}, {name}", self.findings)

"""A pupil of a CTF as a record (R17).

CTF has no id of the MIS's own. A pupil is known by their UPN; where they had another, by that one,
so that who gets a permanent UPN for a temporary one remains the same record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TypedDict

from services.mis_sync.connectors.ctf.document import Block, Value
from services.mis_sync.connectors.ctf.histories import (
    first_language,
    free_school_meals,
    latest_provision,
)
from services.mis_sync.connectors.findings import Findings, Remark
from services.mis_sync.connectors.values import (
    MAX_CODE,
    can_be_birth,
    flag_of,
    has_upn_form,
    sex_of,
    upn_as_id,
    year_group_of,
)
from shared.contracts.mis import PupilRecord
from shared.contracts.vocabulary import Sex, YearGroup

__all__ = ["PupilReader"]


class OptionalFields(TypedDict):
    ethnicity: str | None
    first_language: str | None
    sen_provision: str | None
    free_school_meals: bool | None
    in_care: bool | None


_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T00:00:00(?:\.0+)?Z?)?", re.ASCII)


@dataclass
class PupilReader:
    """Reads one pupil after the other; what is wrong with them goes to `findings`."""

    file: str
    today: date
    findings: Findings
    written: date
    """The day that the file was written on, for what has a beginning and an end."""
    _lines: dict[str, int] = field(default_factory=dict)
    """Where each UPN stands that is taken."""

    def read(self, block: Block) -> PupilRecord | None:
        """The record; `None` for a pupil without a UPN, whom nothing tells from others."""
        upn = block.one("UPN")
        if upn is None:
            self._remark(Remark.LEFT_OUT_WITHOUT_UPN, block.line)
            return None
        if not has_upn_form(upn.text):
            self._remark(Remark.LEFT_OUT_UPN_NOT_ONE, upn.line)
            return None
        former = [value.text for value in block.all("FormerUPN") if self._is_upn(value)]
        mis_id = upn_as_id(former[0] if former else upn.text)
        for taken in {mis_id, upn_as_id(upn.text)}:
            self._take(taken, upn)
        return PupilRecord(
            mis_id=mis_id,
            upn=upn.text,
            former_upns=tuple(former),
            legal_forename=self._forename(block),
            legal_surname=self._surname(block),
            preferred_forename=block.text("PreferredForename"),
            preferred_surname=block.text("PreferredSurname"),
            middle_names=block.text("MiddleNames"),
            date_of_birth=self._birth_date(block),
            sex=self._sex(block.one("Sex", "Gender")),
            year_group=self._year_group(block.one("NCyearActual")),
            **self._optional(block),
        )

    def _optional(self, block: Block) -> OptionalFields:
        """What not every school keeps, as the file has it on its own date."""
        care = block.one("LookedAfter/InCare", "InCare")
        return {
            "ethnicity": self._code(block.one("Ethnicity")),
            "first_language": self._code(first_language(block)),
            "sen_provision": self._code(latest_provision(block)),
            "free_school_meals": free_school_meals(block, self.written),
            "in_care": None if care is None else flag_of(care.text),
        }

    def _code(self, value: Value | None) -> str | None:
        if value is not None and len(value.text) > MAX_CODE:
            self._remark(Remark.CODE_NOT_USED, value.line)
            return None
        return None if value is None else value.text

    def _remark(self, remark: Remark, line: int) -> None:
        self.findings.remark(remark, f"line {line}")

    def _is_upn(self, value: Value) -> bool:
        if has_upn_form(value.text):
            return True
        self._remark(Remark.FORMER_UPN_NOT_ONE, value.line)
        return False

    def _take(self, upn: str, value: Value) -> None:
        if upn in self._lines:
            reason = f"Another pupil (line {self._lines[upn]}) has or had this UPN."
            self.findings.problem(reason, self.file, value.line, "UPN")
        self._lines[upn] = value.line

    def _forename(self, block: Block) -> str | None:
        forename = block.text("Forename")
        if forename is None:
            self._remark(Remark.BLANK_GIVEN_NAME, block.line)
        return forename

    def _surname(self, block: Block) -> str | None:
        surname = block.text("Surname")
        if surname is None:
            self._remark(Remark.NAME_BLANK, block.line)
        return surname

    def _birth_date(self, block: Block) -> date | None:
        value = block.one("DOB")
        if value is None:
            self._remark(Remark.PUPIL_WITHOUT_BIRTH_DATE, block.line)
            return None
        try:
            day = _DAY.fullmatch(value.text)
            born = date.fromisoformat(day[1]) if day else None
        except ValueError:
            born = None
        if born is None or not can_be_birth(born, self.today):
            self._remark(Remark.BIRTH_DATE_NOT_USED, value.line)
            return None
        return born

    def _sex(self, value: Value | None) -> Sex | None:
        sex = None if value is None else sex_of(value.text)
        if value is not None and sex is None:
            self._remark(Remark.SEX_NOT_UNDERSTOOD, value.line)
        return sex

    def _year_group(self, value: Value | None) -> YearGroup | None:
        year_group = None if value is None else year_group_of(value.text)
        if value is not None and year_group is None:
            self._remark(Remark.YEAR_GROUP_NOT_USED, value.line)
        return year_group

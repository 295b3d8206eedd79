"""What a row of a list of marks says: columns by the headings that schools write.

An empty cell is no information: it takes no mark away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.reports.mark_imports.mark_import import MarkImport, StagedRow
from services.reports.markbook.mark import COMMENT_CHARACTERS, EFFORT_WORDS, Effort, prose
from services.reports.scale.band import Band
from shared.imports.columns import cells_by_field, too_far_right
from shared.imports.uploads import Remark
from shared.school.names import tidied
from shared.tabular.columns import heading_key
from shared.tabular.table import FORMULA_ERRORS, not_worked_out
from shared.web.spreadsheet import as_given

__all__ = ["FIELD_NAMES", "SYNONYMS", "Said", "said_by"]

FIELD_NAMES = {
    "upn": "UPN",
    "surname": "Surname",
    "forename": "Forename",
    "attainment": "Attainment",
    "effort": "Effort",
    "comment": "Comment",
}
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "upn": ("UPN", "Unique Pupil Number", "Pupil UPN", "Student UPN", "UPN number"),
    "surname": (
        "Surname", "Preferred surname", "Last name", "Family name", "Legal surname",
        "Pupil surname", "Student surname",
    ),
    "forename": (
        "Forename", "Preferred forename", "First name", "Known as", "Given name",
        "Legal forename", "Pupil forename", "Student forename",
    ),
    "attainment": (
        "Attainment", "Grade", "Mark", "Band", "Level", "Judgement", "Assessment", "Result",
        "Teacher assessment", "TA", "Attainment grade", "Attainment code",
    ),
    "effort": ("Effort", "Effort grade", "Attitude to learning", "ATL", "Attitude"),
    "comment": ("Comment", "Comments", "Remarks", "Report", "Teacher comment", "Notes"),
}  # fmt: skip
"""Field → headings, the best first: names that are used go before legal ones."""

_EFFORTS = {
    heading_key(word): effort
    for effort, words in {
        Effort.EXCELLENT: (EFFORT_WORDS[Effort.EXCELLENT], "E", "Outstanding", "Very good"),
        Effort.GOOD: (EFFORT_WORDS[Effort.GOOD], "G"),
        Effort.INCONSISTENT: (EFFORT_WORDS[Effort.INCONSISTENT], "I", "Variable"),
        Effort.CONCERN: (EFFORT_WORDS[Effort.CONCERN], "C", "Concern", "Poor"),
    }.items()
    for word in words
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Said:
    """What one row says. An empty cell says nothing, so `values` has no entry for it.

    `values` are of a mark: `band_id`, `effort`, `comment`.
    """

    number: int
    upn: str = ""
    surname: str = ""
    forename: str = ""
    values: dict[str, object] = field(default_factory=dict)
    faults: tuple[Remark, ...] = ()

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.forename, self.surname) if part)


def said_by(row: StagedRow, of: MarkImport, bands: Sequence[Band]) -> Said:
    given = cells_by_field(of, row.cells)
    cells = {field: as_given(cell.strip()) for field, cell in given.items()}
    faults = [too_far_right(of)] if row.surplus else []
    values: dict[str, object] = {}
    if code := cells.get("attainment", ""):
        values["band_id"] = _band(code, bands, faults)
    if words := cells.get("effort", ""):
        values["effort"] = _effort(words, faults)
    if text := cells.get("comment", ""):
        values["comment"] = _comment(text, faults)
    upn, surname, forename = (_plain(cells.get(one, "")) for one in ("upn", "surname", "forename"))
    return Said(row.number, upn, surname, forename, values, tuple(faults))


def _plain(cell: str) -> str:
    return tidied(cell)


def _shown(cell: str) -> str:
    return cell if len(cell) <= 60 else f"{cell[:60]}…"


def _band(cell: str, bands: Sequence[Band], faults: list[Remark]) -> object:
    """By its code, else by its name; whether it may be given is looked at with the mark."""
    for words in ([band.code for band in bands], [band.name for band in bands]):
        for band, word in zip(bands, words, strict=True):
            if word.casefold() == cell.casefold():
                return band.id
    codes = ", ".join(band.code for band in bands if band.active)
    faults.append(
        Remark(f"‘{_shown(cell)}’ is no band of the attainment scale. Write {codes}.", "attainment")
    )
    return None


def _effort(cell: str, faults: list[Remark]) -> object:
    effort = _EFFORTS.get(heading_key(cell))
    if effort is None:
        words = ", ".join(EFFORT_WORDS.values())
        faults.append(Remark(f"‘{_shown(cell)}’ is no effort here. Write {words}.", "effort"))
    return effort


def _comment(cell: str, faults: list[Remark]) -> object:
    comment = prose(cell)
    if comment in FORMULA_ERRORS:
        faults.append(Remark(not_worked_out(comment), "comment"))
    elif len(comment) > COMMENT_CHARACTERS:
        faults.append(
            Remark(
                f"The comment has {len(comment):,} characters; at most {COMMENT_CHARACTERS:,} can "
                "be kept. Shorten it.",
                "comment",
            )
        )
    elif _CONTROL.search(comment):
        faults.append(Remark("The comment holds a character that cannot be used.", "comment"))
    return comment

"""What reading an export came upon: problems that refuse it, and remarks that go beside the counts.

Problems are gathered, so that a technician sees all of them at once and not one a night.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import NoReturn

__all__ = ["TO_MEND", "ExportRefused", "Findings", "Problem", "Remark", "Remarked"]

MAX_PROBLEMS = 50
MAX_EXAMPLES = 5


class Remark(Enum):
    """Things that do not stop a snapshot but that somebody should know; the value is the sentence.

    The name in lower case is the stable word for programs.
    """

    PUPIL_WITHOUT_UPN = "pupils without a UPN: they wait until the MIS has one for them"
    PUPIL_WITHOUT_BIRTH_DATE = "pupils without a date of birth"
    PUPIL_WITHOUT_CLASS = "pupils in no class"
    TEACHER_WITHOUT_CLASS = "teachers with no class: they get no account until they have one"
    IDENTIFIER_NOT_UPN = "pupils whose identifier is something other than a UPN: not used as one"
    USER_IDS_NOT_UNDERSTOOD = "userIds that are not written {Type:Id}: passed over"
    EMAIL_NOT_UNDERSTOOD = "e-mail addresses that cannot be ones: left out"
    SEX_NOT_UNDERSTOOD = "values of sex that are not understood: left out"
    GRADE_NOT_UNDERSTOOD = "grades that are not UK year groups: left out"
    BLANK_GIVEN_NAME = "people without a given name"
    ROLE_NOT_USED = "roles that pupils and school staff do not have (ext:…): left out"
    PERSON_WITHOUT_ROLE = "changed people of whom the export says no role: left out"
    PERSON_NOT_SENT = "changed roles and demographics of people not in users.csv: left out"
    ROLE_NOT_NOW = "roles that have not begun: left out"
    NOT_THIS_SCHOOL = "people and classes of other schools: left out"
    OTHER_SCHOOL_YEAR = "classes of another school year: left out"
    ENROLMENT_OF_OTHERS = "enrolments of people who do not have that role here: left out"
    ENROLMENT_NOT_USED = "enrolments of aides and others who neither learn nor teach: left out"
    ENROLMENT_NOT_NOW = "enrolments that have ended or not begun: left out"
    REMOVED_IN_BULK = "people and classes marked as deleted in a bulk file: left out"
    FILE_ABSENT_BUT_THERE = "files the manifest calls absent though they are there: not read"
    STAFF_WITHOUT_CLASS = "staff who teach no group: they get no account until they do"
    LEFT_OUT_WITHOUT_UPN = "pupils without a UPN, whom the file knows by nothing else: left out"
    LEFT_OUT_UPN_NOT_ONE = "pupils whose UPN has not the form of one: left out"
    FORMER_UPN_NOT_ONE = "former UPNs that have not the form of one: left out"
    YEAR_GROUP_NOT_USED = "year groups other than N1, N2, R and 1 to 13: left out"
    FILE_NOT_KNOWN = "files that are none of the tables: not read"
    COLUMN_NOT_KNOWN = "columns whose heading is not known: not read"
    AGENT_NOT_FAMILY = "agents of pupils who are no parent, guardian or relative here: left out"
    COLLECTION_NOT_GIVEN = "lists that the source does not give: nothing is said of them"
    CODE_NOT_USED = "codes of ethnicity, language or SEN that are too long for one: left out"
    LEFT_OUT_WITHOUT_EMAIL = "contacts without an e-mail address, in a table without ids: left out"
    FLAG_NOT_UNDERSTOOD = "values that are neither yes nor no: left out"
    RELATIONSHIP_NOT_UNDERSTOOD = "words for what a contact is to a pupil, not understood: left out"
    EMAIL_SHARED = "contacts of one pupil with one e-mail address: the first of them has it"
    GROUP_NOT_USED = "groups that are neither classes nor registration groups: left out"
    LINK_OF_LEAVER = "links of people who have left or were deleted: left out"
    BIRTH_DATE_NOT_USED = "dates of birth that are no dates, or cannot be ones: left out"
    TEXT_TOO_LONG = "texts of more than 200 characters: left out"
    NAME_BLANK = "people without a surname, and groups without a name"
    GROUP_KIND_NOT_UNDERSTOOD = "groups that are called neither a class nor a set: left out what"
    SAID_TWICE = "lines that say otherwise of the same id: left out what they do not agree on"
    LINK_OF_UNKNOWN = "links of people or groups that are not in their list: left out"
    ROW_NOT_TOLD = "lines that do not say whom they are of: left out, and nobody is gone this time"
    COLLECTION_EMPTY = "lists that are empty: not taken to mean that everything is gone"


TO_MEND = frozenset(
    {
        Remark.BIRTH_DATE_NOT_USED,
        Remark.TEXT_TOO_LONG,
        Remark.NAME_BLANK,
        Remark.GROUP_KIND_NOT_UNDERSTOOD,
        Remark.SAID_TWICE,
        Remark.LINK_OF_UNKNOWN,
        Remark.ROW_NOT_TOLD,
        Remark.FLAG_NOT_UNDERSTOOD,
        Remark.EMAIL_NOT_UNDERSTOOD,
        Remark.LEFT_OUT_UPN_NOT_ONE,
    }
)
"""What an office would want to mend in the MIS: it stands in the history of the sync."""


@dataclass(frozen=True)
class Problem:
    """Why an export is refused, and where."""

    reason: str
    file: str | None = None
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        line = None if self.line is None else f"line {self.line}"
        column = None if self.column is None else f"column {self.column}"
        where = ", ".join(part for part in (self.file, line, column) if part)
        return f"{where}: {self.reason}" if where else self.reason


class ExportRefused(Exception):
    """The export cannot be trusted, so none of it is published."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Remarked:
    """A remark, how often it was made and where it was made first."""

    remark: Remark
    count: int
    examples: tuple[str, ...]

    @property
    def slug(self) -> str:
        return self.remark.name.lower()

    def __str__(self) -> str:
        where = f" ({'; '.join(self.examples)}{' …' if self.count > len(self.examples) else ''})"
        return f"{self.count} × {self.remark.value}{where}"


@dataclass
class Findings:
    """Gathers problems and remarks while an export is read."""

    problems: list[Problem] = field(default_factory=list)
    not_whole: dict[str, int] = field(default_factory=dict)
    """Files of which something was left out that nobody can name, and how many faults that were:
    that somebody is not in them means nothing."""
    _places: dict[Remark, list[str]] = field(default_factory=dict)

    def problem(
        self, reason: str, file: str, line: int | None = None, column: str | None = None
    ) -> None:
        """Note why the export cannot be trusted; raises `ExportRefused` once there are many."""
        self.problems.append(Problem(reason, file, line, column))
        if len(self.problems) >= MAX_PROBLEMS:
            self.problems.append(Problem("There may be more: reading stopped here."))
            raise ExportRefused(self.problems)

    def refuse(
        self,
        reason: str,
        file: str | None = None,
        line: int | None = None,
        column: str | None = None,
    ) -> NoReturn:
        """Give up at once, with what was found before."""
        raise ExportRefused([*self.problems, Problem(reason, file, line, column)])

    def stop_if_refused(self) -> None:
        """Raise `ExportRefused` if there was any problem so far."""
        if self.problems:
            raise ExportRefused(self.problems)

    def remark(self, remark: Remark, where: str) -> None:
        """Count a remark; `where` is a place in a file and never a person's name."""
        self._places.setdefault(remark, []).append(where)

    def left_out(self, remark: Remark, file: str, line: int, *, fault: bool = True) -> None:
        """A line is of nobody that can be named. One is forgiven; many are the file's own fault."""
        self.remark(remark, f"{file} line {line}")
        self.not_whole[file] = self.not_whole.get(file, 0) + fault

    def remarks(self) -> tuple[Remarked, ...]:
        """All remarks in a stable order."""
        return tuple(
            Remarked(remark, len(self._places[remark]), tuple(self._places[remark][:MAX_EXAMPLES]))
            for remark in Remark
            if remark in self._places
        )

"""Which school of the export is meant, and in which school year it is.

An export of a trust holds several schools: one is chosen, and never by guessing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.mis_sync.connectors.findings import Findings
from services.mis_sync.connectors.oneroster.export import Export, Sheet
from services.mis_sync.connectors.oneroster.rows import OrgRow, SessionRow, UserRowWithRole
from services.mis_sync.connectors.values import academic_year_from, year_starting

__all__ = ["School", "academic_year", "choose_school", "school_year"]


@dataclass(frozen=True)
class School:
    """The chosen school; without an id every row is its own, as none says whose it is."""

    sourced_id: str | None

    def has(self, *ids: str) -> bool:
        return self.sourced_id is None or self.sourced_id in ids


def choose_school(export: Export, wanted: str | None, findings: Findings) -> School:
    """The school named by `wanted` (its sourcedId, identifier or name), else the only one.

    Raises `ExportRefused` with the list to choose from.
    """
    schools = {org.sourced_id: org for org in export.orgs.rows if _is_school(org)}
    ids = set(schools)
    if not schools or not export.orgs.bulk:
        ids |= _mentioned(export) - {org.sourced_id for org in export.orgs.rows}
    if wanted is not None:
        named = {id_ for id_ in ids if _is_called(wanted, id_, schools.get(id_))}
        if not named and not export.orgs.bulk:
            return School(wanted)
        ids_left, complaint = named, f"No school is called {wanted}"
    else:
        ids_left, complaint = ids, "The export holds several schools: choose one with --org"
    if len(ids_left) == 1:
        return School(ids_left.pop())
    if not ids and not export.orgs.bulk:
        return School(None)
    listed = "; ".join(_listed(id_, schools.get(id_)) for id_ in sorted(ids_left or ids))
    return findings.refuse(f"{complaint}. There are: {listed or 'none'}.", export.orgs.file)


def _is_school(org: OrgRow) -> bool:
    return org.type == "school" and not org.removed


def _is_called(wanted: str, sourced_id: str, org: OrgRow | None) -> bool:
    names = {sourced_id}
    if org is not None:
        names |= {name for name in (org.identifier, org.name) if name}
    return wanted.strip().casefold() in {name.casefold() for name in names}


def _listed(sourced_id: str, org: OrgRow | None) -> str:
    return sourced_id if org is None or not org.name else f"{sourced_id} ({org.name})"


def _mentioned(export: Export) -> set[str]:
    """The schools that classes, enrolments and people speak of, for exports without orgs."""
    ids = {row.school_sourced_id for row in export.classes.rows}
    ids |= {row.school_sourced_id for row in export.enrollments.rows}
    ids |= {row.org_sourced_id for row in export.roles.rows}
    users = [user for user in export.users.rows if isinstance(user, UserRowWithRole)]
    return ids or {id_ for user in users for id_ in user.org_sourced_ids}


def school_year(export: Export, school: School, today: date, findings: Findings) -> int | None:
    """The year in which the export's school year ENDS, as OneRoster writes it (R22).

    Where there are several, the one that the classes are of, then the one that today is in.
    `None` if the export does not tell.
    """
    sessions = [row for row in export.sessions.rows if not row.removed]
    for row in sessions:
        _check_year(export.sessions, row, findings)
    findings.stop_if_refused()
    terms = {
        term
        for row in export.classes.rows
        if school.has(row.school_sourced_id) and not row.removed
        for term in row.term_sourced_ids
    }
    used = [row for row in sessions if row.sourced_id in terms] or sessions
    current = [row for row in used if row.start_date <= today <= row.end_date]
    if not export.sessions.bulk:
        used = current
    return _only_year(export, used, current, today, findings) if used else None


def _only_year(
    export: Export,
    used: list[SessionRow],
    current: list[SessionRow],
    today: date,
    findings: Findings,
) -> int:
    for candidates in (used, current):
        years = {row.school_year for row in candidates}
        if len(years) == 1:
            return years.pop()
    years = {row.school_year for row in used}
    if (this_year := _year_ending(today)) in years:
        return this_year
    listed = ", ".join(map(str, sorted(years)))
    return findings.refuse(
        f"There are several school years ({listed}), and none of them is now.",
        export.sessions.file,
        used[0].line,
        "schoolYear",
    )


def academic_year(ends: int) -> str:
    """The name of the year that ends then: 2027 is `2026/27`."""
    return academic_year_from(ends - 1)


def _year_ending(day: date) -> int:
    return year_starting(day) + 1


def _check_year(sessions: Sheet[SessionRow], row: SessionRow, findings: Findings) -> None:
    """A source that writes the year of the start would put every pupil into the wrong year."""
    if row.end_date < row.start_date:
        reason = "The session ends before it starts."
        sessions.problem(findings, reason, row, "endDate")
        return
    middle = row.start_date + (row.end_date - row.start_date) / 2
    if _year_ending(middle) != row.school_year:
        reason = (
            f"The school year is given as {row.school_year}, but the dates are in "
            f"{academic_year(_year_ending(middle))}; OneRoster names it by the year it ends."
        )
        sessions.problem(findings, reason, row, "schoolYear")

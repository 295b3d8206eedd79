"""OneRoster exports for the tests: from records by hypothesis, and a small one to be broken.

Written apart from the reader and from the demo school, so that neither can hide the other's error.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from services.mis_sync.connectors.snapshot import AnyRecord
from shared.contracts.mis import (
    ContactRecord,
    GroupRecord,
    MembershipRecord,
    PupilRecord,
    RelationshipRecord,
    StaffRecord,
    TeachingRecord,
)
from shared.contracts.vocabulary import GroupKind

__all__ = ["NOW", "Quirks", "records_as_export", "small_export", "write_folder", "write_zip"]

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
READ = ("orgs", "academicSessions", "classes", "users", "roles", "enrollments", "demographics")

Cells = dict[str, str]
Files = dict[str, str]


@dataclass(frozen=True)
class Quirks:
    """How real files differ from the book without meaning anything else."""

    byte_order_mark: bool = False
    line_end: str = "\r\n"
    blank_lines: int = 0
    columns_reversed: bool = False
    headings_upper: bool = False
    extension: bool = False
    status_in_bulk: bool = False


@dataclass
class Rows:
    """Rows by file, to be written with one set of columns each."""

    by_file: dict[str, list[Cells]] = field(default_factory=lambda: {name: [] for name in READ})

    def add(self, file: str, **cells: str | None) -> None:
        self.by_file[file].append({column: cell or "" for column, cell in cells.items()})


_COLUMNS = {
    "orgs": "sourcedId status dateLastModified name type identifier parentSourcedId",
    "academicSessions": "sourcedId status dateLastModified title type startDate endDate "
    "parentSourcedId schoolYear",
    "classes": "sourcedId status dateLastModified title grades courseSourcedId classCode classType "
    "location schoolSourcedId termSourcedIds subjects subjectCodes periods",
    "users": "sourcedId status dateLastModified enabledUser orgSourcedIds role username userIds "
    "givenName familyName middleName identifier email sms phone agentSourcedIds grades password",
    "users 1.2": "sourcedId status dateLastModified enabledUser username userIds givenName "
    "familyName middleName identifier email sms phone agentSourcedIds grades password "
    "userMasterIdentifier preferredGivenName preferredMiddleName preferredFamilyName "
    "primaryOrgSourcedId pronouns",
    "roles": "sourcedId status dateLastModified userSourcedId roleType role beginDate endDate "
    "orgSourcedId userProfileSourcedId",
    "enrollments": "sourcedId status dateLastModified classSourcedId schoolSourcedId userSourcedId "
    "role primary beginDate endDate",
    "demographics": "sourcedId status dateLastModified birthDate sex white",
}


def records_as_export(
    records: Iterable[AnyRecord], version: str, mode: str, quirks: Quirks
) -> dict[str, bytes]:
    """The files that hold just these records, at one school in 2026/27."""
    rows = Rows()
    active = "active" if mode == "delta" or quirks.status_in_bulk else ""
    rows.add("orgs", sourcedId="org", status=active, name="School", type="school")
    rows.add(
        "academicSessions",
        sourcedId="year",
        status=active,
        title="The year",
        type="schoolYear",
        startDate="2026-09-01",
        endDate="2027-08-31",
        schoolYear="2027",
    )
    records = list(records)
    related = [record for record in records if isinstance(record, RelationshipRecord)]
    words = {each.contact_mis_id: str(each.relationship) for each in related}
    for number, record in enumerate(records):
        status = "tobedeleted" if record.removed else active
        if isinstance(record, ContactRecord):
            _add_user(rows, record, words.get(record.mis_id, "parent"), status, version)
            continue
        _add(rows, record, f"row{number}", status, version)
    for user in rows.by_file["users"]:
        agents = [r.contact_mis_id for r in related if r.pupil_mis_id == user["sourcedId"]]
        user["agentSourcedIds"] = ",".join(agents)
    modes = {name: mode for name in READ if name != "roles" or version == "1.2"}
    files = {
        f"{name}.csv": _text(name, rows.by_file[name], version, quirks).encode(
            "utf-8-sig" if quirks.byte_order_mark else "utf-8"
        )
        for name in modes
    }
    return {"manifest.csv": _manifest(version, modes).encode(), **files}


def _add(rows: Rows, record: AnyRecord, row_id: str, status: str, version: str) -> None:
    match record:
        case PupilRecord():
            _add_user(rows, record, "student", status, version)
            rows.add(
                "demographics",
                sourcedId=record.mis_id,
                status=status,
                birthDate=None
                if record.date_of_birth is None
                else record.date_of_birth.isoformat(),
                sex=record.sex and {"M": "male", "F": "female", "U": "other"}[record.sex],
            )
        case StaffRecord():
            _add_user(rows, record, "teacher", status, version)
        case GroupRecord():
            rows.add(
                "classes",
                sourcedId=record.mis_id,
                status=status,
                title=record.name,
                grades=record.year_group,
                classType="homeroom" if record.group_kind is GroupKind.CLASS else "scheduled",
                schoolSourcedId="org",
                termSourcedIds="year",
                subjects=record.subject,
            )
        case MembershipRecord():
            _enrol(rows, row_id, status, record.group_mis_id, record.pupil_mis_id, "student", None)
        case TeachingRecord():
            _enrol(
                rows,
                row_id,
                status,
                record.group_mis_id,
                record.staff_mis_id,
                "teacher",
                record.main,
            )


def _add_user(
    rows: Rows,
    record: PupilRecord | StaffRecord | ContactRecord,
    role: str,
    status: str,
    version: str,
) -> None:
    if isinstance(record, PupilRecord):
        ids = [f"{{UPN:{record.upn}}}"] if record.upn else []
        ids += [f"{{FormerUPN:{upn}}}" for upn in record.former_upns]
        cells: dict[str, str | None] = {
            "userIds": ",".join(ids),
            "givenName": record.legal_forename,
            "familyName": record.legal_surname,
            "middleName": record.middle_names,
            "preferredGivenName": record.preferred_forename,
            "preferredFamilyName": record.preferred_surname,
            "grades": record.year_group,
        }
    else:
        cells = {
            "identifier": record.staff_code if isinstance(record, StaffRecord) else None,
            "givenName": record.forename,
            "familyName": record.surname,
            "email": record.email,
        }
    if version == "1.1":
        cells |= {"orgSourcedIds": "org", "role": role}
    else:
        rows.add(
            "roles",
            sourcedId=f"role of {record.mis_id}",
            status=status,
            userSourcedId=record.mis_id,
            roleType="primary",
            role=role,
            orgSourcedId="org",
        )
    rows.add("users", sourcedId=record.mis_id, status=status, **cells)


def _enrol(
    rows: Rows, row_id: str, status: str, group: str, user: str, role: str, main: bool | None
) -> None:
    rows.add(
        "enrollments",
        sourcedId=row_id,
        status=status,
        classSourcedId=group,
        schoolSourcedId="org",
        userSourcedId=user,
        role=role,
        primary=None if main is None else str(main).lower(),
    )


def _text(name: str, rows: list[Cells], version: str, quirks: Quirks) -> str:
    columns = _COLUMNS.get(f"{name} {version}", _COLUMNS[name]).split()
    if quirks.extension:
        columns.insert(1, "metadata.supplier.note")
    if quirks.columns_reversed:
        columns.reverse()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=quirks.line_end)
    writer.writerow([c.upper() if quirks.headings_upper else c for c in columns])
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return text.getvalue() + quirks.line_end * quirks.blank_lines


def _manifest(version: str, modes: dict[str, str]) -> str:
    lines = ["propertyName,value", "manifest.version,1.0", f"oneroster.version,{version}"]
    lines += [f"file.{name},{mode}" for name, mode in modes.items()]
    lines += ["file.results,absent", "source.systemName,Test MIS", "source.systemCode,mis-1"]
    return "\r\n".join(lines) + "\r\n"


def small_export(version: str = "1.2") -> Files:
    """Two pupils, a teacher, a class and a set, as text to be changed by a test."""
    files = {
        "manifest.csv": _manifest(
            version, {n: "bulk" for n in READ if n != "roles" or version == "1.2"}
        ),
        "orgs.csv": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
        "org,,,Heron Park,school,8923999,\n",
        "academicSessions.csv": "sourcedId,title,type,startDate,endDate,schoolYear\n"
        "year,2026/27,schoolYear,2026-09-01,2027-08-31,2027\n",
        "classes.csv": "sourcedId,title,grades,courseSourcedId,classType,schoolSourcedId,"
        "termSourcedIds\n"
        "c1,3 Blue,,course,homeroom,org,year\nc2,Maths A,,course,scheduled,org,year\n",
        "enrollments.csv": "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
        "beginDate,endDate\n"
        "e1,c1,org,p1,student,,,\ne2,c1,org,p2,student,,,\n"
        "e3,c1,org,t1,teacher,true,,\ne4,c2,org,p1,student,,,\n",
        "demographics.csv": "sourcedId,birthDate,sex\np1,2018-08-31,female\np2,2017-09-01,male\n",
    }
    if version == "1.1":
        files["users.csv"] = (
            "sourcedId,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,email\n"
            "p1,true,org,student,u1,{UPN:H801200001001},Zoë,O'Neill,\n"
            "p2,true,org,student,u2,,Łukasz,Nowak,\n"
            "t1,true,org,teacher,u3,,Siân,Rees,srees@heronpark.example\n"
        )
        return files
    files["users.csv"] = (
        "sourcedId,enabledUser,username,userIds,givenName,familyName,email\n"
        "p1,true,u1,{UPN:H801200001001},Zoë,O'Neill,\n"
        "p2,true,u2,,Łukasz,Nowak,\n"
        "t1,true,u3,,Siân,Rees,srees@heronpark.example\n"
    )
    files["roles.csv"] = (
        "sourcedId,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId\n"
        "r1,p1,primary,student,,,org\nr2,p2,primary,student,,,org\nr3,t1,primary,teacher,,,org\n"
    )
    return files


def _bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


def write_folder(files: dict[str, str] | dict[str, bytes], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(_bytes(content))
    return folder


def write_zip(files: dict[str, str] | dict[str, bytes], path: Path, inside: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(inside + name, _bytes(content))
    return path

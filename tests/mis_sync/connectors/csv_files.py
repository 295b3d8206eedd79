"""Plain tables for the tests: from records by hypothesis, and small ones to be broken."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

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

__all__ = ["CsvQuirks", "records_as_tables", "small_tables"]

DATE_FORMS = {"dmy": "{0:%d}/{0:%m}/{0.year:04}", "mdy": "{0:%m}/{0:%d}/{0.year:04}",
              "ymd": "{0.year:04}/{0:%m}/{0:%d}", "iso": "{0.year:04}-{0:%m}-{0:%d}"}  # fmt: skip


@dataclass(frozen=True)
class CsvQuirks:
    """How tables of several programs differ without meaning anything else."""

    encoding: str = "utf-8"
    delimiter: str = ","
    line_end: str = "\r\n"
    says_delimiter: bool = False
    blank_lines: int = 0
    columns_reversed: bool = False
    headings_upper: bool = False
    dates: str = "iso"
    links_by_role: bool = False
    other_column: bool = False


def records_as_tables(records: Iterable[AnyRecord], quirks: CsvQuirks) -> dict[str, bytes]:
    """The tables that hold just these records."""
    tables: dict[str, list[dict[str, str | bool | None]]] = {
        name: [] for name in ("pupils.csv", "staff.csv", "groups.csv", "links.csv", "contacts.csv")
    }
    records = list(records)
    contacts = {r.mis_id: r for r in records if isinstance(r, ContactRecord)}
    for record in records:
        match record:
            case PupilRecord():
                tables["pupils.csv"].append(_pupil(record, quirks))
            case StaffRecord():
                tables["staff.csv"].append(
                    {
                        "Staff ID": record.mis_id,
                        "Staff code": record.staff_code,
                        "Title": record.title,
                        "First name": record.forename,
                        "Last name": record.surname,
                        "E-mail address": record.email,
                    }
                )
            case GroupRecord():
                tables["groups.csv"].append(
                    {
                        "Class ID": record.mis_id,
                        "Class name": record.name,
                        "Class type": record.group_kind,
                        "NC Year": record.year_group,
                        "Subject": record.subject,
                    }
                )
            case RelationshipRecord():
                tables["contacts.csv"].append(_contact(contacts[record.contact_mis_id], record))
            case MembershipRecord() | TeachingRecord():
                tables["links.csv"].append(_link(record, quirks))
    return {name: _bytes(rows, quirks) for name, rows in tables.items() if rows}


def _pupil(record: PupilRecord, quirks: CsvQuirks) -> dict[str, str | bool | None]:
    born = record.date_of_birth
    return {
        "Pupil ID": record.mis_id,
        "UPN": record.upn,
        "Former UPN": " ".join(record.former_upns),
        "Forename": record.legal_forename,
        "Surname": record.legal_surname,
        "Preferred forename": record.preferred_forename,
        "Preferred surname": record.preferred_surname,
        "Middle name(s)": record.middle_names,
        "DOB": None if born is None else DATE_FORMS[quirks.dates].format(born),
        "Gender": record.sex,
        "Year group": record.year_group,
        "Ethnicity": record.ethnicity,
        "First language": record.first_language,
        "SEN status": record.sen_provision,
        "FSM": _yes_no(record.free_school_meals),
        "Pupil Premium": _yes_no(record.pupil_premium),
        "In care": _yes_no(record.in_care),
    }


def _yes_no(flag: bool | None) -> str | None:
    return None if flag is None else "Y" if flag else "N"


def _contact(contact: ContactRecord, related: RelationshipRecord) -> dict[str, str | bool | None]:
    return {
        "Contact ID": contact.mis_id,
        "Pupil ID": related.pupil_mis_id,
        "Title": contact.title,
        "First name": contact.forename,
        "Last name": contact.surname,
        "E-mail": contact.email,
        "Relationship": related.relationship and related.relationship.replace("_", " "),
        "Parental responsibility": related.responsibility,
    }


def _link(
    record: MembershipRecord | TeachingRecord, quirks: CsvQuirks
) -> dict[str, str | bool | None]:
    pupil = record.pupil_mis_id if isinstance(record, MembershipRecord) else None
    staff = record.staff_mis_id if isinstance(record, TeachingRecord) else None
    main = record.main if isinstance(record, TeachingRecord) else None
    people: dict[str, str | bool | None] = {"Pupil ID": pupil, "Staff ID": staff}
    if quirks.links_by_role:
        people = {"Person ID": pupil or staff, "Role": "Pupil" if pupil else "Teacher"}
    return {"Group ID": record.group_mis_id, **people, "Main teacher": main}


def _bytes(rows: list[dict[str, str | bool | None]], quirks: CsvQuirks) -> bytes:
    columns = list(rows[0])
    if quirks.other_column:
        columns.insert(1, "House")
    if quirks.columns_reversed:
        columns.reverse()
    text = io.StringIO()
    if quirks.says_delimiter:
        text.write(f"sep={quirks.delimiter}{quirks.line_end}")
    writer = csv.writer(text, delimiter=quirks.delimiter, lineterminator=quirks.line_end)
    writer.writerow([c.upper() if quirks.headings_upper else c for c in columns])
    for row in rows:
        cells = [row.get(column) for column in columns]
        writer.writerow(["" if cell is None else cell for cell in cells])
    text.write(quirks.line_end * quirks.blank_lines)
    return text.getvalue().encode(quirks.encoding)


def small_tables() -> dict[str, str]:
    """Two pupils, a teacher, a class and a set, as text to be changed by a test."""
    return {
        "pupils.csv": "Pupil ID,UPN,Forename,Surname,DOB,Sex,Year group\n"
        "p1,H801200001001,Zoë,O'Neill,2018-08-31,F,3\n"
        "p2,B801200005001,Łukasz,Nowak,2017-09-01,M,4\n",
        "staff.csv": "Staff ID,Forename,Surname,Email\nt1,Siân,Rees,srees@heronpark.example\n",
        "groups.csv": "Group ID,Name,Kind\nc1,3 Blue,class\nc2,Maths A,set\n",
        "links.csv": "Group ID,Pupil ID,Staff ID,Main\nc1,p1,t1,yes\nc1,p2,,\nc2,p1,,\n",
    }

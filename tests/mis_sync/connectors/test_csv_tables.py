"""Which tables there are, what is believed of them, and what refuses them (R10, R17, R18)."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.mis_sync.connectors import archive as archive_module
from services.mis_sync.connectors.csv_tables import Dates, Options, Table, read_csv_tables
from services.mis_sync.connectors.findings import ExportRefused
from services.mis_sync.connectors.messages import snapshot_messages
from services.mis_sync.connectors.snapshot import Snapshot
from shared.contracts.mis import Collection, ContactRecord, PupilRecord, RelationshipRecord
from tests.mis_sync.connectors.csv_files import small_tables
from tests.mis_sync.connectors.exports import NOW, write_folder, write_zip
from tests.mis_sync.connectors.test_hostile_text import PIECES

ALL = frozenset(Table) - {Table.CONTACTS}


def _read(folder: Path, files: dict[str, str], **options: object) -> Snapshot:
    return read_csv_tables(write_folder(files, folder), NOW, Options(**options))  # type: ignore[arg-type]


def _refusal(folder: Path, files: dict[str, str], **options: object) -> ExportRefused:
    with pytest.raises(ExportRefused) as caught:
        _read(folder, files, **options)
    return caught.value


def _pupils(snapshot: Snapshot) -> list[PupilRecord]:
    return [record for record in snapshot.records if isinstance(record, PupilRecord)]


def test_nothing_is_complete_unless_it_is_said(tmp_path: Path) -> None:
    """R18: a report with a filter looks like one of the whole school."""
    assert _read(tmp_path, small_tables()).complete == frozenset()
    complete = _read(tmp_path, small_tables(), complete=frozenset({Table.PUPILS})).complete
    assert complete == {Collection.PUPILS}


def test_an_empty_table_is_not_taken_to_mean_that_all_are_gone(tmp_path: Path) -> None:
    files = small_tables()
    files["links.csv"] = "Group ID,Pupil ID\nc1,p1\nc1,p2\n"
    files["staff.csv"] = "Staff ID,Surname\n"
    snapshot = _read(tmp_path, files, complete=ALL)
    assert snapshot.complete == {Collection.PUPILS, Collection.GROUPS, Collection.MEMBERSHIPS}
    told = {remark.slug: remark.count for remark in snapshot.remarks}
    assert told == {"collection_empty": 2}


def test_a_table_that_is_said_to_be_complete_must_be_there(tmp_path: Path) -> None:
    files = small_tables()
    del files["staff.csv"]
    assert "no table of staff" in str(_refusal(tmp_path, files, complete=ALL))


@pytest.mark.parametrize("missing", ["staff.csv", "groups.csv", "links.csv"])
def test_any_table_may_be_missing(missing: str, tmp_path: Path) -> None:
    files = small_tables()
    del files[missing]
    about = _read(tmp_path, files).about
    assert f"{missing.removesuffix('.csv')}: no file, so nothing is said of them." in about


def test_files_go_by_other_names_and_others_are_told_of(tmp_path: Path) -> None:
    files = small_tables()
    files["Students.CSV"] = files.pop("pupils.csv")
    files["notes.txt"] = "x"
    snapshot = _read(tmp_path, files)
    assert len(_pupils(snapshot)) == 2
    (made,) = snapshot.remarks
    assert (made.slug, made.examples) == ("file_not_known", ("notes.txt",))


def test_one_table_in_two_files_is_refused(tmp_path: Path) -> None:
    files = {**small_tables(), "students.csv": "ID,Surname\n"}
    assert "pupils.csv as well" in str(_refusal(tmp_path, files))


@pytest.mark.parametrize(
    ("headings", "preferred"),
    [
        ("Forename,Surname,Known as", "Zo"),
        ("Legal forename,Legal surname,Forename", "Zo"),
        ("legal_first_name,legal_last_name,first_name", "Zo"),
        ("Given name,Family name,House", None),
    ],
)
def test_legal_and_preferred_names_are_told_apart(
    headings: str, preferred: str | None, tmp_path: Path
) -> None:
    files = {"pupils.csv": f"ID,{headings}\np1,Zoë,Rees,Zo\n"}
    (pupil,) = _pupils(_read(tmp_path, files))
    assert (pupil.legal_forename, pupil.legal_surname) == ("Zoë", "Rees")
    assert (pupil.preferred_forename, pupil.preferred_surname) == (preferred, None)


def test_pupils_without_a_column_of_ids_are_known_by_their_upns(tmp_path: Path) -> None:
    """As in a SIMS report: Forename, Surname, UPN; links then speak of UPNs too."""
    files = {
        "pupils.csv": "Forename,Surname,UPN\nZoë,O'Neill,h801200001001\nŁukasz,Nowak,\n",
        "links.csv": "Class ID,UPN\nc1,H80 1200001001\n",
    }
    snapshot = _read(tmp_path, files)
    assert [pupil.mis_id for pupil in _pupils(snapshot)] == ["H801200001001"]
    assert "H801200001001" in str(snapshot.records[-1])
    assert {remark.slug for remark in snapshot.remarks} >= {"left_out_without_upn"}
    assert not _read(tmp_path, files, complete=frozenset({Table.PUPILS})).complete


@pytest.mark.parametrize(
    ("order", "cell", "born"),
    [
        (Dates.DMY, "01/09/2017", date(2017, 9, 1)),
        (Dates.DMY, "1.9.2017", date(2017, 9, 1)),
        (Dates.MDY, "09/01/2017", date(2017, 9, 1)),
        (Dates.YMD, "2017/09/01", date(2017, 9, 1)),
        (Dates.DMY, "01/09/2017 00:00", date(2017, 9, 1)),
        (Dates.DMY, "2017-09-01", date(2017, 9, 1)),
    ],
)
def test_dates_are_read_in_the_declared_order(
    order: Dates, cell: str, born: date, tmp_path: Path
) -> None:
    files = {"pupils.csv": f"ID,Surname,DOB\np1,Nowak,{cell}\n"}
    (pupil,) = _pupils(_read(tmp_path, files, dates=order))
    assert pupil.date_of_birth == born


@pytest.mark.parametrize(
    ("order", "cell", "says"),
    [
        (None, "01/09/2017", "say which one with --dates"),
        (Dates.DMY, "09/13/2017", "not a date in the order dmy"),
        (Dates.DMY, "01/09/17", "four digits"),
        (Dates.YMD, "01/09/2017", "not a date in the order ymd"),
    ],
)
def test_a_date_is_never_guessed(order: Dates | None, cell: str, says: str, tmp_path: Path) -> None:
    """R10's rule for dates holds for tables from a MIS too."""
    (problem,) = _refusal(
        tmp_path, {"pupils.csv": f"ID,Surname,DOB\np1,Nowak,{cell}\n"}, dates=order
    ).problems
    assert (problem.file, problem.line, problem.column) == ("pupils.csv", 2, "DOB")
    assert says in problem.reason


@dataclass(frozen=True)
class Case:
    name: str
    file: str
    old: str
    new: str
    place: tuple[int | None, str | None]
    says: str


CASES = [
    Case("no ids", "staff.csv", "Staff ID", "House", (1, "Staff ID"), "column is missing"),
    Case("no surnames", "pupils.csv", "Surname", "Name", (1, "Legal surname"), "headings are"),
    Case("no names", "groups.csv", ",Name", ",House", (1, "Group name"), "column is missing"),
    Case("no groups", "links.csv", "Group ID", "House", (1, "Group ID"), "column is missing"),
    Case("two columns", "pupils.csv", "Sex", "D.O.B", (1, "D.O.B"), "twice"),
    Case("a quotation mark", "staff.csv", "Siân", '"Siân"x', (2, None), "quotation marks"),
    Case("a NUL", "staff.csv", "Rees", "Re\x00es", (2, None), "NUL"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_cannot_be_trusted_is_refused_with_its_place(case: Case, tmp_path: Path) -> None:
    files = small_tables()
    assert case.old in files[case.file]
    files[case.file] = files[case.file].replace(case.old, case.new)
    problem = _refusal(tmp_path, files, complete=ALL).problems[0]
    assert (problem.file, problem.line, problem.column) == (case.file, *case.place)
    assert case.says in problem.reason


@dataclass(frozen=True)
class Forgiven:
    """In `file`, `old` becomes `new`: it is taken all the same, with this remark."""

    file: str
    old: str
    new: str
    remark: str
    pupils: int = 2
    links: int = 4
    whole: bool = True


FORGIVEN = [
    Forgiven("pupils.csv", "2017-09-01", "2071-09-01", "birth_date_not_used"),
    Forgiven("pupils.csv", "2017-09-01", "2017-02-30", "birth_date_not_used"),
    Forgiven("pupils.csv", "2017-09-01", "not known", "birth_date_not_used"),
    Forgiven("pupils.csv", "Nowak", "N" * 201, "text_too_long"),
    Forgiven("pupils.csv", "Nowak", "", "name_blank"),
    Forgiven("pupils.csv", "p2,", ",", "row_not_told", pupils=1, whole=False),
    Forgiven("pupils.csv", ",M,4", ",M", "row_not_told", pupils=1, whole=False),
    Forgiven("pupils.csv", ",M,4", ",M,4,5", "row_not_told", pupils=1, whole=False),
    Forgiven("groups.csv", "set", "band", "group_kind_not_understood"),
    Forgiven("links.csv", "yes", "perhaps", "flag_not_understood"),
    Forgiven("links.csv", "c2,p1", "c2,", "row_not_told", links=3, whole=False),
    Forgiven("links.csv", "c2,p1", "c2,p9", "link_of_unknown", links=3),
    Forgiven("links.csv", "t1", "t9", "link_of_unknown", links=3),
    Forgiven("links.csv", "c2", "c9", "link_of_unknown", links=3),
]


@pytest.mark.parametrize("case", FORGIVEN, ids=lambda case: f"{case.remark} {case.new[:12]}")
def test_one_line_does_not_keep_the_others_behind(case: Forgiven, tmp_path: Path) -> None:
    """R16, R17: what cannot be read is no information. Of whom a line is that names nobody cannot
    be known, so nobody is gone by that table this time."""
    files = small_tables()
    assert case.old in files[case.file]
    files[case.file] = files[case.file].replace(case.old, case.new)
    snapshot = _read(tmp_path, files, complete=ALL)
    assert case.remark in {each.slug for each in snapshot.remarks}
    pupils, counts = {each.mis_id: each for each in _pupils(snapshot)}, snapshot.counts()
    assert len(pupils) == case.pupils
    assert pupils["p1"].date_of_birth == date(2018, 8, 31)
    if case.remark == "birth_date_not_used":
        assert (pupils["p2"].legal_surname, pupils["p2"].date_of_birth) == ("Nowak", None)
    assert counts[Collection.MEMBERSHIPS] + counts[Collection.TEACHINGS] == case.links
    first = {"pupils.csv": Collection.PUPILS, "links.csv": Collection.MEMBERSHIPS}
    assert (first.get(case.file, Collection.GROUPS) in snapshot.complete) == case.whole


def test_who_stands_on_several_lines_is_what_these_agree_on(tmp_path: Path) -> None:
    """As in a report with a line for each need. What they say otherwise is no information (R17)."""
    files = small_tables()
    files["pupils.csv"] += (
        "p2,B801200005001,Łukasz,Nowak,2017-09-02,M,4\np2,,Łukasz,Nowak,2017-09-01,M,4\n"
    )
    snapshot = _read(tmp_path, files, complete=ALL)
    (_, twice) = _pupils(snapshot)
    assert (twice.upn, twice.legal_surname) == ("B801200005001", "Nowak")
    assert twice.date_of_birth is None
    assert Collection.PUPILS in snapshot.complete


def test_many_lines_of_nobody_are_the_file_s_own_fault(tmp_path: Path) -> None:
    files = small_tables()
    files["pupils.csv"] += ",,Amy,Adams,,F,3\n" * 6
    assert "6 lines do not say" in str(_refusal(tmp_path, files, complete=ALL))


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_the_delimiter_is_the_one_that_parts_the_headings(delimiter: str, tmp_path: Path) -> None:
    """Whatever stands in the cells: of the other two there may be more than of it."""
    row = delimiter.join(["p1", "\"Rees, \t; ' '\"", "'"])
    files = {"pupils.csv": delimiter.join(["ID", "Surname", "Forename"]) + f"\n{row}\n"}
    (pupil,) = _pupils(_read(tmp_path, files))
    assert (pupil.legal_surname, pupil.legal_forename) == ("Rees, ; ' '", "'")


def test_links_by_role_need_both_columns(tmp_path: Path) -> None:
    files = small_tables()
    files["links.csv"] = "Group ID,Person ID\nc1,p1\n"
    assert "Pupil ID and Staff ID" in str(_refusal(tmp_path, files))


def test_links_may_speak_of_people_in_tables_that_are_not_complete(tmp_path: Path) -> None:
    files = {"links.csv": "Group ID,Pupil ID\nc9,p9\n"}
    assert len(_read(tmp_path, files).records) == 1


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    write_folder({"pupils.csv": b"ID,Surname\np1,\x81\x8d\n"}, tmp_path)
    with pytest.raises(ExportRefused, match="not text"):
        read_csv_tables(tmp_path, NOW)
    write_folder({"pupils.csv": "ID,Surname".encode("utf-16")[:-1]}, tmp_path)
    with pytest.raises(ExportRefused, match="not text"):
        read_csv_tables(tmp_path, NOW)


def test_no_tables_and_too_much_of_them_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "none of the tables" in str(_refusal(tmp_path / "a", {"users.csv": ""}))
    assert "empty" in str(_refusal(tmp_path / "b", {"pupils.csv": "\n"}))
    assert "no pupil" in str(_refusal(tmp_path / "c", {"pupils.csv": "ID,Surname\n"}))
    assert "more than one folder" in str(_both(tmp_path / "d"))
    monkeypatch.setattr(archive_module, "MAX_FILE_BYTES", 100_000)
    bomb = {"pupils.csv": "ID,Surname\n" + " " * 10_000_000}
    path = write_zip(bomb, tmp_path / "bomb.zip")
    with pytest.raises(ExportRefused, match="too big"):
        read_csv_tables(path, NOW)


def _both(folder: Path) -> ExportRefused:
    write_folder(small_tables(), folder / "one")
    return _refusal(folder, {"pupils.csv": "ID,Surname\n"})


@settings(max_examples=60)
@given(st.data())
def test_any_cell_and_any_bytes_may_stand_anywhere(data: st.DataObject) -> None:
    files = {name: text.encode() for name, text in small_tables().items()}
    name = data.draw(st.sampled_from(sorted(files)))
    if data.draw(st.booleans()):
        lines = [line.split(",") for line in small_tables()[name].splitlines()]
        line = data.draw(st.sampled_from(lines))
        line[data.draw(st.integers(0, len(line) - 1))] = data.draw(PIECES)
        files[name] = "\n".join(map(",".join, lines)).encode(errors="replace")
    else:
        at = data.draw(st.integers(0, len(files[name])))
        files[name] = files[name][:at] + data.draw(st.binary(max_size=10)) + files[name][at + 5 :]
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(ExportRefused):
        options = Options(data.draw(st.frozensets(st.sampled_from(Table))), Dates.DMY)
        snapshot = read_csv_tables(write_folder(files, Path(folder)), NOW, options)
        snapshot_messages(snapshot, UUID(int=7), "c_1")


CONTACTS = (
    "Contact ID,Pupil ID,Title,Forename,Surname,Email,Relationship,Parental responsibility\n"
    "k1,p1,Ms,Ann,O'Neill,ann@mailbox.example,Mother,yes\n"
    "k1,p2,Ms,Ann,O'Neill,ann@mailbox.example,Step-mother,no\n"
    "k2,p1,,Dr Who,,,Great-aunt twice removed,\n"
)


def test_a_contact_of_brothers_and_sisters_is_one(tmp_path: Path) -> None:
    files = {**small_tables(), "contacts.csv": CONTACTS}
    snapshot = _read(tmp_path, files, complete=frozenset({Table.CONTACTS}))
    contacts = [record for record in snapshot.records if isinstance(record, ContactRecord)]
    assert [(each.mis_id, each.email) for each in contacts] == [
        ("k1", "ann@mailbox.example"),
        ("k2", None),
    ]
    related = [record for record in snapshot.records if isinstance(record, RelationshipRecord)]
    assert [(r.pupil_mis_id, r.contact_mis_id, r.relationship, r.responsibility) for r in related] \
        == [("p1", "k1", "mother", True), ("p1", "k2", None, None),
            ("p2", "k1", "step_parent", False)]  # fmt: skip
    assert snapshot.complete == {Collection.CONTACTS, Collection.RELATIONSHIPS}
    told = {remark.slug: remark.count for remark in snapshot.remarks}
    assert told["relationship_not_understood"] == 1


def test_contacts_without_ids_are_known_by_their_addresses(tmp_path: Path) -> None:
    table = CONTACTS.replace("Contact ID", "Note")
    snapshot = _read(tmp_path, {**small_tables(), "contacts.csv": table})
    assert [r.mis_id for r in snapshot.records if isinstance(r, ContactRecord)] == [
        "ann@mailbox.example"
    ]
    told = {remark.slug: remark.count for remark in snapshot.remarks}
    assert told["left_out_without_email"] == 1


@pytest.mark.parametrize(
    ("old", "new", "remark", "relationships"),
    [
        ("k1,p2,Ms", "k1,p2,Mrs", "said_twice", 3),
        ("k1,p2", "k1,p1", "said_twice", 2),
        ("k2,p1", "k2,", "row_not_told", 2),
        ("k2,p1", "k2,p9", "link_of_unknown", 2),
        ("Step-mother,no", "Step-mother,maybe", "flag_not_understood", 3),
    ],
)
def test_one_contact_does_not_keep_the_others_behind(
    old: str, new: str, remark: str, relationships: int, tmp_path: Path
) -> None:
    files = {**small_tables(), "contacts.csv": CONTACTS.replace(old, new)}
    complete = frozenset({Table.PUPILS, Table.CONTACTS})
    snapshot = _read(tmp_path, files, complete=complete)
    assert snapshot.counts()[Collection.RELATIONSHIPS] == relationships
    assert remark in {each.slug for each in snapshot.remarks}
    assert (Collection.CONTACTS in snapshot.complete) == (remark != "row_not_told")


def test_optional_fields_that_are_not_understood_are_left_out(tmp_path: Path) -> None:
    files = small_tables()
    files["pupils.csv"] = (
        "Pupil ID,Surname,Ethnicity,Language,SEN,FSM,PP,LAC\n"
        "p1,Nowak,WBRI,POL,SEN support,Y,no,1\n"
        "p2,Rees,White - British,ENG,Z,Ever 6,,maybe\n"
    )
    snapshot = _read(tmp_path, files)
    known = [p.model_dump(exclude={"kind", "mis_id", "legal_surname"}, exclude_defaults=True)
             for p in _pupils(snapshot)]  # fmt: skip
    assert known == [
        {"ethnicity": "WBRI", "first_language": "POL", "sen_provision": "K",
         "free_school_meals": True, "pupil_premium": False, "in_care": True},
        {"first_language": "ENG", "sen_provision": "Z"},
    ]  # fmt: skip
    told = {remark.slug: remark.count for remark in snapshot.remarks}
    assert (told["code_not_used"], told["flag_not_understood"]) == (1, 2)

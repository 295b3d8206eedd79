"""What a CTF says that it is, and what is refused or remarked upon in it (R11, R17, R22)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from services.mis_sync.connectors.ctf import read_ctf
from services.mis_sync.connectors.findings import ExportRefused
from services.mis_sync.connectors.snapshot import Snapshot
from shared.contracts.mis import ContactRecord, PupilRecord, RelationshipRecord
from tests.mis_sync.connectors.ctf_files import SMALL, write_ctf
from tests.mis_sync.connectors.exports import NOW


def _read(folder: Path, *changes: tuple[str, str], org: str | None = None) -> Snapshot:
    content = SMALL
    for old, new in changes:
        assert old in content
        content = content.replace(old, new)
    return read_ctf(write_ctf(content, folder), NOW, org)


def _refusal(folder: Path, *changes: tuple[str, str], org: str | None = None) -> ExportRefused:
    with pytest.raises(ExportRefused) as caught:
        _read(folder, *changes, org=org)
    return caught.value


def test_it_says_what_file_it_is(tmp_path: Path) -> None:
    about = _read(tmp_path).about
    assert about[0] == "The file: full, written 2026-11-20T09:00:00."
    assert about[1] == "From Test Infant, 823/2000; for 823/2001."
    assert "from one school to another" in about[2]


@pytest.mark.parametrize("org", ["823/2001", "8232001"])
def test_pupils_who_come_to_this_school_are_told_as_such(org: str, tmp_path: Path) -> None:
    assert "come to this school (823/2001)" in _read(tmp_path, org=org).about[2]


@pytest.mark.parametrize("destination", ["LLLL", "XXXX", "2000", ""])
def test_a_school_may_publish_its_own_file(destination: str, tmp_path: Path) -> None:
    snapshot = _read(tmp_path, ("<Estab>2001<", f"<Estab>{destination}<"), org="823/2000")
    assert "this school's own file" in snapshot.about[2]


def test_pupils_who_go_from_this_school_are_not_brought_back(tmp_path: Path) -> None:
    assert "bring leavers back" in str(_refusal(tmp_path, org="823/2000"))


def test_a_file_for_another_school_is_refused(tmp_path: Path) -> None:
    assert "for 823/2001, and this school is 823/2999" in str(_refusal(tmp_path, org="8232999"))
    assert "DfE number" in str(_refusal(tmp_path, org="Heron Park"))


@pytest.mark.parametrize(
    ("told", "written", "year"),
    [
        ("2026", "2026-11-20", "2026/27"),
        ("2026", "2027-08-31", "2026/27"),
        ("2026", "2026-07-20", "2026/27"),
        ("2025", "2026-11-20", "2025/26"),
        ("2026/27", "2026-11-20", "2026/27"),
        ("2099", "", "2099/00"),
    ],
)
def test_the_academic_year_is_named_by_its_start(
    told: str, written: str, year: str, tmp_path: Path
) -> None:
    """R22: CTF writes 2026 for 2026/27, where OneRoster writes 2027."""
    changes = (">2026<", f">{told}<"), ("2026-11-20", written)
    assert _read(tmp_path, *changes).academic_year == year


def test_a_file_without_an_academic_year_tells_none(tmp_path: Path) -> None:
    assert _read(tmp_path, ("<AcademicYear>2026</AcademicYear>", "")).academic_year is None


def test_who_got_another_upn_remains_the_same_record(tmp_path: Path) -> None:
    """A temporary UPN, then the permanent one with the temporary one as the former."""
    before = _read(tmp_path, ("<FormerUPN>R92538742401Z</FormerUPN>", ""),
                   ("N382200118042", "r92538742401 z"))  # fmt: skip
    after = _read(tmp_path)
    ids = [[r.mis_id for r in s.records if isinstance(r, PupilRecord)] for s in (before, after)]
    assert ids == [["D823200052307", "R92538742401Z"]] * 2


@pytest.mark.parametrize(
    ("old", "new", "remark", "line"),
    [
        ("<UPN>D823200052307</UPN>", "", "left_out_without_upn", 10),
        ("D823200052307", "unknown", "left_out_upn_not_one", 10),
        ("R92538742401Z", "none", "former_upn_not_one", 15),
        ("<Sex>F<", "<Sex>X<", "sex_not_understood", 11),
        ("Actual>1<", "Actual>E1<", "year_group_not_used", 12),
        ("<DOB>2021-08-31</DOB>", "<DOB/>", "pupil_without_birth_date", 10),
        ("<Forename>Zoë</Forename>", "", "blank_given_name", 10),
        ("2020-10-01", "01/10/2020", "birth_date_not_used", 14),
        ("2020-10-01", "1820-10-01", "birth_date_not_used", 14),
        ("<Surname>Nowak</Surname>", "", "name_blank", 13),
    ],
)
def test_what_is_left_out_is_remarked_upon(
    old: str, new: str, remark: str, line: int, tmp_path: Path
) -> None:
    (made,) = _read(tmp_path, (old, new)).remarks
    assert (made.slug, made.count, made.examples) == (remark, 1, (f"line {line}",))


def test_a_namespace_comments_and_processing_instructions_are_forgiven(tmp_path: Path) -> None:
    plain = _read(tmp_path)
    changed = _read(
        tmp_path,
        ("<CTfile>", '<CTfile xmlns="urn:ctf"><?made by?>'),
        ("Nowak", "No<!-- -->wak"),
        ("Zoë", "<![CDATA[Zoë]]>"),
    )
    assert changed.records == plain.records


@dataclass(frozen=True)
class Case:
    name: str
    old: str
    new: str
    place: tuple[int | None, str | None]
    says: str


CASES = [
    Case("an unknown root", "CTfile>", "ATfile>", (1, None), "admissions transfer file"),
    Case("another document", "Common Transfer File", "Key Stage 1", (3, "DocumentName"), "but Key"),
    Case("no header", "Header>", "Kopf>", (None, None), "no header"),
    Case("no pupil", "Pupil>", "Person>", (None, None), "no pupil with a UPN"),
    Case("a year", ">2026<", ">next<", (7, "AcademicYear"), "next is not a year"),
    Case("years", ">2026<", ">2026/28<", (7, "AcademicYear"), "2026/28 is not a year"),
    Case("the year's end", ">2026<", ">2027<", (7, "AcademicYear"), "by the year it starts"),
    Case("two surnames", "<Gender>", "<Surname>A</Surname><Gender>", (14, "Surname"), "twice"),
    Case("one UPN twice", "N382200118042", "D823200052307", (13, "UPN"), "(line 10) has or had"),
    Case("a former UPN", "R92538742401Z", "D823200052307", (13, "UPN"), "(line 10) has or had"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_cannot_be_trusted_is_refused_with_its_place(case: Case, tmp_path: Path) -> None:
    (problem,) = _refusal(tmp_path, (case.old, case.new)).problems
    assert (problem.line, problem.column) == case.place
    assert case.says in problem.reason


_FAMILY = """<Contacts>
<Contact><Order>2</Order><Surname>Nowak</Surname><Forename>Jan</Forename>
<Relationship>PAF</Relationship><Email>HOME@mailbox.example</Email></Contact>
<Contact><Order>1</Order><Title>Ms</Title><Surname>Nowak</Surname><Forename>Ola</Forename>
<Relationship>PAM</Relationship><Responsibility>true</Responsibility>
<Email>home@mailbox.example</Email></Contact>
<Contact><Surname>Grey</Surname><Relationship>DOC</Relationship></Contact></Contacts>"""


def test_contacts_have_ids_that_stay_and_brothers_and_sisters_share_them(tmp_path: Path) -> None:
    snapshot = _read(tmp_path, ("<Sex>F</Sex>", _FAMILY), ("<Gender>M</Gender>", _FAMILY))
    contacts = {r.mis_id: r for r in snapshot.records if isinstance(r, ContactRecord)}
    (mother,) = [each for each in contacts.values() if each.email]
    assert (mother.forename, mother.title) == ("Ola", "Ms")
    assert "mailbox" not in mother.mis_id
    assert sorted(contacts) == [
        "D823200052307 contact 1", "D823200052307 contact 3",
        "R92538742401Z contact 1", "R92538742401Z contact 3", mother.mis_id,
    ]  # fmt: skip
    related = [r for r in snapshot.records if isinstance(r, RelationshipRecord)]
    assert [(r.relationship, r.responsibility) for r in related
            if r.contact_mis_id == mother.mis_id] == [("mother", True)] * 2  # fmt: skip
    assert {r.relationship for r in related} == {"mother", "father", "other"}
    told = {remark.slug: remark.count for remark in snapshot.remarks}
    assert told["email_shared"] == 2


@pytest.mark.parametrize(
    ("history", "meals"),
    [
        ("", None),
        ("<FSMinstance><FSMstartDate>2026-11-20</FSMstartDate></FSMinstance>", True),
        ("<FSMinstance><FSMstartDate>2026-11-21</FSMstartDate></FSMinstance>", False),
        ("<FSMinstance><FSMstartDate>2024-01-01</FSMstartDate><FSMendDate>2026-11-20</FSMendDate>"
         "</FSMinstance>", True),
        ("<FSMinstance><FSMstartDate>2024-01-01</FSMstartDate><FSMendDate>2026-11-19</FSMendDate>"
         "</FSMinstance><FSMinstance><FSMstartDate>2025-01-01</FSMstartDate></FSMinstance>", True),
    ],
)  # fmt: skip
def test_meals_are_free_if_they_are_on_the_files_own_day(
    history: str, meals: bool | None, tmp_path: Path
) -> None:
    change = ("<Sex>F</Sex>", f"<FSMhistory>{history}</FSMhistory>")
    pupils = [r for r in _read(tmp_path, change).records if isinstance(r, PupilRecord)]
    assert pupils[0].free_school_meals is meals

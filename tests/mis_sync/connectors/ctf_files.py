"""Common Transfer Files for the tests: from records by hypothesis, and a small one to be broken.

Written apart from the reader, by another library.
"""

from __future__ import annotations

import xml.etree.ElementTree as Xml
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.contracts.mis import ContactRecord, PupilRecord, RelationshipRecord
from shared.contracts.vocabulary import ContactRelationship

__all__ = ["SMALL", "CtfQuirks", "pupils_as_ctf", "write_ctf"]

SMALL = """<?xml version="1.0" encoding="utf-8"?>
<CTfile>
<Header><DocumentName>Common Transfer File</DocumentName><CTFversion>25.0</CTFversion>
<DateTime>2026-11-20T09:00:00</DateTime><DocumentQualifier>full</DocumentQualifier>
<SupplierID>Test MIS</SupplierID>
<SourceSchool><LEA>823</LEA><Estab>2000</Estab><SchoolName>Test Infant</SchoolName>
<AcademicYear>2026</AcademicYear></SourceSchool>
<DestSchool><LEA>823</LEA><Estab>2001</Estab></DestSchool></Header>
<CTFpupilData>
<Pupil><UPN>D823200052307</UPN><Surname>O'Neill</Surname><Forename>Zoë</Forename>
<DOB>2021-08-31</DOB><Sex>F</Sex>
<BasicDetails><NCyearActual>1</NCyearActual></BasicDetails></Pupil>
<Pupil><UPN>N382200118042</UPN><Surname>Nowak</Surname><Forename>Łukasz</Forename>
<DOB>2020-10-01</DOB><Gender>M</Gender>
<BasicDetails><FormerUPN>R92538742401Z</FormerUPN><NCyearActual>2</NCyearActual></BasicDetails>
</Pupil>
</CTFpupilData>
</CTfile>
"""
"""The pupils start on lines 10 and 13."""


@dataclass(frozen=True)
class CtfQuirks:
    """How files of several programs and years differ without meaning anything else."""

    encoding: str = "utf-8"
    version: str = "25.0"
    sex_element: str = "Sex"
    padded: bool = False
    other_elements: bool = False


Families = Mapping[str, Sequence[tuple[ContactRecord, RelationshipRecord]]]
CODES = {
    ContactRelationship.MOTHER: "PAM",
    ContactRelationship.FATHER: "PAF",
    ContactRelationship.PARENT: "PAI",
    ContactRelationship.STEP_PARENT: "STM",
    ContactRelationship.FOSTER_PARENT: "FOF",
    ContactRelationship.CARER: "CAR",
    ContactRelationship.RELATIVE: "REL",
    ContactRelationship.OTHER: "SWR",
}


def pupils_as_ctf(
    pupils: Iterable[PupilRecord], quirks: CtfQuirks, families: Families | None = None
) -> bytes:
    """The file of these pupils, of 2026/27, with their contacts by the pupil's id."""
    root = Xml.Element("CTfile")
    header = Xml.SubElement(root, "Header")
    for name, text in (
        ("DocumentName", "Common Transfer File"),
        ("CTFversion", quirks.version),
        ("DateTime", "2026-11-20T09:00:00"),
        ("SupplierID", "Test MIS"),
    ):
        Xml.SubElement(header, name).text = text
    source = Xml.SubElement(header, "SourceSchool")
    Xml.SubElement(source, "AcademicYear").text = "2026"
    data = Xml.SubElement(root, "CTFpupilData")
    for pupil in pupils:
        element = Xml.SubElement(data, "Pupil")
        _add(element, pupil, quirks)
        contacts = Xml.SubElement(element, "Contacts")
        for order, family in enumerate((families or {}).get(pupil.mis_id, ()), start=1):
            _add_contact(Xml.SubElement(contacts, "Contact"), order, *family, quirks)
    if quirks.padded:
        Xml.indent(root, "\t")
    content: bytes = Xml.tostring(root, encoding=quirks.encoding, xml_declaration=True)
    return content


def _add(element: Xml.Element, pupil: PupilRecord, quirks: CtfQuirks) -> None:
    born = pupil.date_of_birth
    for name, text in (
        ("UPN", pupil.upn),
        ("Surname", pupil.legal_surname),
        ("Forename", pupil.legal_forename),
        ("DOB", None if born is None else born.isoformat()),
        (quirks.sex_element, pupil.sex),
    ):
        _say(element, name, text, quirks)
    details = Xml.SubElement(element, "BasicDetails")
    for upn in pupil.former_upns:
        _say(details, "FormerUPN", upn, quirks)
    _say(details, "PreferredSurname", pupil.preferred_surname, quirks)
    _say(details, "PreferredForename", pupil.preferred_forename, quirks)
    _say(details, "MiddleNames", pupil.middle_names, quirks)
    _say(details, "NCyearActual", pupil.year_group, quirks)
    _say(details, "Ethnicity", pupil.ethnicity, quirks)
    for kind, language in (("H", "OTH"), ("F", pupil.first_language)):
        if pupil.first_language is not None:
            spoken = Xml.SubElement(_inside(details, "Languages"), "Type")
            _say(spoken, "LanguageType", kind, quirks)
            _say(spoken, "Language", language, quirks)
    for day, provision in (("2026-09-01", pupil.sen_provision), ("2024-09-01", "N")):
        if pupil.sen_provision is not None:
            held = Xml.SubElement(_inside(element, "SENhistory"), "SEN")
            _say(held, "StartDate", day, quirks)
            _say(held, "SENprovision", provision, quirks)
    if pupil.free_school_meals is not None:
        meals = Xml.SubElement(_inside(element, "FSMhistory"), "FSMinstance")
        _say(meals, "FSMstartDate", "2025-09-01", quirks)
        if not pupil.free_school_meals:
            _say(meals, "FSMendDate", "2026-07-31", quirks)
    if pupil.in_care is not None:
        _say(_inside(element, "LookedAfter"), "InCare", str(pupil.in_care).lower(), quirks)
    if quirks.other_elements:
        doctor = Xml.SubElement(Xml.SubElement(element, "Medical"), "Contact")
        _say(doctor, "Surname", "Somebody else", quirks)
        _say(doctor, "Email", "doctor@surgery.example", quirks)


def _inside(element: Xml.Element, name: str) -> Xml.Element:
    found = element.find(name)
    return Xml.SubElement(element, name) if found is None else found


def _add_contact(
    element: Xml.Element,
    order: int,
    contact: ContactRecord,
    related: RelationshipRecord,
    quirks: CtfQuirks,
) -> None:
    for name, text in (
        ("Order", str(order)),
        ("Title", contact.title),
        ("Surname", contact.surname),
        ("Forename", contact.forename),
        ("Relationship", related.relationship and CODES[related.relationship]),
        ("Responsibility", {True: "Y", False: "N", None: None}[related.responsibility]),
        ("Email", contact.email),
    ):
        _say(element, name, text, quirks)


def _say(element: Xml.Element, name: str, text: str | None, quirks: CtfQuirks) -> None:
    if text is not None or quirks.other_elements:
        spaced = f"\n  {text} " if quirks.padded and text else text
        Xml.SubElement(element, name).text = spaced


def write_ctf(content: str | bytes, folder: Path) -> Path:
    path = folder / "8232000_CTF_8232001_001.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path

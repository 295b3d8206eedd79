"""The XML of a CTF, read as a stream: its header and its pupils, one at a time, within limits.

lxml reads without network, DTD or entities, and refuses texts over 10 MB and depths over 256 by
itself; a DOCTYPE is refused here. What is not asked for is dropped as soon as it has been read, so
that memory stays the same however long the file is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from services.mis_sync.connectors.findings import Findings, Remark
from services.mis_sync.connectors.values import MAX_TEXT

__all__ = ["HEADER", "PUPIL", "Block", "Value", "read_blocks"]

MAX_BYTES = 64 * 1024 * 1024
_ROOT = "ctfile"
_OTHER_FILES = {"ATfile": "an admissions transfer file (ATF)", "Message": "a school census return"}
HEADER = ("Header",)
PUPIL = ("CTFpupilData", "Pupil")
_SCHOOL = ("LEA", "Estab", "URN", "SchoolName", "AcademicYear")
_DETAILS = (
    *("UPN", "Surname", "Forename", "DOB", "Sex", "Gender", "FormerUPN", "PreferredSurname"),
    *("PreferredForename", "MiddleNames", "NCyearActual"),
)
_CONTACT = (*("Order", "Title", "Surname", "Forename", "Relationship", "Responsibility", "Email"),)
_GROUPS = {
    "Contacts/Contact": _CONTACT,
    "Languages/Type": ("LanguageType", "Language"),
    "SENhistory/SEN": ("StartDate", "SENprovision"),
    "FSMhistory/FSMinstance": ("FSMstartDate", "FSMendDate"),
}
"""What there may be several of in a pupil, each with elements of its own."""
_PUPIL_TOO = ("Ethnicity", "LookedAfter/InCare", "InCare")
_WANTED = {
    HEADER: {
        *("DocumentName", "CTFversion", "DateTime", "DocumentQualifier", "DataDescriptor"),
        "SupplierID",
        *(f"{school}/{each}" for school in ("SourceSchool", "DestSchool") for each in _SCHOOL),
    },
    PUPIL: {
        f"{around}{each}"
        for around in ("", "BasicDetails/")
        for each in (
            *_DETAILS,
            *_PUPIL_TOO,
            *(f"{group}/{name}" for group, names in _GROUPS.items() for name in names),
        )
    },
}
_REPEATED = {"FormerUPN"}


@dataclass(frozen=True)
class Value:
    text: str
    line: int


@dataclass
class Block:
    """The header or a pupil: what stands in it, by the element's name (`SourceSchool/LEA`).

    `BasicDetails` is left out of a name, since not every version has it around the same elements.
    """

    path: tuple[str, ...]
    line: int
    values: dict[str, list[Value]] = field(default_factory=dict)
    groups: dict[str, list[Block]] = field(default_factory=dict)
    """What there may be several of, by the group's name (`Contacts/Contact`), in their order."""

    def several(self, group: str) -> list[Block]:
        return self.groups.get(group, [])

    def all(self, name: str) -> list[Value]:
        return self.values.get(name, [])

    def one(self, *names: str) -> Value | None:
        """The value under the first of these names that there is."""
        return next((self.values[name][0] for name in names if name in self.values), None)

    def text(self, name: str) -> str | None:
        value = self.one(name)
        return None if value is None else value.text


def read_blocks(path: Path, findings: Findings) -> Iterator[Block]:
    """The header and the pupils in the order of the file. Raises `ExportRefused`."""
    with _opened(path, findings) as stream:
        try:
            yield from _blocks(stream, path.name, findings)
        except etree.XMLSyntaxError as error:
            reason = f"This is not whole, well-formed XML ({_what(error)})"
            hint = "was it cut off while it was copied, or saved in another encoding?"
            findings.refuse(f"{reason}; {hint}", path.name, error.lineno or None)


@contextmanager
def _opened(path: Path, findings: Findings) -> Iterator[BinaryIO]:
    if not path.is_file():
        findings.refuse("There is no such file.", str(path))
    try:
        with path.open("rb") as stream:
            if os.fstat(stream.fileno()).st_size > MAX_BYTES:
                findings.refuse(f"The file is too big ({MAX_BYTES >> 20} MiB).", path.name)
            if stream.read(4) == b"PK\x03\x04":
                findings.refuse("This is a ZIP: unpack it first.", path.name)
            stream.seek(0)
            yield stream
    except OSError as error:
        findings.refuse(f"cannot be read: {error.strerror or error}", path.name)


def _blocks(stream: BinaryIO, file: str, findings: Findings) -> Iterator[Block]:
    place: list[str] = []
    block: Block | None = None
    for event, element in etree.iterparse(
        stream,
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    ):
        name = etree.QName(element).localname
        if event == "start":
            if not place:
                _check_root(element, name, file, findings)
            place.append(name)
            if tuple(place[1:]) in _WANTED:
                block = Block(tuple(place[1:]), element.sourceline or 1)
            elif block is not None:
                _begin_group(block, place[1 + len(block.path) :], element, file, findings)
            continue
        if block is not None and tuple(place[1:]) == block.path:
            yield block
            block = None
        elif block is not None:
            _take(block, place[1 + len(block.path) :], element, file, findings)
        place.pop()
        _drop(element)


def _check_root(element: etree._Element, name: str, file: str, findings: Findings) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        reason = "The file has a DOCTYPE, which no Common Transfer File needs: it is not read."
        findings.refuse(reason, file, 1)
    if name.lower() != _ROOT:
        what = _OTHER_FILES.get(name, f"something else: its outermost element is {name[:60]}")
        findings.refuse(f"This is not a Common Transfer File but {what}.", file, 1)


def _name(inside: list[str]) -> str:
    return "/".join(inside).removeprefix("BasicDetails/")


def _begin_group(
    block: Block, inside: list[str], element: etree._Element, file: str, findings: Findings
) -> None:
    name = _name(inside)
    if block.path != PUPIL or name not in _GROUPS:
        return
    begun = block.groups.setdefault(name, [])
    line = element.sourceline or block.line
    if len(begun) >= MAX_TEXT:
        findings.problem("The element is there too often.", file, line, name)
    begun.append(Block((*block.path, *name.split("/")), line))


def _take(
    block: Block, inside: list[str], element: etree._Element, file: str, findings: Findings
) -> None:
    if "/".join(inside) not in _WANTED[block.path]:
        return
    name = _name(inside)
    group, _, last = name.rpartition("/")
    if group in _GROUPS:
        block, name = block.groups[group][-1], last
    text = " ".join((element.text or "").split())
    line = element.sourceline or block.line
    if not text:
        return
    if len(text) > MAX_TEXT:
        findings.remark(Remark.TEXT_TOO_LONG, f"line {line}")
    elif name in block.values and name not in _REPEATED:
        if block.values[name][0].text != text:
            findings.problem("The element is there twice.", file, line, name)
    elif len(block.values.get(name, ())) >= MAX_TEXT:
        findings.problem("The element is there too often.", file, line, name)
    else:
        block.values.setdefault(name, []).append(Value(text, line))


def _drop(element: etree._Element) -> None:
    """Free what the element holds and what stood before it; the parser still holds itself."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _what(error: etree.XMLSyntaxError) -> str:
    """Without the place, which the problem has by itself."""
    return re.split(r"\s*(?:, line |\n)", error.msg or "no element found")[0]

"""Opens an export, a ZIP or a folder, and hands out its files within limits.

Nothing is ever unpacked to disk, and a ZIP is believed only as far as it was read.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import TypeVar

from services.mis_sync.connectors.findings import ExportRefused, Problem

__all__ = ["ExportFiles", "Layout", "open_export"]

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_TOTAL_BYTES = 256 * 1024 * 1024
MAX_ENTRIES = 1_000
_IGNORED = {"__MACOSX"}
_ENCRYPTED = 0x1

Folder = TypeVar("Folder", bound=PurePath)


@dataclass(frozen=True)
class Layout:
    """How the folder is known that the files lie in, wherever the export has it.

    It is the only one that holds any of the `marks` (lower case). `none` and `several` say what is
    wrong if there is no such folder, or more than one.
    """

    marks: frozenset[str]
    none: str
    several: str


@dataclass(frozen=True)
class ExportFiles:
    """The files of the folder: all their names, and the content of those asked for.

    Names are in lower case.
    """

    names: frozenset[str]
    contents: dict[str, bytes]


def open_export(path: Path, layout: Layout, wanted: Collection[str]) -> ExportFiles:
    """Read the `wanted` files (lower case). Raises `ExportRefused`."""
    try:
        if path.is_dir():
            return _from_folder(path, layout, wanted)
        if path.is_file():
            return _from_zip(path, layout, wanted)
    except OSError as error:
        raise _refused(f"cannot be read: {error.strerror or error}", path.name) from error
    raise _refused("There is no such file or folder.", str(path))


def _from_folder(path: Path, layout: Layout, wanted: Collection[str]) -> ExportFiles:
    folders = [path, *sorted(child for child in path.iterdir() if child.is_dir())]
    found = {f for f in folders if any(file.name.lower() in layout.marks for file in f.iterdir())}
    folder = _only_one(found, layout, path.name)
    names = _by_lower_name((f.name for f in folder.iterdir() if f.is_file()), path.name)
    budget = _Budget(MAX_TOTAL_BYTES)
    contents = {}
    for lower, name in names.items():
        if lower not in wanted:
            continue
        file = folder / name
        if not file.resolve().is_relative_to(path.resolve()):
            raise _refused("The file is a link that leads out of the folder.", name)
        with file.open("rb") as stream:
            contents[lower] = budget.take(stream.read(MAX_FILE_BYTES + 1), name)
    return ExportFiles(frozenset(names), contents)


def _from_zip(path: Path, layout: Layout, wanted: Collection[str]) -> ExportFiles:
    try:
        with zipfile.ZipFile(path) as archive:
            return _from_archive(archive, path.name, layout, wanted)
    except zipfile.BadZipFile as error:
        raise _refused(
            "This is not a whole ZIP file; was it cut off while it was copied?", path.name
        ) from error


def _from_archive(
    archive: zipfile.ZipFile, label: str, layout: Layout, wanted: Collection[str]
) -> ExportFiles:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise _refused(f"The ZIP has more than {MAX_ENTRIES} entries.", label)
    for entry in entries:
        _check_entry(entry)
    entries = [e for e in entries if not e.is_dir() and _IGNORED.isdisjoint(_path(e).parts)]
    files = {_path(entry): entry for entry in entries}
    marked = {path.parent for path in files if path.name.lower() in layout.marks}
    folder = _only_one(marked, layout, label)
    beside = [_path(entry).name for entry in entries if _path(entry).parent == folder]
    names = _by_lower_name(beside, label)
    budget = _Budget(MAX_TOTAL_BYTES)
    contents = {
        lower: budget.take(_unpacked(archive, files[folder / name]), name)
        for lower, name in names.items()
        if lower in wanted
    }
    return ExportFiles(frozenset(names), contents)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name or "\x00" in name:
        raise _refused("A ZIP entry's name leads out of the ZIP.", name)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise _refused("A ZIP entry is a link and not a file.", name)
    if entry.flag_bits & _ENCRYPTED:
        raise _refused("The ZIP is protected with a password; it must be without one.", name)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refused("The ZIP is packed in an unusual way; use the ordinary one.", name)


def _path(entry: zipfile.ZipInfo) -> PurePosixPath:
    """Where the entry lies; some Windows programs part folders by a backslash."""
    return PurePosixPath(entry.filename.replace("\\", "/"))


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(entry) as stream:
            return stream.read(MAX_FILE_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise _refused("The file is damaged inside the ZIP.", entry.filename) from error


@dataclass
class _Budget:
    """How many bytes may still be read; a ZIP bomb runs out of it."""

    left: int

    def take(self, content: bytes, name: str) -> bytes:
        self.left -= len(content)
        if len(content) > MAX_FILE_BYTES or self.left < 0:
            limits = f"{MAX_FILE_BYTES >> 20} MiB a file, {MAX_TOTAL_BYTES >> 20} MiB in all"
            raise _refused(f"The export is too big ({limits}).", name)
        return content


def _only_one(found: set[Folder], layout: Layout, label: str) -> Folder:
    if not found:
        raise _refused(layout.none, label)
    if len(found) > 1:
        raise _refused(layout.several, label)
    return found.pop()


def _by_lower_name(names: Iterable[str], label: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in sorted(names):
        if name.lower() in found:
            raise _refused(f"The file {name} is there twice.", label)
        found[name.lower()] = name
    return found


def _refused(reason: str, file: str) -> ExportRefused:
    return ExportRefused([Problem(reason, file)])

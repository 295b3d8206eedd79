"""Reports of each pupil in one ZIP: the same bytes for the same, and names that are safe (R27)."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence

__all__ = ["file_names", "joined", "safe_name", "zipped"]

_THE_SAME_TIME = (1980, 1, 1, 0, 0, 0)
"""The first that a ZIP can hold: a file says what is in it, and not when it was put there."""
_READABLE_BY_ALL = 0o100644 << 16
_MOST_CHARACTERS = 80
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')


def file_names(names: Sequence[str]) -> list[str]:
    """For each pupil, by their names: no way out of a folder, none twice, whatever its case."""
    safe = [safe_name(name, "Pupil", _MOST_CHARACTERS) for name in names]
    alike = Counter(map(_folded, safe))
    taken: set[str] = set()
    found = []
    for name in safe:
        number, one = 1, name
        while _folded(one) in taken or (alike[_folded(name)] > 1 and one == name):
            one, number = f"{name} ({number})", number + 1
        taken.add(_folded(one))
        found.append(f"{one}.pdf")
    return found


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Not packed any tighter: a PDF is already."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, _THE_SAME_TIME)
            entry.create_system = 3
            entry.external_attr = _READABLE_BY_ALL
            archive.writestr(entry, content)
    return target.getvalue()


def joined(parts: Iterable[bytes], names: Sequence[str]) -> bytes:
    """One ZIP of the files in `parts`, called by `names`, in their order."""
    return zipped(zip(names, _contents(parts), strict=True))


def _contents(parts: Iterable[bytes]) -> Iterable[bytes]:
    for part in parts:
        with zipfile.ZipFile(io.BytesIO(part)) as archive:
            for entry in archive.infolist():
                yield archive.read(entry)


def safe_name(name: str, otherwise: str, most: int) -> str:
    """As it is written, without what a file system gives a meaning to, nor dots at its ends."""
    plain = unicodedata.normalize("NFC", name)
    plain = "".join(one for one in plain if unicodedata.category(one) not in ("Cf", "Cs", "Co"))
    plain = re.sub(r"\s+", " ", _NOT_IN_NAMES.sub("-", plain)).strip(" .")
    return plain[:most].strip(" .") or otherwise


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()

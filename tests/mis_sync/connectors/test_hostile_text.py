"""Whatever stands in the files, an export is read or refused, and nothing else ever happens."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.mis_sync.connectors.findings import ExportRefused
from services.mis_sync.connectors.messages import snapshot_messages
from services.mis_sync.connectors.oneroster_csv import Grades, Options, read_oneroster_csv
from tests.mis_sync.connectors.exports import NOW, small_export, write_folder

NAMES = sorted(small_export())
AWKWARD = [
    *("", " ", '"', '""', ",", ";", "\r", "\n", "\x00", "\x1f", "\x85", "\u2028", "\ufeff", "'"),
    *("-1", "0", "1e5", "true", "NULL", "2026-11-24", "9999-12-31", "0001-01-01", "2027", "{UPN:}"),
    *("{UPN:" + "x" * 300 + "}", "x" * 201, "a@b", "=1+1", "ext:x", "student", "org", "p1", "Ω"),
]
PIECES = st.sampled_from(AWKWARD) | st.text(max_size=5)


def _read(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(ExportRefused):
        path = write_folder(files, Path(folder))
        snapshot = read_oneroster_csv(path, NOW, Options(grades=Grades.UK))
        snapshot_messages(snapshot, UUID(int=7), "c_1")


@given(st.data())
def test_any_cell_may_hold_anything(data: st.DataObject) -> None:
    files = small_export(data.draw(st.sampled_from(["1.1", "1.2"])))
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(sorted(files)))
        lines = [line.split(",") for line in files[name].splitlines() or [""]]
        line = data.draw(st.sampled_from(lines))
        line[data.draw(st.integers(0, len(line) - 1))] = data.draw(PIECES)
        files[name] = "\n".join(map(",".join, lines))
    _read({name: text.encode(errors="replace") for name, text in files.items()})


@given(st.data())
def test_any_bytes_may_stand_anywhere(data: st.DataObject) -> None:
    files = {name: text.encode() for name, text in small_export().items()}
    name = data.draw(st.sampled_from(NAMES))
    at = data.draw(st.integers(0, len(files[name])))
    upto = data.draw(st.integers(at, min(at + 20, len(files[name]))))
    files[name] = files[name][:at] + data.draw(st.binary(max_size=10)) + files[name][upto:]
    _read(files)

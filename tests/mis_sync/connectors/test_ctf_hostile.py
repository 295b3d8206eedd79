"""Whatever an XML file is made of, it is read or refused, soon and in little memory."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.mis_sync.connectors.ctf import read_ctf
from services.mis_sync.connectors.findings import ExportRefused
from services.mis_sync.connectors.messages import snapshot_messages
from tests.mis_sync.connectors.ctf_files import SMALL, write_ctf
from tests.mis_sync.connectors.exports import NOW
from tests.mis_sync.connectors.test_hostile_text import PIECES

ROOT = Path(__file__).resolve().parents[3]
_HEAD, _BODY = SMALL.split("<CTfile>", 1)
_LAUGHS = "".join(
    f'<!ENTITY l{n} "{("&l" + str(n - 1) + ";") * 10 if n else "lol"}">' for n in range(12)
)


def _refusal(content: str | bytes, folder: Path) -> str:
    with pytest.raises(ExportRefused) as caught:
        read_ctf(write_ctf(content, folder), NOW)
    return str(caught.value)


def _with_doctype(doctype: str) -> str:
    return f"{_HEAD}{doctype}<CTfile>{_BODY}"


def test_entities_that_grow_are_refused_before_they_do(tmp_path: Path) -> None:
    laughing = _with_doctype(f"<!DOCTYPE CTfile [{_LAUGHS}]>").replace("O'Neill", "&l11;")
    assert "DOCTYPE" in _refusal(laughing, tmp_path)
    in_root = laughing.replace("<CTfile>", '<CTfile x="&l11;">')
    assert "well-formed" in _refusal(in_root, tmp_path)


def test_an_entity_from_elsewhere_is_refused_and_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    where = (tmp_path / "secret").as_uri()
    content = _with_doctype(f'<!DOCTYPE CTfile [<!ENTITY x SYSTEM "{where}">]>')
    refused = _refusal(content.replace("O'Neill", "&x;"), tmp_path)
    assert "DOCTYPE" in refused
    assert "secret" not in refused


@pytest.mark.parametrize("doctype", ["<!DOCTYPE CTfile>", '<!DOCTYPE CTfile SYSTEM "ctf.dtd">'])
def test_any_doctype_is_refused(doctype: str, tmp_path: Path) -> None:
    assert "DOCTYPE" in _refusal(_with_doctype(doctype), tmp_path)


def test_200_mb_of_whitespace_are_refused_by_their_size(tmp_path: Path) -> None:
    path = write_ctf("<CTfile>", tmp_path)
    with path.open("ab") as stream:
        for _ in range(200):
            stream.write(b" " * 1_000_000)
    with pytest.raises(ExportRefused, match="too big"):
        read_ctf(path, NOW)
    path.unlink()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (SMALL.replace("Nowak", " " * 12_000_000), "Text node too long"),
        (SMALL.replace("Nowak", "Nowak\x00"), "Invalid character"),
        (SMALL.encode("cp1252", "replace"), "saved in another encoding"),
        (SMALL[:900], "cut off"),
        (SMALL.replace("Nowak", "&nbsp;"), "well-formed"),
        (SMALL.replace("Nowak", "<a>" * 300), "depth"),
        ("", "well-formed"),
        ("PK\x03\x04", "ZIP"),
        ("UPN,Surname\n", "well-formed"),
    ],
    ids=["text", "nul", "encoding", "cut", "entity", "deep", "empty", "zip", "csv"],
)
def test_what_is_no_whole_xml_is_refused(content: str | bytes, why: str, tmp_path: Path) -> None:
    assert why in _refusal(content, tmp_path)


def test_memory_stays_small_however_long_the_file_is(tmp_path: Path) -> None:
    """30 MB of pupils' attendance take less memory than a third of that."""
    pupil = "<Pupil><UPN>D8232000{:05}</UPN><Surname>A</Surname>{}</Pupil>"
    days = "<Attendance><YearData>" + f"<Day>{'/' * 250}</Day>" * 100 + "</YearData></Attendance>"
    end = "</CTFpupilData></CTfile>"
    head = SMALL.split("<Pupil>")[0]
    code = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from services.mis_sync.connectors.ctf import read_ctf\n"
        "def most():\n"
        "    lines = Path('/proc/self/status').read_text().splitlines()\n"
        "    return next(int(line.split()[1]) for line in lines if line.startswith('VmHWM'))\n"
        "small, big = sys.argv[1:]\n"
        "read_ctf(Path(small), datetime.now(UTC)); before = most()\n"
        "print(len(read_ctf(Path(big), datetime.now(UTC)).records), most() - before)\n"
    )
    small, big = tmp_path / "small.xml", tmp_path / "big.xml"
    small.write_text(head + pupil.format(0, days) + end)
    big.write_text(head + "".join(pupil.format(n, days) for n in range(1_150)) + end)
    assert big.stat().st_size > 30_000_000
    done = subprocess.run(
        [sys.executable, "-c", code, small, big],
        cwd=ROOT, check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    big.unlink()
    records, grown_kib = map(int, done.stdout.split())
    assert records == 1_150
    assert grown_kib < 10_000


@settings(max_examples=60)
@given(st.data())
def test_any_value_and_any_bytes_may_stand_anywhere(data: st.DataObject) -> None:
    content = SMALL.encode()
    if data.draw(st.booleans()):
        value = data.draw(
            st.sampled_from(["O'Neill", "2021-08-31", "2026", "R92538742401Z", "25.0"])
        )
        content = SMALL.replace(value, data.draw(PIECES)).encode(errors="replace")
    else:
        at = data.draw(st.integers(0, len(content)))
        content = content[:at] + data.draw(st.binary(max_size=10)) + content[at + 5 :]
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(ExportRefused):
        snapshot = read_ctf(write_ctf(content, Path(folder)), NOW)
        snapshot_messages(snapshot, UUID(int=7), "c_1")

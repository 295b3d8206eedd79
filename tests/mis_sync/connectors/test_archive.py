"""A ZIP or folder is only read within limits, and never believed about its names or sizes."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest

from services.mis_sync.connectors import archive as archive_module
from services.mis_sync.connectors.findings import ExportRefused
from services.mis_sync.connectors.oneroster_csv import read_oneroster_csv
from tests.mis_sync.connectors.exports import NOW, small_export, write_folder, write_zip


def _refusal(path: Path) -> str:
    with pytest.raises(ExportRefused) as caught:
        read_oneroster_csv(path, NOW)
    return str(caught.value)


def _zip_with(path: Path, name: str, content: str = "x") -> Path:
    write_zip(small_export(), path)
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr(name, content)
    return path


@pytest.mark.parametrize("name", ["../users.csv", "a/../../b.csv", "/etc/x.csv", "C:\\x.csv"])
def test_a_name_that_leads_out_of_the_zip_is_refused(name: str, tmp_path: Path) -> None:
    assert "leads out of the ZIP" in _refusal(_zip_with(tmp_path / "e.zip", name))


def test_a_zip_bomb_is_refused_after_what_a_file_may_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_module, "MAX_FILE_BYTES", 100_000)
    files = small_export()
    files["users.csv"] += "\n" * 10_000_000
    path = write_zip(files, tmp_path / "e.zip")
    assert path.stat().st_size < 50_000
    assert "users.csv: The export is too big" in _refusal(path)


def test_many_files_may_not_be_too_big_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_module, "MAX_FILE_BYTES", 3_000)
    monkeypatch.setattr(archive_module, "MAX_TOTAL_BYTES", 6_000)
    files = {name: text + "\n" * 2_000 for name, text in small_export().items()}
    assert "too big" in _refusal(write_zip(files, tmp_path / "e.zip"))
    assert "too big" in _refusal(write_folder(files, tmp_path / "folder"))


def test_a_zip_of_very_many_entries_is_refused(tmp_path: Path) -> None:
    files = {**small_export(), **{f"x{number}.txt": "" for number in range(1_000)}}
    assert "more than 1000 entries" in _refusal(write_zip(files, tmp_path / "e.zip"))


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    path = write_zip(small_export(), tmp_path / "e.zip")
    entry = zipfile.ZipInfo("link.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr(entry, "/etc/passwd")
    assert "a link and not a file" in _refusal(path)


def test_a_link_that_leads_out_of_a_folder_is_refused(tmp_path: Path) -> None:
    folder = write_folder(small_export(), tmp_path / "folder")
    outside = tmp_path / "outside.csv"
    (folder / "users.csv").rename(outside)
    (folder / "users.csv").symlink_to(outside)
    assert "leads out of the folder" in _refusal(folder)


def test_a_zip_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = write_zip(small_export(), tmp_path / "e.zip")
    path.write_bytes(path.read_bytes()[:-100])
    assert "not a whole ZIP" in _refusal(path)


def test_a_damaged_entry_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "e.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as opened:
        for name, text in small_export().items():
            opened.writestr(name, text)
    path.write_bytes(path.read_bytes().replace(b"Nowak", b"Nowka"))
    assert "users.csv: The file is damaged" in _refusal(path)


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    path = write_zip(small_export(), tmp_path / "e.zip")
    content = bytearray(path.read_bytes())
    place = content.find(b"PK\x01\x02")
    content[place + 8] |= 0x1
    path.write_bytes(bytes(content))
    assert "password" in _refusal(path)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    path = _zip_with(tmp_path / "e.zip", "USERS.csv")
    assert "users.csv is there twice" in _refusal(path)


def test_two_exports_at_once_are_refused(tmp_path: Path) -> None:
    path = _zip_with(tmp_path / "e.zip", "old/manifest.csv")
    assert "more than one manifest.csv" in _refusal(path)
    write_folder(small_export(), tmp_path / "f" / "a")
    write_folder(small_export(), tmp_path / "f" / "b")
    assert "more than one manifest.csv" in _refusal(tmp_path / "f")


def test_what_is_not_an_export_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no manifest.csv" in _refusal(tmp_path / "empty")
    assert "no such file" in _refusal(tmp_path / "nowhere")
    (tmp_path / "text.zip").write_text("sourcedId\n")
    assert "not a whole ZIP" in _refusal(tmp_path / "text.zip")


def test_what_a_mac_adds_to_a_zip_is_passed_over(tmp_path: Path) -> None:
    path = _zip_with(tmp_path / "e.zip", "__MACOSX/._manifest.csv")
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr("__MACOSX/manifest.csv", "x")
    assert read_oneroster_csv(path, NOW).records

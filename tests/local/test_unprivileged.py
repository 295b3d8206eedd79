"""What PostgreSQL's own user is let through: one right, for one user, where it is missing."""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.servers.unprivileged import let_pass, let_run

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to make a user for it")

STRANGER, OTHER = 61_001, 61_002


def may_list(folder: Path, uid: int) -> bool:
    done = subprocess.run(["ls", str(folder)], user=uid, group=uid, extra_groups=[], check=False)
    return done.returncode == 0


def may_read(file: Path, uid: int) -> bool:
    done = subprocess.run(["cat", str(file)], user=uid, group=uid, extra_groups=[], check=False)
    return done.returncode == 0


@pytest.fixture
def inner() -> Iterator[Path]:
    """A folder with a public file in it, in a private folder, in a folder that all may pass."""
    with tempfile.TemporaryDirectory(prefix="classroom-test-") as outer:
        Path(outer).chmod(0o755)
        folder = Path(outer) / "private" / "inner"
        folder.mkdir(parents=True)
        folder.parent.chmod(0o700)
        (folder / "file").write_text("hello")
        yield folder


def test_the_user_may_pass_and_not_look_around(inner: Path) -> None:
    assert not may_read(inner / "file", STRANGER)
    let_pass(inner, STRANGER)
    assert may_read(inner / "file", STRANGER)
    assert not may_list(inner.parent, STRANGER)


def test_nobody_else_is_let_through(inner: Path) -> None:
    let_pass(inner, STRANGER)
    assert not may_read(inner / "file", OTHER)
    assert stat.S_IMODE(inner.parent.stat().st_mode) & 0o007 == 0


def test_programs_can_be_run_wherever_they_lie(inner: Path) -> None:
    program = inner / "program"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o700)
    let_run(inner, STRANGER)
    done = subprocess.run(
        [str(program)], user=STRANGER, group=STRANGER, extra_groups=[], check=False
    )
    assert done.returncode == 0

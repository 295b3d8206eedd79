"""PostgreSQL refuses to run as root: this finds it a user of its own, and opens no more than that
user must pass through.

The wheel's own wrapper makes every folder above the data readable by everyone. Here the one user
gets the right to pass (an access control entry `x`), not to list, and only where it is missing.
"""

from __future__ import annotations

import errno
import os
import pwd
import shutil
import stat
import struct
import subprocess
from pathlib import Path

from deploy.local.errors import OperatorError
from deploy.local.progress import console

__all__ = ["let_pass", "let_run", "server_user"]

USER_NAME = "classroom-pg"

ACCESS_LIST = "system.posix_acl_access"
ACL_VERSION = 2
TAG_USER_OBJECT, TAG_USER, TAG_GROUP_OBJECT, TAG_MASK, TAG_OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
NOBODY_IN_PARTICULAR = 0xFFFFFFFF
PASS = 1

Entry = tuple[int, int, int]
"""Tag, permissions (rwx as 4, 2, 1), id: linux/posix_acl_xattr.h."""


def server_user() -> tuple[int, int] | None:
    """The (uid, gid) to run as when we are root, made at the first call; `None` when we are not."""
    if os.geteuid() != 0:
        return None
    try:
        found = pwd.getpwnam(USER_NAME)
    except KeyError:
        found = _make_user()
    return found.pw_uid, found.pw_gid


def let_pass(path: Path, uid: int) -> None:
    """Let the user pass through every folder above `path`."""
    for folder in path.resolve().parents:
        if not _can_pass(folder, uid):
            _grant_pass(folder, uid)


def let_run(programs: Path, uid: int) -> None:
    """Let the user read and run the server's programs, which are public, wherever they lie."""
    let_pass(programs, uid)
    for file in (programs, *programs.rglob("*")):
        mode = stat.S_IMODE(file.lstat().st_mode)
        wanted = mode | 0o444 | (0o111 if mode & 0o100 else 0)
        if wanted != mode and not file.is_symlink():
            file.chmod(wanted)


def _make_user() -> pwd.struct_passwd:
    if shutil.which("useradd") is None:
        raise OperatorError(
            "PostgreSQL cannot run as root and `useradd` is missing: run ./classroom as another "
            "user, or name a server of your own in DATABASE_URL."
        )
    console.print(f"PostgreSQL cannot run as root: making the system user {USER_NAME} for it.")
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", USER_NAME]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return pwd.getpwnam(USER_NAME)
    except KeyError as error:
        raise OperatorError(f"The user {USER_NAME} was not made: {done.stderr.strip()}") from error


def _can_pass(folder: Path, uid: int) -> bool:
    status = folder.stat()
    if status.st_uid == uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if any(tag == TAG_USER and who == uid for tag, _, who in _entries(folder)):
        return any(
            tag == TAG_USER and who == uid and rights & PASS
            for tag, rights, who in _entries(folder)
        )
    return bool(status.st_mode & stat.S_IXOTH)


def _grant_pass(folder: Path, uid: int) -> None:
    try:
        _set_entries(folder, _with_pass(_entries(folder), uid))
    except OSError as error:
        if error.errno not in (errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL):
            raise
        console.print(f"PostgreSQL's user must pass {folder}: others now may, without reading it.")
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IXOTH)
    else:
        console.print(f"PostgreSQL's user {USER_NAME} may now pass through {folder}, not read it.")


def _with_pass(entries: list[Entry], uid: int) -> list[Entry]:
    masks = [rights for tag, rights, _ in entries if tag == TAG_MASK]
    group = next(rights for tag, rights, _ in entries if tag == TAG_GROUP_OBJECT)
    others = [e for e in entries if e[0] != TAG_MASK and not (e[0] == TAG_USER and e[2] == uid)]
    mask = (TAG_MASK, (masks[0] if masks else group) | PASS, NOBODY_IN_PARTICULAR)
    return sorted([*others, (TAG_USER, PASS, uid), mask], key=lambda entry: (entry[0], entry[2]))


def _entries(folder: Path) -> list[Entry]:
    """The folder's access control list; where it has none, what its mode says."""
    try:
        packed = os.getxattr(folder, ACCESS_LIST)
    except OSError as error:
        if error.errno not in (errno.ENODATA, errno.EOPNOTSUPP, errno.ENOSYS):
            raise
        mode = folder.stat().st_mode
        return [
            (TAG_USER_OBJECT, mode >> 6 & 7, NOBODY_IN_PARTICULAR),
            (TAG_GROUP_OBJECT, mode >> 3 & 7, NOBODY_IN_PARTICULAR),
            (TAG_OTHER, mode & 7, NOBODY_IN_PARTICULAR),
        ]
    return [(tag, rights, who) for tag, rights, who in struct.iter_unpack("<HHI", packed[4:])]


def _set_entries(folder: Path, entries: list[Entry]) -> None:
    packed = struct.pack("<I", ACL_VERSION) + b"".join(struct.pack("<HHI", *e) for e in entries)
    os.setxattr(folder, ACCESS_LIST, packed)

"""Where the files of schools lie, for an operator: a folder of this machine, or an object store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import obstore
from obstore.exceptions import BaseError, NotFoundError, PermissionDeniedError, UnauthenticatedError
from obstore.store import ObjectStore, from_url

from deploy.local.errors import OperatorError
from deploy.local.secrets_kept import FileKey, file_keys
from deploy.local.state import State

if TYPE_CHECKING:  # the type alone, which its module has no name for
    from obstore.store import S3Config

__all__ = ["bring", "files_of_school", "opens", "store_of"]

_SCHOOLS = "schools/"


def store_of(state: State, key: FileKey | None = None) -> ObjectStore:
    """What reports keeps files in, as `set-up` remembers it; opened with the key that is valid for
    longest unless another is given."""
    where: dict[str, str] = state.read("stack").get("files") or {}
    if not where:
        return from_url(state.files.as_uri(), mkdir=True)
    if not where["url"].startswith("s3:"):
        return from_url(where["url"])
    key = key or file_keys(state, "files-reports")[-1]
    config: S3Config = {
        "region": where["region"],
        "access_key_id": key.id,
        "secret_access_key": key.secret,
    }
    if where["endpoint"]:
        config["endpoint"] = where["endpoint"]
    return from_url(
        where["url"],
        config=config,
        client_options={"connect_timeout": "3s", "timeout": "60s", "allow_http": True},
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=30)},
    )


def opens(state: State, key: FileKey) -> bool:
    """Whether that key opens what reports keeps. Raises `OperatorError` if nobody answers."""
    try:
        # Where nothing is, only who may list hears that.
        with suppress(NotFoundError, FileNotFoundError):
            obstore.head(store_of(state, key), f"{_SCHOOLS}none")
    except (PermissionDeniedError, UnauthenticatedError):
        return False
    except (BaseError, OSError) as error:
        raise OperatorError(f"The object store does not answer: {error}"[:500]) from error
    return True


def files_of_school(state: State, school_id: UUID) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The name of each below its school, and its content piece by piece.

    Raises `OperatorError` where the store cannot be read.
    """
    store, folder = store_of(state), f"{_SCHOOLS}{school_id}/"
    try:
        for some in obstore.list(store, folder):
            for each in some:
                found = obstore.get(store, each["path"])
                yield each["path"].removeprefix(folder), map(bytes, found.stream())
    except (BaseError, OSError) as error:
        raise OperatorError(f"The files cannot be read: {error}"[:500]) from error


def bring(state: State, folder: Path) -> tuple[int, int]:
    """Copy what lies in `folder`, as reports kept it on a file system, to where reports keeps it
    now. How many were copied, and how many were there already.

    What is there is never written over: a logo that was changed since is the newer one.
    """
    files = sorted(path for path in (folder / _SCHOOLS).rglob("*") if path.is_file())
    if not files:
        raise OperatorError(f"There is no {_SCHOOLS} in {folder} with a file in it.")
    store, copied = store_of(state), 0
    try:
        there = {each["path"] for some in obstore.list(store, _SCHOOLS) for each in some}
        for path in files:
            name = path.relative_to(folder).as_posix()
            if name not in there:
                obstore.put(store, name, path)
                copied += 1
    except (BaseError, OSError) as error:
        raise OperatorError(
            f"{copied} files were copied, then: {error}"[:500] + "\nRun it again when it is mended."
        ) from error
    return copied, len(files) - copied

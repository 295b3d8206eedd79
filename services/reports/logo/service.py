"""Takes a school's logo in, gives it out, takes it away (R24).

The new one is made and kept before the old one gives way, so whatever goes wrong, there is one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import structlog

from services.reports.activity import about_school, person
from services.reports.announcements import Announcements
from services.reports.clock import Clock
from services.reports.files.store import FileGone, FileStore
from services.reports.logo import repository
from services.reports.logo.apart import made_anew
from services.reports.logo.picture import LogoProblem
from services.reports.logo.repository import Logo
from shared.database.pool import Database
from shared.security.principals import Principal
from shared.web.problems import Conflict, NotFound, Unprocessable

__all__ = ["LogoChanged", "LogoMissing", "LogoRefused", "Logos", "NoLogo"]

log = structlog.get_logger(__name__)


class LogoRefused(Unprocessable):
    """`extras` `problem` says which: `broken`, `no-picture`, `too-many-pixels` …"""

    slug, title = "logo-refused", "This cannot be the logo"


class NoLogo(NotFound):
    slug, title = "no-logo", "There is no logo"

    def __init__(self) -> None:
        super().__init__("The school has no such logo.")


class LogoMissing(NotFound):
    """The store was restored from before, or somebody took the file out of it."""

    slug, title = "logo-missing", "The picture cannot be found"

    def __init__(self) -> None:
        super().__init__("The logo's picture is not where it was kept. Please upload it again.")


class LogoChanged(Conflict):
    slug, title = "logo-changed", "Somebody changed the logo at the same moment"

    def __init__(self) -> None:
        super().__init__("Somebody else uploaded a logo at the same moment. Please look at it.")


class Logos:
    def __init__(
        self, database: Database, files: FileStore, announcements: Announcements, now: Clock
    ) -> None:
        self._database = database
        self._files = files
        self._announcements = announcements
        self._now = now

    async def find(self, principal: Principal) -> Logo | None:
        """The one in use."""
        async with self._database.transaction(principal.tenant) as connection:
            logo = await repository.current(connection)
        return logo if logo is not None and logo.digest is not None else None

    async def picture(self, principal: Principal, version: int) -> bytes:
        """The PNG of that version. Raises `NoLogo`, `LogoMissing`, `FilesAway`."""
        async with self._database.transaction(principal.tenant) as connection:
            logo = await repository.of_version(connection, version)
        if logo is None or logo.digest is None:
            raise NoLogo
        try:
            return await self._files.get(principal.tenant, _name(logo.digest))
        except FileGone:
            log.exception("logo missing", version=version)
            raise LogoMissing from None

    async def pictures(self, school_id: UUID, digests: Iterable[str | None]) -> dict[str, bytes]:
        """By digest, those of earlier logos too; a lost one is left out. Raises `FilesAway`."""
        found = {}
        for digest in sorted({digest for digest in digests if digest}):
            try:
                found[digest] = await self._files.get(school_id, _name(digest))
            except FileGone:
                log.exception("logo missing", digest=digest)
        return found

    async def set(self, principal: Principal, upload: Path) -> Logo:
        """The picture at `upload`, made anew. Raises `LogoRefused`, `LogoChanged`, `FilesAway`."""
        try:
            made = await made_anew(upload)
        except LogoProblem as problem:
            raise LogoRefused(problem.detail, problem=problem.slug) from problem
        digest = hashlib.sha256(made.png).hexdigest()
        await self._files.put(principal.tenant, _name(digest), made.png)
        new = Logo(1, digest, made.width, made.height, len(made.png), self._now(), principal.name)
        return await self._keep(principal, new, "logo.changed")

    async def take_away(self, principal: Principal) -> None:
        """From now on there is none; what it was stays. Without one, nothing happens."""
        none = Logo(1, None, 0, 0, 0, self._now(), principal.name)
        await self._keep(principal, none, "logo.taken_away")

    async def _keep(self, principal: Principal, new: Logo, action: str) -> Logo:
        """What is in use already is no change."""
        school_id = principal.tenant
        async with self._database.transaction(school_id) as connection:
            before = await repository.current(connection)
            if (before.digest if before else None) == new.digest:
                return before or new
            new = replace(new, version=before.version + 1 if before else 1)
            if not await repository.add(connection, school_id, new):
                raise LogoChanged
            line = about_school(
                self._now(),
                person(principal),
                action,
                school_id,
                "Logo",
                before=_logged(before),
                after=_logged(new),
            )
            await self._announcements.activity(connection, school_id, [line])
        return new


def _name(digest: str) -> str:
    return f"logos/{digest}.png"


def _logged(logo: Logo | None) -> dict[str, str] | None:
    if logo is None or logo.digest is None:
        return None
    return {"size": f"{logo.width} × {logo.height} pixels"}

"""Undoing the last import, for seven days: field by field, as far as it is as it was left (R10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from services.roster.activity import person
from services.roster.clock import Clock
from services.roster.groups.group import Group
from services.roster.imports.effects import link_back, link_key, pupil_back
from services.roster.imports.kept_results import kept_results
from services.roster.imports.memberships import LinkChange
from services.roster.imports.preview import Rows
from services.roster.imports.problems import (
    CannotUndoImport,
    NoSuchImport,
    TooLateToUndoImport,
)
from services.roster.imports.pupil_import import UNDO_FOR, Listed, PupilImport, Result
from services.roster.imports.writing import PupilChange, Writing
from services.roster.pupils.pupil import Pupil
from services.roster.schools.service import SchoolService
from shared.database.pool import Connection, Database
from shared.imports.uploads import FieldChange, Remark
from shared.security.principals import Principal

__all__ = ["Undoing"]

_AFTER_ALL_ROWS = 2**30
"""Where in the list of results those stand that were changed since."""


@dataclass
class _Back:
    """What goes back, and what is left: pupil → what of them."""

    pupils: list[PupilChange] = field(default_factory=list)
    links: list[LinkChange] = field(default_factory=list)
    left: dict[UUID, list[FieldChange]] = field(default_factory=lambda: defaultdict(list))
    added: set[UUID] = field(default_factory=set)

    def counts(self, left: int) -> dict[str, int]:
        inactive = {now.id for _, now in self.pupils} & self.added
        back = {now.id for _, now in self.pupils} | {now.key.person_id for _, now in self.links}
        return {
            "pupils_put_back": len(back - self.added),
            "pupils_made_inactive": len(inactive),
            "changed_since": left,
        }


class Undoing:
    def __init__(
        self,
        *,
        database: Database,
        schools: SchoolService,
        rows: Rows,
        writing: Writing,
        now: Clock,
    ) -> None:
        self._database = database
        self._schools = schools
        self._rows = rows
        self._writing = writing
        self._now = now

    async def undo(self, principal: Principal, import_id: UUID) -> None:
        """Once. Raises `NoSuchImport`, `CannotUndoImport` or `TooLateToUndoImport`."""
        async with self._database.transaction(principal.tenant) as connection:
            school = await self._schools.lock(connection, principal.tenant)
            one = await self._undoable(connection, import_id)
            effects = await self._rows.parts.effects(connection, import_id)
            everybody = await self._pupils(connection, effects)
            back = await self._back(connection, effects, everybody)
            groups, stay = await self._groups(connection, effects, back.links)
            await self._writing.write(
                connection,
                school,
                person(principal),
                groups=groups,
                pupils=back.pupils,
                links=back.links,
                tell=_nobody,
            )
            left = _listed(back, everybody | {now.id: now for _, now in back.pupils}, stay)
            done = replace(
                one,
                state="undone",
                version=one.version + 1,
                undone_at=self._now(),
                undone=back.counts(len(left)),
            )
            await self._rows.imports.keep(connection, done)
            await self._rows.imports.insert_results(connection, done, kept_results(left))
            await self._writing.tell_of_import(
                connection, school, person(principal), "pupils.import_undone", done
            )

    async def _undoable(self, connection: Connection, import_id: UUID) -> PupilImport:
        one = await self._rows.imports.lock(connection, import_id)
        if one is None:
            raise NoSuchImport
        if one.undone_at is not None:
            raise CannotUndoImport("It was undone already.")
        if one.confirmed_at is None:
            raise CannotUndoImport("It was never confirmed, so there is nothing to undo.")
        if await self._rows.imports.last_confirmed(connection) != import_id:
            raise CannotUndoImport("Another file was imported since, and only the last goes back.")
        until = one.confirmed_at + UNDO_FOR
        if self._now() > until:
            raise TooLateToUndoImport(until)
        return one

    async def _pupils(
        self, connection: Connection, effects: dict[str, list[Any]]
    ) -> dict[UUID, Pupil]:
        """As they are now: whom the import changed, and who has a UPN that would go back."""
        ids = {UUID(one["id"]) for one in effects["pupil"]}
        ids |= {UUID(one["pupil_id"]) for one in effects["link"]}
        upns = {
            upn
            for one in effects["pupil"]
            if (upn := one.get("fields", {}).get("upn", {}).get("before"))
        }
        found = await self._rows.pupils.by_ids_or_upns(connection, ids, upns)
        return {pupil.id: pupil for pupil in found}

    async def _back(
        self,
        connection: Connection,
        effects: dict[str, list[Any]],
        everybody: dict[UUID, Pupil],
    ) -> _Back:
        back = _Back()
        holders = {pupil.upn: pupil.id for pupil in everybody.values() if pupil.upn}
        for effect in effects["pupil"]:
            now = everybody[UUID(effect["id"])]
            if effect["added"]:
                back.added.add(now.id)
            before, left = pupil_back(effect, now, holders)
            if left:
                back.left[now.id] += left
            if before != now:
                back.pupils.append((now, replace(before, version=now.version + 1)))
        await self._links_back(connection, effects, back)
        return back

    async def _links_back(
        self, connection: Connection, effects: dict[str, list[Any]], back: _Back
    ) -> None:
        keys = [link_key(effect) for effect in effects["link"]]
        standing = {link.key: link for link in await self._rows.links.by_keys(connection, keys)}
        names = await self._rows.links.names(connection, keys)
        for effect, key in zip(effects["link"], keys, strict=True):
            now = standing[key]
            before = link_back(effect, now)
            if before is not None:
                back.links.append((now, before))
            elif now.present != effect["present"]:
                called = names.groups[key.group_id]
                was = f"In {called}" if effect["made"] else f"Not in {called}"
                stands = f"In {called}" if now.present else f"Not in {called}"
                back.left[key.person_id].append(FieldChange("class_name", was, stands))

    async def _groups(
        self,
        connection: Connection,
        effects: dict[str, list[Any]],
        links: Sequence[LinkChange],
    ) -> tuple[list[tuple[Group | None, Group]], list[Group]]:
        """Classes that it made become inactive, unless somebody changed or uses them since."""
        versions = {UUID(one["id"]): one["version"] for one in effects["group"]}
        groups = await self._rows.groups.by_ids(connection, versions)
        ending = {now.key for _, now in links if not now.present}
        members = await self._rows.links.present_keys(connection, versions)
        used = {key.group_id for key in members if key not in ending}
        gone, stay = [], []
        for group in groups:
            if not group.active:
                continue
            if group.version == versions[group.id] and group.id not in used:
                after = replace(group, active=False, active_reason=_CLASS_UNDONE)
                gone.append((group, replace(after, version=group.version + 1)))
            else:
                stay.append(group)
        return list(gone), stay


_CLASS_UNDONE = "The import that made it was undone"


def _listed(back: _Back, everybody: dict[UUID, Pupil], stay: Sequence[Group]) -> list[Listed]:
    """Pupils by name, then classes."""
    results = []
    for pupil_id, changes in back.left.items():
        pupil = everybody[pupil_id]
        note = Remark("Was changed since the import, so this is left as it is.")
        results.append(
            Result(
                None,
                "unchanged",
                pupil.name,
                pupil.upn,
                pupil.id,
                changes=tuple(changes),
                notes=(note,),
            )
        )
    results.sort(key=lambda result: (result.name.casefold(), str(result.pupil_id)))
    note = Remark("The import made this class. It is used by now, so it stays active.")
    results += [Result(None, "unchanged", group.name, notes=(note,)) for group in stay]
    return [
        Listed(_AFTER_ALL_ROWS + place, "changed_since", result)
        for place, result in enumerate(results)
    ]


async def _nobody(_: int) -> None:
    """Nobody waits for how far undoing is."""

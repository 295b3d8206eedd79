"""What an import does to its pupils’ classes: added, or put in the place of others (R10, R13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from uuid import UUID

from uuid_utils.compat import uuid7

from services.roster.groups.group import Group
from services.roster.imports.pupil_import import How
from services.roster.links.link import Link, LinkKey
from services.roster.pupils.pupil import Pupil
from shared.contracts.vocabulary import GroupKind, LinkKind, Origin, YearGroup
from shared.imports.uploads import FieldChange, Remark
from shared.school.names import search_key
from shared.school.year_groups import year_group_of_class_name

__all__ = ["Classes", "LinkChange", "Memberships"]

_key = lru_cache(maxsize=2_000)(search_key)
LinkChange = tuple[Link | None, Link]


@dataclass(frozen=True)
class Memberships:
    """The groups of the school, and every membership that its pupils have or had."""

    groups: Sequence[Group]
    links: Sequence[Link]

    @cached_property
    def group(self) -> Mapping[UUID, Group]:
        return {group.id: group for group in self.groups}

    @cached_property
    def named(self) -> Mapping[str, list[Group]]:
        found: dict[str, list[Group]] = defaultdict(list)
        for group in self.groups:
            found[_key(group.name)].append(group)
        return found

    @cached_property
    def of_pupil(self) -> Mapping[UUID, list[Link]]:
        found: dict[UUID, list[Link]] = defaultdict(list)
        for link in self.links:
            found[link.key.person_id].append(link)
        return found


@dataclass
class Classes:
    """Finds the classes that a file names, and keeps which would be made."""

    here: Memberships
    how: How
    new: dict[str, Group] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    _years: dict[UUID, set[YearGroup | None]] = field(default_factory=lambda: defaultdict(set))

    def wanted(
        self, names: Iterable[str], year: YearGroup | None
    ) -> tuple[list[Group], list[Remark]]:
        """The groups of these names, and what is wrong. None is made before `put` says so."""
        found: list[Group] = []
        faults: list[Remark] = []
        for name in names:
            group = self._named(name, year)
            if isinstance(group, Remark):
                faults.append(group)
            else:
                found.append(group)
        return found, faults

    def put(
        self, pupil: Pupil, groups: Sequence[Group]
    ) -> tuple[list[LinkChange], FieldChange | None]:
        """What changes of the pupil's memberships, and how that is shown.

        A row that names no class says nothing of classes, and takes nobody out of theirs.
        """
        if not groups:
            return [], None
        standing = {link.key.group_id: link for link in self.here.of_pupil.get(pupil.id, ())}
        now = {group_id: link for group_id, link in standing.items() if link.present}
        wanted = {group.id for group in groups}
        changes: list[LinkChange] = []
        for group in groups:
            if group.id not in now:
                if group.id not in self.here.group:
                    self.new.setdefault(_key(group.name), group)
                changes.append(self._joined(standing.get(group.id), group.id, pupil.id))
            self._years[group.id].add(pupil.year_group)
        if self.how.classes == "replace":
            changes += [self._left(now[one]) for one in self._classes_in(now) if one not in wanted]
        if not changes:
            return [], None
        return changes, self._shown(now, changes, {group.id: group for group in groups})

    def made(self) -> list[Group]:
        """The new classes, with the year group that all their pupils have, or that they name."""
        return [self._with_year(group) for group in self.new.values()]

    def _named(self, name: str, year: YearGroup | None) -> Group | Remark:
        key = _key(name)
        all_named = self.here.named.get(key, [])
        active = [group for group in all_named if group.active]
        some = [group for group in active if group.kind is GroupKind.CLASS] or active
        if len(some) > 1:
            some = [group for group in some if group.year_group == year]
        if len(some) == 1:
            return some[0]
        if active:
            return Remark(
                f"There are several groups called ‘{name}’. Give one of them another name in "
                "Group Management first.",
                "class_name",
            )
        if all_named:
            return Remark(
                f"The class ‘{name}’ is inactive. Make it active in Group Management first.",
                "class_name",
            )
        if self.how.make_classes:
            fresh = Group(id=uuid7(), name=name, kind=GroupKind.CLASS, origin=Origin.IMPORT)
            return self.new.get(key, self._fresh.setdefault(key, fresh))
        self.missing.setdefault(key, name)
        return Remark(
            f"There is no class called ‘{name}’. Choose ‘Make classes that are not here yet’, "
            "or correct the name.",
            "class_name",
        )

    @cached_property
    def _fresh(self) -> dict[str, Group]:
        """Named in the file; made only if a pupil comes into it."""
        return {}

    def _joined(self, standing: Link | None, group_id: UUID, pupil_id: UUID) -> LinkChange:
        before = standing or Link(
            key=LinkKey(LinkKind.MEMBER, group_id, pupil_id), present=False, origin=Origin.IMPORT
        )
        after = replace(before, present=True, waiting=False, origin=Origin.IMPORT)
        return standing, self._kept(after)

    def _left(self, standing: Link) -> LinkChange:
        return standing, self._kept(replace(standing, present=False))

    def _kept(self, link: Link) -> Link:
        """What was set by hand stays marked; 'keep these over the MIS' marks it (R13)."""
        override = link.override or self.how.keep_over_mis
        return replace(link, override=override, version=link.version + 1)

    def _classes_in(self, now: Mapping[UUID, Link]) -> list[UUID]:
        """Choirs and other sets are nobody's class, and classes that are inactive are history."""
        return [
            one
            for one in now
            if (group := self.here.group.get(one))
            and group.active
            and group.kind is GroupKind.CLASS
        ]

    def _shown(
        self,
        now: Mapping[UUID, Link],
        changes: Sequence[LinkChange],
        wanted: Mapping[UUID, Group],
    ) -> FieldChange:
        before = set(self._classes_in(now)) | (now.keys() & wanted.keys())
        after = set(before)
        for _, link in changes:
            (after.add if link.present else after.discard)(link.key.group_id)
        names = {one: (self.here.group.get(one) or wanted[one]).name for one in before | after}
        return FieldChange(
            "class_name",
            ", ".join(sorted(names[one] for one in before)) or None,
            ", ".join(sorted(names[one] for one in after)) or None,
            by_hand=any(was is not None and was.override for was, _ in changes),
        )

    def _with_year(self, group: Group) -> Group:
        years = self._years[group.id]
        if len(years) == 1:
            return replace(group, year_group=next(iter(years)))
        named = year_group_of_class_name(group.name)
        return replace(group, year_group=YearGroup(named) if named else None)

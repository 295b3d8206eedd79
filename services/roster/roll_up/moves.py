"""What becomes of each pupil and each membership at the roll-up: rules, without a database (R12).

Nothing here is an override, and none stops it: a year group that was corrected by hand moves up as
any other does, and stays marked. Only an unlink by hand from the group that would follow stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.roster.groups.group import Group
from services.roster.links.link import Link, LinkKey
from services.roster.pupils.pupil import Pupil
from services.roster.roll_up.successions import Place, Successions
from shared.contracts.vocabulary import GroupKind, LinkKind, Origin, YearGroup
from shared.school.year_groups import YEAR_GROUP_ORDER, next_year_group

__all__ = [
    "Moves",
    "PupilMove",
    "leavers_group_of",
    "left_at_the_end_of",
    "moves_of",
    "targets_of",
]

LinkChange = tuple[Link | None, Link]


@dataclass(frozen=True)
class PupilMove:
    before: Pupil
    after: Pupil

    @property
    def leaves(self) -> bool:
        return not self.after.active


@dataclass
class Moves:
    """`links` are those that change. The lists of ids are for a person to look at."""

    pupils: list[PupilMove] = field(default_factory=list)
    links: list[LinkChange] = field(default_factory=list)
    without_class: list[UUID] = field(default_factory=list)
    """Had a class, and have none afterwards."""
    without_year: list[UUID] = field(default_factory=list)
    """Have no year group, and so neither move up nor leave."""
    leavers_group: UUID | None = None
    """The set that those who leave are put into, if there is one."""


def left_at_the_end_of(academic_year: str) -> str:
    return f"Left at the end of {academic_year}"


def leavers_group_of(groups: Iterable[Group], chosen: UUID | None) -> UUID | None:
    """The chosen one while it is an active set; no other is guessed in its stead."""
    stands = any(g.id == chosen and g.active and g.kind is GroupKind.SET for g in groups)
    return chosen if stands else None


def targets_of(
    memberships: Iterable[Link],
    pupils: Iterable[Pupil],
    successions: Successions,
    leavers_group: UUID | None = None,
) -> set[LinkKey]:
    """The memberships that might be made, whether there is one already or not."""
    years = {pupil.id: pupil.year_group for pupil in pupils}
    found = set()
    if leavers_group is not None:
        found = {LinkKey(LinkKind.MEMBER, leavers_group, pupil_id) for pupil_id in years}
    for link in memberships:
        place = Place(link.key.group_id, years.get(link.key.person_id))
        following = successions.of(place).group_id
        if following is not None and following != link.key.group_id:
            found.add(LinkKey(LinkKind.MEMBER, following, link.key.person_id))
    return found


def moves_of(
    *,
    pupils: Sequence[Pupil],
    memberships: Sequence[Link],
    standing: Iterable[Link],
    groups: Iterable[Group],
    successions: Successions,
    last_year_group: str,
    academic_year: str,
    leavers_group: UUID | None = None,
) -> Moves:
    """`pupils` are the active ones, `memberships` theirs that are present; `standing` are links
    that exist where one would be made. `academic_year` is the one that ends; `leavers_group` is
    the set that leavers are put into, if the school has one (R29)."""
    standing = list(standing)
    moves = Moves(leavers_group=leavers_group)
    stays: dict[UUID, Pupil] = {}
    for pupil in pupils:
        move = _moved(pupil, last_year_group, academic_year)
        if move is None:
            moves.without_year.append(pupil.id)
        else:
            moves.pupils.append(move)
        if move is None or not move.leaves:
            stays[pupil.id] = pupil
    classes = {group.id for group in groups if group.kind is GroupKind.CLASS}
    _move_memberships(moves, stays, memberships, standing, classes, successions)
    if leavers_group is not None:
        moves.links += _into_the_leavers_group(leavers_group, moves, memberships, standing)
    return moves


def _into_the_leavers_group(
    group_id: UUID, moves: Moves, memberships: Sequence[Link], standing: Iterable[Link]
) -> list[LinkChange]:
    """Leavers, beside the classes that they keep. Who was taken out by hand stays out (R13)."""
    before = {link.key: link for link in (*standing, *memberships)}
    made: list[LinkChange] = []
    for move in moves.pupils:
        key = LinkKey(LinkKind.MEMBER, group_id, move.before.id)
        stood = before.get(key)
        if move.leaves and not (stood and (stood.present or stood.override)):
            # The school's own doing, which no MIS takes away.
            made.append((stood, _made(key, stood, Origin.HAND)))
    return made


def _moved(pupil: Pupil, last_year_group: str, academic_year: str) -> PupilMove | None:
    if pupil.year_group is None:
        return None
    year = pupil.year_group.value
    following = next_year_group(year)
    is_last = YEAR_GROUP_ORDER.index(year) >= YEAR_GROUP_ORDER.index(last_year_group)
    if is_last or following is None:
        # A pupil made active by hand leaves with the others, and may come back by the MIS.
        gone = replace(pupil.handing_back("active"), active=False)
        return PupilMove(pupil, replace(gone, active_reason=left_at_the_end_of(academic_year)))
    return PupilMove(pupil, replace(pupil, year_group=YearGroup(following)))


def _move_memberships(
    moves: Moves,
    stays: dict[UUID, Pupil],
    memberships: Sequence[Link],
    standing: Iterable[Link],
    classes: set[UUID],
    successions: Successions,
) -> None:
    """Leavers keep theirs, so that who is made active again has all they had (R6)."""
    before = {link.key: link for link in standing} | {link.key: link for link in memberships}
    now = dict(before)
    had_class, kept = set(), set()
    for link in memberships:
        pupil = stays.get(link.key.person_id)
        if pupil is None:
            continue
        if link.key.group_id in classes:
            had_class.add(pupil.id)
        following = successions.of(Place(link.key.group_id, pupil.year_group)).group_id
        if following == link.key.group_id:
            kept.add(link.key)
            continue
        if link.key not in kept:
            now[link.key] = replace(now[link.key], present=False, override=False)
        if following is not None:
            target = LinkKey(LinkKind.MEMBER, following, pupil.id)
            stood = before.get(target)
            if stood is not None and stood.override and not stood.present:
                continue
            kept.add(target)
            now[target] = stood if stood and stood.present else _made(target, stood, link.origin)
    moves.links = [(before.get(key), link) for key, link in now.items() if link != before.get(key)]
    has_class = {
        link.key.person_id for link in now.values() if link.present and link.key.group_id in classes
    }
    moves.without_class = sorted(had_class - has_class)


def _made(key: LinkKey, stood: Link | None, origin: Origin) -> Link:
    """The MIS may take away again what it gave for the class before (R22, R18)."""
    return Link(key=key, version=stood.version if stood else 0, present=True, origin=origin)

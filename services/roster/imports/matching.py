"""Whom a row is about: by UPN, then former UPN both ways; names only suggest (R11, R17)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.roster.imports.roll import Roll
from services.roster.imports.rows import FullName, Said, names_of
from services.roster.pupils.pupil import Pupil
from shared.imports.uploads import Remark

__all__ = ["Match", "called", "match", "perhaps_meant", "twins"]

_MOST_NAMED = 5


@dataclass(frozen=True)
class Match:
    """`probable`: only the names and the date of birth tell who it is."""

    pupil: Pupil
    probable: bool = False


def match(said: Said, roll: Roll, *, same_pupils: bool) -> Match | Remark | None:
    """Who is meant; what is wrong; or `None` for somebody new.

    Nobody new is made where the names suggest somebody, so that no pupil is here twice.
    """
    by_number = _by_upn(said, roll)
    if isinstance(by_number, Remark):
        return by_number
    if by_number is not None:
        return _quite_another(said, by_number) or Match(by_number)
    return _by_name(said, roll, same_pupils)


def perhaps_meant(said: Said, roll: Roll) -> set[UUID]:
    """Everybody whom a row that was rejected may be about: they are not missing from the file."""
    upns = (*((said.upn,) if said.upn else ()), *said.former_upns)
    meant = [pupil for upn in upns if (pupil := roll.holder(upn))]
    for upn in upns:
        meant += roll.by_former_upn.get(upn, ())
    meant += roll.named(said.names)
    return {pupil.id for pupil in meant}


def called(pupil: Pupil) -> str:
    """`Zoë Hall, born 01/02/2016`, with what an office tells two pupils apart by."""
    parts = [pupil.name]
    if pupil.date_of_birth:
        parts.append(f"born {pupil.date_of_birth:%d/%m/%Y}")
    if pupil.upn:
        parts.append(f"UPN {pupil.upn}")
    if not pupil.active:
        parts.append("inactive")
    return ", ".join(parts)


def _by_upn(said: Said, roll: Roll) -> Pupil | Remark | None:
    found: Pupil | None = None
    if said.upn:
        found = roll.holder(said.upn)
        former = roll.by_former_upn.get(said.upn, []) if found is None else []
        if len(former) > 1:
            return Remark(
                f"This is a former UPN of {_all_of(former)}. Give the UPN of today.", "upn"
            )
        found = former[0] if former else found
    for upn in said.former_upns:
        holder = roll.holder(upn)
        if holder is None:
            continue
        if found is not None and holder.id != found.id:
            return Remark(
                f"The former UPN is the number of {called(holder)}, and the UPN that of "
                f"{called(found)}. Correct the one that is wrong.",
                "former_upns",
            )
        found = holder
    return found or _former_of_both(said, roll)


def _former_of_both(said: Said, roll: Roll) -> Pupil | Remark | None:
    """The same child; but of two numbers of today nothing says which it is."""
    found = {p.id: p for upn in said.former_upns for p in roll.by_former_upn.get(upn, ())}
    for pupil in found.values():
        if len(found) > 1 or (said.upn and pupil.upn):
            return Remark(
                f"This is a former UPN of {_all_of(list(found.values()))} too. Give the UPN that "
                "the pupil has here.",
                "former_upns",
            )
        return pupil
    return None


def _quite_another(said: Said, pupil: Pupil) -> Remark | None:
    """Numbers slip by a row when lists are pasted: nobody becomes somebody else by one."""
    born = pupil.date_of_birth
    if born is None or said.born is None or said.born == born or not said.names:
        return None
    parts = {part for name in _names(pupil) for part in name}
    if any(part in parts for name in said.names for part in name):
        return None
    return Remark(
        f"This is the UPN of {called(pupil)}, whose names and date of birth are quite other. "
        "Correct the UPN. If it really is the same pupil, correct the names on the pupil’s page "
        "first.",
        "upn",
    )


def _by_name(said: Said, roll: Roll, same_pupils: bool) -> Match | Remark | None:
    namesakes = {p.id: p for p in roll.named(said.names)}
    alike = [p for p in namesakes.values() if said.born and p.date_of_birth == said.born]
    if len(alike) > 1:
        return Remark(
            f"{_all_of(alike)} have these names and this date of birth. Give the UPN.", "upn"
        )
    if alike:
        return _probably(said, alike[0], same_pupils)
    for pupil in namesakes.values():
        if (said.upn and pupil.upn) or (said.born and pupil.date_of_birth):
            continue
        return Remark(
            f"{called(pupil)} has the same name, and nothing tells whether this is the same pupil. "
            "Give the UPN or the date of birth in the file, and on the pupil’s page where it is "
            "missing there."
        )
    return None


def _probably(said: Said, pupil: Pupil, same_pupils: bool) -> Match | Remark:
    if said.upn and pupil.upn:
        return Remark(
            f"{called(pupil)} has the same names and date of birth, and another UPN. If the UPN "
            "has changed, give the one of before as the former UPN.",
            "upn",
        )
    if same_pupils:
        return Match(pupil, probable=True)
    return Remark(
        f"This is probably {called(pupil)}: the names and the date of birth are the same. Give "
        "the UPN, or choose ‘The same names and date of birth are the same pupil’."
    )


def _all_of(pupils: Sequence[Pupil]) -> str:
    names = [called(pupil) for pupil in pupils[:_MOST_NAMED]]
    return "; and ".join(names)


def _names(pupil: Pupil) -> frozenset[FullName]:
    return names_of(
        pupil.legal_forename,
        pupil.legal_surname,
        pupil.preferred_forename,
        pupil.preferred_surname,
    )


def twins(rows: Iterable[tuple[Said, Pupil | None]]) -> dict[int, Remark]:
    """Rows that are about one pupil, by what they say and by whom they are matched with.

    Which of them is right nobody can tell, so all of them are rejected.
    """
    found: dict[int, set[int]] = defaultdict(set)
    for numbers in _about_one(rows):
        first = sorted(set(numbers))[: _MOST_NAMED + 1]
        for number in numbers:
            found[number].update(first)
    return {
        number: _twins_of(sorted(others - {number})[:_MOST_NAMED])
        for number, others in found.items()
        if others - {number}
    }


def _about_one(rows: Iterable[tuple[Said, Pupil | None]]) -> Iterable[list[int]]:
    """Numbers of rows that share a UPN, or the name and the date of birth, or the name where one
    of them has no date and one no UPN."""
    seen: dict[object, list[int]] = defaultdict(list)
    dateless: dict[FullName, list[int]] = defaultdict(list)
    numberless: dict[FullName, list[int]] = defaultdict(list)
    for said, pupil in rows:
        number, upn = said.number, said.upn
        born = said.born or (pupil.date_of_birth if pupil else None)
        names = _names_afterwards(said, pupil)
        keys: set[object] = {upn, *said.former_upns}
        if pupil is not None:
            keys |= {pupil.id, pupil.upn, *pupil.former_upns}
        for key in keys:
            seen[key].append(number)
        for name in names:
            if born:
                seen[name, born].append(number)
            else:
                dateless[name].append(number)
            if not upn and not (pupil and pupil.upn):
                numberless[name].append(number)
    seen.pop(None, None)
    yield from (numbers for numbers in seen.values() if len(numbers) > 1)
    for name, numbers in dateless.items():
        if name in numberless:
            yield [*numbers, *numberless[name]]


def _names_afterwards(said: Said, pupil: Pupil | None) -> frozenset[FullName]:
    if pupil is None:
        return said.names
    given = said.values.get
    return names_of(
        given("legal_forename") or pupil.legal_forename,
        given("legal_surname") or pupil.legal_surname,
        given("preferred_forename") or pupil.preferred_forename,
        given("preferred_surname") or pupil.preferred_surname,
    )


def _twins_of(others: Sequence[int]) -> Remark:
    rows = ", ".join(map(str, others))
    if len(others) == 1:
        return Remark(f"Row {rows} is about this pupil too. Leave one of the two.")
    return Remark(f"Rows {rows} are about this pupil too. Leave one of them.")

"""What a MIS holds of one made-up school, night by night, as the messages of a snapshot.

All schools hold the same, so that a night's chunks are made once and addressed to each of them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from stdnum.gb import upn
from uuid_utils.compat import uuid7

from shared.contracts.envelope import Event, Payload
from shared.contracts.mis import (
    MAX_RECORDS_PER_CHUNK,
    Collection,
    GroupRecord,
    MembershipRecord,
    PupilRecord,
    Record,
    SnapshotBegin,
    SnapshotChunk,
    SnapshotEnd,
    Source,
    StaffRecord,
    TeachingRecord,
    records_digest,
    snapshot_digest,
)
from shared.contracts.vocabulary import GroupKind, Sex, YearGroup
from shared.school.academic_year import academic_year_of, school_day

__all__ = ["PUPILS", "PUPILS_MOVED", "PUPILS_RENAMED", "Message", "Night", "night"]

PUPILS = 455
_YEARS = ("R", "1", "2", "3", "4", "5", "6")
_FORENAMES = ("Zoë", "Maya", "Amir", "Jo", "Lena", "Tom", "Priya", "Olu", "Ana", "Max")
_COLOURS = ("Blue", "Red")
_STAFF = 48
_SETS_OF = ("5", "6")
PUPILS_RENAMED, PUPILS_MOVED = 2, 1
"""Of 455 pupils, three a night are two thirds of a percent."""
_NOBODY = UUID(int=0)
_PLACEHOLDER = "ffffffff-ffff-7fff-bfff-ffffffffffff"


@dataclass(frozen=True)
class Message:
    routing_key: str
    message_id: str
    event_type: str
    taken_at: datetime
    body: bytes


@dataclass(frozen=True)
class Night:
    """One night's snapshot, to be addressed. `bodies` are begin, chunks and end, of nobody yet."""

    taken_at: datetime
    events: Sequence[tuple[str, str]]
    """Of each message: the routing key after the connector's name, and the event's type."""
    bodies: Sequence[str]

    def messages(self, broker_user: str, snapshot_id: UUID) -> Iterator[Message]:
        """As the connector of one school would send them."""
        for (suffix, event_type), body in zip(self.events, self.bodies, strict=True):
            message_id = str(uuid7())
            addressed = body.replace(str(_NOBODY), str(snapshot_id))
            own = addressed.replace(_PLACEHOLDER, message_id, 1)
            key = f"{broker_user}.{suffix}"
            yield Message(key, message_id, event_type, self.taken_at, own.encode())


def night(number: int, pupils: int = PUPILS) -> Night:
    """The snapshot of the night `number`, counted from 0, taken that many minutes from now."""
    records = list(_records(number, pupils))
    taken_at = datetime.now(UTC) - timedelta(minutes=5) + timedelta(milliseconds=number)
    chunks = [
        tuple(records[start : start + MAX_RECORDS_PER_CHUNK])
        for start in range(0, len(records), MAX_RECORDS_PER_CHUNK)
    ]
    counts = Counter(record.kind for record in records)
    payloads: list[Payload] = [
        SnapshotBegin(
            snapshot_id=_NOBODY,
            taken_at=taken_at,
            source=Source(connector="benchmark"),
            academic_year=academic_year_of(school_day(taken_at)),
            complete=frozenset(Collection),
        ),
        *(
            SnapshotChunk(snapshot_id=_NOBODY, sequence=sequence, records=chunk)
            for sequence, chunk in enumerate(chunks)
        ),
        SnapshotEnd(
            snapshot_id=_NOBODY,
            chunks=len(chunks),
            counts={kind: counts[kind.value] for kind in Collection},
            digest=snapshot_digest(records_digest(chunk) for chunk in chunks),
        ),
    ]
    return Night(
        taken_at=taken_at,
        events=[(_suffix(payload), payload.EVENT_TYPE) for payload in payloads],
        bodies=[
            Event[Any](
                id=UUID(_PLACEHOLDER),
                source="connector:benchmark",
                type=payload.EVENT_TYPE,
                time=taken_at,
                correlationid=str(_NOBODY),
                data=payload,
            ).model_dump_json()
            for payload in payloads
        ],
    )


def _suffix(payload: Payload) -> str:
    return payload.EVENT_TYPE.removeprefix("mis.").rpartition(".")[0]


def _records(number: int, pupils: int) -> Iterator[Record]:
    """In the stable order in which connectors have them."""
    groups = [
        (f"G{year}{colour}", f"{year} {colour}", year) for year in _YEARS for colour in _COLOURS
    ]
    sets = [(f"S{year}{half}", f"Maths {year}{half}", year) for year in _SETS_OF for half in "AB"]
    numbers = range(pupils)
    yield from (_pupil(number, each, pupils) for each in numbers)
    yield from (_teacher(each) for each in range(_STAFF))
    yield from (
        GroupRecord(mis_id=mis_id, name=name, group_kind=kind, year_group=YearGroup(year))
        for kind, these in ((GroupKind.CLASS, groups), (GroupKind.SET, sets))
        for mis_id, name, year in these
    )
    members = [(_class_of(number, each, pupils), _mis_id(each)) for each in numbers]
    members += [
        (f"S{year}{'AB'[each // 7 % 2]}", _mis_id(each))
        for each in numbers
        if (year := _YEARS[each % 7]) in _SETS_OF
    ]
    yield from (
        MembershipRecord(group_mis_id=group, pupil_mis_id=pupil) for group, pupil in sorted(members)
    )
    yield from (
        TeachingRecord(group_mis_id=mis_id, staff_mis_id=f"T{place % 20:03}", main=True)
        for place, (mis_id, _, _) in enumerate(sorted([*groups, *sets]))
    )


def _mis_id(number: int) -> str:
    return f"P{number:05}"


def _pupil(night_number: int, number: int, pupils: int) -> PupilRecord:
    first = _FORENAMES[number % 10]
    year = number % 7
    rest = f"8012{17 + number % 7:02}{number:06}"[:12].ljust(12, "0")
    return PupilRecord(
        mis_id=_mis_id(number),
        upn=upn.calc_check_digit(rest) + rest,
        legal_forename=first,
        legal_surname=f"Pupil-{hashlib.sha256(str(number).encode()).hexdigest()[:8]}",
        preferred_forename=f"{first} {_renamed(night_number, number, pupils)}".strip(),
        date_of_birth=date(2021 - year, 9, 1) + timedelta(days=number % 360),
        sex=Sex.FEMALE if number % 2 else Sex.MALE,
        year_group=YearGroup(_YEARS[year]),
    )


def _renamed(night_number: int, number: int, pupils: int) -> str:
    """In which night they were called otherwise last; a letter a digit, since a name has none."""
    first = 0, pupils // 2
    times = [n for n in range(1, night_number + 1) if number in _turn(n, *first, PUPILS_RENAMED)]
    return "".join("abcdefghij"[int(digit)] for digit in str(times[-1])).title() if times else ""


def _class_of(night_number: int, number: int, pupils: int) -> str:
    half = pupils // 2
    nights = range(1, night_number + 1)
    moves = sum(number in _turn(n, half, pupils - half, PUPILS_MOVED) for n in nights)
    return f"G{_YEARS[number % 7]}{_COLOURS[(number // 7 + moves) % 2]}"


def _turn(night_number: int, first: int, among: int, many: int) -> range:
    """Whose turn it is in a night: so many, from `first` on, round and round."""
    start = first + night_number * many % (among - many)
    return range(start, start + many)


def _teacher(number: int) -> StaffRecord:
    surname = f"Teacher-{hashlib.sha256(f't{number}'.encode()).hexdigest()[:6]}"
    return StaffRecord(
        mis_id=f"T{number:03}",
        staff_code=f"S{number}",
        title="Ms",
        forename="Sam",
        surname=surname,
        email=f"{surname}@night.example".lower(),
    )

"""What a twin takes, its contract takes, and both read the same of it; the rest the contract reads.

The messages are of the contracts that services read by twins, each with any value in the place
of any other.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import reduce
from operator import getitem
from typing import Annotated, Any
from uuid import UUID

import msgspec
import pytest
from pydantic import BaseModel, EmailStr, Field, PrivateAttr, ValidationError, field_validator

from shared.contracts.activity import ActivityEntry, ActivityRecorded, Actor, Subject
from shared.contracts.envelope import Event, Payload
from shared.contracts.mis_sync import ProposalAction, PupilDetails, PupilProposal, PupilsApproved
from shared.contracts.roster import (
    LinkState,
    MembershipsAlike,
    MembershipsChanged,
    PupilFieldsChanged,
    PupilsChanged,
    PupilState,
)
from shared.contracts.vocabulary import LinkKind, Origin, Sex, YearGroup
from shared.messaging.twins import reader_of, twin_of

DETAILS = PupilDetails(
    upn="A801217000000",
    former_upns=("B801217000001",),
    legal_forename="Zoë",
    legal_surname="O’Neill",
    date_of_birth=date(2016, 2, 29),
    sex=Sex.FEMALE,
    year_group=YearGroup.Y5,
    ethnicity="WBRI",
    in_care=False,
)
STATE = PupilState(
    id=UUID(int=1), version=3, active=True, upn=None, legal_forename="Zoë", legal_surname="Hall",
    date_of_birth=date(2016, 2, 29), overrides=("upn",), origin=Origin.MIS,
)  # fmt: skip
ENTRY = ActivityEntry(
    at=datetime(2026, 9, 1, 8, 0, 0, 5, tzinfo=UTC),
    actor=Actor(kind="mis", name="MIS sync"),
    action="pupil.created",
    subject=Subject(kind="pupil", id=UUID(int=1), label="Zoë Hall"),
    after={"upn": "A801217000000", "nested": [1, 2.5, None, {"a": True}]},
)
PAYLOADS: list[Payload] = [
    PupilsApproved(
        run_id=UUID(int=2),
        sequence=0,
        total=1,
        academic_year="2026/27",
        proposals=(
            PupilProposal(pupil_id=UUID(int=1), action=ProposalAction.CREATE, details=DETAILS),
            PupilProposal(pupil_id=UUID(int=3), action=ProposalAction.DEACTIVATE),
        ),
    ),
    PupilsChanged(pupils=(STATE,)),
    PupilFieldsChanged(version=1, kept=frozenset({"ethnicity"})),
    ActivityRecorded(service="roster", entries=(ENTRY,)),
]
ODD: list[Any] = [
    *(None, True, 0, 1, -1, 1.0, 2**70, "", " ", "x", "Ann ", "\u00a0Ann", "Ann\u2028", "x" * 201),
    *("1", "true", "create", "2026/27\n", "2021-02-30", "2021-02-28", "2021-02-28T00:00:00"),
    *("2021-02-28T00:00:00Z", "00000000000000000000000000000001", "\u0000", "A\u0301", "x" * 11),
    *("00000000-0000-0000-0000-00000000000A", "urn:uuid:00000000-0000-0000-0000-000000000001"),
    *([], {}, [None], ["x"], {"x": 1}),
]
NOTHING = object()


def otherwise(said: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every place within, and to a new one in each object."""
    if isinstance(said, dict):
        yield (*path, "new")
    if isinstance(said, (dict, list)):
        for key in list(said) if isinstance(said, dict) else range(len(said)):
            yield (*path, key)
            yield from otherwise(said[key], (*path, key))


def having(said: Any, path: tuple[Any, ...], value: Any) -> bytes:
    """The message with this value at that place, or with nothing there."""
    other = copy.deepcopy(said)
    place = reduce(getitem, path[:-1], other)
    if value is NOTHING:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return json.dumps(other).encode()


def plain(value: Any) -> Any:
    """A model or a twin as plain values, so that both can be held against each other."""
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, msgspec.Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return type(value), value


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda one: type(one).__name__)
def test_a_twin_takes_less_and_reads_the_same(payload: Payload) -> None:
    model, body = event_of(payload)
    read, said = reader_of(model), json.loads(body)
    for path in otherwise(said):
        values = ODD if path[-1] == "new" or path in (("id",), ("time",)) else [*ODD, NOTHING]
        for value in values:
            changed = having(said, path, value)
            try:
                by_model = model.model_validate_json(changed)
            except ValidationError:
                with pytest.raises(ValidationError):
                    read(changed)
            else:
                assert as_text(read(changed)) == as_text(by_model), (path, value)


def event_of(payload: Payload) -> tuple[Any, bytes]:
    """The model that reads it, and what it reads."""
    model: Any = Event[type(payload)]  # type: ignore[misc]
    event = model(source="/services/x", type=payload.EVENT_TYPE, correlationid="1", data=payload)
    return model, event.model_dump_json().encode()


def as_text(value: Any) -> Any:
    """Types too; but either library has a class of its own for UTC."""
    return json.dumps(plain(value), default=str, sort_keys=True)


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda one: type(one).__name__)
def test_what_is_said_as_ever_is_read_by_the_twin(payload: Payload) -> None:
    model, body = event_of(payload)
    assert isinstance(reader_of(model)(body), twin_of(model))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\x00", b'{"source":"\xff"}'])
def test_what_is_no_message_breaks_the_contract(body: bytes) -> None:
    with pytest.raises(ValidationError):
        reader_of(Event[PupilsChanged])(body)


class Checked(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def _is_ann(cls, name: str) -> str:
        return name


class Mailed(BaseModel):
    email: EmailStr


class Patterned(BaseModel):
    name: Annotated[str, Field(pattern="^[a-z]+$")]


class Renamed(BaseModel):
    name: str = Field(alias="other")


class Computing(BaseModel):
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.names[0]


class Inheriting(Computing):
    """What it works out is of what it is made of."""


class Made(BaseModel):
    of: tuple[Computing, ...]


class Strict(BaseModel, extra="forbid"):
    name: str


class Trimmed(BaseModel, str_strip_whitespace=True):
    name: str


class Remembering(BaseModel):
    name: str
    _seen: int = PrivateAttr(default=0)


@pytest.mark.parametrize(
    "model",
    [
        Checked,
        Mailed,
        Patterned,
        Renamed,
        Computing,
        Inheriting,
        Made,
        Strict,
        Trimmed,
        Remembering,
    ],
)
def test_what_is_not_known_to_take_less_has_no_twin(model: type[BaseModel]) -> None:
    with pytest.raises(TypeError):
        twin_of(model)


def test_what_has_no_twin_is_read_by_the_contract_and_so_has_all_it_works_out() -> None:
    """Whoever asks for twins need not know which contracts have one."""
    link = LinkState(
        kind=LinkKind.MEMBER, group_id=UUID(int=1), person_id=UUID(int=2), version=3, present=True,
        origin=Origin.MIS, override=False,
    )  # fmt: skip
    alike = MembershipsAlike(
        group_id=UUID(int=1), present=True, origin=Origin.MIS, override=False,
        members=((UUID(int=2), 3),),
    )  # fmt: skip
    model, body = event_of(MembershipsChanged(groups=(alike,)))
    read = reader_of(model)
    assert read(body).data.links == (link,)
    with pytest.raises(ValidationError):
        read(b"{}")

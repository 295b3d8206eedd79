"""What an import makes ready with its preview is what roster tells of each change by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.roster.groups.group import Group
from services.roster.imports.effects import effect_of_link, effect_of_pupil
from services.roster.imports.memberships import Memberships
from services.roster.imports.plan import Here, Plan
from services.roster.imports.prepared import STARTS_AN_ENTRY, Part, entry_start, parts_of
from services.roster.imports.roll import Roll
from services.roster.links.history import link_entry
from services.roster.links.link import Link, LinkKey, Names
from services.roster.pupils.history import pupil_entry
from services.roster.pupils.pupil import OVERRIDABLE, Pupil
from shared.contracts.activity import ActivityEntry, Actor
from shared.contracts.roster import LinkState, PupilState
from shared.contracts.vocabulary import GroupKind, LinkKind, Origin, Sex, YearGroup

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ACTOR = Actor(kind="person", account_id=UUID(int=7), name='Ann "{"action":"x', authenticator="Key")
NAMES = st.sampled_from(["Zoë", "O’Neill", '{"action":"made up"}', 'a\\"b', "<>&\u2028", "x" * 200])
KEPT = frozenset(("ethnicity", "in_care"))

pupils = st.builds(
    Pupil,
    id=st.just(UUID(int=1)),
    version=st.integers(1, 5),
    active=st.booleans(),
    active_reason=st.none() | NAMES,
    upn=st.none() | st.just("H801200001001"),
    former_upns=st.sampled_from([(), ("X801200001002", "L801200001003")]),
    legal_forename=NAMES,
    legal_surname=NAMES,
    preferred_forename=st.none() | NAMES,
    middle_names=st.none() | NAMES,
    date_of_birth=st.none() | st.dates(date(2010, 1, 1), date(2022, 1, 1)),
    sex=st.none() | st.sampled_from(Sex),
    year_group=st.none() | st.sampled_from(YearGroup),
    year_offset=st.integers(-3, 3),
    ethnicity=st.none() | st.just("WBRI"),
    sen_provision=st.none() | st.just("K"),
    in_care=st.none() | st.booleans(),
    origin=st.sampled_from(Origin),
    overrides=st.sets(st.sampled_from(OVERRIDABLE)).map(sorted).map(tuple),
    seen_in_mis=st.booleans(),
)
links = st.builds(
    Link,
    key=st.just(LinkKey(LinkKind.MEMBER, UUID(int=2), UUID(int=1))),
    version=st.integers(1, 5),
    present=st.booleans(),
    origin=st.sampled_from(Origin),
    override=st.booleans(),
)
OAK = Group(id=UUID(int=2), version=1, name='4 "Oak"', kind=GroupKind.CLASS, origin=Origin.HAND)


def prepared(plan: Plan, roll: list[Pupil]) -> list[Part]:
    here = Here(Roll.of(roll), Memberships([OAK], []), "2026/27", "24 November 2026")
    return list(parts_of(plan, here, KEPT))


def entries_in(part: Part) -> list[ActivityEntry]:
    text = part.entries.replace(STARTS_AN_ENTRY, entry_start(ACTOR, AT))
    return [ActivityEntry.model_validate(entry) for entry in json.loads(text)]


class TestPupils:
    @given(st.none() | pupils, pupils)
    def test_are_told_and_logged_as_one_by_one(self, before: Pupil | None, after: Pupil) -> None:
        """R9, R29."""
        (part,) = prepared(Plan(pupils=[(before, after)]), [])
        (state,) = (PupilState.model_validate(state) for state in json.loads(part.states))
        assert state == after.state(KEPT)
        assert json.loads(part.states)[0].keys() == PupilState.model_fields.keys()
        (entry,) = entries_in(part)
        alone = pupil_entry(AT, ACTOR, before, after)
        assert entry.model_dump(mode="json") == alone.model_dump(mode="json")
        effect = json.loads(json.dumps(effect_of_pupil(before, after), default=list))
        assert json.loads(part.effects) == [effect]

    def test_come_five_hundred_at_a_time_in_their_order(self) -> None:
        one = Pupil(
            id=UUID(int=0), version=1, legal_forename="Jo", legal_surname="H", origin=Origin.HAND
        )
        many = [replace(one, id=UUID(int=n)) for n in range(1_001)]
        parts = prepared(Plan(pupils=[(None, pupil) for pupil in many]), [])
        assert [part.size for part in parts] == [500, 500, 1]
        told = [state["id"] for part in parts for state in json.loads(part.states)]
        assert told == [str(pupil.id) for pupil in many]


class TestMemberships:
    @given(pupils, st.none() | links, links)
    def test_are_told_and_logged_as_one_by_one(
        self, pupil: Pupil, before: Link | None, after: Link
    ) -> None:
        (part,) = prepared(Plan(links=[(before, after)]), [pupil])
        assert [LinkState.model_validate(one) for one in json.loads(part.states)] == [after.state()]
        names = Names({OAK.id: OAK.name}, {(LinkKind.MEMBER, pupil.id): pupil.name})
        alone = link_entry(AT, ACTOR, before, after, names)
        (entry,) = entries_in(part)
        assert alone is not None
        assert entry.model_dump(mode="json") == alone.model_dump(mode="json")
        assert json.loads(part.effects) == [effect_of_link(before, after)]

"""Roster and identity as mis_sync meets them: small ones, in memory, on the real broker.

They apply what is proposed, tell of what really changed, and answer every batch. A test can have
them refuse a record, call it stale, or wait with their answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractRobustConnection
from uuid_utils.compat import uuid7

from shared.contracts.envelope import Event, Payload
from shared.contracts.identity import (
    ParentsApplied,
    ParentsChanged,
    ParentState,
    SchoolChanged,
    StaffApplied,
    UsersChanged,
    UserState,
)
from shared.contracts.mis_sync import (
    GroupProposal,
    GroupsApproved,
    LinkAction,
    LinksApproved,
    ParentProposal,
    ParentsApproved,
    ProposalAction,
    PupilProposal,
    PupilsApproved,
    StaffApproved,
    StaffProposal,
)
from shared.contracts.roster import (
    GroupsApplied,
    GroupsChanged,
    GroupState,
    LinkOutcome,
    LinksApplied,
    LinksChanged,
    LinkState,
    PupilsApplied,
    PupilsChanged,
    PupilState,
    RecordOutcome,
    SchoolYearChanged,
)
from shared.contracts.topology import Queue, exchange_of
from shared.contracts.vocabulary import (
    GroupKind,
    LinkKind,
    Origin,
    Outcome,
    StaffRole,
    YearGroup,
)

HEARD = (
    Queue("roster", PupilsApproved),
    Queue("roster", GroupsApproved),
    Queue("roster", LinksApproved),
    Queue("identity", StaffApproved),
    Queue("identity", ParentsApproved),
)
LinkId = tuple[LinkKind, UUID, UUID]


@dataclass
class SchoolOfOwners:
    """What they hold of one school, what they were asked, and what they said."""

    pupils: dict[UUID, PupilState] = field(default_factory=dict)
    groups: dict[UUID, GroupState] = field(default_factory=dict)
    users: dict[UUID, UserState] = field(default_factory=dict)
    parents: dict[UUID, ParentState] = field(default_factory=dict)
    links: dict[LinkId, LinkState] = field(default_factory=dict)
    asked: list[Payload] = field(default_factory=list)
    said: list[Payload] = field(default_factory=list)
    refusals: dict[UUID, tuple[str, UUID | None]] = field(default_factory=dict)
    """Record → (reason, the record that stands in the way)."""
    refused_upns: dict[str, tuple[str, UUID | None]] = field(default_factory=dict)
    stale: dict[UUID, int] = field(default_factory=dict)
    """Record → how often it is called stale before it is applied."""
    answering: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.answering.set()

    def members_of(self, group: UUID) -> set[UUID]:
        return self._linked(LinkKind.MEMBER, group)

    def teachers_of(self, group: UUID) -> set[UUID]:
        return self._linked(LinkKind.TEACHER, group)

    def _linked(self, kind: LinkKind, group: UUID) -> set[UUID]:
        return {
            link.person_id
            for link in self.links.values()
            if link.present and link.kind is kind and link.group_id == group
        }

    def proposals(self, kind: type[Any]) -> list[Any]:
        """All that was proposed in batches of a kind, in order."""
        batches = [cast(Any, payload) for payload in self.asked if isinstance(payload, kind)]
        return [proposal for batch in batches for proposal in batch.proposals]


class Owners:
    """Answers for every school that they know."""

    def __init__(self, connection: AbstractRobustConnection, channel: AbstractChannel) -> None:
        self._connection = connection
        self._channel = channel
        self._tasks: list[asyncio.Task[None]] = []
        self.schools: dict[UUID, SchoolOfOwners] = {}
        self.lost: list[tuple[UUID | None, Payload]] = []
        """What was asked of schools that they do not know."""

    @classmethod
    async def start(cls, url: str) -> Owners:
        connection = await aio_pika.connect_robust(url)
        owners = cls(connection, await connection.channel(on_return_raises=True))
        for queue in HEARD:
            owners._tasks.append(asyncio.create_task(owners._hear(queue)))
        return owners

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._connection.close()

    async def add_school(
        self, school_id: UUID, name: str, *, year: str = "2026/27"
    ) -> SchoolOfOwners:
        self.schools[school_id] = SchoolOfOwners()
        school = SchoolChanged(
            version=1,
            name=name,
            postcode="NG7 5PN",
            first_year_group=YearGroup.R,
            last_year_group=YearGroup.Y6,
        )
        await self.say(school_id, school, SchoolYearChanged(version=1, academic_year=year))
        return self.schools[school_id]

    async def say(self, school_id: UUID, *payloads: Payload) -> None:
        """Publish, as an owner's relay does."""
        for payload in payloads:
            self.schools[school_id].said.append(payload)
            event = Event[Any](
                source="/tests",
                type=payload.EVENT_TYPE,
                schoolid=school_id,
                correlationid="test",
                data=payload,
            )
            exchange = await self._channel.get_exchange(exchange_of(type(payload)), ensure=False)
            message = aio_pika.Message(event.model_dump_json().encode(), message_id=str(event.id))
            await exchange.publish(message, payload.EVENT_TYPE, mandatory=True)

    async def keep_pupil(self, school_id: UUID, pupil: PupilState) -> PupilState:
        """As if a person had added or changed them."""
        self.schools[school_id].pupils[pupil.id] = pupil
        await self.say(school_id, PupilsChanged(pupils=(pupil,)))
        return pupil

    async def keep_group(self, school_id: UUID, name: str, year_group: str | None) -> GroupState:
        group = GroupState(
            id=uuid7(),
            version=1,
            active=True,
            name=name,
            kind=GroupKind.CLASS,
            year_group=YearGroup(year_group) if year_group else None,
            origin=Origin.HAND,
        )
        self.schools[school_id].groups[group.id] = group
        await self.say(school_id, GroupsChanged(groups=(group,)))
        return group

    async def keep_user(self, school_id: UUID, user: UserState) -> UserState:
        self.schools[school_id].users[user.id] = user
        await self.say(school_id, UsersChanged(users=(user,)))
        return user

    async def keep_parent(self, school_id: UUID, parent: ParentState) -> ParentState:
        self.schools[school_id].parents[parent.id] = parent
        await self.say(school_id, ParentsChanged(parents=(parent,)))
        return parent

    async def keep_link(self, school_id: UUID, link: LinkState) -> LinkState:
        self.schools[school_id].links[link.kind, link.group_id, link.person_id] = link
        await self.say(school_id, LinksChanged(links=(link,)))
        return link

    async def _hear(self, queue: Queue) -> None:
        channel = await self._connection.channel()
        await channel.set_qos(prefetch_count=20)
        declared = await channel.get_queue(queue.name, ensure=False)
        model: type[Event[Any]] = Event[queue.payload]  # type: ignore[name-defined]
        async with declared.iterator() as messages:
            async for message in messages:
                await self._take(model.model_validate_json(message.body), message)

    async def _take(self, event: Event[Any], message: AbstractIncomingMessage) -> None:
        school = self.schools.get(event.schoolid or uuid7())
        if school is not None and event.schoolid is not None:
            await school.answering.wait()
            school.asked.append(event.data)
            answers = _apply(school, event.data)
            await self.say(event.schoolid, *answers)
        else:
            self.lost.append((event.schoolid, event.data))
        with suppress(aio_pika.exceptions.ChannelInvalidStateError):
            await message.ack()


def _apply(school: SchoolOfOwners, batch: Payload) -> list[Payload]:
    match batch:
        case PupilsApproved():
            pupils = [_apply_pupil(school, proposal) for proposal in batch.proposals]
            changed = tuple(state for _, state in pupils if state)
            told = [PupilsChanged(pupils=changed)] if changed else []
            return [*told, PupilsApplied(**_batch(batch), outcomes=_outcomes(pupils))]
        case GroupsApproved():
            groups = [_apply_group(school, proposal) for proposal in batch.proposals]
            changed_groups = tuple(state for _, state in groups if state)
            told_groups = [GroupsChanged(groups=changed_groups)] if changed_groups else []
            return [*told_groups, GroupsApplied(**_batch(batch), outcomes=_outcomes(groups))]
        case StaffApproved():
            users = [_apply_user(school, proposal) for proposal in batch.proposals]
            changed_users = tuple(state for _, state in users if state)
            told_users = [UsersChanged(users=changed_users)] if changed_users else []
            return [*told_users, StaffApplied(**_batch(batch), outcomes=_outcomes(users))]
        case ParentsApproved():
            parents = [_apply_parent(school, proposal) for proposal in batch.proposals]
            changed_parents = tuple(state for _, state in parents if state)
            told_parents = [ParentsChanged(parents=changed_parents)] if changed_parents else []
            return [*told_parents, ParentsApplied(**_batch(batch), outcomes=_outcomes(parents))]
        case LinksApproved():
            return _apply_links(school, batch)
    raise AssertionError(batch)


def _batch(batch: Any) -> dict[str, Any]:
    return {"run_id": batch.run_id, "sequence": batch.sequence, "total": batch.total}


def _outcomes(results: Iterable[tuple[RecordOutcome, object]]) -> tuple[RecordOutcome, ...]:
    return tuple(outcome for outcome, _ in results)


def _objection(
    school: SchoolOfOwners, record_id: UUID, version: int | None, upn: str | None = None
) -> RecordOutcome | None:
    if school.stale.get(record_id, 0) > 0:
        school.stale[record_id] -= 1
        return RecordOutcome(id=record_id, outcome=Outcome.STALE, version=version)
    refusal = school.refusals.get(record_id) or school.refused_upns.get(upn or "")
    if refusal:
        reason, in_the_way = refusal
        return RecordOutcome(
            id=record_id,
            outcome=Outcome.REFUSED,
            reason_code="refused_in_test",
            reason=reason,
            in_the_way=in_the_way,
        )
    return None


def _apply_pupil(
    school: SchoolOfOwners, proposal: PupilProposal
) -> tuple[RecordOutcome, PupilState | None]:
    before = school.pupils.get(proposal.pupil_id)
    version = before.version if before else None
    objection = _objection(school, proposal.pupil_id, version, proposal.details.upn)
    if objection:
        return objection, None
    told = proposal.details.model_dump(exclude_none=True)
    former = {*told.pop("former_upns", ()), *(before.former_upns if before else ())}
    if before and told.get("upn") not in (None, before.upn) and before.upn:
        former.add(before.upn)
    new: dict[str, Any] = {"version": 0, "active": True, "origin": "mis", "upn": None}
    known = before.model_dump() if before else new
    after = PupilState.model_validate(
        {
            **known,
            **told,
            "id": proposal.pupil_id,
            "former_upns": tuple(sorted(former)),
            "active": proposal.action is not ProposalAction.DEACTIVATE
            and (proposal.action is ProposalAction.REACTIVATE or known["active"]),
            "version": known["version"] + 1,
        }
    )
    if before and after.model_copy(update={"version": before.version}) == before:
        return _same(before.id, before.version), None
    school.pupils[after.id] = after
    return _done(after.id, after.version), after


def _apply_group(
    school: SchoolOfOwners, proposal: GroupProposal
) -> tuple[RecordOutcome, GroupState | None]:
    before = school.groups.get(proposal.group_id)
    objection = _objection(school, proposal.group_id, before.version if before else None)
    if objection:
        return objection, None
    told = proposal.model_dump(include={"name", "kind", "year_group"}, exclude_none=True)
    new: dict[str, Any] = {"version": 0, "active": True, "origin": "mis"}
    known = before.model_dump() if before else new
    after = GroupState.model_validate(
        {**known, **told, "id": proposal.group_id, "version": known["version"] + 1}
    )
    if before and after.model_copy(update={"version": before.version}) == before:
        return _same(before.id, before.version), None
    school.groups[after.id] = after
    return _done(after.id, after.version), after


def _apply_user(
    school: SchoolOfOwners, proposal: StaffProposal
) -> tuple[RecordOutcome, UserState | None]:
    before = school.users.get(proposal.user_id)
    objection = _objection(school, proposal.user_id, before.version if before else None)
    if objection:
        return objection, None
    if before and proposal.action is ProposalAction.CREATE:
        return _same(before.id, before.version), None
    if taken := _taken(school, proposal.user_id, proposal.email):
        return taken, None
    if before:
        told = proposal.model_dump(include=_USERS_DETAILS, exclude_none=True)
        after = before.model_copy(update={**told, "version": before.version + 1})
        school.users[after.id] = after
        return _done(after.id, after.version), after
    after = UserState(
        id=proposal.user_id,
        version=1,
        active=True,
        username=f"ng75pn_{(proposal.surname or '').casefold()}",
        email=proposal.email,
        title=proposal.title,
        forename=proposal.forename or "",
        surname=proposal.surname or "",
        staff_code=proposal.staff_code,
        role=StaffRole.TEACHER,
        claimed=False,
        origin=Origin.MIS,
    )
    school.users[after.id] = after
    return _done(after.id, 1), after


_USERS_DETAILS = {"title", "forename", "surname", "email", "staff_code"}


def _taken(school: SchoolOfOwners, account: UUID, email: str | None) -> RecordOutcome | None:
    """R8."""
    accounts: list[UserState | ParentState] = [*school.users.values(), *school.parents.values()]
    holder = next((a.id for a in accounts if email and a.email == email and a.id != account), None)
    if holder is None:
        return None
    return RecordOutcome(
        id=account,
        outcome=Outcome.REFUSED,
        reason_code="email_taken",
        reason="Another account has this e-mail address.",
        in_the_way=holder,
    )


def _apply_parent(
    school: SchoolOfOwners, proposal: ParentProposal
) -> tuple[RecordOutcome, ParentState | None]:
    before = school.parents.get(proposal.parent_id)
    objection = _objection(school, proposal.parent_id, before.version if before else None)
    if objection is None:
        objection = _taken(school, proposal.parent_id, proposal.email)
    if objection:
        return objection, None
    new: dict[str, Any] = {"version": 0, "active": True, "claimed": False, "origin": "mis"}
    known = before.model_dump() if before else new
    told = proposal.model_dump(include=_USERS_DETAILS, exclude_none=True)
    children, given = set(known.get("children", ())), set(known.get("mis_children", ()))
    link = set(proposal.link) - children - set(known.get("kept_apart", ()))
    unlink = set(proposal.unlink) & given
    after = ParentState.model_validate(
        {
            **known,
            **told,
            "id": proposal.parent_id,
            "children": tuple(sorted((children | link) - unlink)),
            "mis_children": tuple(sorted((given | link) - unlink)),
            "version": known["version"] + 1,
        }
    )
    if before and after.model_copy(update={"version": before.version}) == before:
        return _same(before.id, before.version), None
    school.parents[after.id] = after
    return _done(after.id, after.version), after


def _apply_links(school: SchoolOfOwners, batch: LinksApproved) -> list[Payload]:
    outcomes, changed = [], []
    for proposal in batch.proposals:
        key = (proposal.kind, proposal.group_id, proposal.person_id)
        before = school.links.get(key)
        present = proposal.action is LinkAction.ADD
        outcome = Outcome.APPLIED
        known = proposal.person_id in school.pupils or proposal.person_id in school.users
        reason = school.refusals.get(proposal.person_id) if known else None
        if reason:
            outcome = Outcome.REFUSED
        elif before and before.override and before.present != present:
            outcome = Outcome.OVERRIDDEN
        elif (before.present if before else False) == present:
            outcome = Outcome.UNCHANGED
        else:
            after = LinkState(
                kind=proposal.kind,
                group_id=proposal.group_id,
                person_id=proposal.person_id,
                version=before.version + 1 if before else 1,
                present=present,
                origin=Origin.MIS,
                override=False,
            )
            school.links[key] = after
            changed.append(after)
        outcomes.append(
            LinkOutcome(
                kind=proposal.kind,
                group_id=proposal.group_id,
                person_id=proposal.person_id,
                outcome=outcome,
                reason=reason[0] if reason else None,
            )
        )
    told = [LinksChanged(links=tuple(changed))] if changed else []
    return [*told, LinksApplied(**_batch(batch), outcomes=tuple(outcomes))]


def _done(record_id: UUID, version: int) -> RecordOutcome:
    return RecordOutcome(id=record_id, outcome=Outcome.APPLIED, version=version)


def _same(record_id: UUID, version: int) -> RecordOutcome:
    return RecordOutcome(id=record_id, outcome=Outcome.UNCHANGED, version=version)

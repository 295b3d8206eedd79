"""Hears the answers of roster and identity to what was proposed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from services.mis_sync.context import MisSync
from services.mis_sync.runs import answered
from services.mis_sync.runs.answers import take_link_answers, take_record_answers
from shared.contracts.identity import ParentsApplied, StaffApplied
from shared.contracts.roster import AppliedBatch, GroupsApplied, LinksApplied, PupilsApplied
from shared.database.pool import Connection
from shared.messaging.hearing import hears
from shared.messaging.subscription import Subscription

__all__ = ["answer_subscriptions"]

A = TypeVar("A", bound=AppliedBatch)


def answer_subscriptions(mis_sync: MisSync) -> list[Subscription[Any]]:
    def records(payload: type[A], kind: answered.Kind) -> Subscription[A]:
        async def apply(connection: Connection, school_id: UUID, answers: Sequence[A]) -> None:
            await take_record_answers(mis_sync, connection, school_id, kind, answers)

        return hears(payload, apply)

    async def links(
        connection: Connection, school_id: UUID, answers: Sequence[LinksApplied]
    ) -> None:
        await take_link_answers(mis_sync, connection, school_id, answers)

    return [
        records(PupilsApplied, answered.PUPILS),
        records(GroupsApplied, answered.GROUPS),
        records(StaffApplied, answered.STAFF),
        records(ParentsApplied, answered.PARENTS),
        hears(LinksApplied, links),
    ]

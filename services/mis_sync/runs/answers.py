"""What roster and identity answer to a batch: applied, left as it was, refused, or stale.

What they refuse becomes a difference; what changed in the meantime is compared again, at most three
times, and then a person is asked too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.mis_sync.context import MisSync
from services.mis_sync.differences import repository as differences
from services.mis_sync.differences.repository import Found
from services.mis_sync.links.repository import lock_link
from services.mis_sync.mapping import repository as mapping
from services.mis_sync.matching.records import Finding, FindingKind
from services.mis_sync.runs import answered, batches, contact_sides, history
from services.mis_sync.runs.changes import changes_of_links, changes_of_records
from services.mis_sync.runs.comparison import link_key
from services.mis_sync.runs.history import Run
from services.mis_sync.runs.limits import MAX_ATTEMPTS
from services.mis_sync.runs.optional_fields import settle_optional
from services.mis_sync.runs.service import close_if_answered
from shared.contracts.roster import (
    OTHER_ACADEMIC_YEAR,
    AppliedBatch,
    LinkOutcome,
    LinksApplied,
    RecordOutcome,
)
from shared.contracts.vocabulary import Outcome
from shared.database.pool import Connection

__all__ = ["take_link_answers", "take_record_answers"]

_NO_REASON = "It was not applied, and no reason was given. Please contact us."
_CHANGES_TOO_OFTEN = "It keeps changing while it is being compared; the next sync looks again."


async def take_record_answers(
    mis_sync: MisSync,
    connection: Connection,
    school_id: UUID,
    kind: answered.Kind,
    answers: Sequence[AppliedBatch],
) -> None:
    """Answers about anything but links; `answers` have `outcomes` of `RecordOutcome`."""
    await lock_link(connection, school_id)
    for answer in answers:
        run, sent = await _open_end(mis_sync, connection, school_id, kind.batches, answer)
        if run is None or sent is None:
            continue
        outcomes: tuple[RecordOutcome, ...] = getattr(answer, "outcomes", ())
        changes = changes_of_records(sent.proposals, sent.before, outcomes)
        await _keep_changes(connection, school_id, kind.batches, answer, changes)
        await _take_records(mis_sync, connection, school_id, kind, run, outcomes)
        await _count(connection, school_id, run.id, kind.batches, outcomes)
        await close_if_answered(mis_sync, connection, school_id, run.id)


async def take_link_answers(
    mis_sync: MisSync, connection: Connection, school_id: UUID, answers: Sequence[LinksApplied]
) -> None:
    await lock_link(connection, school_id)
    for answer in answers:
        run, sent = await _open_end(mis_sync, connection, school_id, "links", answer)
        if run is None or sent is None:
            continue
        changes = changes_of_links(sent.proposals, answer.outcomes)
        await _keep_changes(connection, school_id, "links", answer, changes)
        refused = [
            outcome
            for outcome in answer.outcomes
            if outcome.outcome is Outcome.REFUSED and not _waits_for_its_year(outcome)
        ]
        await _find_refused_links(mis_sync, connection, school_id, refused)
        stale = sum(o.outcome is Outcome.STALE for o in answer.outcomes)
        await history.count_stale(connection, school_id, run.id, stale)
        await _count(connection, school_id, run.id, "links", answer.outcomes)
        await close_if_answered(mis_sync, connection, school_id, run.id)


async def _open_end(
    mis_sync: MisSync, connection: Connection, school_id: UUID, kind: str, answer: AppliedBatch
) -> tuple[Run | None, batches.Sent | None]:
    """The run that waited for this answer, and what it had sent. Any other changes nothing."""
    sent = await batches.answer(
        connection, school_id, answer.run_id, kind, answer.sequence, mis_sync.clock()
    )
    run = await history.find(connection, school_id, answer.run_id) if sent else None
    return run, sent


async def _keep_changes(
    connection: Connection,
    school_id: UUID,
    kind: str,
    answer: AppliedBatch,
    changes: Sequence[dict[str, Any]],
) -> None:
    await batches.keep_changes(connection, school_id, answer.run_id, kind, answer.sequence, changes)


async def _take_records(
    mis_sync: MisSync,
    connection: Connection,
    school_id: UUID,
    kind: answered.Kind,
    run: Run,
    outcomes: Sequence[RecordOutcome],
) -> None:
    stale = [o for o in outcomes if o.outcome is Outcome.STALE]
    waiting = [o for o in outcomes if _waits_for_its_year(o)]
    refused = [o for o in outcomes if o.outcome is Outcome.REFUSED and o not in waiting]
    if run.attempt >= MAX_ATTEMPTS:
        refused += [_given_up(outcome) for outcome in stale]
        stale = []
    again = {outcome.id for outcome in (*stale, *waiting)}
    final = [o for o in outcomes if o.id not in again]
    pairs = [(outcome.id, outcome.version) for outcome in (*stale, *waiting)]
    await mapping.unsettle(connection, school_id, kind.mapping, pairs)
    await history.count_stale(connection, school_id, run.id, len(stale))
    pairs = [(outcome.id, outcome.version) for outcome in final]
    if kind is answered.PUPILS:
        await settle_optional(connection, school_id, pairs)
    if kind is answered.PARENTS:
        await contact_sides.settle_answered(connection, school_id, pairs)
    elif not run.limited:
        await mapping.settle_answered(connection, school_id, kind.mapping, pairs)
    await _find_refused(mis_sync, connection, school_id, kind, final, refused)


async def _find_refused(
    mis_sync: MisSync,
    connection: Connection,
    school_id: UUID,
    kind: answered.Kind,
    final: Sequence[RecordOutcome],
    refused: Sequence[RecordOutcome],
) -> None:
    """What was refused is a difference; what was not refused any more is none any more."""
    now = mis_sync.clock()
    labels = await answered.labels(
        connection, school_id, kind.mapping, [outcome.id for outcome in final]
    )
    not_applied = {outcome.id for outcome in refused}
    well = [labels[o.id][0] for o in final if o.id in labels and o.id not in not_applied]
    await differences.resolve_kind(connection, school_id, kind.refused.value, well, now)
    found = []
    for outcome in refused:
        if outcome.id not in labels:
            continue
        mis_id, label = labels[outcome.id]
        version = None
        if outcome.in_the_way is not None:
            version = await mapping.version_in_the_way(
                connection, school_id, kind.mapping, outcome.in_the_way
            )
        finding = Finding(
            kind=kind.refused,
            label=label,
            reason_code=outcome.reason_code or "refused",
            reason=outcome.reason or _NO_REASON,
            suggestion=outcome.in_the_way if version is not None else None,
            in_the_way=outcome.in_the_way,
        )
        found.append(Found(kind.mapping, mis_id, finding, version))
    await differences.record(connection, school_id, found, now)


async def _find_refused_links(
    mis_sync: MisSync, connection: Connection, school_id: UUID, refused: Sequence[LinkOutcome]
) -> None:
    names = await answered.link_labels(connection, school_id, refused)
    found = [
        Found(
            "link",
            link_key(outcome.kind, outcome.group_id, outcome.person_id),
            Finding(
                kind=FindingKind.REFUSED_LINK,
                label=names[outcome.group_id, outcome.person_id],
                reason_code=outcome.reason_code or "refused",
                reason=outcome.reason or _NO_REASON,
            ),
        )
        for outcome in refused
    ]
    await differences.record(connection, school_id, found, mis_sync.clock())


async def _count(
    connection: Connection,
    school_id: UUID,
    run_id: UUID,
    kind: str,
    outcomes: Sequence[RecordOutcome | LinkOutcome],
) -> None:
    """Adds the outcomes of one batch to the run's counts, such as `pupils_applied`."""
    run = await history.find(connection, school_id, run_id)
    counts = dict(run.counts) if run else {}
    for outcome in outcomes:
        name = f"{kind}_{outcome.outcome.value}"
        counts[name] = counts.get(name, 0) + 1
    await history.set_counts(connection, school_id, run_id, counts)


def _waits_for_its_year(outcome: RecordOutcome | LinkOutcome) -> bool:
    """The roll-up came between our comparison and its owner. Nobody has to decide anything: it is
    compared again when the MIS and the school are in one year (R22)."""
    return outcome.reason_code == OTHER_ACADEMIC_YEAR


def _given_up(outcome: RecordOutcome) -> RecordOutcome:
    return outcome.model_copy(
        update={
            "outcome": Outcome.REFUSED,
            "reason_code": outcome.reason_code or "changes_too_often",
            "reason": _CHANGES_TOO_OFTEN,
        }
    )

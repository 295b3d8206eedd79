"""What becomes of the links that mis_sync proposes: the rules, without a database.

A link or an unlink made by hand stands (R13); in any other academic year than the school's no link
changes (R22); one whose group or person is not here yet waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.roster.links.link import Link, LinkKey, Names
from services.roster.refusals import (
    NOT_FROM_MIS,
    OTHER_ACADEMIC_YEAR,
    SET_BY_HAND,
    WAITS,
    Refusal,
)
from shared.contracts.mis_sync import LinkAction, LinkProposal
from shared.contracts.roster import LinkOutcome
from shared.contracts.vocabulary import Origin, Outcome

__all__ = ["LinkDecisions", "LinkResult", "key_of"]


def key_of(proposal: LinkProposal) -> LinkKey:
    return LinkKey(proposal.kind, proposal.group_id, proposal.person_id)


@dataclass(frozen=True)
class LinkResult:
    changed: list[tuple[Link | None, Link]]
    outcomes: tuple[LinkOutcome, ...]


class LinkDecisions:
    """One batch against the links as they stand; each proposal sees what the ones before it did."""

    def __init__(self, links: Iterable[Link], names: Names, *, same_year: bool) -> None:
        self._before = {link.key: link for link in links}
        self._now = dict(self._before)
        self._names = names
        self._same_year = same_year
        self._outcomes: list[LinkOutcome] = []

    def decide(self, proposal: LinkProposal) -> None:
        key = key_of(proposal)
        standing = self._now.get(key)
        if proposal.action is LinkAction.ADD:
            link, refusal = self._added(key, standing)
        else:
            link, refusal = _removed(standing)
        if link != standing and not self._same_year:
            link, refusal = standing, OTHER_ACADEMIC_YEAR
        if link is not None:
            self._now[key] = link
        self._outcomes.append(_outcome(key, link != standing, refusal))

    def result(self) -> LinkResult:
        """What changed, with its next version, and the answer to each proposal in order."""
        changed: list[tuple[Link | None, Link]] = [
            (self._before.get(key), replace(link, version=link.version + 1))
            for key, link in self._now.items()
            if link != self._before.get(key)
        ]
        return LinkResult(changed, tuple(self._outcomes))

    def _added(self, key: LinkKey, standing: Link | None) -> tuple[Link | None, Refusal | None]:
        if standing is not None and standing.override:
            return standing, None if standing.present else SET_BY_HAND
        if standing is not None and (standing.present or standing.waiting):
            # The MIS has it too: from now on it may take it away again.
            return replace(standing, origin=Origin.MIS), WAITS if standing.waiting else None
        here = self._names.both_here(key)
        link = Link(
            key=key,
            version=standing.version if standing else 0,
            present=here,
            waiting=not here,
            origin=Origin.MIS,
        )
        return link, None if here else WAITS


def _removed(standing: Link | None) -> tuple[Link | None, Refusal | None]:
    if standing is None or not (standing.present or standing.waiting):
        return standing, None
    if standing.override:
        return standing, SET_BY_HAND
    if standing.origin is not Origin.MIS:
        return standing, NOT_FROM_MIS
    return replace(standing, present=False, waiting=False), None


def _outcome(key: LinkKey, changed: bool, refusal: Refusal | None) -> LinkOutcome:
    outcome = Outcome.APPLIED if changed else Outcome.UNCHANGED
    return LinkOutcome(
        kind=key.kind,
        group_id=key.group_id,
        person_id=key.person_id,
        outcome=refusal.outcome if refusal else outcome,
        reason_code=refusal and refusal.code,
        reason=refusal and refusal.sentence,
    )

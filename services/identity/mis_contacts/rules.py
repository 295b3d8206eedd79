"""Parents whom mis_sync approved: who is made, what changes, whose parent they are (R8, R13, R20).

Each proposal is checked again here, in the transaction that applies it, and answered. The sync
makes no parent inactive, and leaves what was set by hand, links as well as details.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.identity.accounts.account import Account, sign_in_key
from services.identity.accounts.problems import email_taken_sentence
from services.identity.accounts.repository import DirectoryEntry
from shared.contracts.mis_sync import ParentProposal, ProposalAction
from shared.contracts.roster import RecordOutcome
from shared.contracts.vocabulary import Origin, Outcome

__all__ = ["ChildLink", "Known", "ParentDecisions", "decide"]

_DETAILS = ("title", "forename", "surname", "email")


@dataclass(frozen=True)
class ChildLink:
    """A child of a parent, or (not `present`) one who was unlinked by hand."""

    present: bool
    by_hand: bool


@dataclass(frozen=True)
class Known:
    """What the transaction holds still while the batch is decided.

    `accounts` are this school's, by id: those proposed, and those who hold a proposed address.
    `addresses` are those in use anywhere. `links` are by parent, then by pupil.
    """

    school_id: UUID
    accounts: Mapping[UUID, Account]
    addresses: Mapping[str, DirectoryEntry]
    links: Mapping[UUID, Mapping[UUID, ChildLink]]


@dataclass
class ParentDecisions:
    """What a batch comes to: what is written, and the answer to each proposal, by its id."""

    created: list[Account] = field(default_factory=list)
    changed: list[tuple[Account, Account]] = field(default_factory=list)
    """Before and after, where only children changed too."""
    linked: list[tuple[UUID, UUID]] = field(default_factory=list)
    """(parent, pupil)."""
    unlinked: list[tuple[UUID, UUID]] = field(default_factory=list)
    outcomes: list[RecordOutcome] = field(default_factory=list)

    def children_of(self, links: Iterable[tuple[UUID, UUID]], parent_id: UUID) -> list[UUID]:
        return [pupil for parent, pupil in links if parent == parent_id]


def decide(known: Known, proposals: Sequence[ParentProposal], now: datetime) -> ParentDecisions:
    """What becomes of each proposal, in the order of MIS ids. Pure: nothing is read or written."""
    return _Decision(known, now).of(proposals)


class _Decision:
    def __init__(self, known: Known, now: datetime) -> None:
        self._known = known
        self._now = now
        self._accounts = dict(known.accounts)
        self._addresses = dict(known.addresses)
        self._decided = ParentDecisions()

    def of(self, proposals: Sequence[ParentProposal]) -> ParentDecisions:
        for proposal in sorted(proposals, key=lambda one: (one.mis_id, one.parent_id)):
            self._decided.outcomes.append(self._one(proposal))
        return self._decided

    def _one(self, proposal: ParentProposal) -> RecordOutcome:
        if proposal.action not in (ProposalAction.CREATE, ProposalAction.UPDATE):
            return _refused(
                proposal, "not_by_sync", "Parents are made inactive or active by hand only."
            )
        account = self._accounts.get(proposal.parent_id)
        if account is None and proposal.action is ProposalAction.CREATE:
            return self._create(proposal)
        if account is None or account.kind != "parent":
            return _refused(proposal, "no_such_parent", "This parent is not here any more.")
        return self._update(proposal, account)

    def _create(self, proposal: ParentProposal) -> RecordOutcome:
        if not proposal.forename or not proposal.surname:
            return _refused(
                proposal,
                "name_missing",
                "The MIS gives no forename or no surname for this contact.",
            )
        if not proposal.email:
            return _refused(
                proposal, "email_missing", "The MIS gives no e-mail address for this contact."
            )
        if refusal := self._clash(proposal, proposal.email):
            return refusal
        account = Account(
            account_id=proposal.parent_id,
            school_id=self._known.school_id,
            kind="parent",
            title=proposal.title,
            forename=proposal.forename,
            surname=proposal.surname,
            email=proposal.email,
            origin=Origin.MIS,
            created_at=self._now,
        )
        self._decided.created.append(account)
        self._decided.linked += [(account.account_id, pupil) for pupil in set(proposal.link)]
        self._remember(account)
        return _outcome(proposal, Outcome.APPLIED, account)

    def _update(self, proposal: ParentProposal, account: Account) -> RecordOutcome:
        """A parent who was to be made and is there already keeps their details."""
        made = proposal.action is ProposalAction.CREATE
        differing = {} if made else _differing(account, proposal)
        allowed = {k: v for k, v in differing.items() if k not in account.overrides}
        if allowed and proposal.expected_version not in (None, account.version):
            return _outcome(proposal, Outcome.STALE, account)
        if "email" in allowed and (refusal := self._clash(proposal, allowed["email"])):
            return refusal
        links = self._known.links.get(account.account_id, {})
        new = {pupil for pupil in proposal.link if pupil not in links}
        over = {p for p in proposal.unlink if p in links and _is_of_the_mis(links[p])}
        if not allowed and not new and not over:
            held = bool(differing) or any(not links[p].present for p in proposal.link)
            outcome = Outcome.OVERRIDDEN if held else Outcome.UNCHANGED
            return _outcome(proposal, outcome, account)
        changed = replace(account, **allowed, version=account.version + 1)
        self._decided.changed.append((account, changed))
        self._decided.linked += [(account.account_id, pupil) for pupil in new]
        self._decided.unlinked += [(account.account_id, pupil) for pupil in over]
        if account.email:
            self._addresses.pop(sign_in_key(account.email), None)
        self._remember(changed)
        return _outcome(proposal, Outcome.APPLIED, changed)

    def _clash(self, proposal: ParentProposal, email: str) -> RecordOutcome | None:
        """R8: the other account is named only if it is of this school."""
        holder = self._addresses.get(sign_in_key(email))
        if holder is None or holder.account_id == proposal.parent_id:
            return None
        here = self._accounts.get(holder.account_id)
        return RecordOutcome(
            id=proposal.parent_id,
            outcome=Outcome.REFUSED,
            reason_code="email_taken",
            reason=_taken(here),
            in_the_way=here.account_id if here else None,
        )

    def _remember(self, account: Account) -> None:
        self._accounts[account.account_id] = account
        if account.email:
            entry = DirectoryEntry(account.account_id, account.school_id)
            self._addresses[sign_in_key(account.email)] = entry


def _taken(holder: Account | None) -> str:
    if holder is None or holder.kind == "parent":
        return email_taken_sentence(holder)
    inactive = "" if holder.active else ", which is inactive"
    who = "the admin account" if holder.kind == "admin" else f"{holder.name} ({holder.username})"
    return (
        f"This e-mail address belongs to {who}{inactive}. One address can be of one account only: "
        "a member of staff who is a parent here too needs another address as a parent. Put it in "
        "the MIS, or add the parent by hand with it."
    )


def _is_of_the_mis(link: ChildLink) -> bool:
    return link.present and not link.by_hand


def _differing(account: Account, proposal: ParentProposal) -> dict[str, Any]:
    """What the MIS says, and says differently; what it does not say is no information (R17)."""
    said = {name: getattr(proposal, name) for name in _DETAILS}
    differing = {k: v for k, v in said.items() if v is not None and v != getattr(account, k)}
    if account.email and sign_in_key(account.email) == sign_in_key(differing.get("email", "")):
        del differing["email"]
    return differing


def _outcome(proposal: ParentProposal, outcome: Outcome, account: Account) -> RecordOutcome:
    return RecordOutcome(id=proposal.parent_id, outcome=outcome, version=account.version)


def _refused(proposal: ParentProposal, code: str, reason: str) -> RecordOutcome:
    return RecordOutcome(
        id=proposal.parent_id, outcome=Outcome.REFUSED, reason_code=code, reason=reason
    )

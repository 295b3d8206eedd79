"""Staff whom mis_sync approved: users made in order of MIS id, details kept up to date (R18, R20).

Each proposal is checked again here, in the transaction that applies it, and answered. The sync
makes nobody inactive, gives nobody another username, and leaves what was set by hand (R7, R13).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.identity.accounts.account import DEFAULT_PASSWORD_LIFE, Account, sign_in_key
from services.identity.accounts.problems import email_taken_sentence
from services.identity.accounts.repository import DirectoryEntry
from services.identity.accounts.usernames import first_free, user_base
from shared.contracts.mis_sync import ProposalAction, StaffProposal
from shared.contracts.roster import RecordOutcome
from shared.contracts.vocabulary import Origin, Outcome, StaffRole

__all__ = ["Known", "StaffChanges", "decide", "username_bases"]

_DETAILS = ("title", "forename", "surname", "email", "staff_code")


@dataclass(frozen=True)
class Known:
    """What the transaction holds still while the batch is decided.

    `accounts` are this school's, by id: those proposed, and those who hold a proposed address.
    `addresses` and `usernames` are those in use anywhere.
    """

    school_id: UUID
    postcode: str
    accounts: dict[UUID, Account]
    addresses: dict[str, DirectoryEntry]
    usernames: Sequence[str]


@dataclass
class StaffChanges:
    """What a batch comes to: what is written, and the answer to each proposal, by its id."""

    created: list[Account] = field(default_factory=list)
    changed: list[tuple[Account, Account]] = field(default_factory=list)
    """Before and after."""
    outcomes: list[RecordOutcome] = field(default_factory=list)


def in_order(proposals: Sequence[StaffProposal]) -> list[StaffProposal]:
    """R20: usernames are given in the order of MIS ids."""
    return sorted(proposals, key=lambda proposal: (proposal.mis_id, proposal.user_id))


def username_bases(postcode: str, proposals: Sequence[StaffProposal]) -> list[str]:
    """The usernames that may be asked for, without their numbers."""
    return [user_base(postcode, p.surname) for p in proposals if p.surname]


def decide(known: Known, proposals: Sequence[StaffProposal], now: datetime) -> StaffChanges:
    """What becomes of each proposal. Pure: nothing is read or written here."""
    return _Decision(known, now).of(proposals)


class _Decision:
    def __init__(self, known: Known, now: datetime) -> None:
        self._known = known
        self._now = now
        self._accounts = dict(known.accounts)
        self._addresses = dict(known.addresses)
        self._usernames = list(known.usernames)
        self._changes = StaffChanges()

    def of(self, proposals: Sequence[StaffProposal]) -> StaffChanges:
        for proposal in in_order(proposals):
            if proposal.action is ProposalAction.CREATE:
                outcome = self._create(proposal)
            elif proposal.action is ProposalAction.UPDATE:
                outcome = self._update(proposal)
            else:
                outcome = _refused(
                    proposal, "not_by_sync", "Users are made inactive or active by hand only."
                )
            self._changes.outcomes.append(outcome)
        return self._changes

    def _create(self, proposal: StaffProposal) -> RecordOutcome:
        there = self._accounts.get(proposal.user_id)
        if there is not None:
            return _outcome(proposal, Outcome.UNCHANGED, there)
        if not proposal.surname or not proposal.forename:
            return _refused(
                proposal,
                "name_missing",
                "The MIS gives no first name or no surname for this member of staff.",
            )
        if proposal.email and (refusal := self._clash(proposal, proposal.email)):
            return refusal
        account = self._new_account(proposal, proposal.forename, proposal.surname)
        self._changes.created.append(account)
        self._remember(account)
        return _outcome(proposal, Outcome.APPLIED, account)

    def _new_account(self, proposal: StaffProposal, forename: str, surname: str) -> Account:
        [username] = first_free([user_base(self._known.postcode, surname)], self._usernames)
        self._usernames.append(username)
        return Account(
            account_id=proposal.user_id,
            school_id=self._known.school_id,
            kind="user",
            role=StaffRole.TEACHER,
            title=proposal.title,
            forename=forename,
            surname=surname,
            username=username,
            email=proposal.email,
            staff_code=proposal.staff_code,
            origin=Origin.MIS,
            default_until=self._now + DEFAULT_PASSWORD_LIFE,
            created_at=self._now,
        )

    def _update(self, proposal: StaffProposal) -> RecordOutcome:
        account = self._accounts.get(proposal.user_id)
        if account is None or account.kind != "user":
            return _refused(proposal, "no_such_user", "This user is not in the school any more.")
        differing = _differing(account, proposal)
        if not differing:
            return _outcome(proposal, Outcome.UNCHANGED, account)
        allowed = {k: v for k, v in differing.items() if k not in account.overrides}
        if not allowed:
            return _outcome(proposal, Outcome.OVERRIDDEN, account)
        if proposal.expected_version not in (None, account.version):
            return _outcome(proposal, Outcome.STALE, account)
        if "email" in allowed and (refusal := self._clash(proposal, allowed["email"])):
            return refusal
        changed = replace(account, **allowed, version=account.version + 1)
        self._changes.changed.append((account, changed))
        if account.email:
            self._addresses.pop(sign_in_key(account.email), None)
        self._remember(changed)
        return _outcome(proposal, Outcome.APPLIED, changed)

    def _clash(self, proposal: StaffProposal, email: str) -> RecordOutcome | None:
        """R8: the other account is named only if it is of this school."""
        holder = self._addresses.get(sign_in_key(email))
        if holder is None or holder.account_id == proposal.user_id:
            return None
        here = self._accounts.get(holder.account_id)
        return RecordOutcome(
            id=proposal.user_id,
            outcome=Outcome.REFUSED,
            reason_code="email_taken",
            reason=email_taken_sentence(here),
            in_the_way=here.account_id if here else None,
        )

    def _remember(self, account: Account) -> None:
        self._accounts[account.account_id] = account
        if account.email:
            entry = DirectoryEntry(account.account_id, account.school_id)
            self._addresses[sign_in_key(account.email)] = entry


def _differing(account: Account, proposal: StaffProposal) -> dict[str, Any]:
    """What the MIS says, and says differently; what it does not say is no information (R17)."""
    said = {name: getattr(proposal, name) for name in _DETAILS}
    differing = {k: v for k, v in said.items() if v is not None and v != getattr(account, k)}
    if account.email and sign_in_key(account.email) == sign_in_key(differing.get("email", "")):
        del differing["email"]
    return differing


def _outcome(proposal: StaffProposal, outcome: Outcome, account: Account) -> RecordOutcome:
    return RecordOutcome(id=proposal.user_id, outcome=outcome, version=account.version)


def _refused(proposal: StaffProposal, code: str, reason: str) -> RecordOutcome:
    return RecordOutcome(
        id=proposal.user_id, outcome=Outcome.REFUSED, reason_code=code, reason=reason
    )

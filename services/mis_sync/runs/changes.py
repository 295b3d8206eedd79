"""What a run changed: what was proposed, what stood here, and what became of it (R23).

It is put together when the owner answers, since only then both are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from shared.contracts.mis_sync import ProposalAction
from shared.contracts.roster import LinkOutcome, RecordOutcome
from shared.contracts.vocabulary import Outcome

__all__ = [
    "BY_NAME_ONLY",
    "changes_of_links",
    "changes_of_records",
    "ids_that_change",
    "record_id_of",
    "told_fields",
]

BY_NAME_ONLY = frozenset(
    {
        "ethnicity",
        "first_language",
        "sen_provision",
        "free_school_meals",
        "pupil_premium",
        "in_care",
    }
)
"""Fields of which the history says that they changed, and never what they hold."""

_NO_FIELDS = frozenset({"action", "expected_version", "details", "mis_id"})
_CHILDREN = {"link": "children_linked", "unlink": "children_unlinked"}
_FORENAMES = ("preferred_forename", "legal_forename", "forename")
_SURNAMES = ("preferred_surname", "legal_surname", "surname")

Proposal = Mapping[str, Any]


def record_id_of(proposal: Proposal) -> str:
    """The id of the record that a proposal (as JSON) is about, whatever its kind."""
    return str(next(value for name, value in proposal.items() if _is_record_id(name)))


def told_fields(proposal: Proposal) -> dict[str, Any]:
    """What a proposal says of its record, by field; what it says nothing of is left out."""
    told = proposal.get("details") or {
        name: value
        for name, value in proposal.items()
        if name not in _NO_FIELDS and not _is_record_id(name)
    }
    return {name: value for name, value in told.items() if value not in (None, [], "")}


def changes_of_records(
    proposals: Iterable[Proposal],
    before: Mapping[str, Mapping[str, Any]],
    outcomes: Sequence[RecordOutcome],
) -> list[dict[str, Any]]:
    """Of what was `unchanged` nothing is said. `before` is by record and field."""
    by_id = {record_id_of(proposal): proposal for proposal in proposals}
    changes = []
    for outcome in outcomes:
        proposal = by_id.get(str(outcome.id))
        if proposal is None or outcome.outcome is Outcome.UNCHANGED:
            continue
        told = told_fields(proposal)
        changes.append(
            {
                "id": str(outcome.id),
                "label": _label(told),
                "action": proposal["action"],
                "outcome": outcome.outcome.value,
                "reason": outcome.reason,
                "fields": _fields(proposal, told, before.get(str(outcome.id), {})),
            }
        )
    return changes


def changes_of_links(
    proposals: Iterable[Proposal], outcomes: Sequence[LinkOutcome]
) -> list[dict[str, Any]]:
    actions = {(p["kind"], p["group_id"], p["person_id"]): p["action"] for p in proposals}
    changes = []
    for outcome in outcomes:
        key = (outcome.kind.value, str(outcome.group_id), str(outcome.person_id))
        if key not in actions or outcome.outcome is Outcome.UNCHANGED:
            continue
        changes.append(
            {
                "id": key[2],
                "group_id": key[1],
                "link": key[0],
                "action": actions[key],
                "outcome": outcome.outcome.value,
                "reason": outcome.reason,
            }
        )
    return changes


def _fields(
    proposal: Proposal, told: Mapping[str, Any], before: Mapping[str, Any]
) -> list[dict[str, Any]]:
    if proposal["action"] not in (ProposalAction.UPDATE, ProposalAction.REACTIVATE):
        return []
    return [_field(name, before.get(name), after) for name, after in told.items()]


def _field(name: str, before: Any, after: Any) -> dict[str, Any]:
    """Of a parent's children, those that are linked and unlinked stand by their names."""
    if name in BY_NAME_ONLY:
        return {"field": name}
    if name in _CHILDREN:
        named = ", ".join(before or ())
        unlinked = name == "unlink"
        return {
            "field": _CHILDREN[name],
            "before": named if unlinked else None,
            "after": None if unlinked else named,
        }
    return {"field": name, "before": before, "after": after}


def _label(told: Mapping[str, Any]) -> str | None:
    if "name" in told:
        return str(told["name"])
    parts = (next((told[n] for n in names if n in told), None) for names in (_FORENAMES, _SURNAMES))
    return " ".join(str(part) for part in parts if part) or None


def _is_record_id(name: str) -> bool:
    return name in ("pupil_id", "group_id", "user_id", "parent_id")


def ids_that_change(proposals: Iterable[Proposal]) -> list[UUID]:
    """The records that are here already and of which fields are to change."""
    changing = (ProposalAction.UPDATE, ProposalAction.REACTIVATE)
    return [UUID(record_id_of(p)) for p in proposals if p.get("action") in changing]

"""What comparing the records of one kind has come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar
from uuid import UUID

from services.mis_sync.mapping.repository import Mapped
from services.mis_sync.matching.records import Finding

__all__ = ["Compared"]

P = TypeVar("P")


@dataclass
class Compared(Generic[P]):
    """Collected record by record.

    `mapped` are new mappings, each with the record's label; `settled` are (MIS id, hash, version
    here); `arriving` are the ids of those who come, or come back, by this run.
    """

    kind: str
    looked_at: list[str] = field(default_factory=list)
    mapped: list[tuple[Mapped, str]] = field(default_factory=list)
    proposals: list[P] = field(default_factory=list)
    proposed_for: list[str] = field(default_factory=list)
    findings: list[tuple[str, Finding]] = field(default_factory=list)
    settled: list[tuple[str, str, int]] = field(default_factory=list)
    arriving: list[UUID] = field(default_factory=list)

    def map(self, mis_id: str, record_id: UUID, origin: str, reason: str, label: str) -> None:
        self.mapped.append((Mapped(self.kind, mis_id, record_id, origin, reason), label))

    def propose(self, mis_id: str, proposal: P) -> None:
        self.proposals.append(proposal)
        self.proposed_for.append(mis_id)

    def find(self, mis_id: str, finding: Finding | None) -> None:
        if finding is not None:
            self.findings.append((mis_id, finding))

    def labelled(self) -> list[tuple[Mapped, str]]:
        """Those that were found here by themselves, for the activity log."""
        return [(mapped, label) for mapped, label in self.mapped if mapped.origin == "matched"]

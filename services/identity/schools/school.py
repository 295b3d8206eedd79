"""A school: the tenant."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.identity import SchoolChanged
from shared.contracts.vocabulary import YearGroup

__all__ = ["School"]


@dataclass(frozen=True)
class School:
    """One school's details at one version."""

    school_id: UUID
    name: str
    postcode: str
    first_year_group: YearGroup
    last_year_group: YearGroup
    version: int = 1

    def for_others(self) -> SchoolChanged:
        """The state that other services hear of."""
        return SchoolChanged(
            version=self.version,
            name=self.name,
            postcode=self.postcode,
            first_year_group=self.first_year_group,
            last_year_group=self.last_year_group,
        )

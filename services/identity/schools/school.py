"""A school: the tenant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
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
    address_line_1: str | None = None
    address_line_2: str | None = None
    town: str | None = None
    telephone: str | None = None
    contact_email: str | None = None
    version: int = 1

    def values(self) -> dict[str, Any]:
        """What a person sets (R29), JSON-ready."""
        return self.for_others().model_dump(mode="json", exclude={"version"})

    def for_others(self) -> SchoolChanged:
        """The state that other services hear of."""
        return SchoolChanged(
            version=self.version,
            name=self.name,
            postcode=self.postcode,
            first_year_group=self.first_year_group,
            last_year_group=self.last_year_group,
            address_line_1=self.address_line_1,
            address_line_2=self.address_line_2,
            town=self.town,
            telephone=self.telephone,
            contact_email=self.contact_email,
        )

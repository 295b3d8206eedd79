"""The shape of the set-up guide's figures over HTTP (R28)."""

from __future__ import annotations

from pydantic import BaseModel, Field

from services.mis_sync.links.service import LinkState

__all__ = ["MisSetUp"]


class MisSetUp(BaseModel):
    link_state: LinkState
    connector_heard: bool = Field(description="Whether the connector in force said anything yet.")
    snapshot_applied: bool = Field(description="Whether data of the MIS were ever taken over.")
    differences: int = Field(ge=0, description="Open ones, which raise the mapping alert (R18).")
    pupils_not_here: int = Field(ge=0, description="Pupils of the MIS who are not here (R20).")

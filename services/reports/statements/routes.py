"""The statement bank over HTTP, for teachers and senior leaders (R26)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.reports.statements.service import StatementBank
from services.reports.statements.statement import (
    PLACEHOLDERS,
    STATEMENT_CHARACTERS,
    Statement,
    StatementKind,
)
from shared.security.dependencies import User

__all__ = ["statement_routes"]


def _one_space(text: str) -> str:
    return " ".join(text.split())


StatementText = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=STATEMENT_CHARACTERS,
        pattern=r"^[^\x00-\x1f\x7f]+$",
    ),
    AfterValidator(_one_space),
]


class StatementView(BaseModel):
    id: UUID
    version: int
    kind: StatementKind
    subject_id: UUID | None = Field(description="Null: for all subjects.")
    band_id: UUID | None = Field(description="Null: for all bands.")
    text: str
    active: bool

    @classmethod
    def of(cls, statement: Statement) -> StatementView:
        return cls.model_validate(statement, from_attributes=True)


class StatementsView(BaseModel):
    statements: list[StatementView]
    placeholders: list[str]


class StatementBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: StatementKind
    subject_id: UUID | None = None
    band_id: UUID | None = None
    text: StatementText


class StatementChangeBody(BaseModel):
    """What is given is changed; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    expected_version: int = Field(ge=1, lt=2**31)
    kind: StatementKind = "subject"
    subject_id: UUID | None = None
    band_id: UUID | None = None
    text: StatementText = ""
    active: bool = True

    def said(self) -> dict[str, Any]:
        given = self.model_fields_set - {"expected_version"}
        return {name: getattr(self, name) for name in given}


def statement_routes(bank: StatementBank) -> APIRouter:
    router = APIRouter(prefix="/statements", tags=["statements"])

    @router.get("")
    async def list_statements(principal: User) -> StatementsView:
        """All of the school's, inactive ones too."""
        found = await bank.all(principal)
        return StatementsView(
            statements=[StatementView.of(one) for one in found], placeholders=list(PLACEHOLDERS)
        )

    @router.post("", status_code=201)
    async def add_statement(principal: User, body: StatementBody) -> StatementView:
        return StatementView.of(await bank.add(principal, body.model_dump()))

    @router.patch("/{statement_id}")
    async def change_statement(
        principal: User, statement_id: UUID, body: StatementChangeBody
    ) -> StatementView:
        changed = await bank.change(principal, statement_id, body.said(), body.expected_version)
        return StatementView.of(changed)

    return router

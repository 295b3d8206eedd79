"""The shapes of pupils' fields over HTTP, and of which of them a school keeps (R29)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from services.roster.fields.field import PUPIL_FIELDS, FieldKind, PupilField
from services.roster.fields.service import KeptFields, kept_or_not

__all__ = ["PupilFieldView", "PupilFieldsBody", "PupilFieldsSettings", "PupilFieldsView"]


class Choice(BaseModel):
    code: str
    label: str


class PupilFieldView(BaseModel):
    name: str
    label: str
    kind: FieldKind
    required: bool
    optional: bool = Field(description="Kept only by schools that chose to")
    help: str
    choices: list[Choice]
    open_choices: bool = Field(description="A code of the right form counts without a label, too")

    @classmethod
    def of(cls, field: PupilField) -> PupilFieldView:
        return cls(
            name=field.name,
            label=field.label,
            kind=field.kind,
            required=field.required,
            optional=field.optional,
            help=field.help,
            choices=[Choice(code=code, label=label) for code, label in field.choices.items()],
            open_choices=field.open_choices,
        )


class PupilFieldsView(BaseModel):
    """The fields of a pupil that this school keeps, in the order of a form."""

    items: list[PupilFieldView]

    @classmethod
    def of(cls, kept: KeptFields) -> PupilFieldsView:
        return cls(
            items=[
                PupilFieldView.of(field)
                for field in PUPIL_FIELDS
                if not field.optional or field.name in kept.names
            ]
        )


class PupilFieldsValues(BaseModel):
    """Whether each optional field is kept."""

    ethnicity: bool
    first_language: bool
    sen_provision: bool
    free_school_meals: bool
    pupil_premium: bool
    in_care: bool


class FieldHelp(BaseModel):
    name: str
    label: str
    help: str


class PupilFieldsSettings(PupilFieldsValues):
    version: int = Field(description="0 until somebody changes something.")
    defaults: PupilFieldsValues
    about: list[FieldHelp] = Field(description="What each is called, in the order of a form")

    @classmethod
    def of(cls, kept: KeptFields) -> PupilFieldsSettings:
        return cls(
            **kept_or_not(kept.names),
            version=kept.version,
            defaults=PupilFieldsValues(**kept_or_not(frozenset())),
            about=[
                FieldHelp(name=field.name, label=field.label, help=field.help)
                for field in PUPIL_FIELDS
                if field.optional
            ],
        )


class PupilFieldsBody(PupilFieldsValues):
    """The whole of them, strictly as booleans."""

    model_config = ConfigDict(extra="forbid", strict=True)

    expected_version: int = Field(ge=0, description="The version that was looked at.")

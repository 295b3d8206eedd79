"""The school's logo (R24)."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, Field

__all__ = ["Logo", "LogoState"]


class Logo(BaseModel):
    """What is in use, made anew as a PNG. Its picture is at `/api/logo/school-logo.png`."""

    version: int = Field(description="Another one for each picture that was ever uploaded.")
    width: int = Field(description="In pixels, as `height`.")
    height: int
    uploaded_at: AwareDatetime
    uploaded_by: str = Field(description="The name of whoever uploaded it.")


class LogoState(BaseModel):
    logo: Logo | None

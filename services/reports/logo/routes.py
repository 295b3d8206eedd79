"""The school's logo over HTTP (R24): the admin and users change it, parents see it too."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel

from services.reports.logo.picture import LOGO_BYTES
from services.reports.logo.repository import Logo
from services.reports.logo.service import Logos
from shared.security.dependencies import AnyUser, SignedIn
from shared.web.uploads import FILE_BODY, kept_upload

__all__ = ["UPLOADS", "LogoState", "LogoView", "logo_routes"]

UPLOADS = {"/logo": LOGO_BYTES}
_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}
}
Version = Annotated[int, Path(ge=1, le=2_147_483_647)]


class LogoView(BaseModel):
    """In pixels. `version` is another one for each picture, so that a browser asks for it anew."""

    version: int
    width: int
    height: int
    uploaded_at: AwareDatetime
    uploaded_by: str

    @classmethod
    def of(cls, logo: Logo) -> LogoView:
        return cls.model_validate(logo, from_attributes=True)


class LogoState(BaseModel):
    logo: LogoView | None


def logo_routes(logos: Logos) -> APIRouter:
    router = APIRouter(prefix="/logo", tags=["logo"])

    @router.get("")
    async def read_logo(principal: SignedIn) -> LogoState:
        """Which one is in use, if any."""
        logo = await logos.find(principal)
        return LogoState(logo=LogoView.of(logo) if logo else None)

    @router.post("", status_code=201, openapi_extra=FILE_BODY)
    async def upload_logo(request: Request, principal: AnyUser) -> LogoView:
        """The picture itself is the body: PNG, JPEG or WebP, at most 5 MiB."""
        async with kept_upload(request) as path:
            return LogoView.of(await logos.set(principal, path))

    @router.delete("", status_code=204)
    async def take_logo_away(principal: AnyUser) -> None:
        """Reports are made without a logo from now on."""
        await logos.take_away(principal)

    @router.get("/{version}/school-logo.png", response_class=Response, responses=_PICTURE)
    async def read_logo_picture(version: Version, principal: SignedIn) -> Response:
        """The PNG that we made ourselves, of that version."""
        return Response(await logos.picture(principal, version), media_type="image/png")

    return router

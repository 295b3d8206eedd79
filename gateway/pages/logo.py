"""The school's logo, on Report Templates and on Generate Reports (R24)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response

from gateway.downloads import file_answer
from gateway.rights import SignedIn, Staff
from gateway.schemas.logo import Logo, LogoState
from shared.web.problems import NotFound
from shared.web.uploads import FILE_BODY, pieces

__all__ = ["UPLOADS", "router"]

router = APIRouter(prefix="/api/logo", tags=["logo"])

UPLOADS = {"/api/logo": 5 * 1024 * 1024}
_PNG = "image/png"


@router.get("")
async def read_logo(visit: SignedIn) -> LogoState:
    """Which one is in use, if any."""
    return await visit.reports.logo()


@router.post("", status_code=201, openapi_extra=FILE_BODY)
async def upload_logo(visit: Staff, request: Request) -> Logo:
    """The picture itself is the body: PNG, JPEG or WebP, at most 5 MiB.

    422 `logo-refused` says why it cannot be the logo; the one that was there stays.
    """
    return await visit.reports.upload_logo(pieces(request))


@router.delete("", status_code=204)
async def take_logo_away(visit: Staff) -> None:
    """Reports are made without a logo from now on."""
    await visit.reports.take_logo_away()


@router.get("/school-logo.png", response_class=Response, responses=file_answer(_PNG))
async def read_logo_picture(
    visit: SignedIn, if_none_match: Annotated[str | None, Header(max_length=1000)] = None
) -> Response:
    """The picture of the logo that is in use. Nothing in it came with the upload but its pixels."""
    logo = (await visit.reports.logo()).logo
    if logo is None:
        raise NotFound("The school has no logo.")
    # Of the school too: a browser may be of two schools, one after the other.
    tag = f'"{visit.session.school.id}-{logo.version}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache, must-revalidate",
        "Vary": "Cookie",
        "Content-Disposition": 'inline; filename="school-logo.png"',
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    if if_none_match and tag in (each.strip() for each in if_none_match.split(",")):
        return Response(status_code=304, headers=headers)
    png = await visit.reports.logo_picture(logo.version)
    return Response(png, media_type=_PNG, headers=headers)

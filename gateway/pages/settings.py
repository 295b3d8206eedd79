"""How the product works for the school: its settings (R29), and its default password (R2)."""

from __future__ import annotations

import asyncio
from typing import cast

from fastapi import APIRouter, Request

from gateway.partial import Parts
from gateway.rights import Admin
from gateway.schemas.parts import ServiceName
from gateway.schemas.roll_up import RollUpChange, RollUpSettings
from gateway.schemas.sessions import DefaultPassword, DefaultPasswordState
from gateway.schemas.settings import (
    DetailsChange,
    DetailsSettings,
    PupilFieldsChange,
    PupilFieldsSettings,
    ScaleChange,
    ScaleSettings,
    SchoolSettings,
    SignInChange,
    SignInSettings,
    SubjectsChange,
    SubjectsSettings,
    SyncChange,
    SyncSettings,
    TermsChange,
    TermsSettings,
)
from gateway.sessions import Sessions

__all__ = ["router"]

router = APIRouter(prefix="/api", tags=["settings"])


@router.get("/settings")
async def read_settings(visit: Admin) -> SchoolSettings:
    """All sections that can be had, with their defaults."""
    parts = Parts()
    identity, pupil_fields, roll_up, reports, sync = await asyncio.gather(
        parts.of(ServiceName.IDENTITY, visit.identity.settings()),
        parts.of(ServiceName.ROSTER, visit.roster.kept_fields()),
        parts.of(ServiceName.ROSTER, visit.roster.roll_up_settings()),
        parts.of(ServiceName.REPORTS, visit.reports.settings()),
        parts.of(ServiceName.MIS_SYNC, visit.mis_sync.settings()),
    )
    return SchoolSettings(
        details=identity.details if identity else None,
        sign_in=identity.sign_in if identity else None,
        pupil_fields=pupil_fields,
        roll_up=roll_up,
        subjects=reports.subjects if reports else None,
        terms=reports.terms if reports else None,
        scale=reports.scale if reports else None,
        sync=sync,
        unavailable=parts.unavailable,
    )


@router.put("/settings/details")
async def save_school_details(
    change: DetailsChange, visit: Admin, request: Request
) -> DetailsSettings:
    """The school's name, address, contact and year groups. Its name stands on every page."""
    saved = await visit.identity.set_details(change)
    cast(Sessions, request.app.state.sessions).forget_school(visit.session.school.id)
    return saved


@router.put("/settings/sign-in")
async def save_sign_in_settings(change: SignInChange, visit: Admin) -> SignInSettings:
    """What new users sign in with, and who must have two-step sign-in."""
    return await visit.identity.set_sign_in(change)


@router.put("/settings/pupil-fields")
async def save_pupil_fields(change: PupilFieldsChange, visit: Admin) -> PupilFieldsSettings:
    """Which of the optional fields of pupils the school keeps."""
    return await visit.roster.keep_fields(change)


@router.put("/settings/roll-up")
async def save_roll_up_settings(change: RollUpChange, visit: Admin) -> RollUpSettings:
    """Into which set leavers are put at the roll-up; none where it is null."""
    return await visit.roster.set_roll_up_settings(change)


@router.put("/settings/subjects")
async def save_subjects(change: SubjectsChange, visit: Admin) -> SubjectsSettings:
    """All subjects, in the school's order; one that is not taught any more is inactive."""
    return await visit.reports.set_subjects(change)


@router.put("/settings/terms")
async def save_terms(change: TermsChange, visit: Admin) -> TermsSettings:
    """The terms of the school's academic year."""
    return await visit.reports.set_terms(change)


@router.put("/settings/scale")
async def save_scale(change: ScaleChange, visit: Admin) -> ScaleSettings:
    """The attainment scale, from the lowest band to the highest."""
    return await visit.reports.set_scale(change)


@router.put("/settings/sync")
async def save_sync_settings(change: SyncChange, visit: Admin) -> SyncSettings:
    """At which hour the MIS is asked every night, and whether parents come from it."""
    return await visit.mis_sync.set_settings(change)


@router.get("/default-password")
async def read_default_password(visit: Admin) -> DefaultPasswordState:
    """When it was made. The words themselves are shown only then."""
    return await visit.identity.default_password()


@router.post("/default-password", status_code=201)
async def make_default_password(visit: Admin) -> DefaultPassword:
    """Make a new one, which takes the old one's place at once for all who still wait."""
    return await visit.identity.make_default_password()

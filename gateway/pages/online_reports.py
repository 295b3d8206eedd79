"""Reports › Generate Reports › published to parents (R27). For teachers and senior leaders."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from gateway.partial import Parts
from gateway.rights import Staff, Visit
from gateway.schemas.online_reports import (
    Publication,
    PublicationPage,
    PupilsToPublish,
    PupilsToWithdraw,
)
from gateway.schemas.parts import ServiceName

__all__ = ["router"]

router = APIRouter(prefix="/api/online-reports", tags=["online reports"])


@router.get("/{job_id}")
async def read_publication(job_id: UUID, visit: Staff) -> PublicationPage:
    """Of each pupil whether the report is published, whom it reaches, and who opened it.

    For who had the reports made, and for senior leaders.
    """
    return await _page(visit, await visit.online_reports.publication(job_id))


@router.post("/{job_id}/publication")
async def publish_reports(job_id: UUID, whose: PupilsToPublish, visit: Staff) -> PublicationPage:
    """All of these or none. Parents who can sign in are told by e-mail, once.

    409 `cannot-publish` where something has changed since it was looked at.
    """
    return await _page(visit, await visit.online_reports.publish(job_id, whose))


@router.post("/{job_id}/withdrawal")
async def withdraw_reports(job_id: UUID, whose: PupilsToWithdraw, visit: Staff) -> PublicationPage:
    """Parents see nothing of them from this moment on."""
    return await _page(visit, await visit.online_reports.withdraw(job_id, whose))


async def _page(visit: Visit, publication: Publication) -> PublicationPage:
    """With what identity knows of the pupils whom reports has named, and of no others."""
    parts = Parts()
    asked = [pupil.pupil_id for pupil in publication.pupils]
    identity = visit.identity_about(asked)
    reach = await parts.of(ServiceName.IDENTITY, identity.parents_of_pupils(asked))
    known = {one.pupil_id: one.parents for one in reach.items} if reach else {}
    pupils = [
        pupil.model_copy(update={"parents": known.get(pupil.pupil_id)})
        for pupil in publication.pupils
    ]
    return PublicationPage(
        publication=publication.model_copy(update={"pupils": pupils}),
        unavailable=parts.unavailable,
    )

"""Publishing to parents, and withdrawing in one step (R27).

By whoever had the reports made, and senior leaders; a teacher only of pupils they still see (R14).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from services.reports.activity import person
from services.reports.announcements import Announcements
from services.reports.clock import Clock
from services.reports.generated import due_files
from services.reports.generated.service import GeneratedReports
from services.reports.online import history, repository
from services.reports.online.problems import CannotPublish, NotMadeYet, NotOfTheseReports
from services.reports.online.publication import Publication, PublishedPupil
from services.reports.visible.reach import reach_of
from shared.contracts.reports import OnlineReportsPublished, OnlineReportsWithdrawn
from shared.database.pool import Connection
from shared.security.principals import Principal

__all__ = ["OnlineReports"]


class OnlineReports:
    def __init__(self, reports: GeneratedReports, announcements: Announcements, now: Clock) -> None:
        self._reports = reports
        self._announcements = announcements
        self._now = now

    async def find(self, connection: Connection, principal: Principal, job_id: UUID) -> Publication:
        """Raises `AssessmentsAreTheUsers`, `NoSuchJob` or `NotMadeYet`."""
        job = await self._reports.find(connection, principal, job_id)
        if job.digest is None:
            raise NotMadeYet
        return Publication(job, await repository.pupils_of(connection, job, reach_of(principal)))

    async def publish(
        self, connection: Connection, principal: Principal, job_id: UUID, pupils: Collection[UUID]
    ) -> Publication:
        """All of these or none; those that parents see already stay as they are.

        Raises as `find`, `NotOfTheseReports` or `CannotPublish`.
        """
        await repository.lock(connection, principal.tenant)
        publication = await self.find(connection, principal, job_id)
        chosen = [one for one in _chosen(publication, pupils) if not one.published]
        if hindered := [one for one in chosen if one.hindrance]:
            raise CannotPublish(hindered)
        if chosen:
            await self._publish(connection, principal, publication, chosen)
        return await self.find(connection, principal, job_id)

    async def withdraw(
        self,
        connection: Connection,
        principal: Principal,
        job_id: UUID,
        pupils: Collection[UUID] | None,
    ) -> Publication:
        """These, or all whom somebody sees. Raises as `find`, or `NotOfTheseReports`."""
        await repository.lock(connection, principal.tenant)
        publication = await self.find(connection, principal, job_id)
        of = publication.pupils if pupils is None else _chosen(publication, pupils)
        chosen = [one for one in of if one.published]
        if chosen:
            await self._withdraw(connection, principal, publication, chosen)
        return await self.find(connection, principal, job_id)

    async def _publish(
        self,
        connection: Connection,
        principal: Principal,
        publication: Publication,
        chosen: Sequence[PublishedPupil],
    ) -> None:
        job, school_id, now = publication.job, principal.tenant, self._now()
        actor, ids = person(principal), _ids(chosen)
        replaced = await repository.replace_earlier(connection, job, ids, actor, now)
        for earlier_id, theirs in replaced.items():
            await self._say_withdrawn(connection, school_id, earlier_id, theirs)
            await due_files.make_due(connection, earlier_id, "copies", now)
        version = await repository.next_version(connection, school_id, job.id)
        await repository.publish(connection, school_id, job, ids, actor, now)
        said = OnlineReportsPublished(publication_id=job.id, version=version, pupil_ids=tuple(ids))
        await self._announcements.say(connection, school_id, said)
        entry = history.published(job, chosen, at=now, actor=actor, school_id=school_id)
        await self._announcements.activity(connection, school_id, [entry])

    async def _withdraw(
        self,
        connection: Connection,
        principal: Principal,
        publication: Publication,
        chosen: Sequence[PublishedPupil],
    ) -> None:
        job, school_id, now = publication.job, principal.tenant, self._now()
        actor = person(principal)
        await repository.end(connection, job.id, _ids(chosen), actor, now)
        await self._say_withdrawn(connection, school_id, job.id, _ids(chosen))
        await due_files.make_due(connection, job.id, "copies", now)
        entry = history.withdrawn(job, chosen, at=now, actor=actor, school_id=school_id)
        await self._announcements.activity(connection, school_id, [entry])

    async def _say_withdrawn(
        self, connection: Connection, school_id: UUID, job_id: UUID, pupils: Sequence[UUID]
    ) -> None:
        version = await repository.next_version(connection, school_id, job_id)
        said = OnlineReportsWithdrawn(
            publication_id=job_id, version=version, pupil_ids=tuple(pupils)
        )
        await self._announcements.say(connection, school_id, said)


def _chosen(publication: Publication, pupils: Collection[UUID]) -> list[PublishedPupil]:
    wanted = set(pupils)
    found = publication.named(wanted)
    if len(found) < len(wanted):
        raise NotOfTheseReports
    return found


def _ids(pupils: Sequence[PublishedPupil]) -> list[UUID]:
    return [pupil.pupil_id for pupil in pupils]

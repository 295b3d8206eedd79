"""How much of the school somebody sees in reports (R14): rules, and the conditions in SQL.

Assessments are the users' (R1): a teacher sees the active groups that they are linked to and the
active pupils in these, senior leaders the school. The admin account and parents see nobody here.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.vocabulary import StaffRole
from shared.security.principals import Kind, Principal
from shared.web.problems import Forbidden

__all__ = ["SEEN_GROUP", "SEEN_PUPIL", "AssessmentsAreTheUsers", "Reach", "reach_of"]

SEEN_GROUP = "(g.active AND ($1::uuid IS NULL OR g.id IN (SELECT groups_of_teacher($1))))"
"""Of `groups g`; `$1` is `Reach.teacher`."""
SEEN_PUPIL = "(p.active AND ($1::uuid IS NULL OR p.id IN (SELECT pupils_of_teacher($1))))"
"""Of `pupils p`; `$1` is `Reach.teacher`."""


class AssessmentsAreTheUsers(Forbidden):
    slug = "assessments-are-the-users"
    title = "Assessments are for teachers and senior leaders"


@dataclass(frozen=True)
class Reach:
    """`teacher` is the user whose links bound what is seen; `None` where the school is."""

    teacher: UUID | None

    @property
    def whole_school(self) -> bool:
        return self.teacher is None


def reach_of(principal: Principal) -> Reach:
    """Raises `AssessmentsAreTheUsers` for every account that is no user's."""
    if principal.kind is not Kind.USER:
        raise AssessmentsAreTheUsers(
            "Marks and reports of pupils are seen by teachers and senior leaders, each signed in "
            "with an account of their own."
        )
    return Reach(None if principal.role == StaffRole.SLT else principal.account_id)

"""What the set-up guide ticks off, by what the services count: rules without a request (R28).

Nothing here is stored, so a step is done for as long as the data show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from gateway.schemas.parts import ServiceName
from gateway.schemas.set_up import (
    IdentitySetUp,
    MisSetUp,
    ReportsSetUp,
    RosterSetUp,
    SetUpStep,
    StepId,
    Way,
)

__all__ = ["Found", "is_complete", "steps_of", "way_of"]

F = TypeVar("F")


@dataclass(frozen=True)
class Found:
    """What each service counted; `None` of one that did not answer."""

    identity: IdentitySetUp | None
    roster: RosterSetUp | None
    mis_sync: MisSetUp | None
    reports: ReportsSetUp | None


@dataclass(frozen=True)
class Says:
    """What there is, and what is missing. What is only worth knowing stands in `there`."""

    done: bool
    there: str | None = None
    missing: tuple[str, ...] = ()


def way_of(found: Found) -> Way | None:
    """A link to the MIS, or pupils without one, show which way the school goes."""
    mis, roster = found.mis_sync, found.roster
    if mis is None:
        return None
    if mis.link_state != "never_linked" or mis.snapshot_applied:
        return "mis"
    return "by_hand" if roster is not None and roster.pupils > 0 else None


def is_complete(steps: Iterable[SetUpStep], way: Way | None) -> bool | None:
    """Whether all that is needed on this way is done. Without a way, what both need."""
    needed = [step.state for step in steps if step.needed and step.way in (None, way)]
    if "to_do" in needed:
        return False
    return None if "unknown" in needed else True


def steps_of(found: Found) -> list[SetUpStep]:
    """All steps of both ways, in the order in which a school takes them."""
    identity, roster, mis, reports = found.identity, found.roster, found.mis_sync, found.reports
    of_identity, of_roster = ServiceName.IDENTITY, ServiceName.ROSTER
    of_mis, of_reports = ServiceName.MIS_SYNC, ServiceName.REPORTS
    return [
        _step("details", of_identity, identity, _details),
        _step("logo", of_reports, reports, _logo, needed=False),
        _step("mis_link", of_mis, mis, _mis_link, way="mis"),
        _step("first_snapshot", of_mis, mis, _first_snapshot, way="mis"),
        _step("mapping", of_mis, mis, _mapping, way="mis"),
        _step("check", of_mis, mis, _check, way="mis"),
        _step("pupils", of_roster, roster, _pupils),
        _step("groups", of_roster, roster, _groups),
        _step("users", of_identity, identity, _users),
        _step("leaders", of_identity, identity, _leaders),
        _step("teachers", of_roster, roster, _teachers),
        _step("first_sign_in", of_identity, identity, _first_sign_in),
        _step("terms", of_reports, reports, _terms, needed=False),
        _step("following_classes", of_roster, roster, _following_classes, needed=False),
        _step("parents", of_identity, identity, _parents, needed=False),
    ]


def _step(
    which: StepId,
    service: ServiceName,
    counted: F | None,
    rule: Callable[[F], Says],
    *,
    needed: bool = True,
    way: Way | None = None,
) -> SetUpStep:
    if counted is None:
        return SetUpStep(id=which, state="unknown", needed=needed, way=way, service=service)
    says = rule(counted)
    return SetUpStep(
        id=which,
        state="done" if says.done else "to_do",
        needed=needed,
        way=way,
        service=service,
        there=says.there,
        missing=list(says.missing),
    )


def _details(found: IdentitySetUp) -> Says:
    parts = (
        (found.has_address, "the address"),
        (found.has_telephone, "the telephone number"),
        (found.has_contact_email, "the contact e-mail"),
    )
    lacking = [what for is_there, what in parts if not is_there]
    if not lacking:
        return Says(True, "Address, telephone number and contact e-mail are there.")
    there = [what for is_there, what in parts if is_there]
    return Says(
        False,
        f"There already: {_listed(there)}." if there else None,
        (f"Still missing: {_listed(lacking)}.",),
    )


def _logo(found: ReportsSetUp) -> Says:
    if found.has_logo:
        return Says(True, "The school logo is uploaded.")
    return Says(False, None, ("No logo is uploaded yet.",))


def _mis_link(found: MisSetUp) -> Says:
    if found.link_state != "never_linked":
        return Says(True, "Your MIS is linked.")
    if found.snapshot_applied:
        return Says(False, None, ("The link to your MIS was ended.",))
    return Says(False, None, ("Your MIS is not linked yet.",))


def _first_snapshot(found: MisSetUp) -> Says:
    if found.snapshot_applied:
        return Says(True, "Data from your MIS have come and were taken over.")
    if found.link_state == "never_linked":
        return Says(False, None, ("This begins once your MIS is linked.",))
    if found.link_state == "held":
        return Says(False, None, ("The first data have come and wait for you to release them.",))
    if found.connector_heard:
        return Says(False, "The connector has been heard.", ("No data were taken over yet.",))
    return Says(False, None, ("The connector has not been heard yet.",))


def _mapping(found: MisSetUp) -> Says:
    if not found.snapshot_applied:
        return Says(False, None, ("This begins once the first data have come.",))
    if found.differences:
        one, many = "1 difference waits", f"{found.differences:,} differences wait"
        waits = one if found.differences == 1 else many
        return Says(False, None, (f"{waits} for you to decide.",))
    return Says(True, "Nothing waits for you to decide.")


def _check(found: MisSetUp) -> Says:
    if not found.snapshot_applied:
        return Says(False, None, ("This begins once the first data have come.",))
    if found.pupils_not_here:
        some = _counted(found.pupils_not_here, "pupil", "pupils")
        verb = "is" if found.pupils_not_here == 1 else "are"
        return Says(False, None, (f"{some} of your MIS {verb} not here. The list says why.",))
    return Says(True, "Every pupil of your MIS is here.")


def _pupils(found: RosterSetUp) -> Says:
    if not found.pupils:
        return Says(False, None, ("There are no pupils yet.",))
    there = _counted(found.pupils, "pupil", "pupils")
    if found.missing_upn:
        there += f", {found.missing_upn:,} without a UPN"
    return Says(True, f"{there}.")


def _groups(found: RosterSetUp) -> Says:
    if not found.classes:
        only = f", only {_counted(found.groups, 'set', 'sets')}" if found.groups else ""
        return Says(False, None, (f"There are no classes yet{only}.",))
    there = _counted(found.classes, "class", "classes")
    if sets := found.groups - found.classes:
        there += f" and {_counted(sets, 'set', 'sets')}"
    if not found.pupils_without_class:
        return Says(True, f"{there}.")
    verb = "is" if found.pupils_without_class == 1 else "are"
    some = _counted(found.pupils_without_class, "pupil", "pupils")
    return Says(False, f"{there}.", (f"{some} {verb} in no class.",))


def _users(found: IdentitySetUp) -> Says:
    if not found.users:
        return Says(False, None, ("There are no teachers or senior leaders yet.",))
    there = _counted(found.users, "user", "users")
    if found.senior_leaders:
        there += f", {found.senior_leaders:,} of them SLT"
    return Says(True, f"{there}.")


def _leaders(found: IdentitySetUp) -> Says:
    if found.leaders:
        is_known = "1 user is" if found.leaders == 1 else f"{found.leaders:,} users are"
        return Says(True, f"{is_known} named as head or deputy.")
    return Says(False, None, ("Nobody is named as head or deputy yet.",))


def _teachers(found: RosterSetUp) -> Says:
    if not found.classes:
        return Says(False, None, ("This begins once there are classes.",))
    taught = found.classes - found.classes_without_teacher
    there = f"{taught:,} of {_counted(found.classes, 'class', 'classes')} with a teacher."
    if not found.classes_without_teacher:
        return Says(True, there)
    has = "has" if found.classes_without_teacher == 1 else "have"
    some = _counted(found.classes_without_teacher, "class", "classes")
    return Says(False, there, (f"{some} {has} nobody who sees the pupils.",))


def _first_sign_in(found: IdentitySetUp) -> Says:
    if not found.users:
        return Says(False, None, ("This begins once there are users.",))
    means = "starting codes" if found.first_passwords == "starting_codes" else "default password"
    there = (
        f"{found.users_claimed:,} of {_counted(found.users, 'user', 'users')} with a password of "
        f"their own. New users sign in first with the {means}."
    )
    missing = []
    if not found.users_claimed:
        missing.append(f"Nobody has signed in yet: give your users the {means}.")
    if found.users_stuck:
        have = "has" if found.users_stuck == 1 else "have"
        some = _counted(found.users_stuck, "user", "users")
        missing.append(f"{some} {have} nothing to sign in with, or not any more.")
    return Says(not missing, there, tuple(missing))


def _terms(found: ReportsSetUp) -> Says:
    subjects = _counted(found.subjects, "subject", "subjects")
    there = f"{subjects}, {_counted(found.terms, 'term', 'terms')} this year."
    if not found.subjects or not found.terms:
        return Says(False, there, ("Marks need a subject and a term.",))
    if found.terms_proposed:
        return Says(False, there, ("The dates of the terms are proposed: nobody has saved them.",))
    return Says(True, there)


def _following_classes(found: RosterSetUp) -> Says:
    year = f"The school is in {found.academic_year}."
    if not found.classes or not found.pupils:
        return Says(False, year, ("This begins once there are classes with pupils.",))
    if not found.classes_without_next:
        return Says(True, f"{year} Every class knows where its pupils go.")
    have = "has" if found.classes_without_next == 1 else "have"
    some = _counted(found.classes_without_next, "class", "classes")
    return Says(False, year, (f"{some} {have} no class that follows.",))


def _parents(found: IdentitySetUp) -> Says:
    if not found.parents:
        return Says(False, None, ("No parents are invited yet.",))
    return Says(
        True,
        f"{_counted(found.parents, 'parent', 'parents')}, "
        f"{found.parents_claimed:,} with a password of their own.",
    )


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]

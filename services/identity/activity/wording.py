"""What happened, in plain words: an office reads `3 Blue: Maya Patel added`, not action codes."""

from __future__ import annotations

import re
from typing import Any

from services.identity.activity.assessments import (
    ASSESSMENT_ACTIONS,
    VALUES_NOT_SHOWN,
    unseen,
)
from services.identity.activity.entry import Entry
from services.identity.activity.export_wording import ABOUT_EXPORTS
from services.identity.activity.online_wording import ABOUT_ONLINE_REPORTS
from services.identity.activity.report_wording import ABOUT_REPORTS
from services.identity.activity.set_up_wording import ABOUT_SET_UP

__all__ = ["action_name", "actor_name", "details", "sentence"]

_ACTIONS: dict[str, tuple[str, str, str]] = {
    **ASSESSMENT_ACTIONS,
    **ABOUT_EXPORTS,
    **ABOUT_ONLINE_REPORTS,
    **ABOUT_REPORTS,
    **ABOUT_SET_UP,
    "admin_email.asked_for": (
        "Admin account: new address asked for",
        "Admin account: another e-mail address asked for",
        "Admin account: another e-mail address asked for {n} times",
    ),
    "admin_email.cancelled": (
        "Admin account: new address cancelled",
        "Admin account: request for another e-mail address cancelled",
        "Admin account: {n} requests for another e-mail address cancelled",
    ),
    "admin_email.changed": (
        "Admin account: address changed",
        "Admin account: e-mail address changed",
        "Admin account: e-mail address changed {n} times",
    ),
    "band.changed": (
        "Scale band changed",
        "Attainment scale: {label}: {fields} changed",
        "{n} bands of the attainment scale changed",
    ),
    "band.created": (
        "Scale band added",
        "Attainment scale: {label} added",
        "{n} bands of the attainment scale added",
    ),
    "band.made_active": (
        "Scale band made active",
        "Attainment scale: {label} made active again",
        "{n} bands of the attainment scale made active again",
    ),
    "band.made_inactive": (
        "Scale band made inactive",
        "Attainment scale: {label} made inactive",
        "{n} bands of the attainment scale made inactive",
    ),
    "band.reordered": (
        "Attainment scale in another order",
        "Attainment scale put in another order",
        "Attainment scale put in another order {n} times",
    ),
    "default_password.made": (
        "New default password",
        "New default password made",
        "{n} new default passwords made",
    ),
    "group.changed": ("Group changed", "{label}: {fields} changed", "{n} groups changed"),
    "group.created": ("Group added", "{label} added", "{n} groups added"),
    "group.made_active": (
        "Group made active",
        "{label} made active again",
        "{n} groups made active again",
    ),
    "group.made_inactive": (
        "Group made inactive",
        "{label} made inactive",
        "{n} groups made inactive",
    ),
    "link.added": ("Added to a group", "{group}: {person} added", "{n} people added to groups"),
    "link.handed_back": (
        "Link left to the MIS",
        "{group}: {person} left to the MIS again",
        "{n} links left to the MIS again",
    ),
    "link.kept_by_hand": (
        "Link kept by hand",
        "{group}: {person} kept as set by hand",
        "{n} links kept as set by hand",
    ),
    "link.removed": (
        "Taken out of a group",
        "{group}: {person} taken out",
        "{n} people taken out of groups",
    ),
    "link.taken_over": (
        "Link now from the MIS",
        "{group}: {person} now comes from the MIS",
        "{n} links now come from the MIS",
    ),
    "logo.changed": (
        "School logo changed",
        "School logo uploaded",
        "School logo uploaded {n} times",
    ),
    "logo.taken_away": (
        "School logo taken away",
        "School logo taken away",
        "School logo taken away {n} times",
    ),
    "mapping.created": (
        "Mapping: made new",
        "MIS mapping: {label} made new",
        "MIS mapping: {n} records made new",
    ),
    "mapping.ignored": (
        "Mapping: ignored",
        "MIS mapping: {label} ignored",
        "MIS mapping: {n} records ignored",
    ),
    "mapping.mapped": (
        "Mapping: mapped",
        "MIS mapping: {label} mapped",
        "MIS mapping: {n} records mapped",
    ),
    "mapping.matched": (
        "Matched with the MIS",
        "{label} matched with the MIS",
        "{n} records matched with the MIS",
    ),
    "mapping.moved": (
        "Mapping: changed",
        "MIS mapping: {label} mapped to another record",
        "MIS mapping: {n} records mapped to others",
    ),
    "mapping.not_here_exported": (
        "Not here: exported",
        "List of who is in the MIS and not here exported as a file",
        "List of who is in the MIS and not here exported {n} times",
    ),
    "mapping.retried": (
        "Mapping: tried again",
        "MIS mapping: {label} tried again",
        "MIS mapping: {n} records tried again",
    ),
    "mapping.taken_apart": (
        "Mapping: unmapped",
        "MIS mapping: {label} unmapped",
        "MIS mapping: {n} records unmapped",
    ),
    "mapping.unignored": (
        "Mapping: no longer ignored",
        "MIS mapping: {label} no longer ignored",
        "MIS mapping: {n} records no longer ignored",
    ),
    "mis_link.made": ("MIS linked", "MIS linked", "MIS linked {n} times"),
    "mis_link.reinstated": (
        "MIS link re-instated",
        "MIS link re-instated",
        "MIS link re-instated {n} times",
    ),
    "mis_link.renewed": (
        "MIS connector: new credentials",
        "New credentials for the MIS connector",
        "New credentials for the MIS connector {n} times",
    ),
    "mis_link.revoked": (
        "MIS link ended",
        "MIS link ended, its credentials revoked",
        "MIS link ended {n} times",
    ),
    "mis_link.run_put_aside": (
        "Held sync put aside",
        "{label}: held sync put aside",
        "{n} held syncs put aside",
    ),
    "mis_link.run_released": (
        "Held sync released",
        "{label}: held sync released",
        "{n} held syncs released",
    ),
    "mis_link.snapshot_requested": ("Sync asked for", "MIS sync asked for", "{n} syncs asked for"),
    "parent.changed": ("Parent changed", "{label}: {fields} changed", "{n} parents changed"),
    "parent.child_linked": (
        "Child linked to a parent",
        "{label}: child linked",
        "{n} children linked to parents",
    ),
    "parent.child_unlinked": (
        "Child unlinked from a parent",
        "{label}: child unlinked",
        "{n} children unlinked from parents",
    ),
    "parent.children_confirmed": (
        "Dates of birth confirmed",
        "{label} confirmed their children’s dates of birth",
        "{n} parents confirmed dates of birth",
    ),
    "parent.created": ("Parent added", "{label} added as a parent", "{n} parents added"),
    "parent.dates_wrong": (
        "Wrong dates of birth",
        "{label}: too many wrong dates of birth at sign-in",
        "{n} parents gave wrong dates of birth",
    ),
    "parent.invited": ("Parent invited", "{label}: invitation sent", "{n} invitations sent"),
    "parent.made_active": (
        "Parent made active",
        "{label} made active again",
        "{n} parents made active again",
    ),
    "parent.made_inactive": (
        "Parent made inactive",
        "{label} made inactive",
        "{n} parents made inactive",
    ),
    "pupil.changed": ("Pupil changed", "{label}: {fields} changed", "{n} pupils changed"),
    "pupil.created": ("Pupil added", "{label} added", "{n} pupils added"),
    "pupil.left": ("Pupil left", "{label} left school", "{n} pupils left school"),
    "pupil.made_active": (
        "Pupil made active",
        "{label} made active again",
        "{n} pupils made active again",
    ),
    "pupil.made_inactive": (
        "Pupil made inactive",
        "{label} made inactive",
        "{n} pupils made inactive",
    ),
    "pupil.moved_back": (
        "Pupil moved back",
        "{label} moved back, as the roll-up was undone",
        "{n} pupils moved back, as the roll-up was undone",
    ),
    "pupil.moved_up": ("Pupil moved up", "{label} moved up", "{n} pupils moved up"),
    "pupils.exported": (
        "Pupils exported",
        "List of pupils exported as a file",
        "List of pupils exported {n} times",
    ),
    "pupils.import_undone": (
        "Pupil import undone",
        "Import of pupils undone: {label}",
        "{n} imports of pupils undone",
    ),
    "pupils.imported": (
        "Pupils imported",
        "Pupils imported: {label}",
        "{n} imports of pupils",
    ),
    "school.created": ("School set up", "{label} set up", "{n} schools set up"),
    "school.left": ("School left", "{label} left Classroom Monitor", "{n} schools left"),
    "school.signed_out": (
        "Everybody signed out",
        "Everybody of {label} was signed out",
        "Everybody signed out {n} times",
    ),
    "school.stayed": (
        "School stayed",
        "{label} stays with Classroom Monitor after all",
        "{n} schools stayed",
    ),
    "settings.pupil_fields_changed": (
        "Pupil fields changed",
        "Pupil fields: {fields} switched on or off",
        "Pupil fields changed {n} times",
    ),
    "settings.roll_up_changed": (
        "Roll-up settings changed",
        "School settings: {fields} changed",
        "Roll-up settings changed {n} times",
    ),
    "settings.school_changed": (
        "School details changed",
        "School details: {fields} changed",
        "School details changed {n} times",
    ),
    "settings.sign_in_changed": (
        "Sign-in settings changed",
        "School settings: {fields} changed",
        "Sign-in settings changed {n} times",
    ),
    "settings.sync_changed": (
        "Nightly sync changed",
        "{label}: {fields} changed",
        "Nightly sync changed {n} times",
    ),
    "starting_code.printed": (
        "Starting code printed",
        "{label}: slip with a starting code printed",
        "{n} slips with starting codes printed",
    ),
    "subject.changed": (
        "Subject changed",
        "Subject {label}: {fields} changed",
        "{n} subjects changed",
    ),
    "subject.created": ("Subject added", "Subject {label} added", "{n} subjects added"),
    "subject.made_active": (
        "Subject made active",
        "Subject {label} made active again",
        "{n} subjects made active again",
    ),
    "subject.made_inactive": (
        "Subject made inactive",
        "Subject {label} made inactive",
        "{n} subjects made inactive",
    ),
    "subject.reordered": (
        "Subjects in another order",
        "Subjects put in another order",
        "Subjects put in another order {n} times",
    ),
    "template.changed": (
        "Report template changed",
        "Report template {label}: {fields} changed",
        "{n} report templates changed",
    ),
    "template.created": (
        "Report template added",
        "Report template {label} added",
        "{n} report templates added",
    ),
    "template.made_active": (
        "Report template made active",
        "Report template {label} made active again",
        "{n} report templates made active again",
    ),
    "template.made_inactive": (
        "Report template made inactive",
        "Report template {label} made inactive",
        "{n} report templates made inactive",
    ),
    "template.taken_up": (
        "Report template: earlier version",
        "Report template {label}: an earlier version taken up again",
        "{n} report templates put back to earlier versions",
    ),
    "term.changed": ("Term changed", "Term {label}: {fields} changed", "{n} terms changed"),
    "term.created": ("Term added", "Term {label} added", "{n} terms added"),
    "term.made_active": (
        "Term made active",
        "Term {label} made active again",
        "{n} terms made active again",
    ),
    "term.made_inactive": (
        "Term made inactive",
        "Term {label} made inactive",
        "{n} terms made inactive",
    ),
    "terms.proposed": (
        "Terms of a new year proposed",
        "Terms of {label} proposed",
        "Terms of {n} years proposed",
    ),
    "two_step.authenticator_added": (
        "Authenticator added",
        "{label}: authenticator added",
        "{n} authenticators added",
    ),
    "two_step.authenticator_removed": (
        "Authenticator removed",
        "{label}: authenticator removed",
        "{n} authenticators removed",
    ),
    "two_step.authenticator_renamed": (
        "Authenticator renamed",
        "{label}: authenticator renamed",
        "{n} authenticators renamed",
    ),
    "two_step.recovery_code_used": (
        "Recovery code used",
        "{label}: recovery code used",
        "{n} recovery codes used",
    ),
    "two_step.recovery_codes_made": (
        "New recovery codes",
        "{label}: new recovery codes made",
        "New recovery codes made {n} times",
    ),
    "two_step.reset": (
        "Two-step sign-in reset",
        "{label}: two-step sign-in reset",
        "Two-step sign-in reset {n} times",
    ),
    "user.changed": ("User changed", "{label}: {fields} changed", "{n} users changed"),
    "user.claimed": (
        "First password set",
        "{label} set their first password",
        "{n} users set their first passwords",
    ),
    "user.created": ("User added", "{label} added as a user", "{n} users added"),
    "user.handed_back": (
        "Detail left to the MIS",
        "{label}: a detail left to the MIS again",
        "{n} details left to the MIS again",
    ),
    "user.made_active": (
        "User made active",
        "{label} made active again",
        "{n} users made active again",
    ),
    "user.made_inactive": (
        "User made inactive",
        "{label} made inactive",
        "{n} users made inactive",
    ),
    "user.password_changed": (
        "Password changed",
        "{label}: password changed",
        "{n} passwords changed",
    ),
    "user.password_link_sent": (
        "Password link sent",
        "{label}: link for a new password sent",
        "{n} links for new passwords sent",
    ),
    "user.password_reset": (
        "Password reset",
        "{label}: password reset",
        "{n} passwords reset",
    ),
    "user.replaced": (
        "New account for a user",
        "{label}: a new account takes the place of this one",
        "{n} accounts replaced by new ones",
    ),
    "user.session_ended": ("Session ended", "{label}: session ended", "{n} sessions ended"),
    "users.imported": ("Users imported", "{label}", "{n} imports of users"),
    "year.rolled_up": ("Rolled up", "Rolled up to the next academic year", "Rolled up {n} times"),
    "year.successions_changed": (
        "Roll-up: classes that follow",
        "Roll-up: which class follows which changed",
        "Roll-up: which class follows which changed {n} times",
    ),
    "year.undone": ("Roll-up undone", "Roll-up undone", "Roll-up undone {n} times"),
}
"""Action → its name, the sentence of one entry, the sentence of many."""

_FIELDS = {
    "contact_email": "contact e-mail",
    "expectation": "is the expectation",
    "first_passwords": "first sign-in",
    "left": "recovery codes left",
    "former_upns": "former UPNs",
    "mis_id": "MIS id",
    "missing_upn": "without a UPN",
    "missing_year": "without a year group",
    "mis_kind": "MIS kind",
    "overrides": "set by hand",
    "sen_provision": "SEN provision",
    "two_step": "two-step sign-in",
    "upn": "UPN",
    "year_offset": "years above or below age",
}
_SET_BY_HAND = "Set by hand"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_VALUES = {
    "admin_and_slt": "required of the admin and SLT",
    "default": "default password",
    "mis": "MIS",
    "slt": "SLT",
    "starting_code": "starting code",
    "starting_codes": "starting codes",
}


def sentence(entry: Entry) -> str:
    """What happened, of one entry or of all that it stands for."""
    _, one, many = _ACTIONS.get(entry.action) or _unknown(entry.action)
    if entry.alike > 1:
        return many.format(n=f"{entry.alike:,}")
    person, _, group = entry.subject_label.partition(" in ")
    told = [name for name, _, _ in details(entry)]
    # What a person changed is set by hand from then on: said only where nothing else changed.
    named = [name for name in told if name != _SET_BY_HAND] or told
    changed = [name.lower() if name[1:].islower() else name for name in named]
    return one.format(
        label=entry.subject_label,
        person=person,
        group=group or "Link",
        fields=", ".join(changed) or "details",
    )


def actor_name(kind: str, name: str) -> str:
    """Services call the MIS by several names; an office knows one."""
    return "MIS sync" if kind == "mis" else name


def action_name(action: str) -> str:
    """`Pupil made inactive`, for a list to choose from."""
    return (_ACTIONS.get(action) or _unknown(action))[0]


def details(entry: Entry) -> list[tuple[str, str, str]]:
    """What differs: field, before and after, as an office reads them. Ids say nothing to it."""
    if entry.action in VALUES_NOT_SHOWN:
        hidden = unseen(entry.before, entry.after)
        return [(_field(name), before, after) for name, before, after in hidden]
    names = dict.fromkeys((*entry.before, *entry.after))
    read = (
        (_field(name), _of(name, entry.before.get(name)), _of(name, entry.after.get(name)))
        for name in names
        if not _is_an_id(name)
    )
    return [(name, before, after) for name, before, after in read if before != after]


def _unknown(action: str) -> tuple[str, str, str]:
    """An action that came after this page: its code, as words."""
    kind, _, done = action.replace("_", " ").partition(".")
    name = f"{kind} {done}".strip().capitalize().replace("{", "{{").replace("}", "}}")
    return name, f"{{label}}: {name}", f"{name}: {{n}}"


def _is_an_id(name: str) -> bool:
    return name == "id" or (name.endswith("_id") and name != "mis_id")


def _field(name: str) -> str:
    known = _FIELDS.get(name) or name.replace("_", " ")
    return known[:1].upper() + known[1:]


def _of(name: str, value: Any) -> str:
    """Of `overrides` the fields' names."""
    if name == "overrides" and isinstance(value, list):
        return ", ".join(_field(str(item)) for item in value)
    return _value(value)


def _value(value: Any) -> str:
    match value:
        case None | [] | {} | "":
            return ""
        case bool():
            return "Yes" if value else "No"
        case list():
            return ", ".join(_value(item) for item in value)
        case dict():
            return "; ".join(f"{_field(name)}: {_value(item)}" for name, item in value.items())
    text = str(value)
    if _DAY.fullmatch(text):
        return "/".join(reversed(text.split("-")))
    return _VALUES.get(text, text)

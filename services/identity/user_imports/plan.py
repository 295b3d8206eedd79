"""What an import would do, row by row, from what the file says and what is here (R7, R8, R10, R13).

Rules without a database: the same rows and the same school give the same plan, so that what was
confirmed can be held against what would be done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from services.identity.accounts.account import Account, sign_in_key
from services.identity.accounts.changes import why_not, with_details
from services.identity.accounts.problems import LinkNeedsAddress, email_taken_sentence
from services.identity.accounts.usernames import first_free, user_base
from services.identity.user_imports.matching import Here, called, match
from services.identity.user_imports.user_import import Planned, Position, Result, Said
from shared.contracts.vocabulary import StaffRole
from shared.imports.uploads import FieldChange, Outcome, Remark
from shared.school.names import search_key

__all__ = ["make_plan", "position_text"]

_DETAILS = ("title", "forename", "surname", "email", "staff_code")


@dataclass
class _Earlier:
    """What rows above have taken: whose key it is → their row."""

    users: dict[Any, int] = field(default_factory=dict)
    emails: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)

    def keep(self, said: Said, matched: Account | None) -> None:
        email, code = said.values.get("email"), said.values.get("staff_code")
        if email:
            self.emails.setdefault(sign_in_key(email), said.number)
        if code:
            self.codes.setdefault(code.casefold(), said.number)
        if matched:
            self.users.setdefault(matched.account_id, said.number)
        else:
            self.names.setdefault(search_key(said.name), said.number)


def make_plan(rows: Iterable[Said], here: Here, *, namesakes: bool) -> list[Planned]:
    """One for each row, in their order. `namesakes`: whoever has the name of a user is new."""
    earlier = _Earlier()
    plan = []
    for said in rows:
        planned = _row(said, here, earlier, namesakes)
        if planned.result.outcome != "rejected":
            earlier.keep(said, planned.before)
        plan.append(planned)
    return _with_usernames(plan, here)


def position_text(role: StaffRole | None, leadership: str | None) -> str:
    """As the pages have it."""
    if role is not StaffRole.SLT:
        return "Teacher"
    return {"head": "SLT, head", "deputy": "SLT, deputy head"}.get(leadership or "", "SLT")


def _row(said: Said, here: Here, earlier: _Earlier, namesakes: bool) -> Planned:
    if said.faults:
        return _rejected(said, *said.faults)
    matched = match(said, here)
    if isinstance(matched, Remark):
        return _rejected(said, matched)
    if matched is None:
        return _new(said, here, earlier, namesakes)
    return _known(said, matched, here, earlier)


def _known(said: Said, user: Account, here: Here, earlier: _Earlier) -> Planned:
    if above := earlier.users.get(user.account_id):
        return _rejected(said, Remark(f"Row {above} is about {called(user)} too."), user=user)
    if not user.active:
        return _rejected(
            said,
            Remark(
                f"{called(user)} is inactive, so nothing is changed. Make them active in User "
                "Management first. If this is somebody else, take the e-mail address and the "
                "staff code off that account. Then upload this row again."
            ),
            user=user,
        )
    changed = _differences(said, user)
    faults = _in_the_way(changed, here, earlier)
    after = with_details(user, changed, kept=False)
    if changed and (problem := why_not(user, after)):
        faults.append(Remark(problem.detail, "email" if after.leadership else "role"))
    if faults:
        return _rejected(said, *faults, user=user)
    changes = tuple(_shown(user, after, changed))
    outcome: Outcome = "updated" if changed else "unchanged"
    result = Result(
        said.number,
        outcome,
        after.name,
        changes,
        username=user.username,
        user_id=user.account_id,
    )
    return Planned(result, said, user, changed)


def _differences(said: Said, user: Account) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for name in _DETAILS:
        value, now = said.values.get(name), getattr(user, name)
        if value is None or value == now:
            continue
        if name == "email" and now and sign_in_key(value) == sign_in_key(now):
            continue  # Spreadsheets and mail programs write addresses in any case.
        changed[name] = value
    if said.position:
        changed |= _other_position(said.position, user)
    return changed


def _other_position(position: Position, user: Account) -> dict[str, Any]:
    if position.role is user.role and position.leadership in (None, user.leadership):
        return {}
    wanted = {"role": position.role, "leadership": position.leadership}
    return {name: value for name, value in wanted.items() if value != getattr(user, name)}


def _in_the_way(changed: Mapping[str, Any], here: Here, earlier: _Earlier) -> list[Remark]:
    faults = []
    if "email" in changed and (fault := _address_taken(changed["email"], here, earlier)):
        faults.append(fault)
    code = changed.get("staff_code")
    if code and (above := earlier.codes.get(code.casefold())):
        faults.append(Remark(f"Row {above} has the same staff code.", "staff_code"))
    return faults


def _shown(user: Account, after: Account, changed: Mapping[str, Any]) -> Iterable[FieldChange]:
    for name in _DETAILS:
        if name in changed:
            yield FieldChange(name, getattr(user, name), changed[name], name in user.overrides)
    if changed.keys() & {"role", "leadership"}:
        before = position_text(user.role, user.leadership)
        yield FieldChange("role", before, position_text(after.role, after.leadership))


def _new(said: Said, here: Here, earlier: _Earlier, namesakes: bool) -> Planned:
    faults = [
        Remark(f"There is no {word} in this row.", name)
        for name, word in (("forename", "first name"), ("surname", "surname"))
        if not said.values.get(name)
    ]
    email, code = said.values.get("email"), said.values.get("staff_code")
    if email and (fault := _address_taken(email, here, earlier)):
        faults.append(fault)
    if code and (above := earlier.codes.get(code.casefold())):
        faults.append(Remark(f"Row {above} has the same staff code.", "staff_code"))
    if said.position and said.position.leadership and not email:
        faults.append(Remark(LinkNeedsAddress().detail, "email"))
    if not faults and not namesakes and (fault := _namesake(said, here, earlier)):
        faults.append(fault)
    if faults:
        return _rejected(said, *faults)
    position = said.position or Position(StaffRole.TEACHER)
    changes = [
        FieldChange(name, None, said.values[name]) for name in _DETAILS if name in said.values
    ]
    changes.append(FieldChange("role", None, position_text(position.role, position.leadership)))
    result = Result(said.number, "added", said.name, changes=tuple(changes))
    return Planned(result, replace(said, position=position))


def _address_taken(email: str, here: Here, earlier: _Earlier) -> Remark | None:
    """R8: in the file, in this school, where the other is named, and in others, where it is not."""
    key = sign_in_key(email)
    if above := earlier.emails.get(key):
        return Remark(f"Row {above} has the same e-mail address.", "email")
    if holder := here.by_email.get(key):
        return Remark(email_taken_sentence(holder), "email")
    return Remark(email_taken_sentence(None), "email") if key in here.elsewhere else None


def _namesake(said: Said, here: Here, earlier: _Earlier) -> Remark | None:
    """A name never matches, and where it suggests somebody, nothing new is made unasked (R17)."""
    key, code = search_key(said.name), said.values.get("staff_code")
    for user in here.by_name.get(key, []):
        if not (code and user.staff_code):
            state = "" if user.active else ", who is inactive"
            return Remark(
                f"There is {called(user)} already{state}. If this is the same person, give the "
                "username too. If it is somebody else, choose ‘Add people even if somebody has "
                "the same name’."
            )
    above = earlier.names.get(key)
    if above and not code and not said.values.get("email"):
        return Remark(
            f"Row {above} has the same name, and nothing tells the two apart. Give a staff code "
            "or an e-mail address."
        )
    return None


def _rejected(said: Said, *faults: Remark, user: Account | None = None) -> Planned:
    result = Result(
        said.number,
        "rejected",
        said.name or (user.name if user else ""),
        faults=tuple(faults),
        username=user.username if user else None,
        user_id=user.account_id if user else None,
    )
    return Planned(result, said)


def _with_usernames(plan: Sequence[Planned], here: Here) -> list[Planned]:
    """R7: in the order of the file."""
    added = [one for one in plan if one.result.outcome == "added"]
    bases = [user_base(here.postcode, one.said.values["surname"]) for one in added]
    names = iter(first_free(bases, here.usernames))
    return [
        replace(one, result=replace(one.result, username=next(names)))
        if one.result.outcome == "added"
        else one
        for one in plan
    ]

"""What roster refuses over HTTP, each with a sentence that a school's office can act on."""

from __future__ import annotations

from collections.abc import Sequence

from shared.web.problems import BadRequest, Conflict, Forbidden, NotFound, Unprocessable

__all__ = [
    "ChangedSince",
    "FieldNotKept",
    "FieldRefused",
    "GroupNotFound",
    "LinkNotFound",
    "LinksChangedSince",
    "NameTaken",
    "PupilNotFound",
    "PupilsNotFound",
    "UnknownSort",
    "UpnTaken",
    "UserNotFound",
    "UsersNotFound",
    "WholeSchoolOnly",
]


class WholeSchoolOnly(Forbidden):
    slug, title = "whole-school-only", "This is about the whole school"

    def __init__(self) -> None:
        super().__init__("Only the admin and senior leaders see what is about the whole school.")


class PupilNotFound(NotFound):
    slug, title = "pupil-not-found", "There is no such pupil"

    def __init__(self) -> None:
        super().__init__("There is no such pupil, or you are not linked to a group of theirs.")


class GroupNotFound(NotFound):
    slug, title = "group-not-found", "There is no such group"

    def __init__(self) -> None:
        super().__init__("There is no such group, or you are not linked to it.")


class UserNotFound(NotFound):
    slug, title = "user-not-found", "There is no such user"

    def __init__(self) -> None:
        super().__init__("There is no such user. If they were just added, try again in a moment.")


class UsersNotFound(NotFound):
    """Of many; also for ids of another school, of which nothing is said."""

    slug, title = "users-not-found", "Some of these users are not here"

    def __init__(self, missing: int, chosen: int) -> None:
        super().__init__(
            f"{missing} of the {chosen} users chosen are not in this school. Nothing was changed. "
            "If they were just added, try again in a moment."
        )


class PupilsNotFound(NotFound):
    """Of many; also for ids of another school, of which nothing is said."""

    slug, title = "pupils-not-found", "Some of these pupils are not here"

    def __init__(self, missing: int, chosen: int) -> None:
        super().__init__(
            f"{missing} of the {chosen} pupils chosen are not in this school. Nothing was changed. "
            "Please load the list of pupils again, and choose once more."
        )


class LinkNotFound(NotFound):
    slug, title = "link-not-found", "There is no such link"

    def __init__(self) -> None:
        super().__init__("These two were never linked.")


class ChangedSince(Conflict):
    """Somebody else was first; `current` is how it stands now."""

    slug, title = "changed-since", "Somebody else changed this in the meantime"

    def __init__(self, current: object) -> None:
        super().__init__(
            "This was changed since you opened it. Look at how it stands now, then save again.",
            current=current,
        )


class LinksChangedSince(Conflict):
    """Of many; `current` are those that are other than they were looked at, as they stand now."""

    slug, title = "changed-since", "Somebody else changed this in the meantime"

    def __init__(self, names: Sequence[str], current: object) -> None:
        others = f" and {len(names) - 3} more" if len(names) > 3 else ""
        super().__init__(
            f"Somebody else has changed {', '.join(names[:3])}{others} since you looked. "
            "Nothing of yours was changed. Look at what is there now, then make your change again.",
            current=current,
        )


class UpnTaken(Conflict):
    slug, title = "upn-taken", "Another pupil has this UPN"

    def __init__(self, name: str, pupil_id: object) -> None:
        super().__init__(
            f"{name} already has this UPN. Correct the one that is wrong.",
            in_the_way=str(pupil_id),
        )


class NameTaken(Conflict):
    slug, title = "group-name-taken", "There is such a group already"

    def __init__(self, name: str, group_id: object) -> None:
        super().__init__(
            f"There is an active group called {name} in this year group, and nobody could tell the "
            "two apart. Use that one, or choose another name.",
            in_the_way={"id": str(group_id), "kind": "group", "name": name},
        )


class FieldRefused(Unprocessable):
    """One field of the request is not right, for one or more reasons."""

    slug, title = "field-refused", "Something needs correcting"

    def __init__(self, field: str, *reasons: str) -> None:
        errors = [{"pointer": f"#/{field}", "detail": reason} for reason in reasons]
        super().__init__(reasons[0], errors=errors)


class FieldNotKept(FieldRefused):
    """An optional field of pupils that the school has not switched on (R29)."""

    slug, title = "field-not-kept", "This school does not keep that"

    def __init__(self, field: str, label: str) -> None:
        super().__init__(
            field,
            f"{label}: your school does not keep this field. The admin can switch it on in School "
            "settings, under Pupil fields.",
        )


class UnknownSort(BadRequest):
    slug, title = "unknown-sort", "The list has no such order"

    def __init__(self, names: str) -> None:
        super().__init__(f"The list can be sorted by: {names}.")

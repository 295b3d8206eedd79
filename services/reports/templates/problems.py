"""What is refused of templates, each with a sentence that a school's office can act on (R25)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.reports.templates.repository import Saved
from services.reports.templates.rules import LayoutFault
from shared.web.problems import Conflict, NotFound, Unavailable, Unprocessable

__all__ = [
    "NoSuchPupil",
    "NoSuchTemplate",
    "PreviewFailed",
    "TemplateChangedMeanwhile",
    "TemplateNameTaken",
    "TemplateRefused",
    "TooManyTemplates",
]


class NoSuchTemplate(NotFound):
    slug, title = "no-such-template", "There is no such template"

    def __init__(self) -> None:
        super().__init__("The school has no such template, or no such version of it.")


class NoSuchPupil(NotFound):
    slug, title = "no-such-pupil", "There is no such pupil"

    def __init__(self) -> None:
        super().__init__("This pupil is not known here. Choose another for the preview.")


class TemplateNameTaken(Unprocessable):
    slug, title = "name-taken", "Another template has this name"

    def __init__(self, name: str) -> None:
        reason = f"Another template, maybe an inactive one, is called {name}. Choose another name."
        super().__init__(reason, errors=[{"pointer": "#/name", "detail": reason}])


class TooManyTemplates(Conflict):
    slug, title = "too-many-templates", "There are too many templates"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"A school can have {most} templates, inactive ones included. Change one that is "
            "not used any more instead of adding another."
        )


class TemplateRefused(Unprocessable):
    """`errors` say where; one about a placeholder also has `at`, `found` and `nearest`."""

    slug, title = "template-refused", "Something needs correcting"

    def __init__(self, faults: Sequence[LayoutFault]) -> None:
        super().__init__(faults[0].reason, errors=[_error(fault) for fault in faults])


class TemplateChangedMeanwhile(Conflict):
    """`current` is which version there is now, who saved it and when."""

    slug, title = "changed-meanwhile", "This template was changed meanwhile"

    def __init__(self, saved: Saved) -> None:
        super().__init__(
            f"{saved.saved_by or 'Somebody else'} has saved this template since you opened it. "
            "Nothing of yours was saved yet.",
            current={
                "version": saved.version,
                "name": saved.name,
                "saved_at": saved.saved_at.isoformat(),
                "saved_by": saved.saved_by,
            },
        )


class PreviewFailed(Unavailable):
    slug, title = "preview-failed", "The preview could not be made"

    def __init__(self) -> None:
        super().__init__(
            "The preview could not be made just now. Please try again in a moment.",
            headers={"Retry-After": "5"},
        )


def _error(fault: LayoutFault) -> dict[str, Any]:
    error: dict[str, Any] = {"pointer": f"#/layout/{fault.where}", "detail": fault.reason}
    if fault.text is not None:
        nearest = fault.text.nearest
        error |= {"at": fault.text.at, "found": fault.text.found, "nearest": nearest}
    return error

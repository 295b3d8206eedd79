"""What the activity log says of a template: its parts in words, those that changed only (R9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.reports.templates.template import (
    DETAIL_LABELS,
    Attainment,
    Details,
    GeneralComment,
    Layout,
    ScaleKey,
    Section,
    Signatures,
    SubjectComments,
    Text,
)

__all__ = ["in_words"]

_NAMES: dict[type[Any], str] = {
    Details: "pupil’s details",
    Text: "text",
    Attainment: "attainment",
    SubjectComments: "subject comments",
    GeneralComment: "general comment",
    ScaleKey: "key to the scale",
    Signatures: "signatures",
}


def in_words(name: str, layout: Layout, subjects: Mapping[UUID, str]) -> dict[str, Any]:
    """Part → what it says. `subjects` are the school's, by id."""
    page = layout.page
    chosen = layout.subjects
    names = _names_of(layout)
    return {
        "name": name,
        "title": layout.title,
        "subjects": "all that are taught"
        if chosen is None
        else [known for id_, known in subjects.items() if id_ in chosen],
        "logo": page.logo,
        "school name": page.school_name,
        "footer": page.footer,
        "page numbers": page.page_numbers,
        "sections": names,
        **{
            f"section {label}": _said(section)
            for label, section in zip(names, layout.sections, strict=True)
        },
    }


def _names_of(layout: Layout) -> list[str]:
    """`text`, `text 2`: each name once, so that the parts of two versions can be compared."""
    seen: Counter[str] = Counter()
    names = []
    for section in layout.sections:
        name = _NAMES[type(section)]
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return names


def _said(section: Section) -> str:
    parts = [f"“{section.heading}”"] if section.heading else []
    match section:
        case Details(fields=fields):
            parts.append(", ".join(DETAIL_LABELS[field] for field in fields))
        case Text(text=text):
            parts.append(text)
        case Attainment():
            parts += ["against the expectation"] if section.expectation else []
            parts += ["effort"] if section.effort else []
            parts += [f"earlier terms: {section.earlier_terms}"] if section.earlier_terms else []
            parts += [] if section.leave_out_empty else ["with subjects that have no mark"]
        case SubjectComments():
            parts += ["attainment"] if section.attainment else []
            parts += ["effort"] if section.effort else []
        case GeneralComment(of=of):
            parts.append(of.replace("_", " "))
        case Signatures(lines=lines):
            parts.append(", ".join(lines))
        case ScaleKey():
            pass
    return "; ".join(parts if section.on else [*parts, "switched off"]) or "as it is"

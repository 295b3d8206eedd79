"""What is wrong with a template that somebody wants to save (R25): no database, no HTTP."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from services.reports.templates.placeholders import TextFault, faults_of_text
from services.reports.templates.template import (
    Details,
    Layout,
    Section,
    Signatures,
    Text,
)

__all__ = ["LayoutFault", "faults_of_layout", "texts_of"]


@dataclass(frozen=True)
class LayoutFault:
    """`where` is in the layout, such as `sections/2/text`; `text` is of a wrong placeholder."""

    where: str
    reason: str
    text: TextFault | None = None


def faults_of_layout(layout: Layout, known_subjects: Collection[UUID]) -> list[LayoutFault]:
    """None: reports can be made with it."""
    faults = [
        LayoutFault(where, fault.reason, fault)
        for where, text in texts_of(layout)
        for fault in faults_of_text(text)
    ]
    if not layout.title.strip():
        faults.append(LayoutFault("title", "A report needs a title."))
    if not any(section.on for section in layout.sections):
        faults.append(LayoutFault("sections", "Switch at least one section on, or add one."))
    for place, section in enumerate(layout.sections):
        faults += [
            LayoutFault(f"sections/{place}/{field}", reason)
            for field, reason in _faults_of_section(section)
        ]
    return [*faults, *_faults_of_subjects(layout, known_subjects)]


def texts_of(layout: Layout) -> Iterator[tuple[str, str]]:
    """Each text that may hold placeholders, and where it stands."""
    yield "title", layout.title
    for place, section in enumerate(layout.sections):
        yield f"sections/{place}/heading", section.heading
        if isinstance(section, Text):
            yield f"sections/{place}/text", section.text
        if isinstance(section, Signatures):
            for number, line in enumerate(section.lines):
                yield f"sections/{place}/lines/{number}", line
    yield "page/footer", layout.page.footer


def _faults_of_section(section: Section) -> Iterator[tuple[str, str]]:
    """Field and reason. One that is switched off may be unfinished."""
    if not section.on:
        return
    match section:
        case Details(fields=fields):
            if not fields:
                yield "fields", "Choose at least one detail, or switch the section off."
            elif len(set(fields)) < len(fields):
                yield "fields", "The same detail is chosen twice."
        case Text(text=text, heading=heading):
            if not (text.strip() or heading.strip()):
                yield "text", "Write a text, or switch the section off."
        case Signatures(lines=lines):
            if not lines:
                yield "lines", "Say who signs, or switch the section off."
            for number, line in enumerate(lines):
                if not line.strip():
                    yield f"lines/{number}", "Say who signs here, or take the line away."
        case _:
            pass


def _faults_of_subjects(layout: Layout, known: Collection[UUID]) -> Iterator[LayoutFault]:
    if layout.subjects is None:
        return
    if not layout.subjects:
        yield LayoutFault("subjects", "Choose at least one subject, or all that are taught.")
    elif not set(layout.subjects) <= set(known):
        yield LayoutFault("subjects", "A subject is not there any more. Open the page again.")

"""What stands on a sheet of slips, read back from the PDF as a person reads the paper."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader

__all__ = ["codes_on", "pages_of"]

_SLIP = re.compile(r"^Username (\S+)$\s+^Starting code ([A-Z0-9-]+)$", re.MULTILINE)


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def codes_on(pdf: bytes) -> dict[str, str]:
    """The starting code of each username."""
    return dict(_SLIP.findall("\n".join(pages_of(pdf))))

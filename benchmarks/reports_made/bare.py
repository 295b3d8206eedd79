"""The engine and nothing else: `python -m benchmarks.reports_made.bare FILE together|each`.

FILE has the documents that the product made, as a list of JSON; they are set by the product's own
layout and typefaces, in one file or each by itself, and kept nowhere. Prints the seconds. The
engine is warm: it has read its typefaces and set one document before.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import typst

from shared.typesetting.fonts import fonts

__all__ = ["main"]

_LAYOUT = Path(__file__).parents[2] / "services/reports/documents/layout.typ"


def main() -> None:
    documents = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    some = [documents] if sys.argv[2] == "together" else [[one] for one in documents]
    compiler = typst.Compiler(
        _LAYOUT, root=_LAYOUT.parent, font_paths=fonts(), ignore_system_fonts=True
    )
    _set(compiler, [documents[0]])
    began = time.perf_counter()
    for one in some:
        _set(compiler, one)
    sys.stdout.write(f"{time.perf_counter() - began}\n")


def _set(compiler: typst.Compiler, documents: list[Any]) -> None:
    told = {"title": "Written reports", "author": "A school", "reports": documents}
    inputs = {"told": json.dumps(told)}
    compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards="ua-1", timestamp=0)


if __name__ == "__main__":
    main()

"""WeasyPrint with the same layout: `python -m benchmarks.reports_made.peer FILE COUNT`.

The first COUNT documents of FILE, in one accessible PDF (PDF/UA-1). Prints the seconds; reading the
typefaces and setting one document before do not count.
"""

from __future__ import annotations

import json
import sys
import time
from html import escape
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

__all__ = ["main"]

_FONTS = Path(__file__).parents[2] / "shared/typesetting/fonts"
_STYLE = f"""
@font-face {{ font-family: Atkinson; font-weight: 400;
    src: url(file://{_FONTS}/AtkinsonHyperlegibleNext_400Regular.ttf) }}
@font-face {{ font-family: Atkinson; font-weight: 700;
    src: url(file://{_FONTS}/AtkinsonHyperlegibleNext_700Bold.ttf) }}
@page {{ size: A4; margin: 22mm 20mm 24mm;
    @bottom-left {{ content: string(footer); font: 9pt Atkinson; color: #525252 }}
    @bottom-right {{ content: "Page " counter(page); font: 9pt Atkinson; color: #525252 }} }}
body {{ font: 10.5pt/1.35 Atkinson, sans-serif }}
article {{ page-break-before: always; counter-reset: page 1 }}
article:first-child {{ page-break-before: auto }}
.school {{ font-size: 12pt; font-weight: 700; color: #525252 }}
.footer {{ string-set: footer content(); display: none }}
h1 {{ font-size: 19pt; color: #1d3557; margin: 0 0 12pt }}
h2 {{ font-size: 13pt; color: #1d3557; margin: 18pt 0 9pt; break-after: avoid }}
h3 {{ font-size: 11pt; margin: 13pt 0 6pt; break-after: avoid }}
p {{ margin: 0 0 0.95em }}
table {{ width: 100%; border-collapse: collapse; font-size: 10pt; margin-bottom: 9pt }}
th {{ text-align: left; background: #eef2f7; border-bottom: 0.8pt solid #1d3557; padding: 5pt 6pt }}
td {{ border-bottom: 0.4pt solid #8c8c8c; padding: 5pt 6pt }}
.line {{ margin-top: 26pt; border-top: 0.6pt solid #4d4d4d; font-size: 9.5pt }}
"""


def main() -> None:
    documents = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))[: int(sys.argv[2])]
    fonts = FontConfiguration()
    style = CSS(string=_STYLE, font_config=fonts)
    _set(documents[:1], style, fonts)
    began = time.perf_counter()
    _set(documents, style, fonts)
    sys.stdout.write(f"{time.perf_counter() - began}\n")


def _set(documents: list[Any], style: CSS, fonts: FontConfiguration) -> None:
    page = (
        '<html lang="en-GB"><head><title>Written reports</title></head><body>'
        + "".join(map(_article, documents))
        + "</body></html>"
    )
    HTML(string=page).write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")


def _article(report: dict[str, Any]) -> str:
    blocks = "".join(_block(block) for block in report["blocks"])
    return (
        f'<article><div class="footer">{escape(report["footer"])}</div>'
        f'<div class="school">{escape(report["school"])}</div>'
        f"<h1>{escape(report['title'])}</h1>{blocks}</article>"
    )


def _block(block: dict[str, Any]) -> str:
    heading = f"<h2>{escape(block['heading'])}</h2>" if block["heading"] else ""
    match block["kind"]:
        case "details":
            labels = [one["label"] for one in block["details"]]
            return heading + _table(labels, [[one["value"] for one in block["details"]]])
        case "text" | "general_comment":
            return heading + _paragraphs(block["paragraphs"])
        case "attainment":
            return heading + _attainment(block)
        case "subject_comments":
            return heading + "".join(
                f"<h3>{escape(one['subject'])}</h3>{_paragraphs(one['paragraphs'])}"
                for one in block["comments"]
            )
        case "scale_key":
            rows = [[one["code"], one["name"], one["meaning"]] for one in block["bands"]]
            return heading + _table(["Code", "Band", "What it means"], rows)
        case "signatures":
            lines = "".join(f'<div class="line">{escape(one)}</div>' for one in block["lines"])
            return heading + lines
    raise LookupError(block["kind"])


def _attainment(block: dict[str, Any]) -> str:
    heads = ["Subject", "Attainment", "Expectation", "Effort", *block["earlier_terms"]]
    rows = [
        [row["subject"], row["band"], row["standing"] or "–", row["effort"], *row["earlier"]]
        for row in block["rows"]
    ]
    return _table(heads, rows)


def _paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def _table(heads: list[str], rows: list[list[str]]) -> str:
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(one)}</td>" for one in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


if __name__ == "__main__":
    main()

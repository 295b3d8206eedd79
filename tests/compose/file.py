"""`docker-compose.yml` as Compose reads it where nothing is set."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

__all__ = ["CHECKOUT", "FILE", "SERVICES_OF_FILE"]

CHECKOUT = Path(__file__).resolve().parents[2]
FILE = CHECKOUT / "docker-compose.yml"
VARIABLE = re.compile(r"\$\{(\w+):?-([^${}]*)\}")


def _with_defaults(text: str) -> str:
    while VARIABLE.search(text):
        text = VARIABLE.sub(lambda found: found[2], text)
    return text


SERVICES_OF_FILE: dict[str, dict[str, Any]] = yaml.safe_load(_with_defaults(FILE.read_text()))[
    "services"
]

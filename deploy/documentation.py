"""Writes the documents of every interface into `docs/`, or checks that they are as the code is.

`python -m deploy.documentation [--check]`. Nothing is started: each service's application is made
in a process of its own, with settings that lead nowhere.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from cryptography.fernet import Fernet

from deploy.observability import metrics_page
from deploy.observability.panels import dashboards
from shared.messaging.documentation import messages_document
from shared.security.principals import new_signing_key, public_keys

__all__ = ["documents", "main"]

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("identity", "roster", "mis_sync", "reports")

_ADDRESSES = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "RELAY_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "RABBITMQ_URL": "amqp://nobody:none@127.0.0.1:1/none",
    "MIS_RABBITMQ_URL": "amqp://nobody:none@127.0.0.1:1/mis",
    "CONNECTOR_BROKER_URL": "amqp://127.0.0.1:1/mis",
    "FILES_URL": "memory:///",
    "PUBLIC_URL": "http://localhost:1",
    "SMTP_HOST": "127.0.0.1",
    "SMTP_PORT": "1",
    "MAIL_FROM": "nobody@classroom.example",
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="deploy.documentation", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; 1 if one differs")
    check = parser.parse_args(arguments).check
    drifted = [path for path, text in documents().items() if _differs(path, text, write=not check)]
    if check and drifted:
        sys.stderr.write("Run `python -m deploy.documentation` and commit what it writes.\n")
    return 1 if check and drifted else 0


def documents() -> dict[Path, str]:
    """Every generated document, by where it is kept."""
    found = {ROOT / "docs/api/openapi.json": _printed_by("-m", "gateway.openapi")}
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(Path(folder))
        for service in SERVICES:
            text = _printed_by("-c", _PRINT.format(service=service), settings=settings)
            found[ROOT / f"docs/api/{service}.json"] = _indented(json.loads(text))
    found[ROOT / "docs/messages/asyncapi.yaml"] = yaml.safe_dump(
        messages_document(), sort_keys=False, allow_unicode=True, width=100
    )
    found[metrics_page.PAGE] = metrics_page.with_table(_printed_by("-c", metrics_page.PRINT))
    return found | dashboards()


_PRINT = """
import json
from services.{service}.app import create_app
print(json.dumps(create_app().openapi()))
"""


def _settings(folder: Path) -> dict[str, str]:
    """Settings for any of the services, with keys made for the occasion."""
    keys, pepper, two_step = folder / "keys.json", folder / "pepper", folder / "two-step"
    keys.write_text(json.dumps(public_keys(new_signing_key())), encoding="utf-8")
    pepper.write_bytes(bytes(32))
    two_step.write_bytes(Fernet.generate_key())
    given = _ADDRESSES | {
        "PRINCIPAL_PUBLIC_KEY_FILE": str(keys),
        "PEPPER_FILE": str(pepper),
        "TWO_STEP_KEYS_FILE": str(two_step),
    }
    return {f"CLASSROOM_{name}": value for name, value in given.items()}


def _printed_by(*arguments: str, settings: Mapping[str, str] | None = None) -> str:
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("CLASSROOM_")}
    run = subprocess.run(  # noqa: S603 - this Python, and modules of ours
        [sys.executable, *arguments],
        cwd=ROOT,
        env=surroundings | dict(settings or {}),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return run.stdout


def _indented(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _differs(path: Path, text: str, *, write: bool) -> bool:
    """Whether what is kept is not `text`; then writes it, or shows the first lines that differ."""
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    if kept == text:
        return False
    if write:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")
        return True
    name = str(path.relative_to(ROOT))
    lines = difflib.unified_diff(kept.splitlines(), text.splitlines(), name, "code", lineterm="")
    sys.stderr.write("\n".join(list(lines)[:40]) + "\n")
    return True


if __name__ == "__main__":
    raise SystemExit(main())

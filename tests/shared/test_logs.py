"""Logs: JSON lines with the correlation id, and nothing of secrets and people in them."""

from __future__ import annotations

import json
import subprocess
import sys

from shared.observability.logs import strike_out

PROGRAM = """
import logging, structlog
from shared.observability.logs import configure_logs
configure_logs("roster", "INFO")
log = structlog.get_logger("ours")
with structlog.contextvars.bound_contextvars(correlation_id="c-1"):
    log.info("signed in", password="hunter2", pupil={"surname": "O'Neill", "version": 3})
    logging.getLogger("theirs").warning("from %s", "a library")
    logging.getLogger("httpx").info("GET https://x/?search=O'Neill")
    log.error("dead letter", reason="CheckViolationError: no\\nDETAIL: Failing row (O'Neill)")
    log.debug("too fine")
    try:
        surname = "O'Neill"
        raise ValueError("not unique\\nDETAIL: Key (surname)=(O'Neill)")
    except ValueError:
        log.exception("failed")
"""


class TestLogs:
    def test_every_line_is_json_with_its_correlation_id(self) -> None:
        run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        assert [line["event"] for line in lines] == [
            "signed in",
            "from a library",
            "dead letter",
            "failed",
        ]
        assert {(line["service"], line["correlation_id"]) for line in lines} == {("roster", "c-1")}
        assert b"hunter2" not in run.stdout
        assert b"Neill" not in run.stdout

    def test_striking_out_goes_to_any_depth(self) -> None:
        event = {"a": [{"api_token": 1, "kept": 2}], "Authorization": "x", "email": "y"}
        assert strike_out(None, "", dict(event)) == {
            "a": [{"api_token": "[struck out]", "kept": 2}],
            "Authorization": "[struck out]",
            "email": "[struck out]",
        }

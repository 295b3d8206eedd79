"""Each benchmark runs with tiny sizes and prints lines in the agreed form; no time is asserted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

import pytest

from deploy.local.state import CHECKOUT
from tests.servers import Servers

WITHOUT = "./classroom test installs the group `bench`"
for package in ("aiohttp", "celery", "django", "import_export", "pwdlib", "scipy", "weasyprint"):
    # Only looked for: to import them all takes longer than most tests.
    if find_spec(package) is None:
        pytest.skip(WITHOUT, allow_module_level=True)

CASES = {
    "B1": {
        f"{part}{case}"
        for part in ("", "confirming: ")
        for case in ("new", "changed", "one-percent", "one-percent: only what differs")
    },
    "B2": {"celery", "faststream"},
    "B7": {"pupils", "told", "reads"},
    "B5": {"sign-ins", "reads", "reads-flat-out"},
    "B8": {"10", "100", "1000"},
    "B9": {"pdf", "zip"},
    "answer-times": {
        f"{what}: {kind}"
        for what in ("sign-in", "forgotten", "locked")
        for kind in ("known", "inactive", "waiting")
    },
}
FIELDS = [
    "name",
    "case",
    "unit",
    "us",
    "peer",
    "limit",
    "us_per_peer",
    "us_per_limit",
    "runs",
    "spread",
]


def bench(servers: Servers, *arguments: str) -> str:
    environment = os.environ | {
        "CLASSROOM_TEST_DATABASE_URL": servers.database_url,
        "CLASSROOM_TEST_RABBITMQ_URL": servers.rabbitmq_url,
        "CLASSROOM_TEST_RABBITMQ_MANAGEMENT_URL": servers.management_url,
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_all_are_listed(servers: Servers) -> None:
    listed = [line.split()[0] for line in bench(servers).splitlines()]
    assert listed == list(CASES)


@pytest.mark.parametrize("name", CASES)
def test_it_prints_a_line_for_each_case(servers: Servers, name: str) -> None:
    printed = bench(servers, name, "--json", "--quick", "--runs", "1")
    lines: list[dict[str, Any]] = [json.loads(line) for line in printed.splitlines()]
    assert {line["case"] for line in lines} == CASES[name]
    for line in lines:
        assert list(line) == FIELDS
        assert (line["name"], line["runs"]) == (name, 1)
        assert line["us"] >= 0
        assert line["limit"] is None or line["limit"] >= 0

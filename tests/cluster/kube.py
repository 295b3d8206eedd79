"""The product in a cluster that it was applied to, by kubectl."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.api import Api
from tests.kubernetes.kustomize import kustomize

__all__ = ["APPLIED", "KUBECONFIG", "Kube", "why_not"]

KUBECONFIG = "CLASSROOM_TEST_CLUSTER"
APPLIED = "CLASSROOM_TEST_CLUSTER_APPLIED"
ANSWER_SECONDS = 20
FORWARDING = re.compile(r"Forwarding from 127\.0\.0\.1:(\d+)")


@dataclass(frozen=True)
class Kube:
    """The namespace `classroom` of one cluster, as its administrator."""

    config: str
    program: str

    def command(self, *words: str) -> list[str]:
        return [self.program, f"--kubeconfig={self.config}", "--namespace=classroom", *words]

    def run(self, *words: str, given: str | None = None, seconds: float = 120) -> str:
        """What `kubectl WORDS` prints. Raises with what it said if it fails."""
        done = self.tried(*words, given=given, seconds=seconds)
        if done.returncode:
            raise AssertionError(f"kubectl {' '.join(words)}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def tried(
        self, *words: str, given: str | None = None, seconds: float = 120
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words),
            input=given,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def all(self, kind: str, *words: str) -> list[dict[str, Any]]:
        """Those of a kind as the API server has them."""
        found: list[dict[str, Any]] = json.loads(self.run("get", kind, *words, "-o", "json"))[
            "items"
        ]
        return found

    def one(self, kind: str, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("get", kind, name, "-o", "json"))
        return found

    def operator(self, *words: str, seconds: float = 120) -> str:
        """As the page says it: one command in the operator's pod."""
        inside = ("python", "-m", "deploy.kubernetes", *words)
        return self.run("exec", "deployment/operator", "--", *inside, seconds=seconds)

    @asynccontextmanager
    async def visitor(self) -> AsyncIterator[Api]:
        """Somebody at the gateway, by a tunnel, as if at its public address."""
        process = await asyncio.create_subprocess_exec(
            *self.command("port-forward", "service/gateway", ":8000"),
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            assert process.stdout is not None
            said = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
            forwarding = FORWARDING.search(said)
            assert forwarding, said
            async with httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{forwarding[1]}", timeout=60
            ) as client:
                yield Api(self.public_url(), client)
        finally:
            process.terminate()
            await process.wait()

    def public_url(self) -> str:
        """What the operator's pod was told."""
        return self.run(
            "exec", "deployment/operator", "--", "printenv", "CLASSROOM_PUBLIC_URL"
        ).strip()


def why_not() -> str | None:
    """Why no cluster is tried here; `None` if one is."""
    config = os.environ.get(KUBECONFIG)
    if not config:
        return f"no cluster is named: {KUBECONFIG}"
    answer = Kube(config, kustomize()[0]).tried("get", "deployments", seconds=ANSWER_SECONDS)
    return f"it does not answer: {answer.stderr}" if answer.returncode else None

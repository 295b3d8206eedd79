"""The manifests of `deploy/kubernetes`, as kustomize renders them, and what is asked of them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.kubernetes.kustomize import kustomize

__all__ = ["FOLDER", "OVERLAYS", "Manifest", "Pod", "Rendered", "rendered", "seconds"]

FOLDER = Path(__file__).resolve().parents[2] / "deploy/kubernetes"
OVERLAYS = ("one-node", "cluster")
TEMPLATE = re.compile(r"\{\{ \.(\w+)( \| urlquery)? \}\}")

Manifest = dict[str, Any]


@dataclass(frozen=True)
class Pod:
    """What a Deployment or a Job makes pods of."""

    kind: str
    name: str
    spec: Manifest
    labels: Mapping[str, str]

    @property
    def main(self) -> Manifest:
        return next(each for each in self.spec["containers"] if each["name"] == "main")

    @property
    def containers(self) -> list[Manifest]:
        return [*self.spec.get("initContainers", []), *self.spec["containers"]]

    @property
    def role(self) -> str:
        return self.labels["app.kubernetes.io/component"]

    @property
    def is_process(self) -> bool:
        """One that serves, consumes, sends or keeps time for as long as it runs."""
        return self.role not in ("step", "operator")


@dataclass(frozen=True)
class Rendered:
    manifests: tuple[Manifest, ...]

    def of(self, kind: str) -> list[Manifest]:
        return [each for each in self.manifests if each["kind"] == kind]

    def one(self, kind: str, name: str) -> Manifest:
        found = [each for each in self.of(kind) if each["metadata"]["name"] == name]
        assert len(found) == 1, f"{len(found)} {kind} {name}"
        return found[0]

    def pods(self) -> Iterator[Pod]:
        for kind in ("Deployment", "Job"):
            for each in self.of(kind):
                made = each["spec"]["template"]
                yield Pod(kind, each["metadata"]["name"], made["spec"], made["metadata"]["labels"])

    def pod(self, name: str) -> Pod:
        return next(each for each in self.pods() if each.name == name)

    def processes(self) -> dict[str, Pod]:
        return {each.name: each for each in self.pods() if each.is_process}

    def environment(self, container: Manifest) -> dict[str, str]:
        """As the container gets it."""
        found: dict[str, str] = {}
        for source in container.get("envFrom", []):
            found |= self.one("ConfigMap", source["configMapRef"]["name"])["data"]
        return found | {each["name"]: each["value"] for each in container.get("env", [])}

    def files(self, pod: Pod, volume: str, kept: Mapping[str, str]) -> dict[str, str]:
        """What is mounted from secrets, where the store has what is `kept`."""
        sources = next(each for each in pod.spec["volumes"] if each["name"] == volume)
        found: dict[str, str] = {}
        for source in sources["projected"]["sources"]:
            found |= self.secret(source["secret"]["name"], kept)
        return found

    def secret(self, name: str, kept: Mapping[str, str]) -> dict[str, str]:
        """As External Secrets makes it."""
        spec = self.one("ExternalSecret", name)["spec"]
        assert {each["remoteRef"]["key"] for each in spec["data"]} == {"classroom"}
        given = {
            each["secretKey"]: kept.get(each["remoteRef"]["property"], "from outside")
            for each in spec["data"]
        }
        template = spec["target"].get("template")
        if not template:
            return given
        return {
            key: TEMPLATE.sub(lambda found: given[found[1]], text)
            for key, text in template["data"].items()
        }


@cache
def rendered(folder: str) -> Rendered:
    """`folder` is one below `deploy/kubernetes`, or the name of an overlay."""
    path = FOLDER / "overlays" / folder if folder in OVERLAYS else FOLDER / folder
    done = subprocess.run(
        [*kustomize(), str(path)], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    manifests = yaml.load_all(done.stdout, yaml.CSafeLoader)
    return Rendered(tuple(manifests))


def seconds(text: str) -> float:
    """Of `0s`, `200s` or `10m`."""
    return float(text[:-1]) * {"s": 1, "m": 60, "h": 3600}[text[-1]]

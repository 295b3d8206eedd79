"""Every manifest is one that Kubernetes and its operators would take.

Kubernetes' own schemas are kubernetes-validate's. Of the operators' resources no package has all:
`shapes.py` has what of each is used here. Whoever has their definitions, as JSON schemas named as
CRDs-catalog names them, holds the manifests against the whole of them with `CLASSROOM_TEST_CRDS`.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest

from tests.kubernetes.manifests import OVERLAYS, Manifest, rendered
from tests.kubernetes.shapes import SHAPES

OLDEST, NEWEST = "1.32", "1.37"
"""Between which the manifests are for; the pause before an end is known since 1.30."""
FOLDERS = (*OVERLAYS, "overlays/one-node/secrets")
CRDS = os.environ.get("CLASSROOM_TEST_CRDS")


def is_kubernetes_own(manifest: Manifest) -> bool:
    group = manifest["apiVersion"].rpartition("/")[0]
    return "." not in group or (group.endswith(".k8s.io") and not group.startswith("gateway."))


def kind_of(manifest: Manifest) -> tuple[str, str]:
    return manifest["apiVersion"], manifest["kind"]


@pytest.fixture(autouse=True)
def schemas_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """For each manifest, the validator would read the two megabytes of a version's again."""
    monkeypatch.setattr(kubernetes_validate.utils, "schema_contents", read)


read = cache(kubernetes_validate.utils.schema_contents)


@pytest.mark.parametrize(
    ("folder", "version"), [("cluster", OLDEST), *((folder, NEWEST) for folder in FOLDERS)]
)
def test_kubernetes_own_are_as_its_schemas_say(folder: str, version: str) -> None:
    own = [each for each in rendered(folder).manifests if is_kubernetes_own(each)]
    assert own
    for manifest in own:
        kubernetes_validate.validate(manifest, version, strict=True)


@pytest.mark.parametrize("folder", OVERLAYS)
def test_operators_resources_are_as_they_are_used_here(folder: str) -> None:
    others = [each for each in rendered(folder).manifests if not is_kubernetes_own(each)]
    assert others
    for manifest in others:
        jsonschema.Draft202012Validator(SHAPES[kind_of(manifest)]).validate(manifest["spec"])


@pytest.mark.skipif(not CRDS, reason="CLASSROOM_TEST_CRDS names no folder of definitions")
@pytest.mark.parametrize("folder", OVERLAYS)
def test_operators_resources_are_as_their_definitions_say(folder: str) -> None:
    assert CRDS
    for manifest in rendered(folder).manifests:
        if is_kubernetes_own(manifest):
            continue
        version = manifest["apiVersion"].rpartition("/")[2]
        file = Path(CRDS) / f"{manifest['kind'].lower()}_{version}.json"
        jsonschema.validate(manifest, closed(json.loads(file.read_text())))


def closed(schema: Any) -> Any:
    """Where a definition lists properties, no others are known to it: they would be dropped."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items()}
    lists = found.get("type") == "object" and "properties" in found
    if lists and not found.get("x-kubernetes-preserve-unknown-fields"):
        found.setdefault("additionalProperties", False)
    return found


def test_names_are_names_once() -> None:
    for folder in OVERLAYS:
        names = [(*kind_of(each), each["metadata"]["name"]) for each in rendered(folder).manifests]
        assert len(names) == len(set(names))

"""What every pod of ours may do, which is little, and what it is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from shared.tabular.apart import SIDE_BY_SIDE
from shared.tabular.reader import MEMORY_BYTES
from tests.compose.test_file import OF_A_SERVICE
from tests.kubernetes.manifests import OVERLAYS, Manifest, Pod, rendered

USER = 10001
CONTAINER = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "capabilities": {"drop": ["ALL"]},
}


@pytest.fixture(params=OVERLAYS)
def pods(request: pytest.FixtureRequest) -> list[Pod]:
    return list(rendered(request.param).pods())


def containers(pods: list[Pod]) -> Iterator[tuple[Pod, Manifest]]:
    return ((pod, each) for pod in pods for each in pod.containers)


def test_pods_run_as_nobody_who_could_change_anything(pods: list[Pod]) -> None:
    for pod in pods:
        context = pod.spec["securityContext"]
        assert context["runAsNonRoot"] is True, pod.name
        assert (context["runAsUser"], context["runAsGroup"]) == (USER, USER), pod.name
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}, pod.name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.spec.keys(), pod.name
    for pod, container in containers(pods):
        assert container["securityContext"] == CONTAINER, (pod.name, container["name"])


def test_pods_are_no_one_to_kubernetes(pods: list[Pod]) -> None:
    for pod in pods:
        assert pod.spec["automountServiceAccountToken"] is False, pod.name
        assert "serviceAccountName" not in pod.spec, pod.name
        assert pod.spec["enableServiceLinks"] is False, pod.name


def test_pods_write_where_it_is_meant_and_no_more_than_there_is_room_for(pods: list[Pod]) -> None:
    for pod in pods:
        volumes = {each["name"]: each for each in pod.spec["volumes"]}
        assert not any("hostPath" in volume for volume in volumes.values()), pod.name
        assert volumes["tmp"]["emptyDir"]["sizeLimit"], pod.name
        for container in pod.containers:
            mounts = {each["name"]: each for each in container["volumeMounts"]}
            written = {name for name, mount in mounts.items() if not mount.get("readOnly")}
            assert written - {"files"} == {"tmp"}, (pod.name, container["name"])
            assert mounts["tmp"]["mountPath"] == "/tmp"  # noqa: S108 - a volume of the pod's own


def test_containers_ask_for_what_they_need_and_get_no_more_than_their_limit(
    pods: list[Pod],
) -> None:
    for pod, container in containers(pods):
        for of in ("requests", "limits"):
            assert container["resources"][of].keys() == {"cpu", "memory"}, pod.name


def test_a_container_holds_what_reads_uploads_beside_the_service(pods: list[Pod]) -> None:
    """R10: else a hostile workbook ends everything in it."""
    needed = SIDE_BY_SIDE * MEMORY_BYTES // 1024**2 + OF_A_SERVICE
    limits = {pod.name: pod.main["resources"]["limits"]["memory"] for pod in pods}
    for name in ("identity", "reports", "roster"):
        limit = limits[name]
        assert int(limit[:-2]) * {"Gi": 1024, "Mi": 1}[limit[-2:]] >= needed, (name, limit)


def test_whatever_runs_on_is_asked_how_it_is(pods: list[Pod]) -> None:
    for pod in pods:
        if pod.is_process:
            asked = {
                name: pod.main[f"{name}Probe"]["httpGet"]
                for name in ("startup", "readiness", "liveness")
            }
            paths = {name: get["path"] for name, get in asked.items()}
            assert paths == {"startup": "/live", "readiness": "/ready", "liveness": "/live"}
            assert {get["port"] for get in asked.values()} == {"http"}
        elif pod.kind == "Deployment":
            assert {"readinessProbe", "livenessProbe"} <= pod.main.keys()


def test_images_have_a_version_which_is_one_for_all_of_ours(pods: list[Pod]) -> None:
    images = {container["image"] for _, container in containers(pods)}
    assert [image for image in images if not re.search(r"/classroom/[a-z-]+:[\w.-]+$", image)] == []
    assert len({image.rpartition(":")[2] for image in images}) == 1


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_image_is_the_latest(overlay: str) -> None:
    images = list(_images(rendered(overlay).manifests))
    assert len(images) > 10
    assert [
        image for image in images if not re.search(r":(?!latest)[\w.-]*\d[\w.-]*$", image)
    ] == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_namespace_takes_no_other_pods(overlay: str) -> None:
    namespace = rendered(overlay).one("Namespace", "classroom")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    inside = {each["metadata"].get("namespace") for each in rendered(overlay).manifests}
    assert inside == {"classroom", None}


def _images(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        for key, value in found.items():
            if key in ("image", "imageName"):
                yield value
            yield from _images(value)
    elif isinstance(found, list | tuple):
        for each in found:
            yield from _images(each)

"""How a pod ends: whoever waits for something waits longer than what it waits for."""

from __future__ import annotations

import inspect
import pkgutil
import re
from importlib import import_module

import pytest

import deploy.local.wiring
import gateway.clients
from gateway.pages.mis_events import router
from shared.messaging import runtime
from shared.web import process
from tests.kubernetes.manifests import OVERLAYS, Pod, rendered, seconds

ANSWERS = process._GRACEFUL_SECONDS
IN_HAND = runtime._GRACEFUL_SECONDS
CLOSING = 2
"""More than that the broker's client is given to close (`runtime._stop_broker`)."""
GROUPS = 2
"""Of consumers in one process, at most: reports' copies and its printer, mis_sync's two vhosts."""


def supervisor_seconds() -> int:
    """How long the supervisor of one machine waits (`deploy/local/wiring.py`)."""
    found = re.search(r"stop_seconds=(\d+)", inspect.getsource(deploy.local.wiring))
    assert found
    return int(found[1])


def test_the_supervisor_waits_for_answers_and_they_for_what_is_in_hand() -> None:
    assert supervisor_seconds() > ANSWERS > IN_HAND


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_pod_is_given_longer_than_all_that_its_process_may_take(overlay: str) -> None:
    for pod in rendered(overlay).processes().values():
        grace = pod.spec["terminationGracePeriodSeconds"]
        assert grace > pause_of(pod) + ANSWERS + GROUPS * (IN_HAND + CLOSING), pod.name
        assert grace > supervisor_seconds(), pod.name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_who_is_asked_goes_on_answering_while_the_others_are_told(overlay: str) -> None:
    for pod in rendered(overlay).processes().values():
        assert (pause_of(pod) >= 5) == (pod.role == "http"), pod.name


def pause_of(pod: Pod) -> int:
    """How many seconds a pod goes on before its process is told to end."""
    before = pod.main.get("lifecycle", {}).get("preStop", {})
    return int(before.get("sleep", {}).get("seconds", 0))


def test_a_route_waits_for_longer_than_the_gateway_and_for_events_for_ever() -> None:
    (events,) = [path for route in router.routes if (path := getattr(route, "path", None))]
    waited = {
        match["path"]["value"]: {seconds(each) for each in rule["timeouts"].values()}
        for rule in rendered("cluster").one("HTTPRoute", "pages")["spec"]["rules"]
        for match in rule["matches"]
    }
    assert waited.keys() == {"/", events}
    assert waited[events] == {0}
    assert min(waited["/"]) > longest_that_the_gateway_waits()


def longest_that_the_gateway_waits() -> float:
    """For a service, among what each client says of its own calls."""
    package = gateway.clients
    found = [
        value
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        for name, value in vars(import_module(each.name)).items()
        if name.endswith("_SECONDS") and isinstance(value, float)
    ]
    assert len(found) > 5
    return max(found)

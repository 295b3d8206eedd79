"""How many there are of each, by whom that is said, and that there is room for as many."""

from __future__ import annotations

import re
from typing import Any

import pytest

import services.reports.app
from deploy.local.broker_users import BrokerNames
from shared.contracts.reports import ReportsDue
from shared.contracts.topology import INBOUND_QUEUE, QUEUES, queue_of
from shared.database.pool import Database
from shared.messaging import runtime
from tests.kubernetes.manifests import Manifest, Pod, rendered

CLUSTER = rendered("cluster")
NAMES = BrokerNames()
POOLS = {"reports": services.reports.app._CONNECTIONS}
FOR_OTHERS = 30
"""Connections for replicas, backups, whoever looks, and those that PostgreSQL keeps back."""


def queues_of(pod: Pod) -> set[tuple[str, str]]:
    """Which queues a pod consumes, as (vhost, name), by what the code declares."""
    service = pod.labels["app.kubernetes.io/name"].replace("-", "_")
    printed = queue_of("reports", ReportsDue).name
    own = {queue.name for queue in QUEUES if queue.service == service}
    if pod.role == "printer":
        return {(NAMES.vhost, printed)}
    snapshots = {(NAMES.mis_vhost, INBOUND_QUEUE)} if service == "mis_sync" else set()
    return {(NAMES.vhost, name) for name in own - {printed}} | snapshots


def measured(trigger: dict[str, str]) -> set[tuple[str, str]]:
    """Which queues a trigger looks at, among all that there are."""
    every = {(NAMES.vhost, queue.name) for queue in QUEUES} | {(NAMES.mis_vhost, INBOUND_QUEUE)}
    here = {(vhost, name) for vhost, name in every if vhost == trigger["vhostName"]}
    if trigger.get("useRegex") == "true":
        return {each for each in here if re.search(trigger["queueName"], each[1])}
    return {each for each in here if each[1] == trigger["queueName"]}


def test_consumers_are_added_by_the_queues_that_they_consume() -> None:
    consuming = {n for n, p in CLUSTER.processes().items() if p.role in ("consumer", "printer")}
    scaled = {each["metadata"]["name"]: each["spec"] for each in CLUSTER.of("ScaledObject")}
    assert scaled.keys() == consuming
    for name, spec in scaled.items():
        assert spec["scaleTargetRef"]["name"] == name
        looked_at = [each for t in spec["triggers"] for each in measured(t["metadata"])]
        assert len(looked_at) == len(set(looked_at)), name
        assert set(looked_at) == queues_of(CLUSTER.pod(name)), name
        assert all(t["metadata"]["protocol"] == "http" for t in spec["triggers"]), name


def test_a_consumer_is_added_only_where_one_has_its_hands_full() -> None:
    for each in CLUSTER.of("ScaledObject"):
        consumer = each["metadata"]["name"].endswith("-consumer")
        for trigger in each["spec"]["triggers"]:
            value = int(trigger["metadata"]["value"])
            assert value >= 2 * runtime._PREFETCH if consumer else value > 1
        assert 1 <= each["spec"]["minReplicaCount"] < each["spec"]["maxReplicaCount"]


def test_whoever_scales_something_is_the_only_one_to_say_how_many_there_are() -> None:
    scaled = _scaled()
    for each in CLUSTER.of("Deployment"):
        name = each["metadata"]["name"]
        assert ("replicas" in each["spec"]) == (name not in scaled), name
    assert {"gateway", "identity"} <= scaled.keys()
    for each in CLUSTER.of("HorizontalPodAutoscaler"):
        container = CLUSTER.pod(each["spec"]["scaleTargetRef"]["name"]).main
        assert container["resources"]["requests"]["cpu"], "a share of nothing cannot be measured"
        assert each["spec"]["minReplicas"] >= 2


def test_what_people_and_events_wait_for_is_there_twice() -> None:
    for name, pod in CLUSTER.processes().items():
        if pod.role in ("http", "relay", "scheduler"):
            assert _fewest(name) >= 2, name


def test_every_process_may_be_moved_one_at_a_time() -> None:
    budgets = {each["metadata"]["name"]: each["spec"] for each in CLUSTER.of("PodDisruptionBudget")}
    processes = CLUSTER.processes()
    assert budgets.keys() == processes.keys() | {"rabbitmq"}
    for name, spec in budgets.items():
        assert spec["maxUnavailable"] == 1
        # Else a broker that is away would keep every node from being emptied.
        assert spec["unhealthyPodEvictionPolicy"] == "AlwaysAllow"
        wanted = spec["selector"]["matchLabels"].items()
        held = [pod.name for pod in CLUSTER.pods() if wanted <= pod.labels.items()]
        assert held == ([name] if name in processes else [])


def test_one_node_needs_neither_budgets_nor_autoscalers() -> None:
    kinds = {each["kind"] for each in rendered("one-node").manifests}
    assert not kinds & {"PodDisruptionBudget", "HorizontalPodAutoscaler", "ScaledObject"}
    for each in rendered("one-node").of("Deployment"):
        replicas = each["spec"]["replicas"]
        assert replicas == (0 if each["metadata"]["name"] == "operator" else 1)


@pytest.mark.parametrize("overlay", ["one-node", "cluster"])
def test_a_database_has_connections_for_as_many_as_there_may_be(overlay: str) -> None:
    """A rollout has one more of each; a relay has three beside the pool, a listener one."""
    found = rendered(overlay)
    for database in found.of("Cluster"):
        name = database["metadata"]["name"]
        service = name.removesuffix("-db")
        pool = POOLS.get(service, Database("postgresql://", name=service)._max_size)
        most = sum(
            (_most(overlay, pod.name) + 1) * (pool + (3 if pod.role == "relay" else 1))
            for pod in found.processes().values()
            if pod.labels.get("uses.classroom/database") == name
        )
        allowed = int(database["spec"]["postgresql"]["parameters"]["max_connections"])
        assert most + FOR_OTHERS <= allowed, (name, most)


def test_what_holds_data_is_there_three_times() -> None:
    broker = CLUSTER.one("RabbitmqCluster", "rabbitmq")["spec"]
    assert broker["replicas"] == 3
    conf = dict(
        line.split(" = ")
        for line in broker["rabbitmq"]["additionalConfig"].splitlines()
        if not line.startswith("#")
    )
    members = "quorum_queue.continuous_membership_reconciliation"
    assert conf[f"{members}.enabled"] == "true"
    assert conf[f"{members}.target_group_size"] == "3"
    told = CLUSTER.environment(CLUSTER.pod("set-up").main)
    assert told["CLASSROOM_BROKER_NODES"] == "3"
    assert rendered("one-node").one("RabbitmqCluster", "rabbitmq")["spec"]["replicas"] == 1
    for database in CLUSTER.of("Cluster"):
        assert database["spec"]["instances"] == 3
        assert database["spec"]["postgresql"]["synchronous"]["number"] == 1


def test_every_database_is_backed_up_every_night() -> None:
    databases = {each["metadata"]["name"] for each in CLUSTER.of("Cluster")}
    store = CLUSTER.one("ObjectStore", "backups")
    schedules = [each["spec"] for each in CLUSTER.of("ScheduledBackup")]
    assert sorted(each["cluster"]["name"] for each in schedules) == sorted(databases)
    assert len({each["schedule"] for each in schedules}) == len(databases), "not all at once"
    for database in CLUSTER.of("Cluster"):
        (plugin,) = database["spec"]["plugins"]
        assert plugin["isWALArchiver"] is True
        assert plugin["parameters"]["barmanObjectName"] == store["metadata"]["name"]
        assert {each["pluginConfiguration"]["name"] for each in schedules} == {plugin["name"]}


def _scaled() -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for each in CLUSTER.of("ScaledObject"):
        spec: Manifest = each["spec"]
        found[spec["scaleTargetRef"]["name"]] = (spec["minReplicaCount"], spec["maxReplicaCount"])
    for each in CLUSTER.of("HorizontalPodAutoscaler"):
        spec = each["spec"]
        found[spec["scaleTargetRef"]["name"]] = (spec["minReplicas"], spec["maxReplicas"])
    return found


def _fewest(name: str) -> int:
    return _scaled()[name][0] if name in _scaled() else _replicas("cluster", name)


def _most(overlay: str, name: str) -> int:
    if overlay == "cluster" and name in _scaled():
        return _scaled()[name][1]
    return _replicas(overlay, name)


def _replicas(overlay: str, name: str) -> int:
    found: Any = rendered(overlay).one("Deployment", name)["spec"]["replicas"]
    return int(found)

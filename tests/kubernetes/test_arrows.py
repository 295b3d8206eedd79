"""Who may speak to whom: the arrows of the architecture, each by its policies, and no other.

The policies are evaluated as Kubernetes has them: a way is open if one policy of who asks and one
of who is asked let it pass, wherever any policy selects them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from tests.kubernetes.manifests import OVERLAYS, Manifest, rendered

Port = tuple[int, str]
Arrow = tuple[str, str, int]

HTTP, METRICS, BROKER, BROKER_TLS, MANAGEMENT, DATABASE = 8000, 9464, 5672, 5671, 15672, 5432
NODES = (4369, 25672, 35672, 35682)
"""Of the broker, among themselves: names, the nodes' own way, and tools."""
MAIL = (25, 587)
OUTSIDE = {"internet": "203.0.113.7", "kubernetes": "10.43.0.1", "machine": "169.254.169.254"}
ANYWHERE = ("internet", "kubernetes")
"""Not the machine's own metadata, and secrets."""
DATABASES = ("identity-db", "roster-db", "mis-sync-db", "reports-db")

OWN_DATABASE = {
    "identity": {"identity", "identity-consumer", "identity-relay", "migrate-identity"},
    "roster": {"roster", "roster-consumer", "roster-relay", "roster-scheduler", "migrate-roster"},
    "mis-sync": {
        *("mis-sync", "mis-sync-consumer", "mis-sync-relay", "mis-sync-scheduler"),
        "migrate-mis-sync",
    },
    "reports": {
        *("reports", "reports-consumer", "reports-printer", "reports-relay", "reports-scheduler"),
        "migrate-reports",
    },
}
ON_THE_BROKER = {
    *("identity-consumer", "identity-relay", "roster-consumer", "roster-relay"),
    *("mis-sync-consumer", "mis-sync-relay", "provisioner", "gateway"),
    *("reports-consumer", "reports-printer", "reports-relay"),
    # These ask connectors for snapshots: a person by hand, and the night.
    *("mis-sync", "mis-sync-scheduler"),
}
ADMINISTERS_THE_BROKER = {"provisioner", "set-up"}
KEEPS_FILES = {"reports", "reports-printer", "reports-scheduler"}
SERVICES = {"identity", "roster", "mis-sync", "reports"}


@dataclass(frozen=True)
class End:
    """What can ask or be asked: a pod, or an address outside of the cluster."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    namespace: str = "classroom"
    address: str | None = None


def ends(overlay: str) -> list[End]:
    own = [End(pod.name, pod.labels) for pod in rendered(overlay).pods()]
    rabbitmq = {f"app.kubernetes.io/{key}": "rabbitmq" for key in ("name", "component", "part-of")}
    name = "app.kubernetes.io/name"
    return [
        *own,
        End("rabbitmq", rabbitmq),
        *(End(each, {"cnpg.io/cluster": each}) for each in DATABASES),
        End("names", {"k8s-app": "kube-dns"}, "kube-system"),
        End("traefik", {name: "traefik"}, "kube-system"),
        End("someone", {name: "someone"}, "kube-system"),
        End("envoy", {name: "envoy"}, "envoy-gateway-system"),
        End("prometheus", {name: "prometheus"}, "monitoring"),
        End("collector", {name: "opentelemetry-collector"}, "monitoring"),
        End("keda", {name: "keda-operator"}, "keda"),
        End("database-operator", {name: "cloudnative-pg"}, "cnpg-system"),
        End("broker-operator", {name: "rabbitmq-cluster-operator"}, "rabbitmq-system"),
        End("stranger", {name: "identity", "uses.classroom/broker": "true"}, "elsewhere"),
        *(End(each, namespace="", address=address) for each, address in OUTSIDE.items()),
    ]


def expected(overlay: str) -> set[Arrow]:
    cluster = overlay == "cluster"
    own = {pod.name for pod in rendered(overlay).pods()}
    processes = set(rendered(overlay).processes())
    found: set[Arrow] = {(each, "names", 53) for each in own | {"rabbitmq", *DATABASES}}
    found |= {(who, each, HTTP) for who in ("gateway", "operator") for each in SERVICES}
    found |= {("envoy" if cluster else "traefik", "gateway", HTTP)}
    for service, pods in OWN_DATABASE.items():
        found |= {(pod, f"{service}-db", DATABASE) for pod in pods | {"set-up", "operator"}}
    for each in DATABASES:
        found |= {(each, each, DATABASE), (each, each, HTTP)}
        found |= {("database-operator", each, DATABASE), ("database-operator", each, HTTP)}
    found |= {(each, "rabbitmq", BROKER) for each in ON_THE_BROKER}
    found |= {(each, "rabbitmq", MANAGEMENT) for each in ADMINISTERS_THE_BROKER}
    found |= {("broker-operator", "rabbitmq", MANAGEMENT)}
    found |= {("rabbitmq", "rabbitmq", port) for port in NODES}
    found |= {
        (each, "kubernetes", port) for each in ("rabbitmq", *DATABASES) for port in (443, 6443)
    }
    # Connectors come from anywhere, by TLS.
    found |= {
        (end.name, "rabbitmq", BROKER_TLS) for end in ends(overlay) if end.namespace != "classroom"
    }
    found |= {("identity-relay", where, port) for where in ANYWHERE for port in MAIL}
    if cluster:
        found |= {(each, where, 443) for each in KEEPS_FILES | {*DATABASES} for where in ANYWHERE}
        found |= {("prometheus", each, METRICS) for each in processes}
        found |= {("prometheus", each, 9187) for each in DATABASES}
        found |= {("prometheus", "rabbitmq", 15692), ("keda", "rabbitmq", MANAGEMENT)}
        found |= {(each, "collector", 4318) for each in processes}
    return found


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_arrow_has_its_policy_and_there_is_no_other(overlay: str) -> None:
    policies = rendered(overlay).of("NetworkPolicy")
    all_ends = ends(overlay)
    ports = {each for policy in policies for each in _ports_of(policy)} | {(22, "TCP"), (80, "TCP")}
    ways = Ways(policies)
    found = {
        (asking.name, asked.name, port)
        for asking in all_ends
        for asked in all_ends
        if "classroom" in (asking.namespace, asked.namespace)
        for port, protocol in ports
        if ways.open(asking, asked, (port, protocol))
    }
    assert found - expected(overlay) == set()
    assert expected(overlay) - found == set()


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_whoever_no_policy_names_speaks_to_nobody(overlay: str) -> None:
    """Such as a pod that is put into the namespace by hand."""
    ways = Ways(rendered(overlay).of("NetworkPolicy"))
    newcomer = End("newcomer", {"app": "newcomer"})
    asked = {
        (end.name, port)
        for end in ends(overlay)
        for port in (53, 443, HTTP, BROKER, DATABASE, MANAGEMENT)
        if ways.open(newcomer, end, (port, "TCP"))
    }
    # From anywhere means from here too; who gets no way out does not get there.
    assert asked == {("names", 53)}
    assert not any(ways.open(end, newcomer, (HTTP, "TCP")) for end in ends(overlay))


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_services_point_at_pods_that_have_the_port(overlay: str) -> None:
    for service in rendered(overlay).of("Service"):
        if service["metadata"]["name"] == "connectors":
            assert service["spec"]["selector"]["app.kubernetes.io/name"] == "rabbitmq"
            assert [each["port"] for each in service["spec"]["ports"]] == [BROKER_TLS]
            continue
        selector = service["spec"]["selector"].items()
        pods = [pod for pod in rendered(overlay).pods() if selector <= pod.labels.items()]
        assert [pod.name for pod in pods] == [service["metadata"]["name"]]
        ports = {each["name"]: each["containerPort"] for each in pods[0].main["ports"]}
        assert [ports[each["targetPort"]] for each in service["spec"]["ports"]] == [HTTP]


class Ways:
    """What the policies let pass."""

    def __init__(self, policies: Iterable[Manifest]) -> None:
        self._policies = [policy["spec"] for policy in policies]
        self._rules: dict[tuple[str, str], list[Manifest] | None] = {}

    def open(self, asking: End, asked: End, port: Port) -> bool:
        return self._lets(asking, asked, port, "Egress") and self._lets(
            asked, asking, port, "Ingress"
        )

    def _lets(self, end: End, other: End, port: Port, way: str) -> bool:
        """Whether `end` may be asked by `other` (`Ingress`) or ask it (`Egress`)."""
        if end.namespace != "classroom":
            return True  # whatever it is, it is not ours to forbid
        if (end.name, way) not in self._rules:
            self._rules[end.name, way] = self._rules_for(end, way)
        rules = self._rules[end.name, way]
        return rules is None or any(_passes(rule, other, port, way) for rule in rules)

    def _rules_for(self, end: End, way: str) -> list[Manifest] | None:
        """`None` where no policy is about it, and all may pass."""
        about = [
            spec
            for spec in self._policies
            if way in spec["policyTypes"] and _selects(spec["podSelector"], end.labels)
        ]
        return [rule for spec in about for rule in spec.get(way.lower(), [])] if about else None


def _passes(rule: Manifest, other: End, port: Port, way: str) -> bool:
    ports = rule.get("ports")
    if ports is not None and not any(_is_port(each, port) for each in ports):
        return False
    peers = rule.get("to" if way == "Egress" else "from")
    return peers is None or any(_is_peer(peer, other) for peer in peers)


def _is_port(given: Manifest, port: Port) -> bool:
    first: int = given["port"]
    return bool(given["protocol"] == port[1] and first <= port[0] <= given.get("endPort", first))


def _is_peer(peer: Manifest, end: End) -> bool:
    if block := peer.get("ipBlock"):
        return end.address is not None and _within(end.address, block)
    if end.address is not None:
        return False
    named = {"kubernetes.io/metadata.name": end.namespace}
    if "namespaceSelector" in peer:
        here = _selects(peer["namespaceSelector"], named)
    else:
        here = end.namespace == "classroom"
    return here and _selects(peer.get("podSelector", {}), end.labels)


def _within(address: str, block: Mapping[str, Any]) -> bool:
    inside = ip_address(address) in ip_network(block["cidr"])
    return inside and not any(
        ip_address(address) in ip_network(each) for each in block.get("except", [])
    )


def _selects(selector: Manifest, labels: Mapping[str, str]) -> bool:
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    return all(_matches(each, labels) for each in selector.get("matchExpressions", []))


def _matches(expression: Manifest, labels: Mapping[str, str]) -> bool:
    value = labels.get(expression["key"])
    match expression["operator"]:
        case "In":
            return value in expression["values"]
        case "NotIn":
            return value not in expression["values"]
        case "Exists":
            return value is not None
        case operator:
            raise AssertionError(f"{operator} is not known here")


def _ports_of(policy: Manifest) -> set[Port]:
    return {
        (number, each["protocol"])
        for way in ("ingress", "egress")
        for rule in policy["spec"].get(way, [])
        for each in rule.get("ports", [])
        for number in (each["port"], each.get("endPort", each["port"]))
    }

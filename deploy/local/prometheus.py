"""A Prometheus over one stack: the program, and what it is told of this stack's ports.

Its rules are those of `deploy/observability/prometheus/`, as they are for containers.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from deploy.local.errors import OperatorError
from deploy.local.progress import console, step
from deploy.local.servers.debian import can_install, install
from deploy.local.state import CHECKOUT, State, write_atomically
from deploy.local.wiring import METRICS

__all__ = ["RULES", "arguments", "find_for_tests", "find_prometheus", "installed"]

RULES = CHECKOUT / "deploy" / "observability" / "prometheus" / "rules"
PROGRAMS = {"prometheus": "prometheus", "prometheus-postgres-exporter": "postgres_exporter"}
"""Package of Debian, and what the program is called elsewhere."""

_QUEUES = {"vhost": ["classroom"], "family": ["queue_coarse_metrics", "queue_consumer_count"]}
_NOT_THOSE = {"source_labels": ["queue"], "regex": r"gateway\.sessions\..+", "action": "drop"}
"""Each gateway that starts has a new one."""
_EVERY = "15s"


def find_prometheus() -> Path:
    """Installed if it is missing and we may. Raises `OperatorError` if we may not."""
    return _find("prometheus", because="Prometheus is missing")


def find_for_tests() -> None:
    """Prometheus and PostgreSQL's exporter; where we may not install them, tests are skipped."""
    for package in PROGRAMS:
        try:
            _find(package, because="The tests ask a Prometheus")
        except OperatorError as error:
            console.print(f"{error}\nGoing on without the tests that ask a Prometheus.")


def installed(package: str) -> Path | None:
    found = shutil.which(package) or shutil.which(PROGRAMS[package])
    return Path(found) if found else None


def arguments(
    state: State, *, port: int, every: str = _EVERY, postgresql: str | None = None
) -> list[str]:
    """What Prometheus is started with, over the stack that is up; its configuration is written.

    `postgresql` is where an exporter answers, if one does. Raises `OperatorError` if nothing is up.
    """
    folder = state.home / "prometheus"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    config = folder / "prometheus.yml"
    # JSON is YAML.
    write_atomically(config, json.dumps(_configuration(state, every, postgresql), indent=2))
    return [
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--storage.tsdb.retention.time=7d",
        "--log.level=warn",
    ]


def _configuration(state: State, every: str, postgresql: str | None) -> dict[str, Any]:
    ports = state.read("stack").get("ports")
    if not ports:
        raise OperatorError("Nothing is up here: start it with ./classroom up --detach.")
    jobs: list[dict[str, Any]] = [{"job_name": "classroom", "static_configs": _processes(ports)}]
    broker = state.read("rabbitmq").get("ports", {}).get("metrics")
    if broker:
        target = [{"targets": [f"127.0.0.1:{broker}"]}]
        jobs.append({"job_name": "rabbitmq", "static_configs": target})
        detailed = {"metrics_path": "/metrics/detailed", "params": _QUEUES}
        dropped = {"metric_relabel_configs": [_NOT_THOSE]}
        jobs.append(
            {"job_name": "rabbitmq-queues", **detailed, **dropped, "static_configs": target}
        )
    if postgresql:
        jobs.append({"job_name": "postgresql", "static_configs": [{"targets": [postgresql]}]})
    return {
        "global": {"scrape_interval": every, "evaluation_interval": every},
        "rule_files": [str(RULES / "*.yml")],
        "scrape_configs": jobs,
    }


def _processes(ports: dict[str, int]) -> list[dict[str, Any]]:
    """Each is called by its name, which tells more than its port."""
    return [
        {"targets": [f"127.0.0.1:{ports[port]}"], "labels": {"instance": name}}
        for name, port in METRICS.items()
    ]


def _find(package: str, *, because: str) -> Path:
    found = installed(package)
    if found is None and can_install():
        with step(package) as say:
            try:
                install(package, because=because, say=say)
            except OperatorError as error:
                console.print(str(error))
        found = installed(package)
    if found is None:
        raise OperatorError(
            f"{because}: install it (Debian, Ubuntu: apt-get install {package}), or run this as "
            "root, or with sudo that asks for no password."
        )
    return found

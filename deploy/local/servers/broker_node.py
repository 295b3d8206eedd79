"""A private RabbitMQ node: own ports, own epmd, own cookie, all its folders under the stack's.

It shares nothing with a RabbitMQ that the machine may run for others, and reads none of its files.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from deploy.local.programs import Program
from deploy.local.servers.broker_programs import Node
from deploy.local.state import State, write_atomically

__all__ = ["PORTS", "environment", "program", "rabbitmqctl"]

PORTS = ("amqp", "management", "distribution", "epmd", "metrics")

PLUGINS = "[rabbitmq_management,rabbitmq_prometheus].\n"

CONFIG = """\
listeners.tcp.1 = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = {metrics}
# Instead of `guest`; made with the node's first start.
default_user = {user}
default_pass = {password}
default_user_tags.administrator = true
loopback_users = none
log.console = true
log.console.level = warning
log.file = false
# Deliveries may wait for as long as a database is away; our own consumers bound their work.
consumer_timeout = 86400000
"""


def program(state: State, node: Node, user: str, password: str) -> Program:
    """RabbitMQ in the foreground, so that the supervisor's child is the broker itself."""
    folder = state.home / "rabbitmq"
    for name in ("home", "data", "config", "config/conf.d"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    ports = state.read("rabbitmq")["ports"]
    config = CONFIG.format(**ports, user=user, password=password)
    write_atomically(folder / "config" / "rabbitmq.conf", config, mode=0o600)
    write_atomically(folder / "config" / "enabled_plugins", PLUGINS)
    write_atomically(folder / "config" / "rabbitmq-env.conf", "")
    return Program(
        name="rabbitmq",
        argv=(str(node.server), "-noinput"),
        environment=environment(state),
        folder=str(folder),
        stop_seconds=60,
    )


def environment(state: State) -> dict[str, str]:
    """What the node, and `rabbitmqctl` that speaks to it, must find set."""
    folder = state.home / "rabbitmq"
    config = folder / "config"
    ports = state.read("rabbitmq")["ports"]
    interface = "-kernel inet_dist_use_interface {127,0,0,1}"
    return {
        "HOME": str(folder / "home"),
        "PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin",
        "LANG": "C.UTF-8",
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(ports["epmd"]),
        "RABBITMQ_NODENAME": f"{state.short_name}@localhost",
        "RABBITMQ_DIST_PORT": str(ports["distribution"]),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": interface,
        # Keeps the start script from staying between the supervisor and the broker.
        "RABBITMQ_ALLOW_INPUT": "1",
        "RABBITMQ_CONF_ENV_FILE": str(config / "rabbitmq-env.conf"),
        "RABBITMQ_CONFIG_FILE": str(config / "rabbitmq.conf"),
        "RABBITMQ_CONFIG_FILES": str(config / "conf.d"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(config / "advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(config / "enabled_plugins"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "data" / "generated"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_MNESIA_DIR": str(folder / "data" / "node"),
        "RABBITMQ_FEATURE_FLAGS_FILE": str(folder / "data" / "feature_flags"),
        "RABBITMQ_PLUGINS_EXPAND_DIR": str(folder / "data" / "plugins"),
        "RABBITMQ_PID_FILE": str(folder / "data" / "node.pid"),
        "RABBITMQ_LOG_BASE": str(folder / "data" / "log"),
        "RABBITMQ_LOGS": "-",
    }


def rabbitmqctl(state: State, server: Path, *arguments: str) -> str:
    """Ask the private node something that its management interface cannot, such as an alarm."""
    done = subprocess.run(
        [str(server.with_name("rabbitmqctl")), *arguments],
        env=environment(state),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout

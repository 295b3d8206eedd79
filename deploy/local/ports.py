"""Which TCP port each process listens on: chosen free once, and remembered with the stack."""

from __future__ import annotations

import random
import socket
import time

from deploy.local.errors import OperatorError
from deploy.local.state import State, private_temporary_folder

__all__ = ["FIRST_GATEWAY_PORT", "gateway_port", "is_free", "port_of", "settled_port"]

FIRST_GATEWAY_PORT = 8400
CLAIM_SECONDS = 900
"""Longer than a start takes on a machine that is busy with others: servers and migrations come
before whoever is to listen."""

PRIVATE_RANGE = range(20000, 32000)
"""Below the range from which Linux takes the ports of outgoing connections (32768 and up)."""


def port_of(state: State, name: str) -> int:
    """The remembered port of a process that is about to start; another if someone has taken it."""
    return _remember(state, name, _remembered_if_free(state, name) or _free_port(state))


def gateway_port(state: State, wanted: int | None, *, running: bool) -> int:
    """`wanted` or nothing; without a wish the remembered one, else 8400 or the next that is free.

    A gateway that runs keeps its port unless another is wanted. Raises `OperatorError` if the
    wanted port is taken.
    """
    current = state.read("ports").get("gateway")
    if running and isinstance(current, int) and wanted in (None, current):
        return current
    if wanted is not None:
        if not is_free(wanted):
            raise OperatorError(
                f"Port {wanted} is taken by another program: choose another with --port, "
                "or leave --port away and a free one is chosen."
            )
        return _remember(state, "gateway", wanted)
    remembered = _remembered_if_free(state, "gateway")
    if remembered is not None:
        return remembered
    for port in range(FIRST_GATEWAY_PORT, FIRST_GATEWAY_PORT + 200):
        if is_free(port) and _claim(state, port):
            return _remember(state, "gateway", port)
    raise OperatorError("No port from 8400 to 8599 is free: name one with --port.")


def settled_port(state: State, name: str, *, running: bool) -> int:
    """The port of a process that may run already, and then keeps the one it has."""
    remembered = state.read("ports").get(name)
    return remembered if running and isinstance(remembered, int) else port_of(state, name)


def is_free(port: int) -> bool:
    """Whether a server could listen on it now, on any of this machine's own addresses."""
    return _can_bind("127.0.0.1", port) and _can_bind("0.0.0.0", port)  # noqa: S104 - only tried


def _can_bind(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def _claim(state: State, port: int) -> bool:
    """Keep two stacks that start at once from choosing the same port before either listens on it.

    A claim is one file, made by one of them only; it lapses when its stack has had time to start.
    """
    path = private_temporary_folder("classroom-ports") / str(port)
    try:
        with path.open("x") as file:
            file.write(state.mark)
    except FileExistsError:
        if time.time() - path.stat().st_mtime < CLAIM_SECONDS and path.read_text() != state.mark:
            return False
        path.write_text(state.mark)
    return True


def _free_port(state: State) -> int:
    ours = set(state.read("ports").values())
    for _ in range(200):
        port = random.choice(PRIVATE_RANGE)  # noqa: S311 - any port will do, it is no secret
        if port not in ours and is_free(port) and _claim(state, port):
            return port
    raise OperatorError("No free port was found from 20000 to 32000.")


def _remembered_if_free(state: State, name: str) -> int | None:
    port = state.read("ports").get(name)
    ours = isinstance(port, int) and is_free(port) and _claim(state, port)
    return port if ours else None


def _remember(state: State, name: str, port: int) -> int:
    ports = state.read("ports")
    if ports.get(name) != port:
        state.write("ports", {**ports, name: port})
    return port

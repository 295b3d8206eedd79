"""Ports: remembered, never one that another program has."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from deploy.local import ports
from deploy.local.errors import OperatorError
from deploy.local.ports import gateway_port, port_of, settled_port
from deploy.local.state import State


@contextmanager
def listening(port: int = 0) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", port)) as server:
        yield server.getsockname()[1]


def test_a_port_is_remembered(state: State) -> None:
    assert port_of(state, "roster") == port_of(state, "roster")
    assert port_of(state, "roster") != port_of(state, "identity")


def test_a_remembered_port_that_someone_took_is_given_up(state: State) -> None:
    first = port_of(state, "roster")
    with listening(first):
        assert port_of(state, "roster") != first


def test_a_process_that_runs_keeps_its_port(state: State) -> None:
    first = port_of(state, "roster")
    with listening(first):
        assert settled_port(state, "roster", running=True) == first


def test_a_wanted_port_that_is_taken_is_a_clear_error(state: State) -> None:
    with listening() as port, pytest.raises(OperatorError, match=f"Port {port} is taken"):
        gateway_port(state, port, running=False)


def test_two_stacks_that_start_at_once_choose_different_ports(
    state: State, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = State(tmp_path_factory.mktemp("other"))
    assert gateway_port(state, None, running=False) != gateway_port(other, None, running=False)


def test_what_they_choose_among_themselves_differs_too_long_before_they_listen(
    state: State, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a range with no more ports than both need."""
    with ExitStack() as free:
        four = [free.enter_context(listening()) for _ in range(4)]
    monkeypatch.setattr(ports, "PRIVATE_RANGE", four)
    other = State(tmp_path_factory.mktemp("other"))
    chosen = [port_of(each, name) for name in ("roster", "reports") for each in (state, other)]
    assert sorted(chosen) == sorted(four)
    assert port_of(state, "roster") == chosen[0]


def test_without_a_wish_the_next_free_port_is_taken(state: State) -> None:
    first = gateway_port(state, None, running=False)
    state.forget("ports")
    with listening(first):
        assert gateway_port(state, None, running=False) > first


def test_a_gateway_that_runs_keeps_its_port_unless_another_is_wanted(state: State) -> None:
    with listening() as port:
        state.write("ports", {"gateway": port})
        assert gateway_port(state, None, running=True) == port
        assert gateway_port(state, port, running=True) == port
        with pytest.raises(OperatorError), listening() as taken:
            gateway_port(state, taken, running=True)

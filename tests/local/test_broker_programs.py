"""Where RabbitMQ comes from: installed, else a container, else the package, else why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.local.errors import OperatorError
from deploy.local.servers import broker_container, broker_programs
from deploy.local.servers.broker_programs import USUAL_IMAGE, Container, Node, find_broker
from deploy.local.state import State

WITHOUT_IMAGE = """#!/bin/sh
case $1 in
    info | volume | rm) exit 0 ;;
    *) echo "not today" >&2; exit 1 ;;
esac
"""


def executable(path: Path, text: str = "#!/bin/sh\nexit 0\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


class Machine:
    """A made-up machine: only what is put on it is there."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = folder / "bin"
        self.place = folder / "rabbitmq"
        self.installed: list[str] = []
        self.may_install = False
        self.path.mkdir()
        monkeypatch.setenv("PATH", str(self.path))
        monkeypatch.delenv("CLASSROOM_RABBITMQ_IMAGE", raising=False)
        monkeypatch.setattr(broker_programs, "USUAL_PLACES", (str(self.place),))
        monkeypatch.setattr(broker_programs, "can_install", lambda: self.may_install)
        monkeypatch.setattr(broker_programs, "install", self._install)

    def has_rabbitmq(self) -> Path:
        executable(self.path / "erl")
        executable(self.place / "rabbitmq-env")
        return executable(self.place / "rabbitmq-server")

    def _install(self, package: str, **_: object) -> None:
        self.installed.append(package)
        self.has_rabbitmq()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def found(state: State) -> Node | Container:
    return find_broker(state, lambda _: None)


def test_one_that_is_installed_comes_first(state: State, machine: Machine) -> None:
    executable(machine.path / "docker")
    server = machine.has_rabbitmq()
    assert found(state) == Node(server)


def test_debians_wrapper_on_the_path_is_not_taken_for_it(state: State, machine: Machine) -> None:
    server = machine.has_rabbitmq()
    wrapper = executable(machine.place / "rabbitmq-script-wrapper")
    (machine.path / "rabbitmq-server").symlink_to(wrapper)
    assert found(state) == Node(server)


def test_then_a_container_engine_that_answers(state: State, machine: Machine) -> None:
    executable(machine.path / "docker", "#!/bin/sh\nexit 1\n")
    executable(machine.path / "podman")
    machine.may_install = True
    assert found(state) == Container("podman", USUAL_IMAGE)
    assert machine.installed == []


def test_an_engine_that_cannot_get_the_image_is_passed_over(state: State, machine: Machine) -> None:
    executable(machine.path / "docker", WITHOUT_IMAGE)
    machine.may_install = True
    assert isinstance(found(state), Node)
    assert machine.installed == ["rabbitmq-server"]


def test_another_image_may_be_named_and_is_remembered(
    state: State, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(machine.path / "docker")
    monkeypatch.setenv("CLASSROOM_RABBITMQ_IMAGE", "ours:4")
    assert found(state) == Container("docker", "ours:4")
    state.write("rabbitmq", {"container": "docker", "image": "ours:4"})
    monkeypatch.delenv("CLASSROOM_RABBITMQ_IMAGE")
    assert found(state) == Container("docker", "ours:4")


def test_then_debians_package(state: State, machine: Machine) -> None:
    machine.may_install = True
    assert isinstance(found(state), Node)
    assert machine.installed == ["rabbitmq-server"]


def test_else_the_three_ways_are_named(state: State, machine: Machine) -> None:
    with pytest.raises(OperatorError) as error:
        found(state)
    for way in ("rabbitmq-server", "container engine", "sudo"):
        assert way in str(error.value)


def test_a_stack_that_began_in_a_container_stays_there(state: State, machine: Machine) -> None:
    executable(machine.path / "docker")
    machine.has_rabbitmq()
    state.write("rabbitmq", {"container": "docker"})
    assert found(state) == Container("docker", USUAL_IMAGE)


def test_its_queues_are_not_left_behind_when_its_engine_is_away(
    state: State, machine: Machine
) -> None:
    executable(machine.path / "docker", WITHOUT_IMAGE)
    machine.has_rabbitmq()
    machine.may_install = True
    state.write("rabbitmq", {"container": "docker"})
    with pytest.raises(OperatorError, match="not today"):
        found(state)


def test_the_container_is_local_and_its_password_is_on_no_command_line(state: State) -> None:
    state.write("rabbitmq", {"ports": {"amqp": 20001, "management": 20002, "metrics": 20003}})
    program = broker_container.program(state, Container("docker", "ours:4"), "admin", "secret-word")
    assert "127.0.0.1:20001:5672" in program.argv
    assert not any("secret-word" in part for part in program.argv)
    assert program.environment["RABBITMQ_DEFAULT_PASS"] == "secret-word"

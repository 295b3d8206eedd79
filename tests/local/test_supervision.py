"""Processes: started once, restarted when they die, found again when the supervisor was killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from deploy.local import processes
from deploy.local.errors import OperatorError
from deploy.local.programs import Program
from deploy.local.state import State
from deploy.local.supervision import Supervisor


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)


def sleeper(name: str = "sleeper", **told: str) -> Program:
    code = "import time; print('awake', flush=True); time.sleep(600)"
    return Program(name=name, argv=(sys.executable, "-c", code), environment=told)


@pytest.fixture
def supervisor(state: State) -> Supervisor:
    return Supervisor(state)


def pid(supervisor: Supervisor, name: str = "sleeper") -> int:
    until(lambda: supervisor.pid_of(name))
    found = supervisor.pid_of(name)
    assert found is not None
    return found


class TestStarting:
    def test_twice_is_as_good_as_once(self, supervisor: Supervisor) -> None:
        supervisor.start(sleeper())
        first = pid(supervisor)
        supervisor.start(sleeper())
        assert pid(supervisor) == first

    def test_one_that_is_to_be_told_something_else_is_started_anew(
        self, supervisor: Supervisor
    ) -> None:
        supervisor.start(sleeper(), sleeper("other"))
        first, other = pid(supervisor), pid(supervisor, "other")
        supervisor.start(sleeper(WORD="new"), sleeper("other"))
        until(lambda: pid(supervisor) != first)
        assert pid(supervisor, "other") == other

    def test_it_is_told_nothing_of_our_environment(
        self, supervisor: Supervisor, state: State, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
        supervisor.start(sleeper(WORD="new"))
        log = state.logs / "sleeper.log"
        until(lambda: log.exists() and "awake" in log.read_text())
        told = psutil.Process(pid(supervisor)).environ()
        assert told["WORD"] == "new"
        assert "DATABASE_URL" not in told

    def test_one_that_keeps_dying_is_reported_with_its_last_words(
        self, supervisor: Supervisor, state: State
    ) -> None:
        code = "print('no such table'); raise SystemExit(1)"
        supervisor.start(Program(name="dying", argv=(sys.executable, "-c", code)))
        log = state.logs / "dying.log"
        until(lambda: log.exists() and log.read_text())
        with pytest.raises(OperatorError, match="no such table"):
            supervisor.wait_for("dying", lambda: False, seconds=0)


class TestDying:
    def test_a_process_that_was_killed_is_started_again(self, supervisor: Supervisor) -> None:
        supervisor.start(sleeper())
        first = pid(supervisor)
        os.kill(first, signal.SIGKILL)
        until(lambda: supervisor.pid_of("sleeper") not in (None, first))

    def test_without_its_supervisor_it_ends_and_the_next_start_works(
        self, supervisor: Supervisor, state: State
    ) -> None:
        supervisor.start(sleeper())
        first = psutil.Process(pid(supervisor))
        log = state.logs / "sleeper.log"
        until(lambda: log.exists() and "awake" in log.read_text())
        os.kill(int((state.run / "supervisord.pid").read_text()), signal.SIGKILL)
        if sys.platform == "linux":
            first.wait(60)
        supervisor.start(sleeper())
        assert pid(supervisor) != first.pid

    def test_shutting_down_leaves_nothing_even_of_what_went_its_own_way(
        self, supervisor: Supervisor, state: State
    ) -> None:
        code = "import subprocess, time; subprocess.Popen(['sleep', '600'], start_new_session=True)"
        argv = (sys.executable, "-c", f"{code}; time.sleep(600)")
        supervisor.start(Program(name="parent", argv=argv))
        until(lambda: any(p.name() == "sleep" for p in processes.leftovers(state)))
        supervisor.shut_down()
        assert processes.leftovers(state) == []
        assert list(state.run.iterdir()) == []

    def test_what_no_signal_reaches_is_cleared_away(
        self, supervisor: Supervisor, tmp_path: Path
    ) -> None:
        container = tmp_path / "container"
        code = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).mkdir(); time.sleep(600)"
        argv = (sys.executable, "-c", code, str(container))
        supervisor.start(Program(name="client", argv=argv, clearing=(("rmdir", str(container)),)))
        until(container.exists)
        os.kill(pid(supervisor, "client"), signal.SIGKILL)
        supervisor.shut_down()
        assert not container.exists()


class TestRecords:
    def test_a_reused_process_id_is_not_ours(self, state: State) -> None:
        stranger = subprocess.Popen(["sleep", "600"])
        try:
            record = {"pid": stranger.pid, "started": time.time() - 3600}
            (state.run / "sleeper.pid.json").write_text(json.dumps(record))
            assert processes.leftovers(state) == []
            Supervisor(state).ensure()
            assert stranger.poll() is None
        finally:
            stranger.kill()
            stranger.wait()

    def test_an_orphan_is_found_by_its_record(self, state: State) -> None:
        orphan = subprocess.Popen(["sleep", "600"])
        started = psutil.Process(orphan.pid).create_time()
        record = {"pid": orphan.pid, "started": started}
        (state.run / "sleeper.pid.json").write_text(json.dumps(record))
        Supervisor(state).shut_down()
        assert not psutil.pid_exists(orphan.pid)

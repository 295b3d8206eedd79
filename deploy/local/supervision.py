"""The supervisor of one stack: supervisord in the background, spoken to on a private socket.

It restarts what dies, with a growing pause, and keeps one rotated log per process.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from deploy.local import processes
from deploy.local.errors import OperatorError
from deploy.local.programs import Program
from deploy.local.state import State, write_atomically

__all__ = ["ALIVE", "Running", "Supervisor"]

ALIVE = frozenset({"STARTING", "RUNNING", "BACKOFF"})

LIVES = 4
"""A program that was started this often and is not ready will not be."""

DAEMON = """\
[supervisord]
nodaemon = false
identifier = classroom
pidfile = {run}/supervisord.pid
logfile = {logs}/supervisor.log
logfile_maxbytes = 5MB
logfile_backups = 2
childlogdir = {logs}
directory = /
umask = 077
silent = true
{user}
[unix_http_server]
file = {socket}
chmod = 0600

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[include]
files = *.program.conf
"""

PROGRAM = """\
[program:{name}]
command = {command}
autostart = false
autorestart = true
startsecs = 5
startretries = 1000
stopsignal = {stop_signal}
stopwaitsecs = {stop_seconds}
killasgroup = true
redirect_stderr = true
stdout_logfile = {logs}/{name}.log
stdout_logfile_maxbytes = 10MB
stdout_logfile_backups = 3
"""
"""`startsecs`: one that dies sooner is tried again after 1, 2, 3 … seconds."""


@dataclass(frozen=True)
class Running:
    """A program as the supervisor sees it; `pid` is `None` unless it runs."""

    name: str
    state: str
    pid: int | None


class Supervisor:
    """Starts and stops the programs of a stack. All methods are safe to call twice."""

    def __init__(self, state: State) -> None:
        self._state = state

    def is_up(self) -> bool:
        if not self._socket.exists():
            return False
        try:
            return bool(self._call("getIdentification") == "classroom")
        except OSError:
            return False

    def ensure(self) -> None:
        """Start supervisord if it is not there, after ending what a dead one left behind."""
        if self.is_up():
            return
        processes.end(processes.leftovers(self._state))
        for file in self._state.run.glob("*"):
            file.unlink()
        config = self._state.run / "supervisord.conf"
        write_atomically(config, self._daemon_config(), mode=0o600)
        done = subprocess.run(
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(config)],
            env={**os.environ, "CLASSROOM_STACK": self._state.mark},
            capture_output=True,
            text=True,
            check=False,
        )
        deadline = time.monotonic() + 20
        while not self.is_up():
            if time.monotonic() > deadline:
                log = self._state.logs / "supervisor.log"
                raise OperatorError(f"The supervisor did not start: {done.stderr.strip()} ({log})")
            time.sleep(0.05)

    def start(self, *programs: Program) -> None:
        """Start those that do not run, restart those that are not as asked, leave the others."""
        self.ensure()
        changed = [program for program in programs if self._write(program)]
        self._reload()
        before = {running.name: running for running in self.running()}
        restarted = [p.name for p in changed if before[p.name].state in ALIVE]
        self.stop(*restarted)
        for program in programs:
            if program.name in restarted or before[program.name].state not in ALIVE:
                self._call("startProcess", program.name, False)

    def stop(self, *names: str) -> None:
        """Stop them all at once and wait until they have ended."""
        if not names or not self.is_up():
            return
        for name in names:
            with suppress(xmlrpc.client.Fault):
                self._call("stopProcess", name, False)
        for name in names:
            self._wait_until_stopped(name)

    def running(self) -> list[Running]:
        """All programs, whatever their state; empty if there is no supervisor."""
        if not self.is_up():
            return []
        return [
            Running(info["name"], info["statename"], info["pid"] or None)
            for info in self._call("getAllProcessInfo")
        ]

    def wait_for(self, name: str, ready: Callable[[], bool], *, seconds: float) -> None:
        """Wait until it is ready; raises `OperatorError` with its last words if it keeps dying."""
        deadline = time.monotonic() + seconds
        lives: set[int] = set()
        while not ready():
            pid = self.pid_of(name)
            lives |= {pid} if pid else set()
            if len(lives) >= LIVES or time.monotonic() > deadline:
                raise OperatorError(f"{name} does not start. {self._last_words(name)}")
            time.sleep(0.2)

    def pid_of(self, name: str) -> int | None:
        return next((running.pid for running in self.running() if running.name == name), None)

    def shut_down(self, order: Iterable[tuple[str, ...]] = ()) -> None:
        """Stop the named groups one after the other, the rest, the supervisor, and any orphans."""
        for names in order:
            self.stop(*names)
        if self.is_up():
            self.stop(*(running.name for running in self.running()))
            pid = int(self._call("getPID"))
            daemon = processes.Recorded(pid, None).process()
            with suppress(OSError, xmlrpc.client.Fault):
                self._call("shutdown")
            if daemon is not None:
                with suppress(Exception):
                    daemon.wait(20)
        processes.end(processes.leftovers(self._state))
        for file in self._state.run.glob("*.program.json"):
            Program.read(file).clear()
        for file in self._state.run.glob("*"):
            file.unlink()
        self._socket.unlink(missing_ok=True)

    @cached_property
    def _socket(self) -> Path:
        return self._state.socket_path("supervisor")

    def _call(self, method: str, *arguments: Any) -> Any:
        transport = SupervisorTransport("", "", f"unix://{self._socket}")
        with xmlrpc.client.ServerProxy("http://supervisor", transport) as server:
            return getattr(server.supervisor, method)(*arguments)

    def _wait_until_stopped(self, name: str) -> None:
        """The supervisor kills what does not stop in its time, so that this ends."""
        while self.pid_of(name) is not None:
            time.sleep(0.1)

    def _last_words(self, name: str) -> str:
        log = self._state.logs / f"{name}.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        words = "\n".join(f"    {line[:300]}" for line in lines[-12:])
        return f"The end of {log}:\n{words}"

    def _reload(self) -> None:
        ((added, changed, removed),) = self._call("reloadConfig")
        for name in (*changed, *removed):
            self.stop(name)
            self._call("removeProcessGroup", name)
        for name in (*added, *changed):
            self._call("addProcessGroup", name)

    def _write(self, program: Program) -> bool:
        """Write down how it is started; true if that is not how it was."""
        run = self._state.run
        file = run / f"{program.name}.program.json"
        wanted = program.to_json()
        known = file.read_text() if file.exists() else None
        command = (sys.executable, "-m", "deploy.local.launch", str(run), program.name)
        config = PROGRAM.format(
            name=program.name,
            command=_escaped(shlex.join(command)),
            stop_signal=program.stop_signal,
            stop_seconds=program.stop_seconds,
            logs=_escaped(str(self._state.logs)),
        )
        write_atomically(run / f"{program.name}.program.conf", config, mode=0o600)
        write_atomically(file, wanted, mode=0o600)
        return known is not None and known != wanted

    def _daemon_config(self) -> str:
        return DAEMON.format(
            run=_escaped(str(self._state.run)),
            logs=_escaped(str(self._state.logs)),
            socket=_escaped(str(self._socket)),
            user="user = root\n" if os.getuid() == 0 else "",
        )


def _escaped(text: str) -> str:
    """supervisord's own `%(name)s` is not meant."""
    return text.replace("%", "%%")

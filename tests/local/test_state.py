"""The folder of a stack: kept secrets, files that survive a crash, sockets of a short name."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

from deploy.local.secrets_kept import broker_passwords, keys, role_passwords
from deploy.local.state import State, write_atomically


class TestSecrets:
    def test_a_secret_is_made_once_and_kept(self, state: State) -> None:
        assert state.secret("one") == state.secret("one")
        assert state.secret("one") != state.secret("other")

    def test_two_who_ask_at_once_get_the_same(self, state: State) -> None:
        got: list[str] = []
        threads = [
            threading.Thread(target=lambda n=n: got.append(state.kept_secret("x", str(n))))
            for n in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(got)) == 1

    def test_nobody_else_can_read_them(self, state: State) -> None:
        keys(state)
        broker_passwords(state)
        role_passwords(state, "roster")
        assert stat.S_IMODE(state.secrets.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in state.secrets.iterdir()} == {0o600}


class TestFiles:
    def test_a_file_that_was_cut_off_counts_as_missing(self, state: State) -> None:
        (state.home / "ports.json").write_text('{"gateway": 84')
        assert state.read("ports") == {}

    def test_a_crash_before_the_renaming_leaves_the_old_content(self, state: State) -> None:
        path = state.home / "file"
        write_atomically(path, "old")
        (state.home / ".file.new").write_text("half")
        assert path.read_text() == "old"
        write_atomically(path, "new")
        assert path.read_text() == "new"


class TestSockets:
    def test_a_deep_folder_gets_its_socket_elsewhere_and_alone(self, state: State) -> None:
        deep = State(state.home / ("x" * 100))
        path = deep.socket_path("supervisor")
        assert len(str(path)) < 100
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        path.parent.rmdir()

    def test_a_usual_folder_keeps_it(self, state: State) -> None:
        assert state.socket_path("supervisor").parent == state.run


def test_two_stacks_have_two_names() -> None:
    assert State(Path("/a")).short_name != State(Path("/b")).short_name

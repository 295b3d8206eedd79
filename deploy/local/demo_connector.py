"""The demo school's connector, running all the time, so that its MIS answers when it is asked."""

from __future__ import annotations

import sys

from deploy.local.programs import Program
from deploy.local.state import State
from deploy.local.supervision import Supervisor

__all__ = ["CONNECTOR", "keep_demo_connector"]

CONNECTOR = "connector"


def keep_demo_connector(state: State) -> None:
    """Under supervision, as on a school's own computer. Nothing where there is no demo school."""
    folder = state.home / "demo"
    credentials = folder / "credentials.json"
    if "accounts" not in state.read("demo") or not credentials.exists():
        return
    arguments = ("run", "--kind", "oneroster-csv", "--credentials", str(credentials))
    argv = (sys.executable, "-m", "services.mis_sync.connectors", *arguments)
    Supervisor(state).start(Program(name=CONNECTOR, argv=(*argv, str(folder / "export"))))

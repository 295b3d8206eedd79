"""`demo`: a school to look at."""

from __future__ import annotations

from deploy.local.commands.up import Detach, Port
from deploy.local.demo import Doors, make_demo
from deploy.local.demo_connector import keep_demo_connector
from deploy.local.foreground import brought_down_if_interrupted, stay
from deploy.local.stack import start_stack
from deploy.local.state import State
from deploy.local.welcome import welcome

__all__ = ["demo"]


def demo(detach: Detach = False, port: Port = None) -> None:
    """Start everything with a made-up school in it, linked to a made-up MIS."""
    state = State.from_environment()
    with brought_down_if_interrupted(state, detach=detach):
        url = start_stack(state, port=port)
        made = make_demo(state, Doors(url))
        keep_demo_connector(state)
    welcome(url, made, "./classroom mail shows what was sent, ./classroom down stops everything.")
    if not detach:
        stay(state)

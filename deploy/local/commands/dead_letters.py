"""`dead-letters`: the messages that could not be applied, and what is to become of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from deploy.local.errors import OperatorError
from deploy.local.state import State, url_of
from shared.messaging.dead_letters import DeadLetter, DeadLetters, NoSuchDeadLetter

__all__ = ["commands"]

commands = typer.Typer(no_args_is_help=True, help="Messages that could not be applied.")

T = TypeVar("T")

Id = Annotated[UUID, typer.Argument(help="As the list shows it.")]


@commands.command("list")
def list_waiting(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Those that nobody has dealt with, of all services."""
    found = [(service, each) for service, letters in _all() for each in _waiting(letters)]
    if as_json:
        print(json.dumps([_as_json(service, each) for service, each in found]))
        return
    if not found:
        print("None waits.")
        return
    table = Table("id", "died", "queue", "tries", "reason", box=None, pad_edge=False)
    for _, each in found:
        died = f"{each.died_at:%Y-%m-%d %H:%M:%S}"
        table.add_row(str(each.id), died, each.queue, str(each.tries), each.reason)
    Console(highlight=False, soft_wrap=True).print(table)


@commands.command()
def show(dead_letter: Id) -> None:
    """One of them in full, with what it says: there may be children's names in it."""
    service, each = _first(lambda letters: letters.show(dead_letter), dead_letter)
    print(json.dumps(_as_json(service, each), indent=2))
    print(each.body.decode(errors="replace"))


@commands.command()
def replay(dead_letter: Id) -> None:
    """Send it again to the one queue that it was for."""
    service, _ = _first(lambda letters: letters.replay(dead_letter), dead_letter)
    print(f"It is in the outbox of {service} again.")


@commands.command()
def discard(dead_letter: Id) -> None:
    """Take it off the list; it is kept with its reason."""
    service, _ = _first(lambda letters: letters.discard(dead_letter), dead_letter)
    print(f"It is off the list of {service}.")


def _all() -> list[tuple[str, DeadLetters]]:
    state = State.from_environment()
    url_of(state)
    dsns: dict[str, str] = state.read("stack")["relay_dsns"]
    return [(service, DeadLetters(dsn)) for service, dsn in dsns.items()]


def _waiting(letters: DeadLetters) -> list[DeadLetter]:
    return list(asyncio.run(letters.waiting()))


async def _attempt(work: Awaitable[T]) -> T:
    return await work


def _first(work: Callable[[DeadLetters], Awaitable[T]], wanted: UUID) -> tuple[str, T]:
    """The service that has it, and what the work on it gave."""
    for service, letters in _all():
        try:
            return service, asyncio.run(_attempt(work(letters)))
        except NoSuchDeadLetter:
            continue
    raise OperatorError(f"No dead letter {wanted} waits.")


def _as_json(service: str, each: DeadLetter) -> dict[str, object]:
    return {
        "id": str(each.id),
        "service": service,
        "queue": each.queue,
        "event_type": each.event_type,
        "school_id": str(each.school_id) if each.school_id else None,
        "reason": each.reason,
        "tries": each.tries,
        "died_at": each.died_at.isoformat(),
        "state": each.state,
    }

"""`mail`: what was sent locally."""

from __future__ import annotations

from typing import Annotated

import typer

from deploy.local.mail import sent
from deploy.local.state import State

__all__ = ["mail"]


def mail(
    to: Annotated[str | None, typer.Option(help="Only to this address.")] = None,
    last: Annotated[int | None, typer.Option(help="Only the newest so many.", min=1)] = None,
) -> None:
    """Show the e-mail that was sent; on this machine none of it leaves."""
    found = [
        each
        for each in sent(State.from_environment())
        if to is None or to.casefold() in each.recipient.casefold()
    ]
    for each in found[-last:] if last else found:
        print(f"{each.at:%Y-%m-%d %H:%M:%S}  to {each.recipient}\n{each.subject}\n\n{each.text}\n")
        print("-" * 72)
    if not found:
        print("No e-mail has been sent.")

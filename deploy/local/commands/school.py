"""`school add` and `school reset-two-step`: what only an operator does to a school."""

from __future__ import annotations

from typing import Annotated

import typer

from deploy.local.services_client import NewSchool, ServicesClient
from deploy.local.state import State

__all__ = ["commands"]

commands = typer.Typer(no_args_is_help=True, help="The schools on this system.")


@commands.callback()
def schools() -> None:
    """The schools on this system."""


@commands.command()
def add(
    name: Annotated[str, typer.Option(help="As it shall stand on its pages.")],
    postcode: Annotated[str, typer.Option(help="Usernames are made from it.")],
    first_year: Annotated[str, typer.Option(help="The youngest year group, such as R.")],
    last_year: Annotated[str, typer.Option(help="The oldest year group, such as 6.")],
    admin_email: Annotated[str, typer.Option(help="Whoever sets the school up.")],
) -> None:
    """Set a school up. Its admin gets a link that signs in once, by e-mail; it is printed too."""
    with ServicesClient(State.from_environment()) as services:
        school = NewSchool(name, postcode, first_year, last_year, admin_email)
        made = services.set_up_school(school)
    print(f"{made['school']['name']} is set up ({made['school']['id']}).")
    print(f"The admin's username is {made['admin']['username']}.")
    print(f"First sign-in, once, sent to {admin_email}: {made['admin']['sign_in_link']}")
    print(f"Default password of the school's users: {made['default_password']}")


@commands.command()
def reset_two_step(
    school: Annotated[str, typer.Option(help="Its id, or its whole name.")],
) -> None:
    """Take the two-step sign-in of a school's admin account away, when nobody can do it.

    Be sure that it is the school who asks: the password alone signs in afterwards.
    """
    with ServicesClient(State.from_environment()) as services:
        school_id = services.school_id_of(school)
        reset = services.ask("DELETE", "identity", f"/schools/{school_id}/admin/two-step")
    print(f"The admin account {reset['username']} signs in with its password alone now.")
    print(f"It is in the school's activity log, and {reset['email']} was told.")

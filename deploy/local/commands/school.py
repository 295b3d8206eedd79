"""`school …`: what only an operator does to a school: set up, reset, export, and let go."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.local.errors import OperatorError
from deploy.local.rest import wait_for
from deploy.local.school_export import export_school
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


ITS_NAME = Annotated[str, typer.Option(help="The school's whole name, typed out once more.")]
SCHOOL = Annotated[str, typer.Option(help="Its id, or its whole name.")]
ERASING_SECONDS = 120


@commands.command()
def export(
    school: SCHOOL,
    to: Annotated[Path, typer.Option(help="The ZIP to write. There are children's names in it.")],
) -> None:
    """Everything that is kept of a school, as CSV and files: what it is owed when it leaves."""
    state = State.from_environment()
    with ServicesClient(state) as services:
        school_id = services.school_id_of(school)
    print(f"{to}: {export_school(state, school_id, to)} rows. Hand it over encrypted.")


@commands.command()
def leave(
    school: SCHOOL,
    name: ITS_NAME,
    days: Annotated[int, typer.Option(help="For which all is still kept.", min=0, max=365)] = 30,
) -> None:
    """From now on nobody of the school signs in, and its connector is cut off. All is kept."""
    with ServicesClient(State.from_environment()) as services:
        school_id = services.school_id_of(school)
        body = {"name": name, "days": days}
        left = services.ask("PUT", "identity", f"/left-schools/{school_id}", body=body)
    print(f"{left['name']} has left. It is kept until {left['erase_after']}, then:")
    print(f'    school erase --school {school_id} --name "{left["name"]}"')
    print(f"or, if it stays after all: school stay --school {school_id}")


@commands.command()
def stay(school: SCHOOL) -> None:
    """Take `leave` back. Its MIS must be linked again, by its admin."""
    with ServicesClient(State.from_environment()) as services:
        school_id = services.school_id_of(school)
        services.ask("DELETE", "identity", f"/left-schools/{school_id}")
    print("Its people can sign in again. Its admin must link the MIS again (Data Management).")


@commands.command()
def left() -> None:
    """Schools that have left: until when each is kept, and which are gone from where."""
    with ServicesClient(State.from_environment()) as services:
        found = services.ask("GET", "identity", "/left-schools")["items"]
    for each in found:
        print(_line(each))
    if not found:
        print("None has left.")


@commands.command()
def erase(school: SCHOOL, name: ITS_NAME) -> None:
    """Delete all that is kept of a school that has left and whose time is over. For good.

    Waits until every service has said that it holds nothing any more; may be run again.
    """
    with ServicesClient(State.from_environment()) as services:
        school_id = _left_id(services, school)
        path = f"/left-schools/{school_id}/erasure"
        services.ask("POST", "identity", path, body={"name": name})

        def gone() -> bool:
            return any(each["school_id"] == school_id and each["gone"] for each in _left(services))

        wait_for(gone, "Erasing in every service", seconds=ERASING_SECONDS)
        print(next(_line(each) for each in _left(services) if each["school_id"] == school_id))


def _left(services: ServicesClient) -> list[dict[str, Any]]:
    return list(services.ask("GET", "identity", "/left-schools")["items"])


def _left_id(services: ServicesClient, school: str) -> str:
    """One that is half erased is known by its mark only."""
    found = [each["school_id"] for each in _left(services) if school in _names(each)]
    if len(found) != 1:
        raise OperatorError(f"{len(found)} schools that have left are called {school}.")
    return str(found[0])


def _names(each: dict[str, Any]) -> tuple[str, str]:
    return each["name"], each["school_id"]


def _line(each: dict[str, Any]) -> str:
    held = ", ".join(f"{service} {rows} rows" for service, rows in sorted(each["erased"].items()))
    state = f"erased from {held}" if each["erasing_at"] else f"kept until {each['erase_after']}"
    return f"{each['school_id']}  {each['name']}  {state}{'  GONE' if each['gone'] else ''}"

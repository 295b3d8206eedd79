"""What whoever started the demo is told: where it is, who signs in, and what there is to do."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from deploy.local.progress import console

__all__ = ["welcome"]


def welcome(url: str, made: dict[str, Any], afterwards: str) -> None:
    """`made` is what `make_demo` gave; `afterwards` says where the mail is and how to stop."""
    sign_ins = Table("role", "username", "password", box=None, pad_edge=False)
    for account in made["accounts"]:
        password = account["password"] or "one of their own"
        sign_ins.add_row(account["role"], account["username"], password)
    console.print()
    console.print(f"[bold]{made['school']}[/bold] is at [bold]{url}[/bold]")
    console.print(sign_ins)
    console.print(
        "\nWhat there is to do: sign in as the admin. The home page has an alert, since the "
        "classes of the MIS are not mapped yet. Its OK leads to Data Management › MIS Mapping: "
        "create or map the classes there, and their pupils and teachers follow. Then sign in as "
        "one of those teachers, with the same default password, and see their class.\n"
        f"{afterwards}"
    )

"""A school at work: its MIS is mapped, so it has pupils, groups, users and links; and a logo."""

from __future__ import annotations

from pathlib import Path

from deploy.local.state import State
from tests.api import signed_in
from tests.exports import export_for
from tests.stack import ADMIN_PASSWORD, School, Stack, runs_at_rest

__all__ = ["at_work", "files_of"]

_LOGO = Path(__file__).parents[2] / "docs/images/mis-mapping.png"


async def at_work(stack: Stack, school: School, folder: Path, domain: str) -> None:
    await stack.push(school, export_for(folder, domain))
    async with signed_in(stack.url, school.admin, ADMIN_PASSWORD) as api:
        await runs_at_rest(api, 1)
        decisions = [
            {
                "difference_id": difference["id"],
                "expected_version": difference["version"],
                "action": "create",
            }
            for difference in await api.everything("/api/mis/differences", state="open")
        ]
        await api.post("/api/mis/mapping", {"decisions": decisions})
        await runs_at_rest(api, 2)
        await api.ask("POST", "/api/logo", content=_LOGO.read_bytes())


def files_of(stack: Stack, school: School) -> list[Path]:
    folder = State(stack.home).files / "schools" / school.id
    return [path for path in folder.rglob("*") if path.is_file()]

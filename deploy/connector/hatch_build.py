"""Where the connector's sources lie: in a checkout two folders up, unpacked from an sdist here.

So that the sdist, which has them beside `pyproject.toml`, builds the same wheel by itself.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = (
    "services/mis_sync/connectors",
    "shared/contracts/__init__.py",
    "shared/contracts/envelope.py",
    "shared/contracts/mis.py",
    "shared/contracts/signatures.py",
    "shared/contracts/vocabulary.py",
)


class Sources(BuildHookInterface):  # type: ignore[misc]
    def initialize(self, _: str, build_data: dict[str, Any]) -> None:
        here = Path(self.root)
        alone = (here / "services").is_dir()
        if alone and self.target_name == "sdist":
            return
        tree = here if alone else here.parents[1]
        build_data["force_include"].update({str(tree / name): name for name in SOURCES})

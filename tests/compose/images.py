"""What each image is made of: extras, folders, and where its processes begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["IMAGES", "Image"]

_PRINTS = "shared.typesetting"


@dataclass(frozen=True)
class Image:
    extras: tuple[str, ...]
    starts: tuple[str, ...]
    """Modules that are run in it."""
    folders: tuple[str, ...]
    """Packages that lie in `/app`; of each all that is not another's."""
    without: tuple[str, ...] = ()

    def has(self, module: str) -> bool:
        def within(package: str) -> bool:
            return module == package or module.startswith(f"{package}.")

        above = any(folder.startswith(f"{module}.") for folder in self.folders)
        return (above or any(map(within, self.folders))) and not any(map(within, self.without))


def _service(name: str, *extras: str, also: tuple[str, ...] = (), prints: bool = False) -> Image:
    package = f"services.{name}"
    return Image(
        extras=extras,
        starts=(f"{package}.__main__", f"{package}.republish", "shared.database.migrate", *also),
        folders=("shared", package),
        without=() if prints else (_PRINTS,),
    )


IMAGES: Mapping[str, Image] = {
    "identity": _service("identity", "identity", prints=True),
    "roster": _service("roster", "roster"),
    "mis-sync": _service("mis_sync", "mis-sync", also=("services.mis_sync.provisioner.__main__",)),
    "reports": _service("reports", "reports", prints=True),
    "gateway": Image(
        extras=("gateway",),
        starts=("gateway.__main__",),
        folders=("shared", "gateway"),
        without=(_PRINTS,),
    ),
    "operator": Image(
        extras=("connector", "compose"),
        starts=("deploy.compose.__main__", "deploy.kubernetes.__main__"),
        folders=(
            "shared",
            "services.mis_sync.connectors",
            "deploy.compose",
            "deploy.kubernetes",
            "deploy.local",
        ),
        without=(_PRINTS,),
    ),
}

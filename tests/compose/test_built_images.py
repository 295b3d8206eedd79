"""What is in the images that are built, where an engine has them; skipped elsewhere."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from tests.compose.engine import Compose, why_not
from tests.compose.images import IMAGES

LOOK = """
import json, os, pathlib, shutil
app = pathlib.Path("/app")
paths = [path.with_suffix("").relative_to(app) for path in app.rglob("*.py")]
parts = json.load(open("/opt/venv/sbom.cdx.json"))["components"]
print(json.dumps({
    "modules": [".".join(path.parts) for path in paths],
    "packages": [part["name"] for part in parts],
    "tools": [name for name in ("uv", "node", "npm", "cc") if shutil.which(name)],
    "written": [at for at in ("/", "/app", "/opt/venv", "/etc") if os.access(at, os.W_OK)],
    "user": os.getuid(),
}))
"""


@pytest.fixture(scope="module")
def compose() -> Compose:
    if reason := why_not():
        pytest.skip(f"images are not looked at: {reason}")
    return Compose("classroom")


@pytest.mark.parametrize("name", IMAGES)
def test_an_image_holds_its_own_folders_and_packages_only(name: str, compose: Compose) -> None:
    image = compose.image_of(name)
    # Without any way out, and nothing of it taken as read-only that it does not keep so itself.
    command = ["docker", "run", "--rm", "--network", "none", "--entrypoint", "python", image]
    found = json.loads(_said([*command, "-c", LOOK]))
    modules = {module.removesuffix(".__init__") for module in found["modules"]}
    own = IMAGES[name]
    assert {module for module in modules if not own.has(module)} == set()
    for folder in own.folders:
        assert folder in modules
    assert "fastapi" in found["packages"]
    assert found["tools"] == []
    assert (found["user"], found["written"]) == (10001, [])


@pytest.mark.parametrize("name", IMAGES)
def test_an_image_says_what_it_is_and_where_its_parts_are_listed(
    name: str, compose: Compose
) -> None:
    [image] = json.loads(_said(["docker", "image", "inspect", compose.image_of(name)]))
    config: dict[str, Any] = image["Config"]
    labels = config["Labels"]
    assert labels["org.opencontainers.image.title"].endswith(name)
    assert labels["org.opencontainers.image.version"]
    assert labels["org.classroom-monitor.sbom"] == "/opt/venv/sbom.cdx.json"
    assert config["User"] == "10001:10001"
    healthy = ["NONE"] if name == "operator" else ["CMD", "python3", "-I", "-S", "/opt/healthy.py"]
    assert config["Healthcheck"]["Test"] == healthy


def _said(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout

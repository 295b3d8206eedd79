"""What each image has in it, held against what its processes import; no engine is needed.

The graph of imports is import-linter's own. What the recipe copies is looked at in the images
themselves where an engine has them (`test_smoke.py`).
"""

from __future__ import annotations

import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions, requires

import grimp
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.compose.file import CHECKOUT
from tests.compose.images import IMAGES, Image

RECIPE = (CHECKOUT / "deploy/images/Dockerfile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OURS = ("shared", "services", "gateway", "deploy")


@cache
def imports() -> grimp.ImportGraph:
    return grimp.build_graph(
        *OURS, include_external_packages=True, exclude_type_checking_imports=True
    )


def imported_by(image: Image) -> set[str]:
    """Modules of ours and packages of others, of all that its processes may come to."""
    graph, found = imports(), set(image.starts)
    for start in image.starts:
        found |= graph.find_upstream_modules(start)
    return found


@cache
def locked_for(extras: tuple[str, ...]) -> frozenset[str]:
    """Distributions that are installed with these extras, by what each asks for."""
    found: set[str] = set()
    wanted = [(line, "") for line in PROJECT["dependencies"]]
    for extra in extras:
        wanted += [(line, "") for line in PROJECT["optional-dependencies"][extra]]
    while wanted:
        line, extra = wanted.pop()
        asked = Requirement(line)
        if asked.marker is not None and not asked.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(asked.name)
        for extra in ("", *asked.extras):
            if (settled := f"{name}[{extra}]") not in found:
                found |= {name, settled}
                wanted += [(line, extra) for line in requires(name) or []]
    return frozenset(found)


@pytest.mark.parametrize("name", IMAGES)
def test_an_image_has_every_package_that_it_imports(name: str) -> None:
    """A package that only another's extra has is here, and not in the image."""
    image = IMAGES[name]
    known = packages_distributions()
    others = {
        module
        for module in imported_by(image)
        if module.split(".")[0] not in {*OURS, *sys.stdlib_module_names}
    }
    missing = {
        module
        for module in others
        if not {canonicalize_name(dist) for dist in known.get(module, [module])}
        & locked_for(image.extras)
    }
    assert missing == set()


@pytest.mark.parametrize("name", IMAGES)
def test_an_image_has_every_folder_that_it_imports(name: str) -> None:
    image = IMAGES[name]
    ours = {module for module in imported_by(image) if module.split(".")[0] in OURS}
    assert ours
    assert {module for module in ours if not image.has(module)} == set()


@pytest.mark.parametrize("name", IMAGES)
def test_the_recipe_installs_the_extras_of_each_image(name: str) -> None:
    [said] = re.findall(rf"AS packages-of-{name}\n.*packages-of (.+)\n", RECIPE)
    assert tuple(said.split()) == IMAGES[name].extras

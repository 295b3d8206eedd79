"""Whether a page can be used by everyone, as far as axe-core can tell, and fits its window."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, cast

from playwright.async_api import Page, expect

__all__ = ["assert_accessible"]

_AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """async (rules) => {
    const options = {runOnly: rules, resultTypes: ["violations"], preload: false};
    return (await axe.run(document, options)).violations;
}"""
# What a click opens is there some frames later, and then moves.
_AT_REST = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    const ends = ({effect}) => effect.getComputedTiming().endTime < Infinity;
    let moving;
    do {
        for (let passed = 0; passed < 3; passed++) await frame();
        moving = document.getAnimations()
            .filter((one) => one.playState === 'running' && ends(one));
        await Promise.all(moving.map((one) => one.finished.catch(() => null)));
    } while (moving.length);
}"""


async def assert_accessible(page: Page) -> None:
    """No violation of WCAG 2.2 AA, one main heading, a title, and nothing wider than the window."""
    # A list that asks for others is faded until they come.
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)
    await page.evaluate(_AT_REST)
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_source())
    violations = cast(list[dict[str, Any]], await page.evaluate(_RUN, _RULES))
    assert not violations, "\n".join(_told(violation) for violation in violations)
    assert await page.get_by_role("heading", level=1).count() == 1 or await _has_dialog(page)
    assert (await page.title()).endswith("– Classroom Monitor")
    too_wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert too_wide <= 0, f"{page.url} is {too_wide} pixels wider than its window"


@cache
def _source() -> str:
    return _AXE.read_text(encoding="utf-8")


async def _has_dialog(page: Page) -> bool:
    """What lies under a dialog is hidden from assistive technology, its heading with it."""
    return await page.get_by_role("dialog").count() == 1


def _told(violation: dict[str, Any]) -> str:
    places = ", ".join(node["html"][:160] for node in violation["nodes"][:3])
    return f"{violation['id']} ({violation['impact']}): {violation['help']}: {places}"

"""The built pages: the application's own page for every path, and what browsers are told."""

from __future__ import annotations

import gzip
import re

import pytest

from tests.gateway.world import World

PAGE = '<meta property="csp-nonce" nonce="__CSP_NONCE__"><div id="root"></div>'


@pytest.fixture
def built(world: World) -> World:
    assets = world.frontend / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    (world.frontend / "index.html").write_text(PAGE, encoding="utf-8")
    (world.frontend / "favicon.svg").write_text("<svg/>", encoding="utf-8")
    (assets / "index-B2x9.js").write_text("1", encoding="utf-8")
    (world.frontend.parent / "outside.txt").write_text("secret", encoding="utf-8")
    return world


class TestFrontend:
    @pytest.mark.parametrize(
        "path", ["/", "/index.html", "/pupils", "/groups/1", "/link/a-token", "/" + "a" * 300]
    )
    async def test_every_path_is_the_application(self, built: World, path: str) -> None:
        answer = await built.gateway.get(path)
        assert (answer.status_code, 'id="root"' in answer.text) == (200, True)
        assert answer.headers["Cache-Control"] == "no-store"

    async def test_hashed_files_are_kept_for_ever(self, built: World) -> None:
        script = await built.gateway.get("/assets/index-B2x9.js")
        icon = await built.gateway.get("/favicon.svg")
        assert "immutable" in script.headers["Cache-Control"]
        assert script.headers["Content-Type"].startswith("text/javascript")
        assert icon.headers["Cache-Control"] == "no-cache"

    @pytest.mark.parametrize("read", ["gzip, br", "identity"])
    async def test_what_the_build_compressed_is_for_who_reads_it(
        self, built: World, read: str
    ) -> None:
        packed = built.frontend / "assets" / "index-B2x9.js.gz"
        packed.write_bytes(gzip.compress(b"1"))
        script = await built.gateway.get("/assets/index-B2x9.js", headers={"Accept-Encoding": read})
        assert script.text == "1"
        assert script.headers.get("Content-Encoding") == ("gzip" if "gzip" in read else None)
        assert script.headers["Content-Type"].startswith("text/javascript")
        assert script.headers["Vary"] == "Accept-Encoding"

    async def test_a_missing_script_is_not_the_application(self, built: World) -> None:
        assert (await built.gateway.get("/assets/index-OLD.js")).status_code == 404

    @pytest.mark.parametrize(
        "path", ["/../outside.txt", "/..%2foutside.txt", "/assets/..%2f..%2foutside.txt"]
    )
    async def test_nothing_outside_is_served(self, built: World, path: str) -> None:
        assert "secret" not in (await built.gateway.get(path)).text

    async def test_an_unknown_path_of_the_api_is_a_problem(self, built: World) -> None:
        answer = await built.gateway.get("/api/none")
        assert (answer.status_code, answer.json()["status"]) == (404, 404)

    async def test_without_a_build_it_says_so(self, world: World) -> None:
        assert (await world.gateway.get("/")).json()["detail"] == "The pages have not been built."


class TestHeaders:
    async def test_the_page_may_run_only_its_own_scripts(self, built: World) -> None:
        first, second = await built.gateway.get("/"), await built.gateway.get("/")
        policy = first.headers["Content-Security-Policy"]
        nonce = re.search(r"style-src 'self' 'nonce-([\w-]+)'", policy)
        assert nonce is not None
        assert f'nonce="{nonce[1]}"' in first.text
        assert "unsafe" not in policy
        assert {"script-src 'self'", "default-src 'none'", "frame-ancestors 'none'"} <= set(
            policy.split("; ")
        )
        assert second.headers["Content-Security-Policy"] != policy

    @pytest.mark.parametrize("path", ["/", "/api/home", "/api/none", "/live", "/favicon.svg"])
    async def test_are_on_every_answer(self, built: World, path: str) -> None:
        headers = (await built.gateway.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Strict-Transport-Security"].startswith("max-age=")

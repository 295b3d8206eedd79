"""Each command of `docs/operations/`, and what shows it: a test that types it, or somebody's hand.

`test_the_pages.py` holds the pages against this list. A test must have the words in it that stand
beside it. What was run by hand is run again when its page or what it does is changed.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SHOWN", "Hand", "Typed"]


@dataclass(frozen=True)
class Typed:
    """By a test, a path below `tests/`, in these words."""

    test: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Hand:
    """On that day, in that way."""

    day: str
    how: str


_COMPOSE = Hand("2026-11-26", "Docker 28.2, Compose 2.26, on the stand-ins of deploy/images")
_EARLIER = Hand("before 2026-11-26", "Docker 20.10, Compose 2.26, on the same")
_IN = r"docker compose exec( -T)?"
_RUN = r"docker compose run --rm( -T)? operator"
_TAR = r"docker compose run --rm --no-deps -T --entrypoint tar"

SHOWN: dict[str, Typed | Hand] = {
    # One machine
    r"\./classroom status": Typed("stack.py", ("status",)),
    r"\./classroom up --detach": Typed("operations/conftest.py", ("up", "--detach")),
    r"\./classroom logs( \w+)?( (-n|--lines) \d+)?": Typed(
        "operations/test_incident.py", ("logs", "--lines")
    ),
    r"\./classroom logs gateway \| grep \w+": Typed("operations/test_incident.py", ("logs",)),
    r"\./classroom dead-letters (list|show ID|replay ID|discard ID)": Typed(
        "operations/test_incident.py", ("dead-letters", "list", "show", "replay", "discard")
    ),
    r"\./classroom incident activity .+": Typed(
        "operations/test_incident.py", ("incident", "activity", "--first-day", "--last-day")
    ),
    r"\./classroom back-up .+": Typed("operations/test_restore.py", ("back-up",)),
    r"\./classroom restore .+": Typed("operations/test_restore.py", ("restore", "--secrets")),
    r"for service in .+ republish \$service; done": Typed(
        "operations/test_restore.py", ("republish", "mis_sync", "identity", "roster", "reports")
    ),
    r"\./classroom school add .+": Typed("browser/test_link.py", ("school", "add", "--postcode")),
    r"\./classroom school (export|leave|left|erase)( .+)?": Typed(
        "operations/test_leaving.py", ("school", "export", "leave", "left", "erase")
    ),
    r"\./classroom secrets (list|rotate NAME|put NAME|finish NAME|(rotate|finish) pepper)": Typed(
        "operations/test_rotation.py", ("secrets", "list", "rotate", "put", "finish", "pepper")
    ),
    r"OTEL_EXPORTER_OTLP_ENDPOINT=\S+ \./classroom up": Typed(
        "collector.py", ("OTEL_EXPORTER_OTLP_ENDPOINT",)
    ),
    r"promtool (check|test) rules .+": Typed("observability/test_rules.py", ("promtool",)),
    # Compose
    r"docker compose up --detach": Typed("compose/engine.py", ("up", "--detach")),
    r"docker compose down --volumes": Typed("compose/engine.py", ("down", "--volumes")),
    r"docker compose logs demo": Typed("compose/test_smoke.py", ("logs", "demo")),
    r"docker compose ps --all": Typed("compose/engine.py", ("ps", "--all")),
    _RUN + r" dead-letters list": Typed("compose/test_smoke.py", ("dead-letters", "list")),
    r"docker compose up|docker compose up --scale demo=0": _EARLIER,
    r"OTEL_EXPORTER_OTLP_ENDPOINT=\S+ docker compose up": _EARLIER,
    r"docker compose (stop|down|start object-store|stop object-store)": _COMPOSE,
    r"docker compose logs --follow roster-worker": _EARLIER,
    r"docker compose build": _COMPOSE,
    r"docker compose (push|pull)": _COMPOSE,
    r"docker compose --profile observability up( --detach prometheus postgresql-exporter)?": Hand(
        "2026-11-26", "as above, but for Grafana, of which there is no image"
    ),
    r"docker compose restart postgresql-exporter": _COMPOSE,
    r"docker image ls 'classroom/\*'": _COMPOSE,
    r"docker run --rm --entrypoint cat classroom/roster:dev \S+": _COMPOSE,
    r"docker compose run --rm --no-deps --entrypoint cat operator \S+": _COMPOSE,
    r"docker compose run --rm --no-deps secrets": _COMPOSE,
    _RUN + r" (definitions|school add --help)": _COMPOSE,
    _RUN + r" school reset-two-step .+": _COMPOSE,
    _RUN + r" secrets (rotate|finish|put) .+": _COMPOSE,
    _IN + r" [\w-]+ python -m services\.\w+\.(republish|renewing)( \w+)?": _COMPOSE,
    r"docker compose run --rm --volume \S+ operator (school export|bring-files) .+": _COMPOSE,
    r"install -d -o 10001 out": _COMPOSE,
    _TAR + r" .+": _COMPOSE,
    _IN + r" postgresql (pg_dumpall|psql) .+": _COMPOSE,
    r"docker compose up --detach --wait postgresql": _COMPOSE,
    r"deploy/images/standins/make\.sh > standins\.env": _EARLIER,
    r"docker compose --env-file standins\.env up": _EARLIER,
}
"""By a pattern that the whole command matches."""

"""Structured logs: one JSON object per line on stdout, whoever wrote it, with its correlation id.

Secrets and people's names never reach a log: values under such keys are struck out. Of any text
only the first line is written: PostgreSQL and pydantic repeat the values that they refuse after it.
"""

from __future__ import annotations

import logging
import logging.config
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from opentelemetry import trace
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import Processor

__all__ = ["configure_logs"]

_STRUCK_OUT = "[struck out]"
_SECRET_PARTS = ("password", "secret", "token", "cookie", "authorization", "credential", "pepper")
_PERSONAL_KEYS = frozenset(
    {
        "address",
        "date_of_birth",
        "email",
        "ethnicity",
        "first_language",
        "forename",
        "free_school_meals",
        "identifier",
        "in_care",
        "legal_forename",
        "legal_surname",
        "middle_names",
        "preferred_forename",
        "preferred_surname",
        "pupil_premium",
        "search",
        "sen_provision",
        "surname",
        "upn",
        "username",
    }
)
_CHATTY_LOGGERS = ("aio_pika", "aiormq", "asyncio", "faststream", "httpcore", "httpx", "uvicorn")


def configure_logs(service: str, level: str = "INFO") -> None:
    """Send the logs of the process, the libraries' too, to stdout as JSON lines.

    `level` is ours; libraries speak from WARNING on, or from `level` where that is higher.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _name_service(service),
        _name_trace,
        strike_out,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_json_lines(shared))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _CHATTY_LOGGERS:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(max(logging.WARNING, root.level))


def strike_out(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take secrets and personal details out of a log event, at any depth."""
    return {key: _clean(key, value) for key, value in event.items()}


def _clean(key: str, value: Any) -> Any:
    name = key.lower()
    if name in _PERSONAL_KEYS or any(part in name for part in _SECRET_PARTS):
        return _STRUCK_OUT
    if isinstance(value, dict):
        return {inner: _clean(str(inner), deeper) for inner, deeper in value.items()}
    if isinstance(value, list | tuple):
        return [_clean("", item) for item in value]
    return _first_line(value) if isinstance(value, str) else value


def _first_line(text: str) -> str:
    return text.partition("\n")[0]


def _name_service(service: str) -> Processor:
    def name(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event.setdefault("service", service)
        return event

    return name


def _name_trace(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = trace.format_trace_id(context.trace_id)
        event["span_id"] = trace.format_span_id(context.span_id)
    return event


def _traceback_without_values(exc_info: Any) -> list[dict[str, Any]]:
    """The traceback without local variables, and of each message the first line only."""
    stacks = _transform(exc_info)
    for stack in stacks:
        stack["exc_value"] = _first_line(stack["exc_value"])
    return stacks


_transform = ExceptionDictTransformer(show_locals=False, max_frames=20)


def _json_lines(foreign: list[Processor]) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=foreign,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(_traceback_without_values),
            structlog.processors.JSONRenderer(default=str),
        ],
    )

"""Reads messages by twins of their contracts: structs, made in a quarter of the time of models.

A first snapshot brings tens of thousands of records, and to make a model of each took longer than
all rules (benchmark B2). A twin takes less than its contract takes, and reads the same of it: what
it does not take is read by the contract itself, which decides, and says what is wrong.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from enum import StrEnum
from functools import cache, cached_property, reduce
from operator import or_
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin
from uuid import UUID

import annotated_types as limits
import msgspec
from msgspec import Meta, Struct
from pydantic import AwareDatetime, BaseModel, StringConstraints
from pydantic.fields import FieldInfo

__all__ = ["reader_of", "twin_of"]

M = TypeVar("M", bound=BaseModel)

_NONE = type(None)
_UNIONS = (Union, types.UnionType)
_PLAIN = (str, int, float, bool, UUID, date, _NONE, Any)
_STRIPPED = r"\A\S(?s:.*)(?<!\s)\Z"
"""What has no space around it: a contract would take that away."""
_ITSELF = (ValueError, msgspec.MsgspecError, RecursionError)


def reader_of(model: type[M]) -> Callable[[bytes], M]:
    """Reads JSON as `model` does, but gives its twin where that takes it: the same fields with the
    same values, and nothing else of a model. One that has no twin reads its messages itself.

    Raises what `model.model_validate_json` raises.
    """
    try:
        decoder = msgspec.json.Decoder(twin_of(model))
    except TypeError:
        return model.model_validate_json

    def read(body: bytes) -> M:
        try:
            return decoder.decode(body)  # type: ignore[return-value]
        except _ITSELF:
            return model.model_validate_json(body)

    return read


@cache
def twin_of(model: type[BaseModel]) -> type[Struct]:
    """Raises `TypeError` where the model has something of which it is not known here what it takes,
    such as validators of its own, or that a twin would lack, such as what it works out itself."""
    own = model.__pydantic_decorators__
    if any(getattr(own, kind) for kind in _VALIDATORS):
        raise TypeError(f"{model.__name__} has validators of its own, and so no twin")
    if model.__private_attributes__ or _worked_out_by(model):
        raise TypeError(f"{model.__name__} has more than fields, and so no twin")
    config = model.model_config
    if config.keys() - {"frozen", "extra"} or config.get("extra", "ignore") != "ignore":
        raise TypeError(f"{model.__name__} is read in a way of its own, and so has no twin")
    fields = [(name, *_field(field)) for name, field in model.model_fields.items()]
    # Not looked through for rings: what was read from JSON has none.
    return msgspec.defstruct(model.__name__, fields, frozen=True, kw_only=True, gc=False)


def _worked_out_by(model: type[BaseModel]) -> bool:
    """Whether it has methods or properties, its own or those of what it is made of."""
    classes = model.__mro__[: model.__mro__.index(BaseModel)]
    return any(
        isinstance(value, _WORKS_OUT) and not name.startswith("__")
        for one in classes
        for name, value in vars(one).items()
    )


def _field(field: FieldInfo) -> tuple[Any, ...]:
    if field.alias or field.validation_alias:
        raise TypeError("a field of another name has no twin")
    kind = _with_limits(_twin_type(field.annotation), field.metadata)
    if field.is_required():
        return (kind,)
    if field.default_factory_takes_validated_data:
        raise TypeError("a field that is made of others has no twin")
    if field.default_factory is not None:
        return (
            kind,
            msgspec.field(default_factory=cast("Callable[[], Any]", field.default_factory)),
        )
    default = field.default
    if isinstance(default, BaseModel):
        default = msgspec.convert(default.model_dump(), twin_of(type(default)))
    return (kind, default)


def _twin_type(kind: Any) -> Any:
    origin, args = get_origin(kind), get_args(kind)
    if kind is AwareDatetime:
        return Annotated[datetime, Meta(tz=True)]
    if kind in _PLAIN or origin is Literal:
        return kind
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return twin_of(kind)
    if origin is Annotated:
        return _with_limits(_twin_type(args[0]), args[1:])
    if origin in _UNIONS:
        return reduce(or_, map(_twin_type, args))
    if origin is tuple and args[1:] == (...,):
        return tuple[_twin_type(args[0]), ...]  # type: ignore[misc]
    if origin in (frozenset, list):
        return origin[_twin_type(args[0])]
    if origin in (dict, Mapping):
        return dict[_twin_type(args[0]), _twin_type(args[1])]  # type: ignore[misc]
    raise TypeError(f"{kind} has no twin")


def _with_limits(kind: Any, said: Any) -> Any:
    known: dict[str, Any] = {}
    for limit in said:
        known |= _limit(limit)
    if not known:
        return kind
    if get_origin(kind) in _UNIONS:
        members = get_args(kind)
        return reduce(or_, (one if one is _NONE else _limited(one, known) for one in members))
    return _limited(kind, known)


def _limited(kind: Any, known: Mapping[str, Any]) -> Any:
    return Annotated[kind, Meta(**known)]


def _limit(limit: Any) -> dict[str, Any]:
    if isinstance(limit, StringConstraints):
        return _of_text(limit)
    for kind, name in _LIMITS.items():
        if isinstance(limit, kind):
            return {name: getattr(limit, name)}
    raise TypeError(f"what {limit} takes is not known here")


_LIMITS: Mapping[type, str] = {
    limits.Ge: "ge",
    limits.Gt: "gt",
    limits.Le: "le",
    limits.Lt: "lt",
    limits.MinLen: "min_length",
    limits.MaxLen: "max_length",
}
_WORKS_OUT = (types.FunctionType, property, cached_property, classmethod, staticmethod)
_VALIDATORS = (
    "computed_fields",
    "validators",
    "field_validators",
    "root_validators",
    "model_validators",
)


def _of_text(said: StringConstraints) -> dict[str, Any]:
    known = {name: value for name, value in asdict(said).items() if value is not None}
    stripped = known.pop("strip_whitespace", False)
    if "pattern" in known:
        # Python's `$` would let the end of a line follow.
        known["pattern"] = known["pattern"].removesuffix("$") + r"\Z"
    elif stripped:
        known["pattern"], stripped = _STRIPPED, False
    if stripped or known.keys() - {"min_length", "max_length", "pattern"}:
        raise TypeError(f"what {said} takes is not known here")
    return known

"""An operation is one Pydantic class: its fields are the parameters, its docstring is what a model reads, its
``spec`` holds the wire and safety facts, its type argument is the result. Everything else is derived from it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import GenericAlias, MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Protocol, TypeVar, cast
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from .flow import Flow, Request

__all__ = [
    "Api",
    "Effect",
    "JsonObject",
    "Operation",
    "Spec",
]

R = TypeVar("R")
T = TypeVar("T")

JsonObject = dict[str, Any]


class Effect(StrEnum):
    """What a call does to the workspace."""

    READ = "read"
    WRITE = "write"
    DESTRUCTIVE = "destructive"


@dataclass(frozen=True, slots=True)
class Spec:
    """The wire and safety facts of an operation."""

    entity: str
    """Plural noun, e.g. ``pages``."""
    action: str
    """Verb, e.g. ``get``."""
    endpoint: str
    """Method and path template, e.g. ``GET /v1/pages/{page_id}``."""
    effect: Effect = field(default=Effect.READ, kw_only=True)
    query: tuple[str, ...] = field(default=(), kw_only=True)
    """Fields sent in the query string although the method has a body; with GET and DELETE all are."""
    fixed: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType[str, Any]({}), kw_only=True)
    """Body entries that are ours to send, whatever the parameters."""
    encoded: tuple[str, ...] = field(default=(), kw_only=True)
    """Path fields that hold percent-encoded text already, which is sent as it is."""
    capability: str | None = field(default=None, kw_only=True)
    """Notion capability that the connection needs, e.g. ``read_content``; None if it needs none."""
    nullable: tuple[str, ...] = field(default=(), kw_only=True)
    """Fields that null clears; for all others null is the same as nothing."""
    surface: Literal["all", "python"] = field(default="all", kw_only=True)
    """``python``: for developers only, never in a tool or reachable by name."""
    not_found: str | None = field(default=None, kw_only=True)
    """Next step for a 404 where the usual one is not enough."""
    read_back: str | None = field(default=None, kw_only=True)
    """For a write: where the object that it saved is read, e.g. ``GET /v1/pages/{id}``."""
    verify: str = field(default="read the object that it was to change.", kw_only=True)
    """For a write: what to read when its outcome is unknown."""
    appends: bool = field(default=False, kw_only=True)
    """For a write: its answer lists new children, so that only their ids say what was saved."""
    repeatable: bool = field(default=False, kw_only=True)
    """For a write: sending it twice does what sending it once does, such as putting something in the trash."""

    @property
    def name(self) -> str:
        """``entity.action``, the name used in messages."""
        return f"{self.entity}.{self.action}"

    @property
    def method(self) -> str:
        """HTTP method."""
        return self.endpoint.partition(" ")[0]

    @property
    def path(self) -> str:
        """Path template."""
        return self.endpoint.partition(" ")[2]


class Api(Protocol):
    """What an operation's flow may use: an executor, local or hosted."""

    @property
    def notion_version(self) -> str:
        """The Notion-Version that requests are sent with."""
        ...

    def perform(self, operation: "Operation[Any]") -> Flow[JsonObject]:
        """Run one primitive operation and return Notion's answer, decoded."""
        ...

    def call(self, operation: "Operation[T]") -> "Flow[T]":
        """Run any operation, primitive or composite, and return its result.

        Raises DeadlineExceeded in the flow where the whole call's time is up: a composite read catches it and answers
        with what it has, saying that it is incomplete.
        """
        ...

    def wait(self, seconds: float) -> Flow[None]:
        """Let time pass within the whole call.

        Raises DeadlineExceeded at once where the call's time would be up before that.
        """
        ...


if TYPE_CHECKING:

    class _Model(BaseModel, Generic[R]): ...

else:

    class _Model(BaseModel):
        model_config = ConfigDict(defer_build=True)

        def __class_getitem__(cls, result: Any) -> GenericAlias:
            # Pydantic would build a model for each result type, which nothing validates and every import would pay.
            return GenericAlias(cls, result)


class Operation(_Model[R]):
    """Base class of all operations; ``R`` is the result type."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    spec: ClassVar[Spec]

    @model_validator(mode="before")
    @classmethod
    def _drop_null(cls, params: Any) -> Any:
        # Models send null for what they leave out.
        if isinstance(params, Mapping):
            given = cast("Mapping[str, Any]", params)
            return {name: value for name, value in given.items() if value is not None or name in cls.spec.nullable}
        return params

    @field_validator("*")
    @classmethod
    def _refuse_unsendable(cls, value: Any) -> Any:
        _check_utf8(value)
        return value

    @property
    def effect(self) -> Effect:
        """The effect of this very call; overridden where parameters change it."""
        return self.spec.effect

    def params(self) -> JsonObject:
        """The parameters that were given, as JSON data."""
        given = self.model_dump(mode="json", by_alias=True, exclude_unset=True)
        return {name: value for name, value in given.items() if value is not None or name in self.spec.nullable}

    def request(self) -> Request:
        """The HTTP request of a primitive operation."""
        spec, params = self.spec, self.params()
        path = _PLACEHOLDER.sub(lambda match: self._part(match[1], params), spec.path)
        if spec.method in {"GET", "DELETE"}:
            return Request(method=spec.method, path=path, query=tuple(_pairs(params)))
        query = {name: params.pop(name) for name in spec.query if name in params}
        body = {**self.body(params), **spec.fixed}
        return Request(method=spec.method, path=path, query=tuple(_pairs(query)), json=body)

    def body(self, params: JsonObject) -> JsonObject:
        """The JSON body from the parameters that stand neither in the path nor in the query string."""
        return params

    def _part(self, name: str, params: JsonObject) -> str:
        return _quote(params.pop(name), safe=_PATH if name in self.spec.encoded else "")

    def result(self, data: JsonObject) -> R:
        """Notion's decoded answer as the operation's result."""
        return cast("R", data)

    def flow(self, api: Api) -> Flow[R]:
        """Run the operation; a composite overrides this and calls primitives through ``api.call``."""
        return self.result((yield from api.perform(self)))


_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_PATH = "%!$&'()*+,;=:@"
"""What stands in a path segment as it is, percent-encoded sequences included."""


def _check_utf8(value: object) -> None:
    """Raise ValueError for lone surrogates, as in text cut within an emoji: they cannot be sent."""
    for text in cast("list[object]", value) if isinstance(value, list) else (value,):
        if isinstance(text, str):
            text.encode()


def _quote(value: Any, safe: str = "") -> str:
    part = quote(str(value), safe=safe)
    if part.strip(".") == "":
        raise ValueError(f"not a path segment: {value!r}")
    return part


def _pairs(params: JsonObject) -> Iterator[tuple[str, str]]:
    for name, value in params.items():
        for item in cast("Sequence[object]", value) if isinstance(value, list) else (value,):
            yield name, str(item).lower() if isinstance(item, bool) else str(item)

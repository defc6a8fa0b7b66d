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

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import SchemaSerializer, core_schema

from .errors import InvalidResponse
from .fields import Cursor, PageSize
from .flow import Flow, Request

__all__ = ["Api", "Effect", "ListMeta", "ListOperation", "ListResult", "Operation", "Spec"]

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
    capability: str | None = field(default=None, kw_only=True)
    """Notion capability that the connection needs, e.g. ``read_content``; None if it needs none."""
    surface: Literal["all", "python"] = field(default="all", kw_only=True)
    """``python``: for developers only, never in a tool or reachable by name."""
    not_found: str | None = field(default=None, kw_only=True)
    """Next step for a 404 where the usual one is not enough."""

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
        """Run any operation, primitive or composite, and return its result."""
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
            return {name: value for name, value in given.items() if value is not None}
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
        return {name: value for name, value in given.items() if value is not None}

    def request(self) -> Request:
        """The HTTP request of a primitive operation."""
        spec, params = self.spec, self.params()
        path = _PLACEHOLDER.sub(lambda match: _quote(params.pop(match[1])), spec.path)
        if spec.method in {"GET", "DELETE"}:
            return Request(method=spec.method, path=path, query=tuple(_pairs(params)))
        query = {name: params.pop(name) for name in spec.query if name in params}
        return Request(method=spec.method, path=path, query=tuple(_pairs(query)), json={**params, **spec.fixed})

    def result(self, data: JsonObject) -> R:
        """Notion's decoded answer as the operation's result."""
        return cast("R", data)

    def flow(self, api: Api) -> Flow[R]:
        """Run the operation; a composite overrides this and calls primitives through ``api.call``."""
        return self.result((yield from api.perform(self)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMeta:
    """What Notion says of a list beside its items."""

    next_cursor: str | None
    """Pass it as ``start_cursor`` for the next page; None at the end."""
    has_more: bool
    request_id: str | None = None
    envelope: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType[str, Any]({}), repr=False)
    """Every other key of Notion's list object, e.g. ``type`` and ``request_status``."""

    def to_dict(self) -> JsonObject:
        """As JSON data: ``next_cursor``, ``has_more`` and, where Notion sent one, ``request_status``."""
        data: JsonObject = {"next_cursor": self.next_cursor, "has_more": self.has_more}
        if "request_status" in self.envelope:
            data["request_status"] = self.envelope["request_status"]
        return data


class _AsDict:
    """Lets Pydantic serialise a ListResult by ``to_dict``. Built when first asked for, to keep the import fast."""

    def __get__(self, instance: object, owner: Any) -> SchemaSerializer:
        as_dict = core_schema.plain_serializer_function_ser_schema(owner.to_dict)
        owner.__pydantic_serializer__ = serializer = SchemaSerializer(core_schema.any_schema(serialization=as_dict))
        return serializer


@dataclass(frozen=True, slots=True, kw_only=True)
class ListResult(Generic[T]):
    """One page of a list: iterable over its items, with ``meta`` for the next page."""

    data: list[T]
    meta: ListMeta

    __pydantic_serializer__: ClassVar[Any] = _AsDict()

    def __iter__(self) -> Iterator[T]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)

    def to_dict(self) -> JsonObject:
        """As JSON data: ``{data, meta}``."""
        return {"data": self.data, "meta": self.meta.to_dict()}


class ListOperation(Operation[ListResult[T]]):
    """Base class of operations that answer one page of a list."""

    start_cursor: Cursor | None = Field(default=None, description="next_cursor of the previous page.")
    page_size: PageSize | None = Field(default=None, description="Items per page, 1 to 100.")

    items_key: ClassVar[str] = "results"

    def result(self, data: JsonObject) -> ListResult[T]:
        """Notion's list object as ``ListResult``."""
        items = data.get(self.items_key)
        if not isinstance(items, list):
            raise InvalidResponse(
                f"Notion's answer to {self.spec.name} holds no list under {self.items_key!r}.",
                request_id=data.get("request_id"),
            )
        envelope = {key: value for key, value in data.items() if key not in {self.items_key, *_LIST_KEYS}}
        meta = ListMeta(
            next_cursor=data.get("next_cursor"),
            has_more=bool(data.get("has_more")),
            request_id=data.get("request_id"),
            envelope=MappingProxyType(envelope),
        )
        return ListResult(data=cast("list[T]", items), meta=meta)


_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_LIST_KEYS = ("next_cursor", "has_more", "request_id")


def _check_utf8(value: object) -> None:
    """Raise ValueError for lone surrogates, as in text cut within an emoji: they cannot be sent."""
    for text in cast("list[object]", value) if isinstance(value, list) else (value,):
        if isinstance(text, str):
            text.encode()


def _quote(value: Any) -> str:
    part = quote(str(value), safe="")
    if part.strip(".") == "":
        raise ValueError(f"not a path segment: {value!r}")
    return part


def _pairs(params: JsonObject) -> Iterator[tuple[str, str]]:
    for name, value in params.items():
        for item in cast("Sequence[object]", value) if isinstance(value, list) else (value,):
            yield name, str(item).lower() if isinstance(item, bool) else str(item)

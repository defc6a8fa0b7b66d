"""Lists: one page of a list as ``ListResult``, and the way through all its pages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, Generic, TypeVar, cast

from pydantic import Field
from pydantic_core import SchemaSerializer, core_schema

from .errors import IncompleteResult, InvalidResponse
from .fields import Cursor, PageSize
from .operation import JsonObject, Operation, Spec

__all__ = ["ListMeta", "ListOperation", "ListResult", "Paging", "list_result"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMeta:
    """What Notion says of a list beside its items."""

    next_cursor: str | None
    """Pass it as ``start_cursor`` for the next page; None at the end."""
    has_more: bool
    incomplete_reason: str | None = None
    """Why the list as a whole lacks items although its pages come to an end; Notion's word, None if it lacks none."""
    request_id: str | None = None
    envelope: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType[str, Any]({}), repr=False)
    """Every other key of Notion's list object, e.g. ``type`` and ``request_status``."""

    def to_dict(self) -> JsonObject:
        """As JSON data: ``next_cursor``, ``has_more``; ``complete: false`` with ``incomplete_reason`` where the list as
        a whole lacks items; and of the envelope what belongs to the content (``request_status``, ``property_item``,
        ``left_out``).
        """
        data: JsonObject = {"next_cursor": self.next_cursor, "has_more": self.has_more}
        if self.incomplete_reason is not None:
            data |= {"complete": False, "incomplete_reason": self.incomplete_reason}
        return data | {key: self.envelope[key] for key in _TOLD if key in self.envelope}


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
        return list_result(data, self.spec, self.items_key)

    def paging(self) -> "Paging[T]":
        """The way through all pages of the list, from ``start_cursor`` on."""
        return Paging(self)


def list_result(data: JsonObject, spec: Spec, items_key: str = "results") -> ListResult[Any]:
    """One of Notion's list objects as ``ListResult``; raises InvalidResponse if it holds no list."""
    if not isinstance(data.get(items_key), list):
        raise InvalidResponse(
            f"Notion's answer to {spec.name} holds no list under {items_key!r}.", request_id=data.get("request_id")
        )
    envelope = {key: value for key, value in data.items() if key not in {items_key, *_LIST_KEYS}}
    meta = ListMeta(
        next_cursor=data.get("next_cursor"),
        has_more=bool(data.get("has_more")),
        incomplete_reason=_incomplete_reason(data.get("request_status")),
        request_id=data.get("request_id"),
        envelope=MappingProxyType(envelope),
    )
    return ListResult(data=data[items_key], meta=meta)


class Paging(Generic[T]):
    """The way through all pages of a list, without I/O: run ``upcoming`` and ``take`` its page until it is None.

    It ends where the list ends, or with an error: a list never just stops.
    """

    def __init__(self, operation: Operation[Any]) -> None:
        self.upcoming: Operation[Any] | None = operation
        """What to run next; None at the end."""
        self.delivered = 0
        """How many items were handed out."""
        self._name = operation.spec.name
        self._cursors = {getattr(operation, "start_cursor", None)}
        self._reason: str | None = None

    def take(self, page: ListResult[T]) -> Iterator[T]:
        """The page's items; once they are consumed, ``upcoming`` is the next one.

        Raises:
            IncompleteResult: the list has ended, and Notion says that it lacks items.
            InvalidResponse: the cursors go round.
        """
        for item in self._fresh(page):
            self.delivered += 1
            yield item
        self._reason = page.meta.incomplete_reason or self._reason
        self.upcoming = self._following(page) or self._at_end()

    def _fresh(self, page: ListResult[T]) -> Iterator[T]:
        return iter(page)

    def _following(self, page: ListResult[T]) -> Operation[Any] | None:
        cursor = page.meta.next_cursor
        if not page.meta.has_more:
            return None
        if cursor is None:
            self._reason = self._reason or "no_next_cursor"
            return None
        if cursor in self._cursors or self.upcoming is None:
            raise InvalidResponse(f"{self._name} answered with a cursor once more; the list would never end.")
        self._cursors.add(cursor)
        return self.upcoming.model_copy(update={"start_cursor": cursor})

    def _at_end(self) -> Operation[Any] | None:
        if self._reason is not None:
            raise self._incomplete(self._reason)
        return None

    def _incomplete(self, reason: str, hint: str | None = None) -> IncompleteResult:
        return IncompleteResult(
            f"{self._name} ended early ({reason}): {self.delivered:,} items were delivered and there are more.",
            hint=hint,
            details={"delivered": self.delivered, "incomplete_reason": reason},
        )


_LIST_KEYS = ("next_cursor", "has_more", "request_id")
_TOLD = ("request_status", "property_item", "left_out")


def _incomplete_reason(status: Any) -> str | None:
    if not isinstance(status, dict) or cast("JsonObject", status).get("type") != "incomplete":
        return None
    return str(cast("JsonObject", status).get("incomplete_reason") or "incomplete")

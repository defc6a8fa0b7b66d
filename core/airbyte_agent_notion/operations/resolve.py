"""From an id, a URL or a title to the object meant. What to try next is decided apart from sending."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from pydantic import Field, field_validator

from ..brevity import quoted
from ..errors import DeadlineExceeded, InvalidRequest, NotFound
from ..fields import is_notion_url, parse_id, url_ids
from ..flow import Flow
from ..models.resolved import Kind, Resolved
from ..operation import Api, Operation, Spec
from .blocks import GetBlock
from .containers import GetDatabase
from .data_sources import GetDataSource
from .pages import GetPage
from .references import Choice, ambiguous, parent_hint, plain_text
from .search import Search

__all__ = ["Pointer", "Resolve", "chosen", "pointer", "remaining", "summarised"]

JsonObject = dict[str, Any]

MAX_SEARCHES = 5
"""Pages of search hits that are read for a title, of 100 hits each."""
MAX_TITLE = 200
"""Characters of a block's text that serve as its title."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """An id, and the kinds of object it may belong to, likeliest first."""

    id: str
    kinds: tuple[Kind, ...]


_ANY: tuple[Kind, ...] = ("page", "data_source", "database", "block")
_OF_VIEW: tuple[Kind, ...] = ("database", "page", "data_source", "block")
_INSTEAD: dict[Kind, Kind] = {"page": "database", "database": "page"}
"""Notion answers 400, not 404, where a page's endpoint is given a database and the other way round."""
_CHILDREN: dict[object, Kind] = {"child_page": "page", "child_database": "database"}
_READ: dict[Kind, Callable[[str], Operation[Any]]] = {
    "page": lambda identifier: GetPage(page_id=identifier),
    "data_source": lambda identifier: GetDataSource(data_source_id=identifier),
    "database": lambda identifier: GetDatabase(database_id=identifier),
    "block": lambda identifier: GetBlock(block_id=identifier),
}


def pointer(reference: str) -> Pointer | None:
    """Where an id or a URL points; None for a title. Raises ValueError for a Notion URL without an id."""
    if not is_notion_url(reference):
        try:
            return Pointer(parse_id(reference), _ANY)
        except ValueError:
            return None
    ids = url_ids(reference)
    if ids.block:
        return Pointer(parse_id(ids.block), ("block",))
    if ids.peeked:
        return Pointer(parse_id(ids.peeked), _ANY)
    if not ids.path:
        raise ValueError("this Notion URL holds no id of a page, database or block; give an id or an exact title")
    return Pointer(parse_id(ids.path), _OF_VIEW if ids.view else _ANY)


def remaining(kinds: tuple[Kind, ...], refusal: NotFound | InvalidRequest) -> tuple[Kind, ...]:
    """The kinds that are left when the first was refused, likeliest first."""
    tried, rest = kinds[0], kinds[1:]
    instead = _INSTEAD.get(tried) if isinstance(refusal, InvalidRequest) else None
    if instead not in rest:
        return rest
    return (instead, *(kind for kind in rest if kind != instead))


def summarised(found: JsonObject) -> Resolved:
    """The object that Notion answered, in short."""
    kind = cast("Kind", found["object"])
    resolved = Resolved(object=kind, id=found["id"], title=_title(found), url=found.get("url"))
    if kind == "database":
        resolved["data_sources"] = list(found.get("data_sources") or [])
    return resolved


def chosen(title: str, hits: Iterable[JsonObject], *, complete: bool) -> Resolved:
    """The one hit of a search that has exactly this title.

    Raises:
        AmbiguousReference: several have it.
        NotFound: none has it.
    """
    wanted = _folded(title)
    by_id = {hit["id"]: hit for hit in hits}
    matching = [hit for hit in by_id.values() if _folded(_title(hit)) == wanted]
    note = "" if complete else f" among the {len(by_id)} hits of the search that were read; it had more"
    if not matching:
        raise NotFound(f"Nothing has exactly the title {quoted(title)}{note}.", status=404, hint=_NO_TITLE)
    if len(matching) > 1:
        raise ambiguous(
            f"{len(matching)} objects have the title {quoted(title)}{note}", [_choice(hit) for hit in matching]
        )
    resolved = summarised(matching[0])
    return resolved if complete else {**resolved, "complete": False}


class Resolve(Operation[Resolved]):
    """Find out what a reference means: an id or Notion URL of a page, database, data source or block, or the exact
    title of a page or data source. Answers object, id, title and url; for a database also its data_sources. A title
    with several hits is refused with the choices. Titles come from search, which lists only what is shared and may lag;
    complete is false where it had more hits than were read. A database is found by the title of its data source.
    """

    spec = Spec("search", "resolve", "POST /v1/search", capability="read_content")
    reference: str = Field(min_length=1, max_length=2_000, description="Id, Notion URL or exact title.")

    @field_validator("reference")
    @classmethod
    def _points_somewhere(cls, value: str) -> str:
        text = value.strip()
        if not text:
            raise ValueError("must not be empty")
        pointer(text)
        return text

    def flow(self, api: Api) -> Flow[Resolved]:
        """Read what the id may belong to, one kind after the other; or search the title."""
        where = pointer(self.reference)
        return (yield from (self._by_title(api) if where is None else self._by_id(where, api)))

    def _by_id(self, where: Pointer, api: Api) -> Flow[Resolved]:
        kinds: tuple[Kind, ...] = where.kinds
        tried: list[Kind] = []
        block: JsonObject | None = None
        while kinds:
            tried.append(kinds[0])
            try:
                found = yield from api.perform(_READ[kinds[0]](where.id))
            except (NotFound, InvalidRequest) as refusal:
                if isinstance(refusal, InvalidRequest) and refusal.code != InvalidRequest.code:
                    raise
                kinds = remaining(kinds, refusal)
                continue
            child = _CHILDREN.get(found.get("type")) if found["object"] == "block" else None
            if child is None or child in tried:
                return summarised(found)
            block, kinds = found, (child,)
        if block is not None:
            return summarised(block)
        hint = _NO_BLOCK if where.kinds == ("block",) else None
        raise NotFound(f"Nothing that this connection can see has the id {where.id}.", status=404, hint=hint)

    def _by_title(self, api: Api) -> Flow[Resolved]:
        hits: list[JsonObject] = []
        operation = Search(query=self.reference)
        for _ in range(MAX_SEARCHES):
            try:
                page = yield from api.call(operation)
            except DeadlineExceeded:
                if not hits:
                    raise
                break
            hits += cast("list[JsonObject]", page.data)
            if not page.meta.has_more or page.meta.next_cursor is None:
                return chosen(self.reference, hits, complete=page.meta.incomplete_reason is None)
            operation = operation.model_copy(update={"start_cursor": page.meta.next_cursor})
        return chosen(self.reference, hits, complete=False)


def _title(found: JsonObject) -> str:
    kind = found["object"]
    if kind == "page":
        values = cast("dict[str, JsonObject]", found.get("properties") or {})
        return next((plain_text(each.get("title")) for each in values.values() if each.get("type") == "title"), "")
    if kind != "block":
        return plain_text(found.get("title"))
    content: object = found.get(str(found.get("type")))
    inner = cast("JsonObject", content) if isinstance(content, dict) else {}
    title = inner.get("title")
    return (title if isinstance(title, str) else plain_text(inner.get("rich_text")))[:MAX_TITLE]


def _choice(hit: JsonObject) -> Choice:
    return Choice(object=hit["object"], id=hit["id"], title=_title(hit), parent=parent_hint(hit.get("parent")))


def _folded(title: str) -> str:
    return " ".join(title.split()).casefold()


_NO_TITLE = (
    "The title must match whole. Look for it with search.search and fewer words; databases are found by the titles of "
    "their data sources. What is missing there is not shared with this connection, or was changed a moment ago."
)
_NO_BLOCK = "The block may have been deleted: the page is found by its URL without the part after #."

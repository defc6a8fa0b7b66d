"""Values that Notion cuts off at 25 items: pages say which those are, and have them completed on request."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, cast

from ..errors import DeadlineExceeded, Forbidden, IncompleteResult, InvalidResponse, NotFound
from ..flow import Flow, gather
from ..listing import ListResult, Paging
from ..models.objects import Page
from ..models.properties import Incomplete, PropertyItem, PropertyValue
from ..operation import Api
from .property_items import GetPageProperty

__all__ = ["complete_page", "marked", "marked_pages"]

CUT_AT = 25
LISTED = frozenset({"title", "rich_text", "people", "relation"})
COMPUTED = frozenset({"rollup", "formula"})
AT_ONCE = 8

CUT = "stops at 25 items; pages.get with complete: true reads all"
ROLLUP = "uses 25 related pages at most; pages.get_property reads a rollup in full"
FORMULA = "uses 25 related pages at most and cannot be completed"

T = TypeVar("T")
Values = Mapping[str, PropertyValue]


def marked(page: Page) -> Page:
    """The page with ``incomplete``, if one of its values may be cut off; else the page itself."""
    values = page.get("properties")
    if not values or not _any_long(values):
        return page
    cut = list(_cut(values))
    missing: list[Incomplete] = [{"property": name, "reason": CUT} for name in cut]
    return _with(page, [*missing, *_computed(values, cut)])


def marked_pages(listed: ListResult[T]) -> ListResult[T]:
    """A list with its pages marked; other objects stay as they are."""
    pages = cast("list[Page]", listed.data)
    pages[:] = [marked(item) if item.get("object") == "page" else item for item in pages]
    return listed


def complete_page(api: Api, page: Page) -> Flow[Page]:
    """The page with every value that was cut off read in full; ``incomplete`` says what could not be."""
    values = page.get("properties") or {}
    cut = list(_cut(values))
    found = yield from gather([_all_items(api, page["id"], values[name]) for name in cut], limit=AT_ONCE)
    missing: list[Incomplete] = []
    whole = {**values}
    for name, items in zip(cut, found, strict=True):
        if isinstance(items, str):
            missing.append({"property": name, "reason": items})
        else:
            whole[name] = _filled(values[name], items)
    # A server in hosted mode has marked the page already.
    bare = {key: value for key, value in page.items() if key != "incomplete"}
    return _with(cast("Page", {**bare, "properties": whole} if values else bare), [*missing, *_computed(values, cut)])


def _any_long(values: Mapping[str, Any]) -> bool:
    """Whether a closer look is due; most pages are done with here, and lists are long."""
    try:
        for value in values.values():
            kind = value["type"]
            if kind in LISTED and (len(value[kind]) >= CUT_AT or value.get("has_more")):
                return True
            if kind == "rollup" and (value[kind]["type"] == "incomplete" or _length(value[kind], "array") >= CUT_AT):
                return True
    except (KeyError, TypeError):
        return True
    return False


def _cut(values: Values) -> Iterator[str]:
    """Names of values that are cut off, or may be: only a relation tells, of others 25 items are a hint."""
    for name, value in values.items():
        kind = _kind(value)
        if kind in LISTED and value.get("has_more", _length(value, kind) >= CUT_AT):
            yield name


def _computed(values: Values, cut: list[str]) -> Iterator[Incomplete]:
    """Rollups and formulas over what is cut off; which relation they look at, a page does not say."""
    related = any(_kind(values[name]) == "relation" for name in cut)
    for name, value in values.items():
        kind = _kind(value)
        if kind in COMPUTED:
            result: Any = value.get(kind)
            if related or _length(result, "array") >= CUT_AT or _kind(result) == "incomplete":
                yield {"property": name, "reason": ROLLUP if kind == "rollup" else FORMULA}


def _kind(value: object) -> str:
    return str(cast("Mapping[str, object]", value).get("type")) if isinstance(value, Mapping) else ""


def _length(value: object, key: str) -> int:
    items = cast("Mapping[str, object]", value).get(key) if isinstance(value, Mapping) else None
    return len(cast("list[object]", items)) if isinstance(items, list) else 0


def _all_items(api: Api, page_id: str, value: PropertyValue) -> Flow[list[object] | str]:
    """All items of a value, or why they could not be read."""
    kind = str(value.get("type"))
    items: list[object] = []
    try:
        paging = Paging[Any](GetPageProperty(page_id=page_id, property_id=value["id"], page_size=100))
        while paging.upcoming is not None:
            found: PropertyItem | ListResult[Any] = yield from api.call(paging.upcoming)
            if not isinstance(found, ListResult):
                raise InvalidResponse(f"Notion answered a {kind} with one item where a list was due.")
            items += [item[kind] for item in paging.take(found)]
    except (DeadlineExceeded, Forbidden, IncompleteResult, NotFound) as error:
        return f"stops at 25 items, the rest could not be read ({error.code})"
    except (KeyError, ValueError):
        raise InvalidResponse(f"Notion answered a {kind} with something else.") from None
    return items


def _filled(value: PropertyValue, items: list[object]) -> PropertyValue:
    whole = {**value, str(value.get("type")): items}
    return cast("PropertyValue", {**whole, "has_more": False} if "has_more" in value else whole)


def _with(page: Page, missing: list[Incomplete]) -> Page:
    return cast("Page", {**page, "incomplete": missing}) if missing else page

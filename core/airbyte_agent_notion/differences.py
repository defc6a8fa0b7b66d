"""What a write would change: the present state, read, beside what the call asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeAlias, cast

from .dropping import edited
from .errors import Forbidden, PolicyDenied
from .flow import Flow
from .listing import ListResult
from .narrowing import list_of, object_of
from .operation import Api, JsonObject, Operation
from .operations.blocks import GetBlock
from .operations.comments import GetComment
from .operations.containers import GetDatabase
from .operations.data_sources import GetDataSource
from .operations.page_markdown import GetPageMarkdown, UpdatePageMarkdown
from .operations.pages import GetPage
from .operations.row_query import QueryDataSource
from .operations.tree import LEAVES, ListBlockTree
from .operations.views import GetView

__all__ = ["difference", "plain_value"]

COUNTED = 1_000
"""Blocks that are counted in what would go into the trash; more are said to be ``at_least`` so many."""

Read: TypeAlias = Callable[[str], Operation[Any]]

_PRESENT: Mapping[str, tuple[str, Read]] = {
    "pages": ("page_id", lambda identifier: GetPage(page_id=identifier)),
    "blocks": ("block_id", lambda identifier: GetBlock(block_id=identifier)),
    "databases": ("database_id", lambda identifier: GetDatabase(database_id=identifier)),
    "data_sources": ("data_source_id", lambda identifier: GetDataSource(data_source_id=identifier)),
    "comments": ("comment_id", lambda identifier: GetComment(comment_id=identifier)),
    "views": ("view_id", lambda identifier: GetView(view_id=identifier)),
}


def difference(operation: Operation[Any], api: Api, *, new: Collection[str] = ()) -> Flow[JsonObject]:
    """What a primitive write would change; see ``PlannedRequest``.

    Args:
        operation: the write.
        api: reads the present state, as far as the policy allows it.
        new: ids of what is not there yet.
    """
    try:
        return (yield from _difference(operation, api, new))
    except (PolicyDenied, Forbidden) as refusal:
        return {"unknown": f"The present state may not be read: {refusal.code}."}


def _difference(operation: Operation[Any], api: Api, new: Collection[str]) -> Flow[JsonObject]:
    params, action = operation.params(), operation.spec.action
    if operation.spec.appends:
        types = Counter(_types(params["children"]))
        return {"added": {"blocks": types.total(), "types": dict(types), "to": params["block_id"]}}
    if action == "create":
        return {"created": _made(operation, params)}
    name, read = _PRESENT.get(operation.spec.entity, ("", None))
    target = params.get(name)
    if read is None or not isinstance(target, str) or target in new:
        return {}
    if isinstance(operation, UpdatePageMarkdown):
        return (yield from _lines(operation, api))
    present = cast("JsonObject", (yield from api.call(read(target))))
    if action == "restore":
        return {"restored": _short(present)}
    if action == "move":
        return {"moved": {"from": present.get("parent"), "to": params["parent"]}}
    if action == "delete" and operation.spec.entity in {"comments", "views"}:
        return {"deleted": _short(present)}
    found = {} if action == "delete" else _changes(present, operation.body({**params}), name)
    if action == "delete" or params.get("in_trash"):
        found["trashed"] = {**_short(present), **(yield from _below(present, api))}
    elif params.get("erase_content"):
        found["trashed"] = yield from _below(present, api)
    return found


def plain_value(value: Any) -> Any:
    """A page property's value without its wrapping: text, names, ids, numbers."""
    if not isinstance(value, dict):
        return value
    given = cast("JsonObject", value)
    kind = given.get("type") or next((key for key in given if key not in {"id", "has_more"}), None)
    if kind not in given:
        return {key: plain_value(each) for key, each in given.items() if each is not None} or None
    inner = given[str(kind)]
    if isinstance(inner, list):
        return _text(inner) if kind in _TEXTS else [_item(each) for each in list_of(cast("object", inner))]
    return _item(inner)


_TEXTS = frozenset({"title", "rich_text"})


def _item(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    given = cast("JsonObject", value)
    if "start" in given:
        return {key: each for key, each in given.items() if each is not None}
    return next((given[key] for key in ("name", "id") if given.get(key) is not None), given)


def _text(value: Any) -> str:
    items = [object_of(each) for each in list_of(value)]
    return "".join(str(each.get("plain_text") or object_of(each.get("text")).get("content") or "") for each in items)


def _changes(present: JsonObject, wanted: JsonObject, target: str) -> JsonObject:
    """Each key that is to have another value, with both."""
    found: JsonObject = {}
    for key, value in wanted.items():
        if key in {target, "in_trash", "erase_content", "filter_properties", "markdown_version", "type"}:
            continue
        before = present.get(key)
        if key == "properties" and isinstance(value, dict):
            found[key] = _properties(cast("JsonObject", before or {}), cast("JsonObject", value))
        elif (old := _shown(before)) != (new := _shown(value)):
            found[key] = {"from": old, "to": new}
    return found


def _properties(present: JsonObject, wanted: JsonObject) -> JsonObject:
    by_id = {object_of(each).get("id"): name for name, each in present.items()}
    found: JsonObject = {}
    for key, value in wanted.items():
        name = key if key in present else by_id.get(key, key)
        old, new = plain_value(present.get(name)), plain_value(value)
        if old != new:
            found[name] = {"from": old, "to": new}
    return found


def _shown(value: Any) -> Any:
    """A value in short: rich text as text, and of a block's content the text that it holds."""
    if (
        isinstance(value, list)
        and value
        and isinstance(value[0], dict)
        and {"text", "plain_text", "mention"} & {*value[0]}
    ):  # pyright: ignore[reportUnknownArgumentType,reportUnknownMemberType]
        return _text(value)
    if isinstance(value, dict):
        return {key: _shown(each) for key, each in cast("JsonObject", value).items() if each not in (None, "default")}
    return cast("Any", value)


def _short(found: JsonObject) -> JsonObject:
    """Which object it is."""
    title = found.get("title") or found.get("name") or found.get("rich_text")
    if found.get("object") == "page":
        values = cast("dict[str, JsonObject]", found.get("properties") or {})
        title = next((each.get("title") for each in values.values() if each.get("type") == "title"), None)
    if found.get("object") == "block":
        inner = object_of(found.get(str(found.get("type"))))
        title = inner.get("title") or inner.get("rich_text")
    text = _text(title) if isinstance(title, list) else title
    return {key: value for key, value in {**_named(found), "title": text}.items() if value}


def _named(found: JsonObject) -> JsonObject:
    return {"object": found.get("object"), "id": found.get("id")}


def _below(found: JsonObject, api: Api) -> Flow[JsonObject]:
    """How much lies in an object, and goes into the trash with it."""
    kind, identifier = found.get("object"), str(found.get("id"))
    if kind in {"data_source", "database"}:
        sources = [found] if kind == "data_source" else cast("list[JsonObject]", found.get("data_sources") or [])
        counts: JsonObject = {"rows": 0}
        for each in sources:
            rows: ListResult[Any] = yield from api.call(QueryDataSource(data_source_id=each["id"], page_size=100))
            counts["rows"] += len(rows)
            if rows.meta.has_more:
                counts["at_least"] = True
        return counts
    if kind == "block" and not found.get("has_children"):
        return {}
    tree = yield from api.call(ListBlockTree(block_id=identifier, max_blocks=COUNTED))
    types = Counter(str(each["type"]) for each in tree["blocks"])
    leaves = {f"{each.removeprefix('child_')}s": types[each] for each in sorted(LEAVES) if types[each]}
    counted: JsonObject = {"blocks": len(tree["blocks"]), **leaves}
    return counted if tree["complete"] else {**counted, "at_least": True}


def _made(operation: Operation[Any], params: JsonObject) -> JsonObject:
    blocks = len([*_types(list_of(params.get("children")))])
    told: JsonObject = {
        "in": params.get("parent")
        or params.get("database_id")
        or params.get("view_id")
        or params.get("create_database"),
        "properties": {name: plain_value(value) for name, value in object_of(params.get("properties")).items()},
        "blocks": blocks or None,
        "characters": len(params["markdown"]) if params.get("markdown") else None,
    }
    entity = operation.spec.entity.removesuffix("s")
    return {"object": entity, **{key: value for key, value in told.items() if value}}


def _types(blocks: list[Any]) -> Iterator[str]:
    """The types of blocks, those inside others included."""
    for each in blocks:
        block = object_of(each)
        kind = str(block.get("type") or next((key for key in block if key != "object"), "block"))
        yield kind
        yield from _types(list_of(object_of(block.get(kind)).get("children")))


def _lines(edit: UpdatePageMarkdown, api: Api) -> Flow[JsonObject]:
    from difflib import ndiff

    page = yield from api.call(GetPageMarkdown(page_id=edit.page_id, markdown_version=edit.markdown_version))
    after = edited(page["markdown"], edit)
    lines = list(ndiff(page["markdown"].splitlines(), after.splitlines()))
    removed = [each[2:] for each in lines if each.startswith("- ")]
    added = [each[2:] for each in lines if each.startswith("+ ")]
    return {"removed": removed, "added": added, **({"truncated": True} if page.get("truncated") else {})}

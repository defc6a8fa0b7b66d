"""Users whose names a result does not hold although it would be read with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from ...listing import ListResult
from ...narrowing import list_of, object_of

__all__ = ["is_list", "unnamed"]

Json = Mapping[str, Any]

_SINGLE = frozenset({"created_by", "last_edited_by"})


def unnamed(result: Any) -> set[str]:
    """Ids of users that the text of a result would show by their ids."""
    if is_list(result):
        items = list_of(result.data)
    else:
        found = object_of(result)
        items = [found, *list_of(found.get("results")), *list_of(found.get("blocks")), found.get("result")]
    users = (user for item in items for user in _users(object_of(item)))
    return {user["id"] for user in users if isinstance(user.get("id"), str) and user["id"] and not user.get("name")}


def is_list(result: object) -> TypeGuard[ListResult[Any]]:
    """Whether a result is one page of a list."""
    return isinstance(result, ListResult)


def _users(found: Json) -> Iterator[Json]:
    kind = str(found.get("object"))
    if kind == "comment" and not object_of(found.get("display_name")).get("resolved_name"):
        yield object_of(found.get("created_by"))
    if kind == "page":
        for value in object_of(found.get("properties")).values():
            yield from _of_value(object_of(value))
    if kind == "property_item":
        yield from _of_value(found)
    if kind == "block" and str(found.get("type")) in {"meeting_notes", "transcription"}:
        event = object_of(object_of(found.get(str(found["type"]))).get("calendar_event"))
        yield from ({"id": each} for each in list_of(event.get("attendees")))


def _of_value(value: Json) -> Iterator[Json]:
    kind = str(value.get("type"))
    payload = value.get(kind)
    if kind == "people":
        yield from map(object_of, list_of(payload) or [payload])
    elif kind in _SINGLE:
        yield object_of(payload)
    elif kind == "verification":
        yield object_of(object_of(payload).get("verified_by"))
    elif kind == "rollup":
        for each in list_of(object_of(payload).get("array")):
            yield from _of_value(object_of(each))

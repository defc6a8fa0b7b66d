"""What a reference may stand for: the choices where there are several, and a database's id for its only data source."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from typing_extensions import TypedDict

from ..brevity import brief, fitting
from ..errors import AmbiguousReference, InvalidRequest, NotFound
from ..fields import DataSourceId
from ..flow import Flow
from ..operation import Api, Operation, Spec
from .containers import GetDatabase
from .plain.names import did_you_mean, there_are

__all__ = [
    "NOT_A_TABLE",
    "Choice",
    "ambiguous",
    "only_data_source",
    "parent_hint",
    "plain_text",
    "through_database",
    "with_data_source",
]

T = TypeVar("T")

NOT_A_TABLE = (
    "It is neither a data source nor a database that this connection can see. Check it, for instance with "
    "data_sources.list; if it is right, a person must add this connection to the database in Notion."
)
"""Next step where a data source's id is not found."""
MAX_SHOWN = 3
"""Choices that the message lists at most; ``details`` holds them all."""
ROOM = 92
"""Tokens for them."""
ROOM_OF_SOURCES = 85


class Choice(TypedDict):
    """One of several objects that a reference may mean."""

    object: str
    id: str
    title: str
    parent: str
    """Where it lives, e.g. ``data_source 1f0c...``."""


def ambiguous(
    said: str, choices: Sequence[Choice], *, hint: str = "Call again with the id of the one meant."
) -> AmbiguousReference:
    """The refusal of a reference with several meanings."""
    titles = {each["title"] for each in choices}
    shown = [_shown(each, titled=len(titles) > 1) for each in choices]
    return AmbiguousReference(
        f"{said}: {fitting(shown, ROOM, most=MAX_SHOWN)}.",
        hint=hint,
        details={"choices": list(choices)},
    )


def _shown(choice: Choice, *, titled: bool) -> str:
    """A choice in few tokens: where it lives only by kind, its title only where the others' differ."""
    parent = choice["parent"] if choice["parent"].startswith("an ") else choice["parent"].partition(" ")[0]
    title = f" {brief(choice['title'], 8)!r}" if titled else ""
    return f"{choice['object']} {choice['id']}{title} in {parent}"


def through_database(operation: Operation[T], data_source_id: str, api: Api) -> Flow[T]:
    """Run a primitive operation on a data source whose id may be a database's."""

    def run(identifier: str) -> Flow[T]:
        moved = identifier != data_source_id
        given = operation.model_copy(update={"data_source_id": identifier}) if moved else operation
        return given.result((yield from api.perform(given)))

    return (yield from with_data_source(run, data_source_id, api))


def with_data_source(run: Callable[[str], Flow[T]], data_source_id: str, api: Api) -> Flow[T]:
    """Run what names a data source whose id may be a database's.

    That is found out by Notion's refusal, of a write too: a data source's own id costs no further request, a database's
    id two.

    Raises:
        AmbiguousReference: it is a database with several data sources; nothing was written.
    """
    try:
        return (yield from run(data_source_id))
    except (NotFound, InvalidRequest) as error:
        if isinstance(error, InvalidRequest) and data_source_id not in error.message:
            yield from _named_properties(error, data_source_id, api)
            raise  # It is about the filter or the like.
        refused = error
    try:
        database = yield from api.perform(GetDatabase(database_id=data_source_id))
    except (NotFound, InvalidRequest):
        raise refused from None
    return (yield from run(only_data_source(database)))


class _Schema(Operation[dict[str, Any]]):
    """A data source's schema, for an error's text; data_sources.get itself is built on this module."""

    spec = Spec("data_sources", "get", "GET /v1/data_sources/{data_source_id}", capability="read_content")
    data_source_id: DataSourceId


def _named_properties(error: InvalidRequest, data_source_id: str, api: Api) -> Flow[None]:
    """Add to the refusal of a property that does not exist which ones there are, nearest first."""
    found = _NO_PROPERTY.search(error.message)
    if found is None:
        return
    try:
        schema = yield from api.perform(_Schema(data_source_id=data_source_id))
    except (NotFound, InvalidRequest):
        return
    names = list(cast("dict[str, Any]", schema.get("properties") or {}))
    near = did_you_mean(found[1].strip(), names).removeprefix("; ").removeprefix(".")
    error.hint = f"{near[:1].upper()}{near[1:]} {there_are(names)}.".strip()
    error.details["properties"] = names


_NO_PROPERTY = re.compile(r"could not find property with name or id: (.{1,200})", re.IGNORECASE)


def only_data_source(database: dict[str, Any]) -> str:
    """The id of the data source of a database that has one.

    Raises:
        AmbiguousReference: it has several.
        NotFound: it has none.
    """
    identifier = str(database["id"])
    sources = cast("list[dict[str, Any]]", database.get("data_sources") or [])
    if len(sources) == 1:
        return str(sources[0]["id"])
    if not sources:
        raise NotFound(
            f"The database {identifier} has no data source that this connection can see.",
            status=404,
            hint="A person must add this connection to the database that the data comes from.",
        )
    parent = f"database {identifier}"
    title = brief(plain_text(database.get("title")), 8)
    choices = [
        Choice(object="data_source", id=each["id"], title=each.get("name") or "", parent=parent) for each in sources
    ]
    named = [f'{{"data_source_id": "{each["id"]}"}} {brief(each["title"], 8)!r}' for each in choices]
    raise AmbiguousReference(
        f"The database {title!r} has {len(sources)} data sources; use data_sources.query, or as parent, one of: "
        f"{fitting(named, ROOM_OF_SOURCES)}.",
        details={"choices": choices},
    )


def parent_hint(parent: object) -> str:
    """A parent in a few words: ``page 1f0c...`` or ``workspace``."""
    given = cast("dict[str, Any]", parent) if isinstance(parent, dict) else {}
    kind = str(given.get("type") or "an unknown place")
    return f"{kind.removesuffix('_id')} {given[kind]}" if isinstance(given.get(kind), str) else kind


def plain_text(rich_text: object) -> str:
    """The plain text of rich text; empty for anything else."""
    items = cast("list[dict[str, Any]]", rich_text) if isinstance(rich_text, list) else []
    return "".join(str(item.get("plain_text") or "") for item in items)

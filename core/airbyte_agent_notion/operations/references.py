"""What a reference may stand for: the choices where there are several, and a database's id for its only data source."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from typing_extensions import TypedDict

from ..errors import AmbiguousReference, InvalidRequest, NotFound
from ..flow import Flow
from ..operation import Api, Operation
from .containers import GetDatabase

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
MAX_SHOWN = 10
"""Choices that the message lists; ``details`` holds them all."""


class Choice(TypedDict):
    """One of several objects that a reference may mean."""

    object: str
    id: str
    title: str
    parent: str
    """Where it lives, e.g. ``data_source 1f0c...``."""


def ambiguous(said: str, choices: Sequence[Choice]) -> AmbiguousReference:
    """The refusal of a reference with several meanings."""
    shown = "; ".join(
        f"{each['object']} {each['id']} {each['title']!r} in {each['parent']}" for each in choices[:MAX_SHOWN]
    )
    more = len(choices) - MAX_SHOWN
    return AmbiguousReference(
        f"{said}: {shown}{f'; and {more} more' if more > 0 else ''}.",
        hint="Call again with the id of the one that is meant.",
        details={"choices": list(choices)},
    )


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
            raise  # It is about the filter or the like.
        refused = error
    try:
        database = yield from api.perform(GetDatabase(database_id=data_source_id))
    except (NotFound, InvalidRequest):
        raise refused from None
    return (yield from run(only_data_source(database)))


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
    title = plain_text(database.get("title"))
    raise ambiguous(
        f"The database {identifier} {title!r} has {len(sources)} data sources",
        [Choice(object="data_source", id=each["id"], title=each.get("name") or "", parent=parent) for each in sources],
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

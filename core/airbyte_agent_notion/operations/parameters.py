"""Parameters that several operations take, and the checks of parameters that exclude one another."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, Required, TypeAlias, TypeVar, cast

from pydantic import AfterValidator, BeforeValidator
from typing_extensions import TypedDict

from ..fields import BlockId, DatabaseId, DataSourceId, JsonDict, PageId, Text
from ..operation import Operation
from .plain.sorts import as_list

__all__ = [
    "COVER",
    "DROP",
    "ICON",
    "RICH_TEXT",
    "SORTS",
    "TEMPLATE",
    "AppendPosition",
    "BlockRef",
    "DatabaseParent",
    "Drop",
    "InDatabase",
    "InPage",
    "InPageOrTable",
    "MarkdownVersion",
    "MoveTarget",
    "NewHome",
    "Nulls",
    "OnePlace",
    "PageParent",
    "PagePosition",
    "Position",
    "Sorts",
    "StartingPosition",
    "TableParent",
    "Template",
    "TemplateChoice",
    "at_most_one",
    "exactly_one",
    "only_with",
]

T = TypeVar("T")

ICON = '{"emoji": "🚀"}; or external, file_upload, custom_emoji, icon'
COVER = '{"external": {"url": "https://..."}}; or file_upload'
RICH_TEXT = '[{"text": {"content": "..."}}]'
SORTS = 'First wins; [{"Due": "descending"}, {"Name": "ascending"}] or [{"property": "Due", "direction": "ascending"}].'
DROP = "Ids of child pages and databases that go into the trash too."
TEMPLATE = '{"type": "default"}; or {"type": "template_id", "template_id": "..."}'

Drop: TypeAlias = list[BlockId]
MarkdownVersion: TypeAlias = Literal["v1", "v2"]

if TYPE_CHECKING:
    Sorts: TypeAlias = list[JsonDict | str] | JsonDict | str
else:
    # Short ones become objects before they are validated, so that an error names one place and not each of a union.
    Sorts: TypeAlias = Annotated[list[JsonDict], BeforeValidator(as_list)]
"""Notion's sorts and short ones, texts such as ``"-Due"`` among them; validated they are a list of objects.

Advertised is a list of objects, which can say all of it. No schema that every provider takes admits texts beside them:
items of two types need a union or no type at all. So descriptions name no text, and one that is sent is taken anyway.
"""


class PageParent(TypedDict, total=False):
    """Where a page lives: one of the ids, or ``workspace``."""

    type: Literal["page_id", "data_source_id", "database_id", "workspace"]
    page_id: PageId
    data_source_id: DataSourceId
    database_id: DatabaseId
    workspace: Literal[True]


class MoveTarget(TypedDict, total=False):
    """Where a page is moved to: a page, a data source, or the only data source of a database."""

    type: Literal["page_id", "data_source_id", "database_id"]
    page_id: PageId
    data_source_id: DataSourceId
    database_id: DatabaseId


class DatabaseParent(TypedDict, total=False):
    """Where a database lives: a page, or ``workspace``."""

    type: Literal["page_id", "workspace"]
    page_id: PageId
    workspace: Literal[True]


class TableParent(TypedDict):
    """The database that a data source belongs to."""

    type: NotRequired[Literal["database_id"]]
    database_id: DatabaseId


class BlockRef(TypedDict):
    """A block, by its id."""

    id: BlockId


class PagePosition(TypedDict, total=False):
    """Where a new page stands within its parent."""

    type: Required[Literal["page_start", "page_end", "after_block"]]
    after_block: BlockRef


class AppendPosition(TypedDict, total=False):
    """Where new blocks go."""

    type: Required[Literal["start", "end", "after_block"]]
    after_block: BlockRef


class Template(TypedDict, total=False):
    """What a page is filled from."""

    type: Required[Literal["none", "default", "template_id"]]
    template_id: PageId
    timezone: Text


def _without_null(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    return {name: item for name, item in cast("Mapping[object, object]", value).items() if item is not None}


def _one_place(value: T) -> T:
    given = cast("dict[str, Any]", value)
    places = [name for name in given if name != "type"]
    if len(places) != 1:
        raise ValueError('give exactly one place, such as {"page_id": "..."}')
    if given.get("type", places[0]) != places[0]:
        raise ValueError(f"type is {given['type']!r}, and {places[0]} is given")
    return value


def _holds_its_type(value: T) -> T:
    given = cast("dict[str, Any]", value)
    for name in ("after_block", "template_id"):
        if (given["type"] == name) != (name in given):
            raise ValueError(f"{name} is given if type is {name!r}, and only then")
    return value


Nulls = BeforeValidator(_without_null)
"""Marks an object: a key that is null is the same as none."""
OnePlace = AfterValidator(_one_place)
"""Marks a parent: one place, and the type that names it or none."""
_Typed = AfterValidator(_holds_its_type)

InPageOrTable = Annotated[PageParent, Nulls, OnePlace]
InPage = Annotated[DatabaseParent, Nulls, OnePlace]
InDatabase = Annotated[TableParent, Nulls]
NewHome = Annotated[MoveTarget, Nulls, OnePlace]
StartingPosition = Annotated[PagePosition, Nulls, _Typed]
Position = Annotated[AppendPosition, Nulls, _Typed]
TemplateChoice = Annotated[Template, Nulls, _Typed]


def exactly_one(given: Operation[Any], *names: str) -> None:
    """Raise ValueError unless one of these parameters is given."""
    found = _found(given, names)
    if len(found) != 1:
        raise ValueError(f"give exactly one of {', '.join(names)}" + (f", not {' and '.join(found)}" if found else ""))


def at_most_one(given: Operation[Any], *names: str) -> None:
    """Raise ValueError if two of these parameters are given."""
    found = _found(given, names)
    if len(found) > 1:
        raise ValueError(f"{' and '.join(found)} exclude each other: give one of them")


def only_with(given: Operation[Any], name: str, needed: str) -> None:
    """Raise ValueError if a parameter is given without the one that it belongs to."""
    if _found(given, (name,)) and not _found(given, (needed,)):
        raise ValueError(f"{name} goes with {needed} only")


def _found(given: Operation[Any], names: tuple[str, ...]) -> list[str]:
    return [name for name in names if getattr(given, name) is not None]

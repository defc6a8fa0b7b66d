"""What changes views: creating, updating, deleting."""

from typing import Annotated, Literal, NotRequired, Required, Self, TypeAlias, cast

from pydantic import AfterValidator, Field, model_validator
from typing_extensions import TypedDict

from ..errors import InvalidParams
from ..fields import BlockId, DatabaseId, DataSourceId, JsonDict, PageId, ViewId
from ..flow import Flow
from ..models.views import View
from ..operation import Api, Effect, JsonObject, Operation, Spec
from .parameters import SORTS, Nulls, Sorts, exactly_one, only_with
from .plain.queries import is_plain, plain_query
from .references import through_database
from .view_reads import GetView

__all__ = [
    "AfterBlock",
    "CreateView",
    "DeleteView",
    "LinkedDatabase",
    "OnPage",
    "UpdateView",
    "ViewPlacement",
    "ViewPosition",
    "ViewType",
]

ViewType: TypeAlias = Literal[
    "table", "board", "list", "calendar", "timeline", "gallery", "form", "chart", "map", "dashboard"
]

_READ_BACK = "GET /v1/views/{id}"
_FILTER = 'As for data_sources.query; {"Status": "Done"}'
_QUICK = 'By property; {"Status": {"status": {"equals": "Done"}}}'
_CONFIGURATION = (
    "By type; board needs group_by, calendar and timeline date_property_id, chart chart_type: "
    '{"type": "calendar", "date_property_id": "..."}, {"type": "board", "group_by": {"type": "status", '
    '"property_id": "...", "sort": {"type": "manual"}, "group_by": "option"}}'
)


class OnPage(TypedDict):
    """The page that a linked view is put on."""

    type: NotRequired[Literal["page_id"]]
    page_id: PageId


class AfterBlock(TypedDict):
    """The block that a linked view is put behind."""

    type: Literal["after_block"]
    block_id: BlockId


class LinkedDatabase(TypedDict):
    """A new linked view on a page."""

    parent: Annotated[OnPage, Nulls]
    position: NotRequired[AfterBlock]


class ViewPosition(TypedDict, total=False):
    """Where a new tab stands among a database's views."""

    type: Required[Literal["start", "end", "after_view"]]
    view_id: ViewId


class ViewPlacement(TypedDict, total=False):
    """Where a new widget stands on a dashboard."""

    type: Required[Literal["new_row", "existing_row"]]
    row_index: int


def _with_view(value: ViewPosition) -> ViewPosition:
    if (value["type"] == "after_view") != ("view_id" in value):
        raise ValueError("view_id is given if type is 'after_view', and only then")
    return value


def _with_row(value: ViewPlacement) -> ViewPlacement:
    if value["type"] == "existing_row" and "row_index" not in value:
        raise ValueError("type 'existing_row' needs row_index")
    return value


class CreateView(Operation[View]):
    """Create a view in a database, on a dashboard (view_id) or page (create_database). Give exactly one of database_id,
    view_id and create_database: a tab, a widget or a linked view.
    """

    spec = Spec(
        "views",
        "create",
        "POST /v1/views",
        effect=Effect.WRITE,
        capability="insert_content or update_content",
        read_back=_READ_BACK,
        verify="views.list shows the views of the data source.",
    )
    data_source_id: DataSourceId
    name: str = Field(description="Its name.")
    type: ViewType = Field(description="How it shows the rows.")
    database_id: DatabaseId | None = Field(default=None)
    view_id: ViewId | None = Field(default=None, description="Dashboard id or URL.")
    create_database: Annotated[LinkedDatabase, Nulls] | None = Field(
        default=None, description='{"parent": {"type": "page_id", "page_id": "..."}}'
    )
    filter: JsonDict | None = Field(default=None, description=f"{_FILTER}.")
    sorts: Sorts | None = Field(default=None, description=SORTS)
    quick_filters: JsonDict | None = Field(default=None, description=_QUICK)
    configuration: JsonDict | None = Field(default=None, description=_CONFIGURATION)
    position: Annotated[ViewPosition, Nulls, AfterValidator(_with_view)] | None = Field(
        default=None,
        description='Of a tab; {"type": "start"}, {"type": "end"} or {"type": "after_view", "view_id": "..."}',
    )
    placement: Annotated[ViewPlacement, Nulls, AfterValidator(_with_row)] | None = Field(
        default=None, description='Of a widget; {"type": "new_row"} or {"type": "existing_row", "row_index": 0}'
    )

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        exactly_one(self, "database_id", "view_id", "create_database")
        only_with(self, "position", "database_id")
        only_with(self, "placement", "view_id")
        kind = (self.configuration or {}).get("type", self.type)
        if kind != self.type:
            raise ValueError(f"configuration: type is {kind!r}, and the view's type {self.type!r}")
        return self

    def flow(self, api: Api) -> Flow[View]:
        """A database's id as data_source_id stands for its only data source; a short filter or sort costs reading the
        schema.

        Raises:
            InvalidParams: the filter or the sorts do not fit the schema; nothing was sent.
        """
        plain = yield from _compiled(self, api, self.data_source_id)
        sent = self.model_copy(update=plain) if plain else self
        return (yield from through_database(sent, sent.data_source_id, api))


class UpdateView(Operation[View]):
    """Change a view's name, filter, sorts or configuration. No row is touched."""

    spec = Spec(
        "views",
        "update",
        "PATCH /v1/views/{view_id}",
        effect=Effect.WRITE,
        capability="update_content",
        nullable=("filter", "sorts", "quick_filters"),
        read_back=_READ_BACK,
        verify="views.get shows whether it has changed.",
    )
    view_id: ViewId
    name: str | None = Field(default=None, description="A new name.")
    filter: JsonDict | None = Field(default=None, description=f"{_FILTER}; null removes it.")
    sorts: Sorts | None = Field(default=None, description=f"{SORTS} Null removes them.")
    quick_filters: JsonDict | None = Field(
        default=None, description=f"{_QUICK}; null removes one, or all in place of the object."
    )
    configuration: JsonDict | None = Field(default=None, description=_CONFIGURATION)

    def flow(self, api: Api) -> Flow[View]:
        """One request, after reading the view and its schema for a short filter or sort.

        Raises:
            InvalidParams: the filter or the sorts do not fit the schema; nothing was sent.
        """
        if not is_plain(self.filter, cast("list[JsonObject] | None", self.sorts)):
            return self.result((yield from api.perform(self)))
        view = yield from api.perform(GetView(view_id=self.view_id))
        if not isinstance(view.get("data_source_id"), str):
            raise InvalidParams(
                f"{self.spec.name}: the view {self.view_id} has no data source, and so nothing to filter or sort by.",
                hint="A dashboard's widgets have filters and sorts of their own: change those views.",
            )
        plain = yield from _compiled(self, api, view["data_source_id"])
        sent = self.model_copy(update={name: value for name, value in plain.items() if name != "data_source_id"})
        return sent.result((yield from api.perform(sent)))


class DeleteView(Operation[View]):
    """Delete a view, for good. Its rows stay."""

    spec = Spec(
        "views",
        "delete",
        "DELETE /v1/views/{view_id}",
        effect=Effect.DESTRUCTIVE,
        capability="update_content",
        verify="views.get finds it no more once it is deleted.",
    )
    view_id: ViewId


def _compiled(given: CreateView | UpdateView, api: Api, data_source_id: str) -> Flow[JsonObject]:
    """A short filter and short sorts in Notion's grammar, and the data source; empty where none is short."""
    sorts = cast("list[JsonObject] | None", given.sorts)
    if not is_plain(given.filter, sorts):
        return {}
    plain = yield from plain_query(api, data_source_id, filter=given.filter, sorts=sorts, operation=given.spec.name)
    found: JsonObject = {"filter": plain.filter, "sorts": plain.sorts, "data_source_id": plain.data_source_id}
    return {name: value for name, value in found.items() if value is not None}

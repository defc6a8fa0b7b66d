"""One property of a page in full, where a page object stops at 25 items."""

from pydantic import Field

from ..fields import Cursor, PageId, PageSize, PropertyId
from ..listing import ListResult, list_result
from ..models.properties import PropertyItem
from ..operation import JsonObject, Operation, Spec

__all__ = ["GetPageProperty"]


class GetPageProperty(Operation[PropertyItem | ListResult[PropertyItem]]):
    """Get one property of a page in full. Title, rich text, people and relation come as a list, one item each; so does
    a rollup, whose computed value is in meta.property_item of the last page. All other types come as one object.
    """

    spec = Spec(
        "pages",
        "get_property",
        "GET /v1/pages/{page_id}/properties/{property_id}",
        encoded=("property_id",),
        capability="read_content",
    )
    page_id: PageId
    property_id: PropertyId
    start_cursor: Cursor | None = Field(default=None, description="next_cursor of the previous page.")
    page_size: PageSize | None = Field(default=None, description="Items per page, 1 to 100.")

    def result(self, data: JsonObject) -> PropertyItem | ListResult[PropertyItem]:
        """A list as ``ListResult``, one item as it is."""
        if data.get("object") == "list":
            return list_result(data, self.spec)
        return super().result(data)

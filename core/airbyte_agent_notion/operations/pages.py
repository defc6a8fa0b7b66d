"""Pages: documents, and the rows of data sources."""

from pydantic import Field

from ..fields import PageId, PropertyIds
from ..flow import Flow
from ..models.objects import Page
from ..namespace import M, Namespace, method
from ..operation import Api, JsonObject, Operation, Spec
from .complete import complete_page, marked
from .property_items import GetPageProperty
from .search import TitleSearch

__all__ = ["GetPage", "GetPageProperty", "ListPages", "Pages"]


class ListPages(TitleSearch[Page]):
    """List pages, or search them by title. Rows of data sources are pages too; to filter rows by their properties use
    data_sources.query.
    """

    spec = Spec(
        "pages",
        "list",
        "POST /v1/search",
        fixed={"filter": {"property": "object", "value": "page"}},
        capability="read_content",
    )


class GetPage(Operation[Page]):
    """Get a page's properties and metadata. Its text is not included: read that with blocks.list and the page's id.
    Relation, people, rich text and title values stop at 25 items unless complete is true; what is missing then is
    listed under incomplete.
    """

    spec = Spec("pages", "get", "GET /v1/pages/{page_id}", query=("filter_properties",), capability="read_content")
    page_id: PageId
    filter_properties: PropertyIds | None = Field(default=None, description="Only these properties, by id.")
    complete: bool | None = Field(
        default=None, exclude=True, description="True reads all items of values that stop at 25, with more requests."
    )

    def result(self, data: JsonObject) -> Page:
        """The page; ``incomplete`` names values that are cut off."""
        return marked(super().result(data))

    def flow(self, api: Api) -> Flow[Page]:
        """One request, and with ``complete`` one or more for each value that may be cut off."""
        data = yield from api.perform(self)
        if self.complete:
            return (yield from complete_page(api, super().result(data)))
        return self.result(data)


class Pages(Namespace[M]):
    """Documents, and the rows of data sources."""

    list = method(ListPages)
    get = method(GetPage)
    get_property = method(GetPageProperty)

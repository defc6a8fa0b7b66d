"""Pages: documents, and the rows of data sources."""

from pydantic import Field

from ..fields import PageId, PropertyIds
from ..models.objects import Page
from ..namespace import M, Namespace, method
from ..operation import Operation, Spec
from .search import TitleSearch

__all__ = ["GetPage", "ListPages", "Pages"]


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
    Relation, people, rich text and title values stop at 25 items.
    """

    spec = Spec("pages", "get", "GET /v1/pages/{page_id}", query=("filter_properties",), capability="read_content")
    page_id: PageId
    filter_properties: PropertyIds | None = Field(default=None, description="Only these properties, by id.")


class Pages(Namespace[M]):
    """Documents, and the rows of data sources."""

    list = method(ListPages)
    get = method(GetPage)

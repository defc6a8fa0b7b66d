"""Pages: documents, and the rows of data sources."""

from ..models.objects import Page
from ..namespace import M, Namespace, method
from ..operation import Spec
from .page_markdown import GetPageMarkdown, UpdatePageMarkdown
from .page_reads import GetPage
from .page_writes import CreatePage, DeletePage, MovePage, RestorePage, UpdatePage
from .property_items import GetPageProperty
from .search import TitleSearch
from .text_edits import EditPage
from .text_reads import ReadPage

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


class Pages(Namespace[M]):
    """Documents, and the rows of data sources."""

    list = method(ListPages)
    get = method(GetPage)
    get_property = method(GetPageProperty)
    read = method(ReadPage)
    get_markdown = method(GetPageMarkdown)
    create = method(CreatePage)
    update = method(UpdatePage)
    delete = method(DeletePage)
    restore = method(RestorePage)
    move = method(MovePage)
    edit = method(EditPage)
    update_markdown = method(UpdatePageMarkdown)

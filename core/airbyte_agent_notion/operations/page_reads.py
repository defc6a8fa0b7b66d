"""The primitive under everything that needs a page itself: its properties and its parent."""

from pydantic import Field

from ..fields import PageId, PropertyIds
from ..flow import Flow
from ..models.objects import Page
from ..operation import Api, JsonObject, Operation, Spec
from .complete import complete_page, marked

__all__ = ["GetPage"]


class GetPage(Operation[Page]):
    """Get a page's properties and metadata. Its text is not included: that is pages.read. Relation, people, rich text
    and title values stop at 25 items unless complete is true; what is missing then is listed under incomplete.
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

"""Files that Notion keeps: found again by the reference that stands for them in text."""

from collections.abc import Callable, Iterator
from typing import Any, cast

from pydantic import Field, field_validator

from ..errors import Forbidden, InvalidRequest, NotAvailable, NotFound, PolicyDenied
from ..fields import parse_id
from ..file_refs import FileRef, parse_file_ref
from ..flow import Flow, Request
from ..models.texts import StoredFile
from ..namespace import M, Namespace, method
from ..operation import Api, JsonObject, Operation, Spec
from .blocks import GetBlock
from .comments import GetComment
from .containers import GetDatabase
from .data_sources import GetDataSource
from .page_markdown import GetPageMarkdown
from .page_reads import GetPage
from .stored_files import KeptFile, kept_files, kept_in_markdown
from .whole_trees import whole_tree

__all__ = ["Files", "GetFile"]

_READ: dict[str, Callable[[str], Operation[Any]]] = {
    "page_id": lambda identifier: GetPage(page_id=identifier),
    "database_id": lambda identifier: GetDatabase(database_id=identifier),
    "data_source_id": lambda identifier: GetDataSource(data_source_id=identifier),
    "block_id": lambda identifier: GetBlock(block_id=identifier),
    "comment_id": lambda identifier: GetComment(comment_id=identifier),
}
"""What a file may be in, the likeliest first; a database must come before the block that it also is."""
_GONE = "Read the page again, with pages.read or pages.get, and take the reference from there."


class GetFile(Operation[StoredFile]):
    """Get a fresh link to a file that Notion keeps, by its notion-file: reference in a page's text or properties."""

    spec = Spec("files", "get", "GET /v1/pages/{page_id}", capability="read_content")
    file: str = Field(description="notion-file:... as pages.read shows it.")

    @field_validator("file")
    @classmethod
    def _is_a_reference(cls, value: str) -> str:
        ref = parse_file_ref(value)
        if ref is None:
            raise ValueError("not a reference to a file; give notion-file:... as pages.read shows it")
        return f"notion-file:{ref.container}/{ref.key}"

    def request(self) -> Request:
        """The first request: what the file is in is a page, most often."""
        return GetPage(page_id=self._container).request()

    @property
    def _container(self) -> str:
        return parse_id(cast("FileRef", parse_file_ref(self.file)).container)

    def flow(self, api: Api) -> Flow[StoredFile]:
        """Read what the file is in, then its content.

        Raises:
            NotFound: the file, or what it was in, is gone.
        """
        identifier = self._container
        home, holder = yield from self._holder(identifier, api)
        found = self._matching(kept_files(holder, (home, identifier)))
        if found is None and home == "page_id":
            found = yield from self._in_markdown(identifier, api)
        if found is None and home in {"page_id", "block_id"}:
            tree = yield from whole_tree(api, identifier)
            blocks = cast("list[JsonObject]", tree["blocks"])
            found = self._matching(each for block in blocks for each in kept_files(block, ("block_id", block["id"])))
        if found is None:
            kind = home.removesuffix("_id")
            raise NotFound(f"{self.file} is in {kind} {identifier} no more.", status=404, hint=_GONE)
        return found.told(self.file)

    def _holder(self, identifier: str, api: Api) -> Flow[tuple[str, JsonObject]]:
        """What the file is in, and its kind."""
        for home, read in _READ.items():
            try:
                return home, (yield from api.perform(read(identifier)))
            except (Forbidden, InvalidRequest, NotAvailable, NotFound):
                continue
        raise NotFound(f"What {self.file} was in is not there any more, or not shared.", status=404, hint=_GONE)

    def _in_markdown(self, page_id: str, api: Api) -> Flow[KeptFile | None]:
        """One request shows most pages whole; where it does not serve, the blocks do."""
        try:
            page = yield from api.call(GetPageMarkdown(page_id=page_id))
        except (Forbidden, InvalidRequest, NotAvailable, NotFound, PolicyDenied):
            return None
        return self._matching(kept_in_markdown(page["markdown"], page_id))

    def _matching(self, files: Iterator[KeptFile]) -> KeptFile | None:
        key = self.file.rpartition("/")[2]
        return next((each for each in files if each.key == key), None)


class Files(Namespace[M]):
    """Files that Notion keeps."""

    get = method(GetFile)

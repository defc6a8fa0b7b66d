"""A file into Notion in one call: from a path, from bytes or from an address, in one piece, in parts, or imported."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Self, cast

from pydantic import Field, model_validator

from ..errors import DeadlineExceeded, InvalidParams, InvalidRequest, NotionAgentError, OutcomeUnknown
from ..flow import Flow, call, gather
from ..models.file_uploads import FileUpload
from ..operation import Api, Effect, JsonObject, Operation, Spec
from .file_upload_steps import Bytes, CompleteFileUpload, CreateFileUpload, GetFileUpload, SendFileUpload
from .parameters import exactly_one
from .users import GetMe

__all__ = ["UploadFile"]

MIB = 1024 * 1024
SINGLE_PART = 20 * MIB
"""The largest file that is sent in one piece."""
FREE_PLAN = 5 * MIB
"""The largest file of every workspace; only above it the workspace's own limit is asked for."""
MAX_PARTS = 1_000
AT_ONCE = 3
"""Parts on their way side by side; each of them is in memory."""
MAX_TRIES = 3
WAITS = (1.0, 1.0, 2.0, 3.0, 5.0)
"""Seconds between looks at an import; the last one goes on."""


class UploadFile(Operation[FileUpload]):
    """Upload a file whole: from a path, from bytes with a filename, or from a public https:// address that Notion
    fetches. Attach what it answers within an hour, for instance by models.file_block.
    """

    spec = Spec(
        "file_uploads",
        "upload",
        "POST /v1/file_uploads",
        effect=Effect.WRITE,
        capability="insert_content",
        surface="python",
        verify="file_uploads.list shows the uploads; one that is not used expires by itself.",
    )
    path: Path | None = Field(default=None, description="A file on this machine.")
    content: Bytes | None = Field(default=None, exclude=True, repr=False, description="The file's bytes.")
    url: str | None = Field(default=None, description="https:// address of a file.")
    filename: str | None = Field(default=None, description="With its extension; of a path its own by default.")
    content_type: str | None = Field(default=None, description="MIME type; by default the extension's.")
    part_size: Annotated[int, Field(ge=5 * MIB, le=SINGLE_PART)] = Field(
        default=10 * MIB, description="Bytes of each part of a file above 20 MiB."
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        exactly_one(self, "path", "content", "url")
        if self.content is not None and self.filename is None:
            raise ValueError("content needs a filename, such as report.pdf")
        return self

    def flow(self, api: Api) -> Flow[FileUpload]:
        """Create, send and complete it, or wait for the import.

        Raises:
            InvalidParams: the file cannot be read, or is larger than the workspace allows; nothing was sent.
            InvalidRequest: Notion refused the file, or could not import it.
            OutcomeUnknown: the import still runs.
        """
        if self.url is not None:
            return (yield from self._imported(api))
        size = yield from self._of_file(self._size)
        if size > FREE_PLAN:
            yield from _check_size(api, size)
        if size <= SINGLE_PART:
            return (yield from self._in_one_piece(api, size))
        return (yield from self._in_parts(api, size))

    def _in_one_piece(self, api: Api, size: int) -> Flow[FileUpload]:
        file = yield from self._of_file(lambda: self._read(0, size))
        upload = yield from self._created(api, mode="single_part")
        return cast("FileUpload", (yield from _assured(api, self._sending(upload["id"], file, None), upload["id"])))

    def _in_parts(self, api: Api, size: int) -> Flow[FileUpload]:
        part_size = max(self.part_size, math.ceil(size / MAX_PARTS))
        number = math.ceil(size / part_size)
        upload = yield from self._created(api, mode="multi_part", number_of_parts=number)

        def delivered(index: int) -> Flow[JsonObject]:
            start = index * part_size
            file = yield from self._of_file(lambda: self._read(start, min(part_size, size - start)))
            return (yield from _assured(api, self._sending(upload["id"], file, index + 1), upload["id"]))

        yield from gather([delivered(index) for index in range(number)], limit=AT_ONCE)
        complete = CompleteFileUpload(file_upload_id=upload["id"])
        return cast("FileUpload", (yield from _assured(api, complete, upload["id"])))

    def _imported(self, api: Api) -> Flow[FileUpload]:
        upload = yield from self._created(api, mode="external_url", external_url=self.url)
        looks = 0
        # What has no time of creation is only planned, and nobody imports it.
        while upload.get("status") == "pending" and upload.get("created_time"):
            try:
                yield from api.wait(WAITS[min(looks, len(WAITS) - 1)])
                upload = yield from api.perform(GetFileUpload(file_upload_id=upload["id"]))
            except DeadlineExceeded as error:
                raise _still_importing(upload["id"]) from error
            looks += 1
        if upload.get("status") == "failed":
            raise _not_imported(upload)
        return cast("FileUpload", upload)

    def _created(self, api: Api, **mode: Any) -> Flow[JsonObject]:
        name = self.filename if self.filename is not None or self.path is None else self.path.name
        create = CreateFileUpload.model_validate({"filename": name, "content_type": self.content_type, **mode})
        try:
            return (yield from api.perform(create))
        except OutcomeUnknown:
            # If there is one after all, nobody uses it, and it expires.
            return (yield from api.perform(create))

    def _sending(self, upload_id: str, file: bytes, number: int | None) -> SendFileUpload:
        name = self.filename or (self.path.name if self.path is not None else None)
        return SendFileUpload(
            file_upload_id=upload_id, file=file, part_number=number, filename=name, content_type=self.content_type
        )

    def _of_file(self, read: Callable[[], Any]) -> Flow[Any]:
        try:
            return (yield from call(read))
        except OSError as error:
            raise InvalidParams(
                f"file_uploads.upload: {self.path} cannot be read: {error.strerror or type(error).__name__}.",
                hint="Give the path of a file that this process may read.",
            ) from error

    def _size(self) -> int:
        if self.content is not None:
            return len(self.content)
        path = cast("Path", self.path)
        if path.is_dir():
            raise IsADirectoryError(0, "it is a directory")
        return path.stat().st_size

    def _read(self, start: int, size: int) -> bytes:
        if self.content is not None:
            return self.content[start : start + size]
        with cast("Path", self.path).open("rb") as file:
            file.seek(start)
            found = file.read(size)
        if len(found) < size:
            raise OSError(0, "it became shorter while it was being read")
        return found


def _assured(api: Api, operation: Operation[Any], upload_id: str) -> Flow[JsonObject]:
    """Send bytes, or complete; again where it is not known whether that worked and the upload still waits for it.

    The same part sent twice is there once, and an upload that has its file waits for nothing.
    """
    for _ in range(MAX_TRIES - 1):
        try:
            return (yield from api.perform(operation))
        except OutcomeUnknown as unknown:
            upload = yield from _state(api, upload_id, unknown)
            if upload.get("status") == "uploaded":
                return upload
            if upload.get("status") != "pending":
                raise
    return (yield from api.perform(operation))


def _state(api: Api, upload_id: str, unknown: OutcomeUnknown) -> Flow[JsonObject]:
    try:
        return (yield from api.perform(GetFileUpload(file_upload_id=upload_id)))
    except NotionAgentError:
        raise unknown from None


def _check_size(api: Api, size: int) -> Flow[None]:
    """Refuse what the workspace would refuse after the last byte."""
    try:
        me = yield from api.perform(GetMe())
    except InvalidRequest:
        return
    limits: Any = me
    for key in ("bot", "workspace_limits", "max_file_upload_size_in_bytes"):
        limits = cast("JsonObject", limits).get(key) if isinstance(limits, dict) else None
    if isinstance(limits, int) and size > limits:
        raise InvalidParams(
            f"file_uploads.upload: the file has {size:,} bytes; this workspace takes {limits:,}.",
            hint="Upload a smaller file; workspaces on a paid plan take larger ones.",
        )


def _not_imported(upload: JsonObject) -> InvalidRequest:
    result = cast("JsonObject", upload.get("file_import_result") or {})
    error = cast("JsonObject", result.get("error") or {})
    return InvalidRequest(
        f"Notion could not import the file: {error.get('message') or 'it does not say why.'}",
        status=400,
        code="file_import_failed",
        hint="The address must be public, on https:// and answer with a Content-Type that fits the file's name.",
        details={"file_upload_id": upload["id"], "error": error},
        request_id=upload.get("request_id"),
    )


def _still_importing(upload_id: str) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"The call's time is up, and Notion still imports the file as upload {upload_id}.",
        hint="Ask file_uploads.get for this upload later: it says whether the file is there.",
        details={"operation": "file_uploads.upload", "file_upload_id": upload_id},
    )

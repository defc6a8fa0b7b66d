"""The steps of a file upload: begun, sent in one piece or in parts, completed; and what became of it."""

from dataclasses import replace
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from ..fields import FileUploadId
from ..flow import Flow, Request
from ..listing import ListOperation
from ..models.file_uploads import FileUpload
from ..operation import Api, Effect, Operation, Spec
from .multipart import multipart

__all__ = [
    "Bytes",
    "CompleteFileUpload",
    "CreateFileUpload",
    "GetFileUpload",
    "ListFileUploads",
    "SendFileUpload",
]

MAX_FILENAME = 900
"""Bytes of a file's name."""


def _only_bytes(value: object) -> object:
    # A path would otherwise be sent as the file's content.
    if isinstance(value, str):
        raise ValueError("give bytes; file_uploads.upload takes a path")
    return value


Bytes = Annotated[bytes, BeforeValidator(_only_bytes), Field(strict=True)]
"""Bytes and nothing that could be taken for them."""

_READ_BACK = "GET /v1/file_uploads/{id}"
_VERIFY = "file_uploads.get says how far the upload is."


class CreateFileUpload(Operation[FileUpload]):
    """Begin a file upload, or let Notion import a file from a public HTTPS address (mode external_url; file_uploads.get
    says when it is there). Attach it within an hour by its id: {"type": "file_upload", "file_upload": {"id": "..."}}.
    """

    spec = Spec(
        "file_uploads",
        "create",
        "POST /v1/file_uploads",
        effect=Effect.WRITE,
        capability="insert_content",
        read_back=_READ_BACK,
        verify="file_uploads.list shows the uploads; one that is not used expires by itself.",
    )
    mode: Literal["single_part", "multi_part", "external_url"] | None = Field(
        default=None, description="single_part if left out; multi_part above 20 MiB."
    )
    filename: str | None = Field(default=None, description="With its extension; multi_part needs it.")
    content_type: str | None = Field(default=None, description="MIME type, such as image/png.")
    number_of_parts: Annotated[int, Field(ge=1)] | None = Field(default=None, description="Of multi_part.")
    external_url: str | None = Field(default=None, description="https:// address of a file for mode external_url.")

    @field_validator("filename")
    @classmethod
    def _short(cls, value: str | None) -> str | None:
        if value is not None and len(value.encode()) > MAX_FILENAME:
            raise ValueError(f"at most {MAX_FILENAME} bytes, not {len(value.encode()):,}")
        return value

    @field_validator("external_url")
    @classmethod
    def _https(cls, value: str | None) -> str | None:
        if value is not None and not value.lower().startswith("https://"):
            raise ValueError("must begin with https://")
        return value

    @model_validator(mode="after")
    def _as_the_mode_wants(self) -> Self:
        wanted = {
            "multi_part": (("filename", "number_of_parts"), ("number_of_parts",)),
            "external_url": (("external_url",), ("external_url",)),
        }
        for mode, (needed, only) in wanted.items():
            if self.mode == mode and (missing := [name for name in needed if getattr(self, name) is None]):
                raise ValueError(f"mode {mode} needs {' and '.join(missing)}")
            if self.mode != mode and (extra := [name for name in only if getattr(self, name) is not None]):
                raise ValueError(f"{extra[0]} goes with mode {mode} only")
        return self


class _Announced(Operation[FileUpload]):
    """What an upload was announced as: the look before sending, and under its name."""

    spec = Spec(
        "file_uploads", "send", "GET /v1/file_uploads/{file_upload_id}", capability="insert_content", surface="python"
    )
    file_upload_id: FileUploadId


class SendFileUpload(Operation[FileUpload]):
    """Send a file's bytes, or one part of them: 5 to 20 MiB each, the last may be smaller. In any order."""

    spec = Spec(
        "file_uploads",
        "send",
        "POST /v1/file_uploads/{file_upload_id}/send",
        effect=Effect.WRITE,
        capability="insert_content",
        surface="python",
        read_back=_READ_BACK,
        verify=_VERIFY,
    )
    file_upload_id: FileUploadId
    file: Bytes = Field(exclude=True, repr=False, description="The bytes: up to 20 MiB.")
    part_number: Annotated[int, Field(ge=1)] | None = Field(default=None, description="Of multi_part, from 1.")
    filename: str | None = Field(default=None, exclude=True, description="By default as it was announced.")
    content_type: str | None = Field(default=None, exclude=True, description="By default as it was announced.")

    def request(self) -> Request:
        """The bytes as a form."""
        request = super().request()
        fields = {} if self.part_number is None else {"part_number": str(self.part_number)}
        form = multipart(fields, file=self.file, filename=self.filename, content_type=self.content_type)
        return replace(request, json=None, content=form.content, content_type=form.content_type)

    def flow(self, api: Api) -> Flow[FileUpload]:
        """One request, after reading the upload where the name or type is not given; without any type Notion goes by
        the name.
        """
        if self.filename is not None and self.content_type is not None:
            return self.result((yield from api.perform(self)))
        upload = yield from api.perform(_Announced(file_upload_id=self.file_upload_id))
        announced = {name: upload.get(name) for name in ("filename", "content_type") if getattr(self, name) is None}
        sent = self.model_copy(update=announced)
        return sent.result((yield from api.perform(sent)))


class CompleteFileUpload(Operation[FileUpload]):
    """Complete a multi_part upload once all its parts are sent."""

    spec = Spec(
        "file_uploads",
        "complete",
        "POST /v1/file_uploads/{file_upload_id}/complete",
        effect=Effect.WRITE,
        capability="insert_content",
        read_back=_READ_BACK,
        verify=_VERIFY,
    )
    file_upload_id: FileUploadId

    def request(self) -> Request:
        """Without a body."""
        return replace(super().request(), json=None)


class GetFileUpload(Operation[FileUpload]):
    """Get a file upload: its status, and of an import what came of it."""

    spec = Spec("file_uploads", "get", "GET /v1/file_uploads/{file_upload_id}", capability="insert_content")
    file_upload_id: FileUploadId


class ListFileUploads(ListOperation[FileUpload]):
    """List file uploads of this connection."""

    spec = Spec("file_uploads", "list", "GET /v1/file_uploads", capability="insert_content")
    status: Literal["pending", "uploaded", "expired", "failed"] | None = Field(
        default=None, description="Only those with this status."
    )

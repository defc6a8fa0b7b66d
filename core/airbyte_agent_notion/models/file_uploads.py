"""File uploads: what becomes of a file on its way into Notion."""

from typing import Literal, Required

from typing_extensions import TypedDict

from .pieces import Present

__all__ = ["FileImportError", "FileImportResult", "FileUpload", "PartCount", "Uploader"]


class Uploader(TypedDict, total=False):
    """Who began an upload."""

    id: Required[str]
    type: Present[str]
    """``person``, ``bot`` or ``agent``."""


class PartCount(TypedDict, total=False):
    """Parts of a multi-part upload."""

    total: Present[int]
    sent: Present[int]


class FileImportError(TypedDict, total=False):
    """Why an import failed."""

    type: Present[str]
    """``validation_error``, ``internal_system_error``, ``download_error`` or ``upload_error``."""
    code: Present[str]
    message: Present[str]
    parameter: str | None
    status_code: int | None


class FileImportResult(TypedDict, total=False):
    """What came of an import from an address."""

    imported_time: Present[str]
    type: Present[str]
    """``success`` or ``error``."""
    error: FileImportError


class FileUpload(TypedDict, total=False):
    """A file upload; attached within its hour it stays, else it expires."""

    object: Required[Literal["file_upload"]]
    id: Required[str]
    status: Present[str]
    """``pending``, ``uploaded``, ``expired`` or ``failed``."""
    filename: Present[str | None]
    content_type: Present[str | None]
    content_length: Present[int | None]
    expiry_time: Present[str | None]
    created_time: Present[str]
    created_by: Present[Uploader]
    last_edited_time: Present[str]
    in_trash: Present[bool]
    archived: bool
    """The same as ``in_trash``; gone from version 2026-03-11 on."""
    upload_url: str
    """Where ``send`` goes, while it is pending."""
    complete_url: str
    number_of_parts: PartCount
    file_import_result: FileImportResult
    request_id: str

"""File uploads as typed records: what was announced, what arrived, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

__all__ = ["FileLimits", "FileUpload", "Files", "ImportFailure", "RemoteFile"]

Mode: TypeAlias = Literal["single_part", "multi_part", "external_url"]
Status: TypeAlias = Literal["pending", "uploaded", "expired", "failed"]

MIB = 1024 * 1024


@dataclass(slots=True, kw_only=True)
class FileLimits:
    """Sizes in bytes. The defaults are Notion's, for a free workspace; tests lower them."""

    whole_file: int = 5 * MIB
    """What ``users/me`` says; 5 GiB in paid workspaces."""
    single_part: int = 20 * MIB
    smallest_part: int = 5 * MIB
    """Of each part of several but the last."""
    largest_part: int = 20 * MIB
    most_parts: int = 1_000
    filename: int = 900
    """Of the name, in UTF-8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file on the web, as an import by ``external_url`` finds it.

    Args:
        content: What is downloaded.
        content_type: What HEAD says; None if it says nothing.
        polls: How often the upload is read as pending before the import is over.
        broken: HEAD answers, but the download fails.
    """

    content: bytes = b""
    content_type: str | None = "application/octet-stream"
    polls: int = 1
    broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFailure:
    """Why an import failed."""

    type: Literal["validation_error", "internal_system_error", "download_error", "upload_error"]
    code: str
    message: str
    parameter: str | None = None
    status_code: int | None = None


@dataclass(slots=True, kw_only=True)
class FileUpload:
    """One upload. It expires an hour after its creation unless something has been made of it."""

    id: str
    mode: Mode
    filename: str | None
    content_type: str | None
    created: datetime
    edited: datetime
    created_by: str
    expires: datetime | None
    """None once it is attached, or has expired."""
    status: Status = "pending"
    parts_total: int | None = None
    parts: dict[int, bytes] = field(default_factory=dict[int, bytes])
    content: bytes | None = None
    """The whole file, once it is uploaded."""
    url: str | None = None
    """Where an import takes it from."""
    polls: int = 0
    imported: datetime | None = None
    failure: ImportFailure | None = None
    attached: bool = False


@dataclass(slots=True, kw_only=True)
class Files:
    """The uploads of a workspace, the files that its imports can reach, and its limits."""

    uploads: dict[str, FileUpload] = field(default_factory=dict[str, FileUpload])
    remote: dict[str, RemoteFile] = field(default_factory=dict[str, RemoteFile])
    """By URL; what is missing here cannot be downloaded."""
    limits: FileLimits = field(default_factory=FileLimits)

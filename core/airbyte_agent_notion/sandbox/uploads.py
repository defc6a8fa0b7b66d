"""The life of file uploads: how they expire, how imports end, and where an upload's id becomes a file."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from .context import Context
from .filetypes import category, content_type_of, extension_of, plain_type
from .problems import invalid
from .state import FileValue
from .state_files import FileUpload, ImportFailure, RemoteFile
from .workspace import Workspace

__all__ = ["LIFETIME", "attached_file", "keep_attached", "poll_import", "same_type", "settle", "usable_upload"]

LIFETIME = timedelta(hours=1)
"""How long an upload waits to be attached."""


def settle(workspace: Workspace, upload: FileUpload) -> FileUpload:
    """The same upload, expired if nothing was made of it in time."""
    now = workspace.now()
    if upload.expires is not None and not upload.attached and now >= upload.expires:
        upload.edited = upload.expires
        upload.status = "expired" if upload.status != "failed" else "failed"
        upload.expires = None
    return upload


def poll_import(workspace: Workspace, upload: FileUpload) -> None:
    """Look once at an import: it ends after as many looks as the file on the web says."""
    if upload.mode != "external_url" or upload.status != "pending":
        return
    remote = workspace.files.remote.get(upload.url or "")
    upload.polls += 1
    if remote is not None and upload.polls <= remote.polls:
        return
    upload.failure = _import_failure(workspace, upload, remote)
    upload.edited = upload.imported = workspace.now()
    upload.status = "uploaded" if upload.failure is None else "failed"
    if upload.failure is None and remote is not None:
        upload.content = remote.content
        upload.content_type = upload.content_type or remote.content_type


def _import_failure(workspace: Workspace, upload: FileUpload, remote: RemoteFile | None) -> ImportFailure | None:
    if remote is None:
        message = "The file could not be downloaded: the URL answers 404."
        return ImportFailure(type="download_error", code="file_not_found", message=message, status_code=404)
    if remote.broken:
        message = "The file could not be downloaded: the connection was closed."
        return ImportFailure(type="download_error", code="download_failed", message=message)
    if remote.content_type is None or not content_type_of(extension_of(upload.filename or ""), remote.content_type):
        message = f"The URL's content type, {remote.content_type}, does not match {upload.filename}."
        return ImportFailure(
            type="validation_error", code="content_type_mismatch", message=message, parameter="content_type"
        )
    if len(remote.content) > workspace.files.limits.whole_file:
        message = f"The file is larger than {workspace.files.limits.whole_file} bytes."
        return ImportFailure(type="validation_error", code="file_too_large", message=message, parameter="external_url")
    return None


def usable_upload(context: Context, identifier: str, *, among: Collection[str] | None = None) -> FileUpload:
    """An upload that may be attached now; once the request succeeds, it expires no more.

    Args:
        context: The request.
        identifier: Its id.
        among: The categories or extensions of file that fit (see ``filetypes``); any by default.

    Raises:
        Problem: 404: there is no such upload. 400: it is not uploaded, has expired, or is of another kind.
    """
    upload = context.workspace.files.uploads.get(identifier)
    if upload is None:
        raise context.missing("file_upload", identifier)
    settle(context.workspace, upload)
    if upload.status != "uploaded":
        raise invalid(f"File upload {identifier} has status {upload.status}: only an uploaded file can be attached.")
    kind = category(upload.filename or "")
    if among is not None and kind not in among and extension_of(upload.filename or "") not in among:
        raise invalid(f"File upload {identifier} is of kind {kind}, which does not fit here: {', '.join(among)}.")
    context.committed.upload_ids.append(upload.id)
    return upload


def keep_attached(context: Context) -> None:
    """Keep the uploads that a request has attached for good, now that it has succeeded."""
    for identifier in context.committed.upload_ids:
        upload = context.workspace.files.uploads[identifier]
        upload.attached, upload.expires = True, None


def attached_file(
    context: Context, identifier: str, *, name: str | None = None, among: Collection[str] | None = None
) -> FileValue:
    """The file of an upload that may be attached now, under ``name`` if one is given.

    Raises:
        Problem: 404: there is no such upload. 400: it is not uploaded, has expired, or is of another kind.
    """
    upload = usable_upload(context, identifier, among=among)
    return FileValue(name=name or upload.filename or "file", upload=upload.id)


def same_type(declared: str, sent: str) -> bool:
    """Whether two content types are the same, whatever their parameters."""
    return plain_type(declared) == plain_type(sent)

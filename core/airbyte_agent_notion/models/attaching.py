"""Uploaded files as what they are attached as: a block, a property's value, an icon, a cover."""

from typing import Any

from .file_uploads import FileUpload

__all__ = ["file_block", "file_cover", "file_icon", "file_values"]

JsonObject = dict[str, Any]

_KINDS = {"image": "image", "video": "video", "audio": "audio", "application/pdf": "pdf"}
"""Block types by content type, whole or up to the slash; everything else is a ``file``."""


def file_block(upload: FileUpload, *, caption: str | None = None, kind: str | None = None) -> JsonObject:
    """A block with the file, for ``blocks.append``.

    Args:
        upload: an uploaded file.
        caption: text under it, at most 2,000 characters.
        kind: image, video, audio, pdf or file; by default the one that the file's content type asks for.
    """
    content_type = (upload.get("content_type") or "").partition(";")[0].strip().lower()
    found = kind or _KINDS.get(content_type) or _KINDS.get(content_type.partition("/")[0]) or "file"
    text = [{"type": "text", "text": {"content": caption}}] if caption else []
    return {"type": found, found: {**_reference(upload), **({"caption": text} if text else {})}}


def file_values(*uploads: FileUpload) -> JsonObject:
    """The value of a files property; it replaces what is there."""
    return {"files": [_named(upload) for upload in uploads]}


def file_icon(upload: FileUpload) -> JsonObject:
    """The icon of a page, database or data source."""
    return _reference(upload)


def file_cover(upload: FileUpload) -> JsonObject:
    """The cover of a page or database."""
    return _reference(upload)


def _named(upload: FileUpload) -> JsonObject:
    name = upload.get("filename")
    return {**_reference(upload), **({"name": name[:100]} if name else {})}


def _reference(upload: FileUpload) -> JsonObject:
    return {"type": "file_upload", "file_upload": {"id": upload["id"]}}

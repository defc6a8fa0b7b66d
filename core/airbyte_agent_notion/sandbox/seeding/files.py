"""File uploads as they are given out, read back into state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..moments import exact, parse
from ..state_files import FileUpload, ImportFailure
from .pieces import as_map, moment_of

__all__ = ["upload_of"]


def upload_of(body: Mapping[str, Any], now: datetime) -> FileUpload:
    """An upload in the state that it was given out in."""
    created = moment_of(body.get("created_time"), now)
    parts, outcome = as_map(body.get("number_of_parts")), as_map(body.get("file_import_result"))
    expires, length = parse(str(body.get("expiry_time"))), body.get("content_length")
    status: Any = body.get("status", "pending")
    upload = FileUpload(
        id=str(body["id"]),
        mode="external_url" if outcome else "multi_part" if parts else "single_part",
        filename=body.get("filename"),
        content_type=body.get("content_type"),
        created=created,
        edited=moment_of(body.get("last_edited_time"), created),
        created_by=str(as_map(body.get("created_by")).get("id", "")),
        expires=None if expires is None else exact(expires),
        status=status,
        parts_total=parts.get("total"),
        content=bytes(length) if isinstance(length, int) else None,
        attached=status == "uploaded" and expires is None,
    )
    if outcome:
        upload.imported = moment_of(outcome.get("imported_time"), created)
        upload.failure = _failure(as_map(outcome.get("error")))
    return upload


def _failure(error: Mapping[str, Any]) -> ImportFailure | None:
    if not error:
        return None
    kind: Any = error.get("type", "internal_system_error")
    return ImportFailure(
        type=kind,
        code=str(error.get("code", "")),
        message=str(error.get("message", "")),
        parameter=error.get("parameter"),
        status_code=error.get("status_code"),
    )

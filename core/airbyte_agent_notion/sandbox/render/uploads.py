"""File uploads as JSON."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from ..moments import to_millisecond, to_minute
from ..state_files import FileUpload, ImportFailure
from ..versions import finish
from ..workspace import Workspace

__all__ = ["upload_json"]

API_URL = "https://api.notion.com/v1/file_uploads/"


def upload_json(workspace: Workspace, version: str, upload: FileUpload) -> dict[str, Any]:
    """A file upload; where to send it stands there as long as something can be sent."""
    author = workspace.users.get(upload.created_by)
    body: dict[str, Any] = {
        "object": "file_upload",
        "id": upload.id,
        "created_time": to_minute(upload.created),
        "created_by": {"id": upload.created_by, "type": "bot" if author is None else author.kind},
        "last_edited_time": to_minute(upload.edited),
        "expiry_time": None if upload.expires is None else to_minute(upload.expires),
        "in_trash": False,
        "status": upload.status,
        "filename": upload.filename,
        "content_type": upload.content_type,
        "content_length": None if upload.content is None else len(upload.content),
    }
    if upload.status == "pending" and upload.mode != "external_url":
        body["upload_url"] = f"{API_URL}{upload.id}/send"
    if upload.mode == "multi_part" and upload.status == "pending":
        body["complete_url"] = f"{API_URL}{upload.id}/complete"
    if upload.parts_total is not None:
        body["number_of_parts"] = {"total": upload.parts_total, "sent": len(upload.parts)}
    if upload.imported is not None:
        moment = to_millisecond(upload.imported.astimezone(UTC))
        body["file_import_result"] = {"imported_time": moment, **_outcome(upload.failure)}
    return finish(version, body)


def _outcome(failure: ImportFailure | None) -> dict[str, Any]:
    if failure is None:
        return {"type": "success", "success": {}}
    error = {
        "type": failure.type,
        "code": failure.code,
        "message": failure.message,
        "parameter": failure.parameter,
        "status_code": failure.status_code,
    }
    return {"type": "error", "error": error}

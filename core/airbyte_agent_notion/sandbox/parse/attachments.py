"""Files that come with a comment."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..narrow import as_array, as_id, as_object, at_most, one_of, only, required
from ..state import FileValue
from ..uploads import attached_file

__all__ = ["attached_files"]

MOST = 3


def attached_files(context: Context, value: Any, where: str) -> tuple[FileValue, ...]:
    """At most three uploads, as ``[{"file_upload_id": ...}]``."""
    items = as_array(value, where)
    at_most(items, where, MOST)
    return tuple(_attached(context, each, f"{where}[{index}]") for index, each in enumerate(items))


def _attached(context: Context, value: Any, where: str) -> FileValue:
    body = as_object(value, where)
    only(body, where, "type", "file_upload_id")
    one_of(body.get("type", "file_upload"), f"{where}.type", ("file_upload",))
    return attached_file(context, as_id(required(body, "file_upload_id", where), f"{where}.file_upload_id"))

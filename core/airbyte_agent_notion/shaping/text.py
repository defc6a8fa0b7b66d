"""Results as JSON text, errors as one text that says how to mend the call, or that it cannot be mended."""

from __future__ import annotations

import json
from typing import Any

from ..errors import NotionAgentError
from ..listing import ListResult

__all__ = ["encodable", "error_text", "plain_data", "result_text"]


def plain_data(result: Any) -> Any:
    """A result as JSON data: dicts as they are, lists as ``{data, meta}``."""
    return result.to_dict() if isinstance(result, ListResult) else result


def result_text(result: Any) -> str:
    """Compact JSON; what is text already stays as it is."""
    if isinstance(result, str):
        return result
    return encodable(json.dumps(plain_data(result), ensure_ascii=False, separators=(",", ":"), default=str))


def error_text(error: NotionAgentError) -> str:
    """``Error (code): what went wrong. The next step.``"""
    return f"Error ({error.code}): {error}"


def encodable(text: str) -> str:
    """Text with the halves of emoji that were cut in two shown as U+FFFD: no framework could send them on."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text

"""Results as JSON text, errors as one text that says how to mend the call, or that it cannot be mended."""

from __future__ import annotations

import json
from typing import Any

from ..errors import NotionAgentError, Recovery
from ..operation import ListResult

__all__ = ["error_text", "plain_data", "result_text"]

_LAST_WORD = {
    Recovery.FIX_ARGUMENTS: "",
    Recovery.RETRY_LATER: "",
    Recovery.VERIFY_FIRST: "The change may have been made: read before repeating.",
    Recovery.ASK_OPERATOR: "Calling again will not help; a person must mend it.",
}


def plain_data(result: Any) -> Any:
    """A result as JSON data: dicts as they are, lists as ``{data, meta}``."""
    return result.to_dict() if isinstance(result, ListResult) else result


def result_text(result: Any) -> str:
    """Compact JSON."""
    return json.dumps(plain_data(result), ensure_ascii=False, separators=(",", ":"), default=str)


def error_text(error: NotionAgentError) -> str:
    """``Error (code): what went wrong. The next step.``"""
    return " ".join(filter(None, (f"Error ({error.code}):", str(error), _LAST_WORD[error.recovery])))

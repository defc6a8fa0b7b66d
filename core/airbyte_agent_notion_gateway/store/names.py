"""Names that people give: what can be stored, and what cannot even be looked up."""

from __future__ import annotations

from airbyte_agent_notion.errors import InvalidParams

__all__ = ["checked_name", "is_storable"]

MAX_LENGTH = 255


def is_storable(text: str) -> bool:
    """Whether every database can take the text: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def checked_name(text: str, *, field: str, limit: int = MAX_LENGTH) -> str:
    """The text as it stands, if it can be a name.

    Raises:
        InvalidParams: it is blank, longer than ``limit`` or holds control characters; ``details`` names the field.
    """
    control = any(ord(character) < 32 or ord(character) == 127 for character in text)
    if text.strip() and len(text) <= limit and is_storable(text) and not control:
        return text
    raise InvalidParams(
        f"{field} is not a name.",
        hint=f"Give 1 to {limit} characters on one line.",
        details={"field": field},
    )

"""What differs between the Notion versions that the sandbox speaks (reference: part 1)."""

from __future__ import annotations

from typing import Any

__all__ = ["VERSIONS", "block_type", "finish", "has_older_spellings", "state_type"]

VERSIONS = ("2025-09-03", "2026-03-11")
_WITH_ARCHIVED = frozenset({"2025-09-03"})
_OLD_BLOCK_TYPES = {"meeting_notes": "transcription"}


def block_type(version: str, name: str) -> str:
    """The name of a block type in that version."""
    return _OLD_BLOCK_TYPES.get(name, name) if version in _WITH_ARCHIVED else name


def state_type(name: str) -> str:
    """The newest name of a block type."""
    return next((new for new, old in _OLD_BLOCK_TYPES.items() if old == name), name)


def has_older_spellings(version: str) -> bool:
    """Whether requests may say ``archived`` for ``in_trash``, and ``after`` for a position."""
    return version in _WITH_ARCHIVED


def finish(version: str, body: dict[str, Any]) -> dict[str, Any]:
    """Add the older spelling of ``in_trash`` where the version has it."""
    if version in _WITH_ARCHIVED and "in_trash" in body:
        body["archived"] = body["in_trash"]
    return body

"""A document, and what stands for one that could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["NotionDocument", "Skipped"]


def _nothing() -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class NotionDocument:
    """A page or a row, whole."""

    id: str
    """The page's id: the same at every reading."""
    text: str = field(repr=False)
    """Its content as Markdown; before a row's, its properties as lines of ``Name: value``."""
    metadata: dict[str, Any] = field(default_factory=_nothing, repr=False)
    """JSON data: ``id``, ``title``, ``object`` (``page`` or ``row``), ``url`` and the same as ``source``,
    ``created_time``, ``last_edited_time``, ``parent_type`` and ``parent_id``; of a row ``data_source_id``,
    ``database_id`` and ``properties`` (plain values by name). ``complete`` is false where something could not be read:
    ``missing`` holds the ids of those blocks, ``incomplete`` the properties with reasons. What Notion does not say
    is left out.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A page that could not be read: gone, or not shared with the connection any more."""

    id: str
    code: str
    """As of the error, e.g. ``object_not_found``."""
    message: str

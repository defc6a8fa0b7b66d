"""What shaping gives: a result as text, apart from what is ours to say of it; and how it names objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

__all__ = ["FORMATS", "Format", "Kind", "Refs", "Shaped"]

Format = Literal["compact", "markdown", "raw"]
"""How a result is written: for a model, for people, or as Notion's JSON."""
FORMATS: tuple[Format, ...] = ("compact", "markdown", "raw")

Kind = Literal[
    "page", "database", "data_source", "block", "user", "comment", "discussion", "view", "file_upload", "other"
]
"""What an id belongs to."""


class Refs(Protocol):
    """How objects are named in text: by ids or by short handles."""

    def id(self, kind: Kind, identifier: str) -> str:
        """What stands for an object."""
        ...

    def file(self, container: str, url: str) -> str:
        """What stands for the signed address of a file that Notion keeps in the page, block or comment."""
        ...

    def person(self, user: Mapping[str, Any]) -> str:
        """A user's name; where it is not known, what stands for the id."""
        ...

    def text(self, markdown: str) -> str:
        """Markdown in which addresses of Notion's objects and references to files are short."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """A result as text."""

    body: str
    """What the workspace says: untrusted. Equal results give equal text."""
    said: str = ""
    """What we say of it, e.g. ``10 rows; there are more.``; one line, no text of the workspace."""
    source: str = ""
    """What the body is and where it is from, in a few words with ids, e.g. ``rows of ds123456789``; no text of the
    workspace. Empty where the body holds nothing of it.
    """
    more: Mapping[str, Any] | None = None
    """Parameters to change in the same call for what follows in Notion; None at the end."""
    outline: str = ""
    """Headings of a page's text, one a line: shown first where the body is too long."""

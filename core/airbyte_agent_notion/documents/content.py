"""A page's content: its whole text, what of it could not be read, and the pages inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..engine import Engine
from ..flow import Flow
from ..operations.text_reads import ReadPage
from ..shaping.markdown import children_of, parse

__all__ = ["Content", "page_content"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is on a page."""

    markdown: str = ""
    missing: tuple[str, ...] = ()
    """Ids of blocks that could not be read; the page's own where its end is missing."""
    complete: bool = True

    def pages(self) -> tuple[str, ...]:
        """Ids of the pages inside, in reading order; those that are only linked are not."""
        return tuple(dict.fromkeys(_pages(parse(self.markdown))))


def page_content(engine: Engine, page_id: str) -> Flow[Content]:
    """A page's whole text, at every depth, with what was said in meetings."""
    text = yield from engine.call(ReadPage(page_id=page_id, include_transcript=True))
    complete = text["complete"] and "left_out" not in text
    return Content(markdown=text.get("markdown", ""), missing=tuple(text["missing"]), complete=complete)


def _pages(blocks: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for block in blocks:
        if block.get("type") == "child_page" and block.get("id"):
            yield str(block["id"])
        yield from _pages(children_of(block) or ())

"""Blocks as Notion's enhanced Markdown."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .options import RenderOptions
from .write_pipes import apart
from .write_tags import TAGS
from .write_text import TEXT
from .writer import Writer

__all__ = ["Rendered", "render", "render_each", "render_page"]

_WRITERS = {**TEXT, **TAGS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A page as ``GET pages/{id}/markdown`` answers it."""

    markdown: str
    unknown_block_ids: tuple[str, ...]
    """Blocks whose inside was not there to be shown."""

    @property
    def truncated(self) -> bool:
        """Whether something was not there."""
        return bool(self.unknown_block_ids)


def render(blocks: Iterable[Mapping[str, Any]], *, options: RenderOptions | None = None) -> str:
    """Blocks as Markdown: lines separated by one line break, none at the end; equal blocks give equal text.

    ``blocks`` are as Notion answers them, each with what is inside it under ``children`` (or wherever
    ``options.children`` finds it), or as ``parse`` gives them.
    """
    return render_page(blocks, options=options).markdown


def render_each(blocks: Iterable[Mapping[str, Any]], *, options: RenderOptions) -> list[str]:
    """The Markdown of each block, as it stands beside the others: with line breaks between, the whole."""
    writer = Writer(options, _WRITERS)
    starts: list[int] = []

    def noted() -> Iterator[Mapping[str, Any]]:
        for block in blocks:
            starts.append(len(writer.lines))
            yield block

    writer.blocks(noted(), "")
    added = apart(writer.lines, writer.tables)
    starts = [start + sum(1 for line in added if line <= start) for start in starts]
    ends = [*starts[1:], len(writer.lines)]
    return ["\n".join(writer.lines[start:end]) for start, end in zip(starts, ends, strict=False)]


def render_page(blocks: Iterable[Mapping[str, Any]], *, options: RenderOptions | None = None) -> Rendered:
    """Blocks as Markdown, with the ids of those whose inside is missing."""
    writer = Writer(options or RenderOptions(), _WRITERS)
    writer.blocks(blocks, "")
    apart(writer.lines, writer.tables)
    return Rendered(markdown="\n".join(writer.lines), unknown_block_ids=tuple(dict.fromkeys(writer.unknown)))

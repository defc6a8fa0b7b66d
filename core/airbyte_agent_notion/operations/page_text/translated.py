"""A page's source in the short dialect."""

from functools import partial

from ...file_refs import file_ref
from ...shaping.markdown import RenderOptions, Translation, render
from .source import Source

__all__ = ["spoken", "translated"]


def spoken(source: Source, page_id: str) -> str:
    """The page's text as it is shown, with what was said in meetings; that cannot be edited."""
    found = translated(source, page_id)
    options = RenderOptions(compact=True, page_id=page_id, transcript=True)
    return render(found.blocks, options=options)


def translated(source: Source, page_id: str) -> Translation:
    """The page's text as it is shown, and what makes edits of that into edits of Notion's."""
    options = RenderOptions(compact=True, page_id=page_id, file_url=lambda _, url: file_ref(page_id, url))
    shown = {identifier: render([block], options=options) for identifier, block in source.blocks.items()}
    return Translation.of(source.markdown, file_ref=partial(file_ref, page_id), replaced=shown)

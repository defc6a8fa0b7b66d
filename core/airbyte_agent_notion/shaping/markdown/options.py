"""How blocks are written as Markdown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .dialect import FileUrl, file_stand_in, object_url
from .narrow import as_list, as_mapping

__all__ = ["RenderOptions", "children_of"]


def children_of(block: Mapping[str, Any]) -> Sequence[Mapping[str, Any]] | None:
    """The blocks inside a block: under its key ``children``, or in its payload as they are sent; None if unknown."""
    children = as_list(block.get("children"))
    if children is None:
        children = as_list(as_mapping(block.get(block.get("type") or "")).get("children"))
    return children


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """What of the rendering may differ; without any, Notion's own output with no address of a stored file in it."""

    page_id: str | None = None
    """The page that the blocks are in: addresses of blocks name it."""
    extended: bool = False
    """Also say what Notion's Markdown leaves out, in tags of ours that ``parse`` reads: bookmarks, embeds, template
    buttons and links to pages with their addresses, captions of code, names of files, widths of columns."""
    compact: bool = False
    """Write the same as ``extended`` in fewer words: addresses bare and first in their tags, tables of pipes,
    containers of one line on one line and without tabs inside, ``{toggle}``, ``<toc/>``."""
    transcript: bool = False
    """Show what was said in meetings."""
    children: Callable[[Mapping[str, Any]], Sequence[Mapping[str, Any]] | None] = children_of
    """The blocks inside a block; None if they are not known, which leaves a tag in their place."""
    file_url: FileUrl = file_stand_in
    """What stands for the signed URL of a file that Notion keeps."""
    object_url: Callable[[str, str, str | None], str] = object_url
    """The address of an object by its kind (page, database, user, block) and id, within a page where that is known."""

    def __post_init__(self) -> None:
        """What is compact is extended."""
        if self.compact:
            object.__setattr__(self, "extended", True)

"""Notion's enhanced Markdown: written from blocks (``render``), read into blocks (``parse``), edited (``edit``).

``normal`` says what of blocks survives the way through Markdown: ``parse(render(blocks)) == normal(blocks)``.
"""

from .dialect import Block, file_stand_in, id_in, object_url
from .edits import Edited, Reason, Refusal, edit, insert_content, replace_range, title_of, update_content
from .matching import Matched, match
from .normal import normal
from .options import RenderOptions, children_of
from .parse import parse
from .postable import Unwritable, postable
from .render import Rendered, render, render_page
from .trees import nested

__all__ = [
    "Block",
    "Edited",
    "Matched",
    "Reason",
    "Refusal",
    "RenderOptions",
    "Rendered",
    "Unwritable",
    "children_of",
    "edit",
    "file_stand_in",
    "id_in",
    "insert_content",
    "match",
    "nested",
    "normal",
    "object_url",
    "parse",
    "postable",
    "render",
    "render_page",
    "replace_range",
    "title_of",
    "update_content",
]

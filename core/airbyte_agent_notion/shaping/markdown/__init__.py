"""Notion's enhanced Markdown: written from blocks (``render``), read into blocks (``parse``), edited (``edit``).

``normal`` says what of blocks survives the way through Markdown: ``parse(render(blocks)) == normal(blocks)``. Our
dialect says the same in fewer words (``RenderOptions(compact=True)``); ``Translation`` leads from Notion's text to it
and from edits of it to Notion's; ``section`` and ``outline`` find their way in it.
"""

from .changes import Updates
from .dialect import Block, file_stand_in, id_in, object_url
from .edits import Edited, Reason, Refusal, edit, insert_content, replace_range, title_of, update_content
from .headings import Heading, headings
from .matching import Matched, match
from .normal import normal
from .options import RenderOptions, children_of
from .parse import parse
from .postable import Unwritable, postable
from .render import Rendered, render, render_page
from .sections import Ambiguous, Missing, Section, outline, replaced, section
from .shown import Problem
from .translation import Segment, Translation
from .trees import nested

__all__ = [
    "Ambiguous",
    "Block",
    "Edited",
    "Heading",
    "Matched",
    "Missing",
    "Problem",
    "Reason",
    "Refusal",
    "RenderOptions",
    "Rendered",
    "Section",
    "Segment",
    "Translation",
    "Unwritable",
    "Updates",
    "children_of",
    "edit",
    "file_stand_in",
    "headings",
    "id_in",
    "insert_content",
    "match",
    "nested",
    "normal",
    "object_url",
    "outline",
    "parse",
    "postable",
    "render",
    "render_page",
    "replace_range",
    "replaced",
    "section",
    "title_of",
    "update_content",
]

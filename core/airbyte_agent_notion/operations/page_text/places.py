"""Edits as functions of a page's text: a section's body anew, or more at its end."""

from ...shaping.markdown import RenderOptions, Section, headings, parse, render, replaced
from .edited import Edited
from .reading import section_called

__all__ = ["section_replaced", "settled", "with_appended"]


def settled(markdown: str, page_id: str) -> str:
    """Markdown as anyone writes it, in the form in which a page's text is shown."""
    return render(parse(markdown), options=RenderOptions(compact=True, page_id=page_id))


def section_replaced(text: str, wanted: str, markdown: str) -> Edited:
    """The text with a section's body replaced, and its heading too where the new text begins with one as high."""
    old = section_called(text, wanted)
    named = frozenset(range(old.heading.start, old.heading.end))
    return Edited(text=replaced(text, old, markdown, keep_heading=not _begins_anew(markdown, old)), named=named)


def with_appended(text: str, wanted: str, markdown: str) -> Edited:
    """The text with more at the end of a section."""
    old = section_called(text, wanted)
    inside = "\t" if _is_inside(old) else ""
    added = "\n".join(f"{inside}{line}" if line else line for line in markdown.split("\n"))
    return Edited(text=replaced(text, old, f"{old.markdown}\n{added}"))


def _begins_anew(markdown: str, old: Section) -> bool:
    first = next(iter(headings(markdown)), None)
    return first is not None and first.start == 0 and first.level <= old.heading.level


def _is_inside(old: Section) -> bool:
    """Whether what belongs to the section stands inside its heading: in a toggle that holds something, or is alone."""
    _, _, rest = old.markdown.partition("\n")
    return old.heading.is_toggle and (not rest or rest.startswith("\t"))

"""A page's text in the short dialect: whole, one section of it, or its headings."""

from ...brevity import fitting, quoted
from ...errors import AmbiguousReference, InvalidParams
from ...flow import Flow
from ...models.texts import PageText
from ...operation import Api
from ...shaping.markdown import Ambiguous, Missing, Section, outline, section
from .source import read_source
from .translated import spoken, translated

__all__ = ["section_called", "shown"]

MAX_TITLES = 45
"""Tokens of all the titles in a message."""
MAX_TITLE = 15


def shown(api: Api, page_id: str, *, wanted: str | None, outlined: bool, transcript: bool) -> Flow[PageText]:
    """What ``pages.read`` answers."""
    source = yield from read_source(api, page_id, transcript=transcript)
    text = spoken(source, page_id) if transcript else translated(source, page_id).markdown
    if wanted is not None:
        text = section_called(text, wanted).markdown
    told: PageText = {
        "object": "page_text",
        "id": page_id,
        "complete": not source.missing,
        "missing": list(source.missing),
    }
    return {**told, "outline": outline(text)} if outlined else {**told, "markdown": text}


def section_called(text: str, wanted: str) -> Section:
    """The section that is meant.

    Raises:
        InvalidParams: there is none; the message names headings like it.
        AmbiguousReference: there are several; it lists what to ask for instead.
    """
    found = section(text, wanted)
    if isinstance(found, Missing):
        near = fitting((quoted(each, MAX_TITLE) for each in found.nearest), MAX_TITLES, most=5, separator=", ")
        raise InvalidParams(
            f"The page has no section {quoted(wanted)}{f'; there are {near}' if near else ': it has no headings'}.",
            hint="Ask for a heading that is there; pages.read with outline: true lists them all.",
            details={"parameter": "section", "nearest": list(found.nearest)},
        )
    if isinstance(found, Ambiguous):
        choices = fitting((quoted(each, MAX_TITLE) for each in found.choices), MAX_TITLES, most=5)
        raise AmbiguousReference(
            f"{len(found.choices)} sections are called {quoted(wanted)}: {choices}.",
            hint="Call again with the one that is meant, written like this, or as its title and number, such as #1.",
            details={"parameter": "section", "choices": list(found.choices)},
        )
    return found

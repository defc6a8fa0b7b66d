"""Markdown as blocks to be written: parsed here, not by Notion, so that they are checked and sent as any others."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..brevity import MAX_TOKENS, fitting, tokens
from ..errors import InvalidParams
from ..operation import JsonObject
from .texts import TooLong, split_rich_text

if TYPE_CHECKING:
    from ..shaping.markdown import Unwritable

__all__ = ["blocks_of", "titled_blocks_of"]

MAX_SHOWN = 10
"""Blocks that a refusal lists at most; ``details`` holds them all."""
_TAKE_OUT = "Nothing was written. Take it out of the Markdown, or do as it says, and call again."


def blocks_of(markdown: str, *, operation: str) -> list[JsonObject]:
    """The blocks that Markdown stands for, as Notion takes them.

    Raises:
        ConfigurationError: markdown-it-py is not installed.
        InvalidParams: some of it cannot be written as new blocks; ``details["unwritable"]`` lists it.
    """
    from ..shaping.markdown import parse

    return _writable(parse(markdown), operation)


def titled_blocks_of(markdown: str, *, operation: str) -> tuple[list[JsonObject] | None, list[JsonObject]]:
    """The same with the first ``# heading`` taken out as a page's title; None where there is none."""
    from ..shaping.markdown import parse, title_of

    title, rest = title_of(parse(markdown))
    try:
        words = None if title is None else split_rich_text(title)
    except TooLong as error:
        raise InvalidParams(
            f"{operation}: the first heading of markdown, which is the title: {error}.",
            hint="Nothing was written. Shorten it and call again.",
            details={"operation": operation, "parameter": "markdown"},
        ) from None
    return words, _writable(rest, operation)


def _writable(parsed: list[JsonObject], operation: str) -> list[JsonObject]:
    from ..shaping.markdown import postable

    blocks, refused = postable(parsed)
    if refused:
        raise _refusal(refused, operation)
    return blocks


def _refusal(refused: "Sequence[Unwritable]", operation: str) -> InvalidParams:
    listed: list[dict[str, Any]] = [{"type": each.type, "id": each.id, "reason": each.reason} for each in refused]
    named = [f"{each['type']}{' ' + each['id'] if each['id'] else ''}: {each['reason']}" for each in listed]
    said = f"{operation}: markdown holds what cannot be written as new blocks"
    room = MAX_TOKENS - tokens(f"{said}: . {_TAKE_OUT}") - len("and more")
    return InvalidParams(
        f"{said}: {fitting(named, room, most=MAX_SHOWN)}.",
        hint=_TAKE_OUT,
        details={"operation": operation, "parameter": "markdown", "unwritable": listed},
    )

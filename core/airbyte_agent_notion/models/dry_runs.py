"""What a dry run answers, and what a write says it has changed."""

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

__all__ = ["Changed", "DryRun", "PlannedRequest"]


class PlannedRequest(TypedDict):
    """A request that would be sent."""

    operation: str
    """``entity.action``."""
    effect: str
    method: str
    path: str
    query: NotRequired[list[list[str]]]
    body: NotRequired[Any]
    """JSON as it would be sent; of a file how long it is. Ids of what is not there yet begin with 00000000."""
    difference: dict[str, Any]
    """What it would change. An update lists each key with ``from`` and ``to``, page properties in plain values; others
    say ``created``, ``added``, ``moved``, ``trashed`` (with counts), ``deleted`` or ``restored``; an edit of Markdown
    has the ``removed`` and ``added`` lines. ``unknown`` says why it could not be found out.
    """


class DryRun(TypedDict):
    """What a call would do. Nothing that writes was sent; reads were."""

    object: Literal["dry_run"]
    operation: str
    effect: str
    sent: Literal[False]
    requests: list[PlannedRequest]
    """In order. Of an operation that does several things, later requests are those that follow if all goes well."""


class Changed(TypedDict):
    """What a write has changed."""

    operation: str
    effect: str
    ids: list[str]
    """Of what Notion answered: the object changed or made, of an append the new blocks."""
    urls: list[str]
    unverified: NotRequired[str]
    """Why it cannot be seen yet."""

"""What a call that stopped in the middle has written, what it has not, and how to go on."""

from collections.abc import Sequence
from typing import Any

from ...brevity import MAX_TOKENS, brief, fitting, tokens
from ...errors import InvalidParams, NotionAgentError, OutcomeUnknown, PartialWrite, Recovery
from ...operation import JsonObject
from .nodes import Node, planted
from .plan import Chunk
from .run import Appending, Frames, Job

__all__ = ["checked", "stopped"]

MAX_SHOWN = 10
_AGAIN = "Nothing was written. Correct the blocks and send the whole call again."
MAX_CAUSE = 30
"""Tokens of what stopped a call, beside what is to be done."""


def checked(blocks: Sequence[Any], *, operation: str, name: str = "children") -> list[Node]:
    """The blocks as trees; raises InvalidParams with everything that Notion would refuse for sure.

    ``name`` is the parameter that they come from.
    """
    problems: dict[str, str] = {}
    nodes = planted(blocks, problems, name=name)
    if problems:
        room = MAX_TOKENS - tokens(f"{operation}: . {_AGAIN}") - len("and more")
        shown = fitting([f"{path}: {problem}" for path, problem in problems.items()], room, most=MAX_SHOWN)
        raise InvalidParams(
            f"{operation}: {shown}.",
            hint=_AGAIN,
            details={"operation": operation, "parameters": problems},
        )
    return nodes


def stopped(
    appending: Appending, error: NotionAgentError, *, operation: str, page: JsonObject | None = None, sent: int = 0
) -> NotionAgentError:
    """The error to raise: the one that occurred if nothing was written before, else PartialWrite.

    Args:
        appending: how far it came.
        error: what stopped it.
        operation: its name.
        page: that the call has created before, with its first blocks.
        sent: how many blocks those were.
    """
    begun, undecided = appending.begun, appending.undecided
    if page is None and not begun.blocks:
        if undecided is not None and appending.alike:
            error.details["alike"] = list(appending.alike)
            error.hint = f"Blocks like these stand there, but they may be older: look at them. {error.hint}"
        return error
    remaining = [each for work in appending.left for each in _described(work)]
    left = sum(each["blocks"] for each in remaining)
    written = begun.blocks + sent
    home = "" if page is None else f"The page {page['id']} was created. "
    return PartialWrite(
        f"{operation} stopped after {written} of {written + left} blocks: {brief(error.message, MAX_CAUSE)}",
        hint=home + _next_step(remaining, undecided, error),
        recovery=_recovery(undecided, error),
        details={
            "operation": operation,
            **({} if page is None else {"page_id": page["id"]}),
            "written": written,
            "created": [{"path": path, "id": block["id"]} for path, block in begun.created],
            "not_written": remaining,
            **({} if undecided is None else {"unknown": _undecided(undecided, appending.alike)}),
            "cause": error.code,
        },
        request_id=error.request_id,
        remaining=[params for work in appending.left for params in _params(work)],
    )


def _described(work: Job | Frames) -> list[JsonObject]:
    """Lists of blocks that were not written, in short."""
    if isinstance(work, Frames):
        inside = work.block["id"]
        return [{**_span(nodes), "inside": inside, "index": index} for index, nodes in work.item.deferred]
    place = work.place.position or {"type": "end"}
    return [{**_span(work.nodes), "block_id": work.place.parent_id, "position": place}]


def _span(nodes: Sequence[Node]) -> JsonObject:
    return {"first": nodes[0].path, "last": nodes[-1].path, "blocks": sum(node.count for node in nodes)}


def _params(work: Job | Frames) -> list[JsonObject]:
    """The calls of blocks.append that write it; none where the ids of its parents are not known."""
    if isinstance(work, Frames):
        return []
    position = {} if work.place.position is None else {"position": work.place.position}
    return [{"block_id": work.place.parent_id, "children": [node.whole() for node in work.nodes], **position}]


def _next_step(remaining: Sequence[JsonObject], undecided: Chunk | None, error: NotionAgentError) -> str:
    if undecided is not None:
        first, last = undecided.items[0].node.path, undecided.items[-1].node.path
        return (
            f"Do not send it again: of {first} to {last} it is not known whether they were written; look with "
            f"blocks.list on {remaining[0].get('block_id')}, then append what is missing. not_written says where."
        )
    place = remaining[0]
    where = f"inside the children of {place['inside']}" if "inside" in place else f"to {place['block_id']}"
    then = " Call again later." if error.recovery is Recovery.RETRY_LATER else f" {error.hint}"
    return (
        f"Do not send it again: what is written would be doubled.{then} Append {place['first']} to {place['last']} "
        f"{where}, and whatever else not_written lists, with blocks.append."
    )


def _undecided(chunk: Chunk, alike: Sequence[str]) -> JsonObject:
    return {
        "first": chunk.items[0].node.path,
        "last": chunk.items[-1].node.path,
        "blocks": chunk.count,
        "alike": list(alike),
    }


def _recovery(undecided: Chunk | None, error: NotionAgentError) -> Recovery:
    if undecided is not None or isinstance(error, OutcomeUnknown):
        return Recovery.VERIFY_FIRST
    return Recovery.ASK_OPERATOR if error.recovery is Recovery.ASK_OPERATOR else Recovery.FIX_ARGUMENTS

"""Appending blocks request by request, in the order of the document, knowing at every moment what is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, cast

from ...errors import NotionAgentError, OutcomeUnknown, TransportError
from ...flow import Flow
from ...operation import Api, JsonObject, Operation
from .nodes import Node
from .plan import Chunk, Item, next_chunk
from .read_back import Place, Seen, children_of, seen

__all__ = ["Appending", "Begun", "Job"]

MAX_TRIES = 3
"""How often a request is sent whose outcome was unknown, and which has proved to have none."""
LOOK_AFTER = (1.0, 4.0)
"""Seconds before looking whether blocks were created, and before looking again if they were not."""

Build: TypeAlias = Callable[[str, list[JsonObject], JsonObject | None], Operation[Any]]
"""Makes the request that appends blocks to a parent at a position."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Siblings that are to be appended to one parent."""

    nodes: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """A block that was sent with what it holds, and whose inner blocks are to be filled."""

    item: Item
    block: JsonObject


@dataclass(slots=True)
class Begun:
    """What a call has done so far."""

    created: list[tuple[str, JsonObject]] = field(default_factory=list[tuple[str, JsonObject]])
    """Blocks whose ids are known, by path, in order of creation."""
    blocks: int = 0
    """How many were written, inner ones included."""
    requests: int = 0


class Appending:
    """Appends trees of blocks to one parent.

    Args:
        api: what sends.
        build: makes the requests.
        job: what is to be appended where.
    """

    def __init__(self, api: Api, build: Build, job: Job) -> None:
        self._api = api
        self._build = build
        self._open: list[Job | Frames] = [job]
        self._homes: dict[str, list[JsonObject]] = {}
        self.begun = Begun()
        self.undecided: Chunk | None = None
        """The request of which it is not known whether it took effect."""
        self.alike: tuple[str, ...] = ()
        """Ids of blocks that may be its."""
        self.answer: JsonObject = {}
        """What Notion answered last."""

    @property
    def left(self) -> list[Job | Frames]:
        """What is not written, next first."""
        return self._open[::-1]

    def run(self) -> Flow[list[JsonObject]]:
        """Append everything; the new blocks of the first level.

        ``children`` of a block are the new blocks in it that took requests of their own. Where it fails, ``begun`` and
        ``left`` say how far it came.
        """
        top: list[JsonObject] = []
        while self._open:
            yield from self._enter_frames()
            work = cast("Job", self._open[-1])
            chunk = next_chunk(work.nodes)
            blocks, behind = yield from self._sent(work.place, chunk)
            self._homes.setdefault(work.place.parent_id, top).extend(blocks)
            self._settle(work, chunk, blocks, behind)
        return top

    def _settle(self, job: Job, chunk: Chunk, blocks: list[JsonObject], behind: tuple[str, ...] | None) -> None:
        """Note what a request has created, and put what follows from it in its place."""
        self.begun.requests += 1
        self.begun.blocks += chunk.count
        self.begun.created += [(item.node.path, block) for item, block in zip(chunk.items, blocks, strict=True)]
        self._open.pop()
        remaining = job.nodes[len(chunk.items) :]
        if remaining:
            self._open.append(Job(nodes=remaining, place=_next(job.place, blocks, behind)))
        for item, block in reversed(list(zip(chunk.items, blocks, strict=True))):
            if item.rest:
                self._open.append(self._inside(block, item.rest, number=item.sent))
            if item.deferred:
                self._open.append(Frames(item=item, block=block))

    def _inside(self, block: JsonObject, nodes: tuple[Node, ...], *, number: int) -> Job:
        """What is to follow in a block that this call has created; its new blocks become its ``children``."""
        block["has_children"] = True
        self._homes[str(block["id"])] = block.setdefault("children", [])
        return Job(nodes=nodes, place=Place(parent_id=str(block["id"]), number=number))

    def _enter_frames(self) -> Flow[None]:
        """Put the inner blocks of frames in the frames' place, before anything else is written."""
        for index in range(len(self._open) - 1, -1, -1):
            work = self._open[index]
            if isinstance(work, Frames):
                jobs = yield from self._entered(work)
                self._open[index : index + 1] = jobs[::-1]

    def _entered(self, work: Frames) -> Flow[list[Job]]:
        """The ids of a frame's inner blocks, as places for what they are to hold."""
        inner = yield from children_of(self._api, str(work.block["id"]))
        if len(inner) < work.item.sent:
            raise OutcomeUnknown(
                f"{work.item.node.path} was created as {work.block['id']}, and not all of its inner blocks are there.",
                hint="Look at it with blocks.list_tree.",
            )
        work.block["children"] = inner
        self.begun.created += zip((child.path for child in work.item.node.children), inner, strict=False)
        return [self._inside(inner[index], nodes, number=0) for index, nodes in work.item.deferred]

    def _sent(self, place: Place, chunk: Chunk) -> Flow[tuple[list[JsonObject], tuple[str, ...] | None]]:
        """The new blocks, and the ids of what is behind them where that is known.

        A request whose outcome is unknown is sent again only once it has proved to have none.
        """
        operation, tries = self._build(place.parent_id, chunk.payload, place.position), 0
        while True:
            tries += 1
            try:
                answer = yield from self._api.perform(operation)
            except OutcomeUnknown as unknown:
                found = yield from self._looked(place, chunk, unknown)
                if found.created is not None:
                    return found.created, found.behind
                if not found.absent:
                    self.undecided, self.alike = chunk, found.alike
                    raise
                if tries == MAX_TRIES:
                    raise unknown.__cause__ or unknown from unknown
                continue
            return self._listed(operation, chunk, answer)

    def _listed(
        self, operation: Operation[Any], chunk: Chunk, answer: JsonObject
    ) -> tuple[list[JsonObject], tuple[str, ...] | None]:
        results = answer.get("results")
        found = cast("list[JsonObject]", results) if isinstance(results, list) else []
        number = len(chunk.items)
        self.answer = answer
        if len(found) < number:
            self.undecided = chunk
            raise OutcomeUnknown(
                f"{number} blocks were sent, and Notion's answer lists {len(found)}.",
                hint=f"Do not repeat it before you have looked: {operation.spec.verify}",
                details={"operation": operation.spec.name, "created_ids": [block["id"] for block in found]},
                request_id=answer.get("request_id"),
            )
        # An answer that was put together from what a failed request had saved does not say what is behind it.
        behind = tuple(str(each["id"]) for each in found[number:]) if "type" in answer else None
        return found[:number], behind

    def _looked(self, place: Place, chunk: Chunk, unknown: OutcomeUnknown) -> Flow[Seen]:
        found = Seen()
        # What got an answer has ended; what got none may still be on its way.
        for seconds in LOOK_AFTER if isinstance(unknown.__cause__, TransportError) else LOOK_AFTER[:1]:
            try:
                yield from self._api.wait(seconds)
                there = yield from children_of(self._api, place.parent_id)
            except NotionAgentError:
                return Seen()
            found = seen(place, chunk.payload, there)
            if not found.absent:
                break
        return found


def _next(place: Place, blocks: Sequence[JsonObject], behind: tuple[str, ...] | None) -> Place:
    """The place after the blocks that were just created."""
    last = {"type": "after_block", "after_block": {"id": blocks[-1]["id"]}}
    if place.number is not None:
        return replace(place, position=last, number=place.number + len(blocks))
    at_the_end = place.behind == () or (place.position or {}).get("type", "end") == "end"
    known = () if at_the_end else behind if place.after is not None else None
    return replace(place, position=last, behind=known)

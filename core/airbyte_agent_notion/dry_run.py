"""Dry runs: what a call would send, and what that would change. Nothing that writes is sent."""

from __future__ import annotations

from typing import Any

from .differences import difference
from .errors import Forbidden, PolicyDenied
from .flow import Flow
from .listing import ListOperation
from .models.dry_runs import DryRun, PlannedRequest
from .named_ids import named_ids
from .narrowing import list_of, object_of
from .operation import Api, JsonObject, Operation
from .operations.schema_reads import GetDataSource
from .wire.versions import spelled

__all__ = ["Plan"]

_SINGULAR = {
    "pages": "page",
    "blocks": "block",
    "databases": "database",
    "data_sources": "data_source",
    "comments": "comment",
    "views": "view",
    "file_uploads": "file_upload",
    "meeting_notes": "block",
}
_EMPTY: JsonObject = {"object": "list", "results": [], "templates": [], "next_cursor": None, "has_more": False}


class Plan:
    """The writes of one call, collected in place of being sent. What they would answer is assumed, so that an operation
    of several steps goes on to the next.
    """

    def __init__(self) -> None:
        self.steps: list[PlannedRequest] = []
        self.made: set[str] = set()
        """Ids that stand for what would be made."""
        self._objects: dict[str, JsonObject] = {}
        self._inside: dict[str, list[JsonObject]] = {}
        """The blocks in a block that would be made, as sent with it."""

    def add(self, operation: Operation[Any], api: Api) -> Flow[JsonObject]:
        """Take a write down, and answer as if it had been sent.

        Raises:
            NotFound: it names a data source that is none, as Notion would say.
        """
        yield from self._check_table(operation, api)
        present = yield from difference(operation, api, new=self.made)
        request = spelled(operation.request(), api.notion_version)
        step = PlannedRequest(
            operation=operation.spec.name,
            effect=operation.effect.value,
            method=request.method,
            path=request.path,
            difference=present,
        )
        if request.query:
            step["query"] = [[*pair] for pair in request.query]
        if request.content is not None:
            step["body"] = f"{len(request.content):,} bytes as {request.content_type}"
        elif request.json is not None:
            step["body"] = request.json
        self.steps.append(step)
        return self._answer(operation)

    def assumed(self, operation: Operation[Any]) -> JsonObject | None:
        """What reading something that would be made is taken to answer; None for a read of what is there."""
        for each in named_ids(operation.params()):
            if each.id in self.made:
                inside = {**_EMPTY, "results": [{**block} for block in self._inside.get(each.id, [])]}
                return inside if isinstance(operation, ListOperation) else self._objects[each.id]
        return None

    def told(self, operation: Operation[Any]) -> DryRun:
        """The answer to the call."""
        name, effect = operation.spec.name, operation.effect.value
        return DryRun(object="dry_run", operation=name, effect=effect, sent=False, requests=self.steps)

    def _answer(self, operation: Operation[Any]) -> JsonObject:
        params, spec = operation.params(), operation.spec
        if spec.appends:
            return {**_EMPTY, "results": self._blocks(params["children"])}
        kind = _SINGULAR.get(spec.entity, spec.entity)
        if spec.action == "create":
            return self._created(kind, params)
        named = next((each.id for each in named_ids(params)), params.get("file_upload_id"))
        known = self._objects.get(str(named), {"object": kind, "id": named})
        if spec.entity == "file_uploads":
            return {**known, "status": "uploaded" if spec.action == "complete" else "pending"}
        if spec.name == "pages.update_markdown":
            return {"object": "page_markdown", "id": named, "markdown": "", "truncated": False, "unknown_block_ids": []}
        return {**known, "in_trash": spec.action == "delete" or bool(params.get("in_trash"))}

    def _check_table(self, operation: Operation[Any], api: Api) -> Flow[None]:
        # A database's id is told from a data source's by this refusal.
        params = operation.params()
        for place in (params, object_of(params.get("parent"))):
            identifier = place.get("data_source_id")
            if isinstance(identifier, str) and identifier not in self.made:
                try:
                    yield from api.perform(GetDataSource(data_source_id=identifier))
                except (PolicyDenied, Forbidden):
                    continue

    def _blocks(self, children: Any) -> list[JsonObject]:
        made = [self._made({**object_of(each), "object": "block"}) for each in list_of(children)]
        for block in made:
            kind = block.get("type") or next((key for key, value in block.items() if isinstance(value, dict)), "")
            self._inside[block["id"]] = self._blocks(object_of(block.get(str(kind))).get("children"))
        return made

    def _created(self, kind: str, params: JsonObject) -> JsonObject:
        made = self._made({"object": kind, "parent": params.get("parent"), "in_trash": False, "properties": {}})
        if kind == "database":
            made["data_sources"] = [{"id": self._made({"object": "data_source", "properties": {}})["id"], "name": ""}]
        if kind == "comment":
            made["discussion_id"] = params.get("discussion_id") or self._made({"object": "discussion"})["id"]
        if kind == "file_upload":
            made |= {"status": "pending", "filename": params.get("filename"), "upload_url": None}
        return made

    def _made(self, content: JsonObject) -> JsonObject:
        identifier = f"00000000-0000-4000-8000-{len(self.made) + 1:012d}"
        self.made.add(identifier)
        self._objects[identifier] = made = {**content, "id": identifier, "url": None}
        return made

"""Everything that the sandbox's sample workspace holds, as the API gives it out, for the shape judge."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from airbyte_agent_notion.flow import Request
from airbyte_agent_notion.sandbox import Sandbox

__all__ = ["tour"]

VERSIONS = ("2025-09-03", "2026-03-11")


def tour() -> Iterator[tuple[str, Any]]:
    """Pairs of version and answer: users, pages, rows, databases, blocks, comments, views and uploads."""
    for version in VERSIONS:
        for answer in _Visitor(version).everything():
            yield version, answer


class _Visitor:
    def __init__(self, version: str) -> None:
        self.sandbox = Sandbox.sample()
        self.version = version

    def ask(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        headers = {"Authorization": f"Bearer {self.sandbox.token}", "Notion-Version": self.version}
        request = Request(method=method, path=f"/v1/{path}", json=body, query=tuple(query.items()), headers=headers)
        return json.loads(self.sandbox.handle(request).content)

    def everything(self) -> Iterator[Any]:
        yield self.ask("GET", "users")
        yield self.ask("GET", "users/me")
        yield from self._found()
        workspace = self.sandbox.workspace
        for each in [each for each in workspace.databases.values() if workspace.is_shared(each)]:
            yield self.ask("GET", f"databases/{each.id}")
            yield from self._views(each.id)
        for thread in workspace.discussions.values():
            yield self.ask("GET", "comments", block_id=thread.parent.id)
        yield self.ask("POST", "file_uploads", {"filename": "a.txt", "content_type": "text/plain"})
        yield self.ask("GET", "file_uploads")

    def _found(self) -> Iterator[Any]:
        """What a search without words finds, and the blocks of every page."""
        cursor: dict[str, Any] = {}
        while True:
            answer = self.ask("POST", "search", cursor)
            yield answer
            for each in answer["results"]:
                if each["object"] == "page":
                    yield from self._blocks(each["id"])
            if not answer["has_more"]:
                return
            cursor = {"start_cursor": answer["next_cursor"]}

    def _blocks(self, holder: str) -> Iterator[Any]:
        answer = self.ask("GET", f"blocks/{holder}/children")
        if answer["results"]:
            yield answer
        for each in answer["results"]:
            if each["has_children"] and each["type"] != "child_page":
                yield from self._blocks(each["id"])

    def _views(self, database: str) -> Iterator[Any]:
        for each in self.ask("GET", "views", database_id=database)["results"]:
            yield self.ask("GET", f"views/{each['id']}")
            yield self.ask("POST", f"views/{each['id']}/queries")

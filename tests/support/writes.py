"""A small workspace to write into, and a caller that holds refusals to leaving it as it was."""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from airbyte_agent_notion.flow import Request, Response
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.ids import derived_id
from airbyte_agent_notion.sandbox.snapshots import take
from airbyte_agent_notion.sandbox.state import Page, Parent, Span, User
from airbyte_agent_notion.sandbox.workspace import Workspace

__all__ = ["BOT", "HOME", "PERSON", "PRIVATE", "UNKNOWN", "Writes", "paragraph", "small", "text"]

BOT, PERSON = derived_id("user", "bot"), derived_id("user", "ada")
HOME, PRIVATE = derived_id("page", "home"), derived_id("page", "private")
UNKNOWN = derived_id("page", "nowhere")
START = datetime(2026, 11, 20, 9, 0, 30, tzinfo=UTC)


def small() -> Writes:
    """A workspace with one shared page, one private page, a person and the connection's bot."""
    users = {BOT: User(id=BOT, name="Writer", kind="bot"), PERSON: User(id=PERSON, name="Ada", email="ada@x.example")}
    writes = Writes(Sandbox(workspace=None))
    workspace = Workspace(
        id=derived_id("workspace", "small"), name="Small", bot_id=BOT, now=lambda: writes.now, users=users
    )
    for identifier in (HOME, PRIVATE):
        workspace.pages[identifier] = Page(
            id=identifier,
            parent=Parent(kind="workspace"),
            created=datetime(2026, 1, 1, tzinfo=UTC),
            edited=datetime(2026, 1, 1, tzinfo=UTC),
            created_by=PERSON,
            edited_by=PERSON,
            values={"title": (Span(text="Home"),)},
        )
    workspace.shared.add(HOME)
    writes.sandbox = Sandbox(workspace=workspace)
    return writes


def text(*contents: str) -> list[Any]:
    """Plain rich text."""
    return [{"type": "text", "text": {"content": each}} for each in contents]


def paragraph(content: str = "", **payload: Any) -> dict[str, Any]:
    """A paragraph to be created."""
    return {"type": "paragraph", "paragraph": {"rich_text": text(content) if content else [], **payload}}


@dataclass
class Writes:
    """Sends requests to one sandbox."""

    sandbox: Sandbox
    version: str = "2026-03-11"
    now: datetime = START

    def raw(self, method: str, path: str, body: Any = None, *, query: Sequence[tuple[str, str]] = ()) -> Response:
        """Any answer."""
        headers = {"Authorization": f"Bearer {self.sandbox.token}", "Notion-Version": self.version}
        request = Request(method=method, path=f"/v1/{path}", json=body, query=tuple(query), headers=headers)
        return self.sandbox.handle(request)

    def ok(self, method: str, path: str, body: Any = None, *, query: Sequence[tuple[str, str]] = ()) -> Any:
        """The body of a 200."""
        response = self.raw(method, path, body, query=query)
        assert response.status == 200, response.content
        return json.loads(response.content)

    def state(self) -> dict[str, Any]:
        """All that the workspace holds."""
        return take(self.sandbox.workspace).tables

    def refused(
        self, method: str, path: str, body: Any = None, *, status: int = 400, code: str = "validation_error"
    ) -> str:
        """The message of a refusal, which has that status and code and leaves the workspace as it was."""
        before, sent = self.state(), deepcopy(body)
        response = self.raw(method, path, body)
        answer = json.loads(response.content)
        assert (response.status, answer.get("code")) == (status, code), answer
        assert answer["object"] == "error"
        assert self.state() == before
        assert body == sent
        return str(answer["message"])

    def page(self, title: str = "Page", parent: str = HOME, **body: Any) -> Any:
        """A new page under a page."""
        properties = {"title": {"title": text(title)}}
        return self.ok("POST", "pages", {"parent": {"page_id": parent}, "properties": properties, **body})

    def row(self, source: str, **values: Any) -> Any:
        """A new row, from values by property name."""
        return self.ok("POST", "pages", {"parent": {"data_source_id": source}, "properties": values})

    def source(self, _title: str = "Table", /, **properties: Any) -> str:
        """The id of the data source of a new database with a title column and others, by name."""
        columns = {"Name": {"title": {}}, **properties}
        body = {
            "parent": {"type": "page_id", "page_id": HOME},
            "title": text(_title),
            "initial_data_source": {"properties": columns},
        }
        return str(self.ok("POST", "databases", body)["data_sources"][0]["id"])

    def schema(self, source: str) -> Any:
        """The properties of a data source."""
        return self.ok("GET", f"data_sources/{source}")["properties"]

    def reschema(self, source: str, **properties: Any) -> Any:
        """The properties of a data source after an update."""
        return self.ok("PATCH", f"data_sources/{source}", {"properties": properties})["properties"]

    def values(self, page: str) -> Any:
        """The property values of a page."""
        return self.ok("GET", f"pages/{page}")["properties"]

    def append(self, holder: str, *blocks: Any, **body: Any) -> Any:
        """The results of an append."""
        return self.ok("PATCH", f"blocks/{holder}/children", {"children": list(blocks), **body})["results"]

    def children(self, holder: str) -> Any:
        """The blocks within a page or block."""
        return self.ok("GET", f"blocks/{holder}/children")["results"]

    def texts(self, holder: str) -> list[str]:
        """The plain texts of the blocks within a page or block."""
        return [
            "".join(each["plain_text"] for each in b[b["type"]].get("rich_text", [])) for b in self.children(holder)
        ]

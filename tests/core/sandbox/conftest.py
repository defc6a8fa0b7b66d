"""A sandbox and a caller that speaks to it as a client would."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from airbyte_agent_notion.flow import Request, Response
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.state import DataSource


@dataclass
class Caller:
    sandbox: Sandbox
    version: str = "2026-03-11"

    def raw(self, method: str, path: str, body: Any = None, *, query: Sequence[tuple[str, str]] = ()) -> Response:
        headers = {"Authorization": f"Bearer {self.sandbox.token}", "Notion-Version": self.version}
        request = Request(method=method, path=path, json=body, query=tuple(query), headers=headers)
        return self.sandbox.handle(request)

    def ok(self, method: str, path: str, body: Any = None, *, query: Sequence[tuple[str, str]] = ()) -> Any:
        response = self.raw(method, path, body, query=query)
        assert response.status == 200, response.content
        return json.loads(response.content)

    def error(
        self, status: int, code: str, method: str, path: str, body: Any = None, *, query: Sequence[tuple[str, str]] = ()
    ) -> str:
        """The message of a refusal, whose status and code are checked."""
        response = self.raw(method, path, body, query=query)
        answer = json.loads(response.content)
        assert (response.status, answer["code"]) == (status, code), answer
        assert answer["object"] == "error"
        assert answer["status"] == status
        return answer["message"]

    def all(self, method: str, path: str, body: Any = None, *, size: int = 100) -> list[Any]:
        """Every result of a listing."""
        results: list[Any] = []
        cursor: str | None = None
        while True:
            paging: dict[str, Any] = {"page_size": size} | ({"start_cursor": cursor} if cursor else {})
            if method == "GET":
                answer = self.ok(method, path, query=[(key, str(value)) for key, value in paging.items()])
            else:
                answer = self.ok(method, path, {**(body or {}), **paging})
            results += answer["results"]
            assert answer["has_more"] is (answer["next_cursor"] is not None)
            cursor = answer["next_cursor"]
            if cursor is None:
                return results

    def source(self, title: str) -> DataSource:
        workspace = self.sandbox.workspace
        return next(each for each in workspace.sources.values() if workspace.title(each) == title)

    def rows(self, title: str, **body: Any) -> list[Any]:
        """Every row of the data source of that title that passes a query."""
        return self.all("POST", f"/v1/data_sources/{self.source(title).id}/query", body)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox.sample()


@pytest.fixture
def caller(sandbox: Sandbox) -> Caller:
    return Caller(sandbox)


@pytest.fixture(scope="session")
def reader() -> Caller:
    """A caller of one sandbox for many tests, which only read."""
    return Caller(Sandbox.sample())


@pytest.fixture(params=["2025-09-03", "2026-03-11"])
def either(request: pytest.FixtureRequest, sandbox: Sandbox) -> Caller:
    """A caller of each version."""
    return Caller(sandbox, version=request.param)

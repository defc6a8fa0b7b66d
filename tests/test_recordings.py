"""Every recorded read of real Notion traffic goes through the connector, and nothing is lost on its way."""

import asyncio
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

import httpx
import pytest
from pydantic import ConfigDict
from recordings import Exchange, load

from airbyte_agent_notion import ListResult, NotionAccessTokenAuthConfig, NotionConnector, SyncNotionConnector
from airbyte_agent_notion.errors import ApiError
from airbyte_agent_notion.listing import ListOperation
from airbyte_agent_notion.operation import Operation, Spec

UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
CREDENTIALS = NotionAccessTokenAuthConfig(token="ntn_x")


def named(exchange: Exchange) -> tuple[str, str, dict[str, Any]] | None:
    """The catalogue's operation for a recorded read, with its parameters; None where there is none yet."""
    routes: list[tuple[str, str, str, str]] = [
        ("GET", r"/v1/users/me", "users", "get_me"),
        ("GET", r"/v1/users/(?P<user_id>[^/]+)", "users", "get"),
        ("GET", r"/v1/users", "users", "list"),
        ("POST", r"/v1/search", "search", "search"),
        ("GET", r"/v1/pages/(?P<page_id>[^/]+)", "pages", "get"),
        ("POST", r"/v1/data_sources/(?P<data_source_id>[^/]+)/query", "data_sources", "query"),
        ("GET", r"/v1/data_sources/(?P<data_source_id>[^/]+)", "data_sources", "get"),
        ("GET", r"/v1/databases/(?P<database_id>[^/]+)", "databases", "get"),
        ("GET", r"/v1/blocks/(?P<block_id>[^/]+)/children", "blocks", "list"),
        ("GET", r"/v1/blocks/(?P<block_id>[^/]+)", "blocks", "get"),
        ("GET", r"/v1/comments", "comments", "list"),
        ("GET", r"/v1/comments/(?P<comment_id>[^/]+)", "comments", "get"),
    ]
    for method, path, entity, action in routes:
        match = re.fullmatch(path, exchange.path)
        if match and method == exchange.method:
            return entity, action, {**match.groupdict(), **exchange.query, **(exchange.body or {})}
    return None


def unnamed(exchange: Exchange) -> Operation[Any]:
    """An operation made on the spot for an endpoint that the catalogue does not have yet."""
    facts = Spec("recorded", "read", f"{exchange.method} {exchange.path}")
    kind: Any = ListOperation if isinstance(exchange.answer.get("results"), list) else Operation

    class Recorded(kind):  # type: ignore[misc]
        model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow")
        spec = facts

    return Recorded(**exchange.query)


def is_read(exchange: Exchange) -> bool:
    return exchange.method == "GET" or exchange.path == "/v1/search" or exchange.path.endswith("/query")


def replayed(exchange: Exchange, sent: list[httpx.Request]) -> Callable[[httpx.Request], httpx.Response]:
    content = json.dumps(exchange.answer).encode()
    headers = {name: value for name, value in exchange.headers.items() if name == "x-notion-request-id"}

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(
            exchange.status, content=content, headers={**headers, "content-type": exchange.headers["content-type"]}
        )

    return answer


def blocking(exchange: Exchange, sent: list[httpx.Request]) -> Any:
    client = httpx.Client(transport=httpx.MockTransport(replayed(exchange, sent)))
    notion = SyncNotionConnector(CREDENTIALS, notion_version=exchange.version, http_client=client)
    with client:
        if call := named(exchange):
            return notion.execute(*call)
        return notion.runner.run(unnamed(exchange))


def awaited(exchange: Exchange, sent: list[httpx.Request]) -> Any:
    async def run() -> Any:
        async with httpx.AsyncClient(transport=httpx.MockTransport(replayed(exchange, sent))) as client:
            notion = NotionConnector(CREDENTIALS, notion_version=exchange.version, http_client=client)
            if call := named(exchange):
                return await notion.execute(*call)
            return await notion.runner.arun(unnamed(exchange))

    return asyncio.run(run())


def whole(result: Any) -> Any:
    """A result put back into the answer it came from."""
    if not isinstance(result, ListResult):
        # ``incomplete`` is ours: it names the values that Notion cut off.
        return {name: value for name, value in result.items() if name != "incomplete"}
    meta = result.meta
    known = {"results": result.data, "next_cursor": meta.next_cursor, "has_more": meta.has_more}
    return {**meta.envelope, **known, **({"request_id": meta.request_id} if meta.request_id else {})}


def same_request(exchange: Exchange, request: httpx.Request) -> bool:
    def plain(path: str) -> str:
        return UUID.sub(lambda match: match[0].replace("-", ""), path)

    body = json.loads(request.content) if request.content else None
    query = dict(request.url.params.multi_items())
    return (
        request.method == exchange.method
        and plain(request.url.path) == plain(exchange.path)
        and query == exchange.query
        and (body or {}) == (exchange.body or {})
        and request.headers["notion-version"] == exchange.version
    )


@pytest.mark.parametrize("call", [blocking, awaited])
def test_every_recorded_read_comes_through_whole(call: Callable[..., Any], capsys: pytest.CaptureFixture[str]) -> None:
    exchanges = [exchange for exchange in load() if is_read(exchange)]
    counts: Counter[str] = Counter()
    for exchange in exchanges:
        sent: list[httpx.Request] = []
        try:
            result = call(exchange, sent)
        except ApiError as error:
            kept = {"object": "error", "status": error.status, "code": error.code, "message": error.message}
            given = {**kept, "request_id": error.request_id, "additional_data": error.details or None}
            outcome, given = "errors", {name: value for name, value in given.items() if value is not None}
        else:
            outcome, given = "operations" if named(exchange) else "other endpoints", whole(result)
        counts[outcome] += 1
        assert (outcome == "errors") == (exchange.status != 200), exchange.name
        assert given == exchange.answer, exchange.name
        assert len(sent) == 1, exchange.name
        assert same_request(exchange, sent[0]), exchange.name
    assert sum(counts.values()) == len(exchanges) > 0
    with capsys.disabled():
        sys.stdout.write(f"\n{call.__name__}: replayed {len(exchanges)} recorded reads: {dict(counts)}\n")

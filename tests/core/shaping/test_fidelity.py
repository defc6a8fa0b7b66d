"""Whatever a person can see in Notion is in the text for models, or behind a handle in it."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import seen
from recordings import Exchange, load

from airbyte_agent_notion import NotionAccessTokenAuthConfig, SyncNotionConnector
from airbyte_agent_notion.sandbox import Sandbox

ROUTES = {"query": ("data_sources", "query", "data_source_id"), "children": ("blocks", "list", "block_id")}


def told(exchange: Exchange, entity: str, action: str, params: dict[str, Any]) -> str:
    """The text of a recorded answer."""
    answer = httpx.MockTransport(lambda request: httpx.Response(200, json=exchange.answer))
    with httpx.Client(transport=answer) as client:
        auth = NotionAccessTokenAuthConfig(token="ntn_x")
        notion = SyncNotionConnector(auth, notion_version=exchange.version, http_client=client)
        return notion.execute(entity, action, params, format="compact")


def missing(text: str, values: Iterator[str]) -> tuple[list[str], int]:
    """The values that are not in the text, and how many were looked for."""
    written, wanted = seen.plain(text), [value for value in values if seen.plain(value)]
    return [value for value in wanted if seen.plain(value) not in written], len(wanted)


def objects(answer: Any) -> list[Any]:
    return [each for each in answer.get("results", [answer]) if isinstance(each, dict)]


def title(page: dict[str, Any]) -> Iterator[str]:
    for value in page.get("properties", {}).values():
        if value.get("type") == "title" and value.get("title"):
            yield "".join(item["plain_text"] for item in value["title"])


def expected(exchange: Exchange) -> tuple[tuple[str, str, dict[str, Any]], Iterator[str]] | None:
    """The call of a recorded read, and what a person sees of its answer."""
    parts, answer = exchange.path.strip("/").split("/"), exchange.answer
    if exchange.status != 200 or not isinstance(answer, dict) or exchange.query.get("start_cursor"):
        return None
    if parts[1:] == ["search"]:
        sources = [each for each in objects(answer) if each["object"] == "data_source"]
        titles = ("".join(item["plain_text"] for item in each["title"]) for each in sources)
        pages = (one for each in objects(answer) if each["object"] == "page" for one in title(each))
        return ("search", "search", {}), iter([*titles, *pages])
    if parts[-1] == "query" and parts[1] == "data_sources":
        rows = (value for each in objects(answer) for pair in seen.of_row(each) for value in pair)
        return ("data_sources", "query", {"data_source_id": parts[2]}), rows
    if parts[-1] == "children" and exchange.method == "GET":
        blocks = [each for each in objects(answer) if each["object"] == "block"]
        return ("blocks", "list", {"block_id": parts[2]}), seen.of_blocks(blocks)
    if exchange.method != "GET" or len(parts) != 3:
        return None
    if parts[1] == "data_sources":
        return ("data_sources", "get", {"data_source_id": parts[2]}), seen.of_schema(answer)
    if parts[1] == "pages":
        return ("pages", "get", {"page_id": parts[2]}), (value for pair in seen.of_row(answer) for value in pair)
    return None


def test_nothing_that_is_seen_in_recorded_answers_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    counts: Counter[str] = Counter()
    for exchange in load():
        found = expected(exchange)
        if found is None:
            continue
        call, values = found
        lost, count = missing(told(exchange, *call), values)
        assert lost == [], exchange.name
        counts[".".join(call[:2])] += count
    assert min(counts[name] for name in ("data_sources.query", "blocks.list", "data_sources.get", "pages.get")) > 50
    with capsys.disabled():
        sys.stdout.write(f"\nvalues seen in recorded answers, all found in the text: {dict(counts)}\n")


def test_a_recorded_page_is_read_whole() -> None:
    page = [each for each in load() if each.name.startswith("test_page_to_markdown#")]
    lists = {each.path: each.answer for each in page if each.path.endswith("/children")}
    root = page[0].path.split("/")[3]

    def answer(request: httpx.Request) -> httpx.Response:
        refusal = {"object": "error", "status": 404, "code": "object_not_found", "message": "Not recorded."}
        found = lists.get(request.url.path)
        return httpx.Response(404, json=refusal) if found is None else httpx.Response(200, json=found)

    def nested(blocks: list[Any]) -> list[Any]:
        inner = {each["id"]: lists.get(f"/v1/blocks/{each['id']}/children", {}) for each in blocks}
        return [{**each, "children": nested(inner[each["id"]].get("results", []))} for each in blocks]

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        notion = SyncNotionConnector(NotionAccessTokenAuthConfig(token="ntn_x"), http_client=client)
        text = notion.pages.read(page_id=root)["markdown"]
    lost, count = missing(text, seen.of_blocks(nested(lists[page[0].path]["results"])))
    assert lost == []
    assert count > 30
    assert "X-Amz" not in text
    assert "notion-file:" in text


def in_markdown(blocks: list[Any]) -> list[Any]:
    """Blocks without what Notion's Markdown never says: captions of code, and the sections of meeting notes."""
    kept: list[Any] = []
    within: int | None = None
    for block in blocks:
        within = None if within is not None and block["depth"] <= within else within
        if within is not None:
            continue
        within = block["depth"] if block["type"] == "meeting_notes" else None
        kept.append({**block, "code": {**block["code"], "caption": []}} if block["type"] == "code" else dict(block))
    return kept


def test_nothing_that_is_seen_on_the_samples_pages_is_lost() -> None:
    notion = SyncNotionConnector.sandbox(Sandbox.sample())
    count = 0
    for page in notion.pages.list.iterate():
        tree = notion.blocks.list_tree(block_id=page["id"])
        text = notion.pages.read(page_id=page["id"])["markdown"]
        lost, wanted = missing(text, seen.of_blocks(in_markdown(tree["blocks"])))
        assert lost == [], (page["id"], text)
        count += wanted
    assert count > 300


def test_rows_and_schemas_of_the_sample_are_whole() -> None:
    notion = SyncNotionConnector.sandbox(Sandbox.sample())
    for source in notion.data_sources.list.iterate():
        call = {"data_source_id": source["id"]}
        rows = notion.execute("data_sources", "query", call)
        text = notion.execute("data_sources", "query", call, format="compact")
        values = (value for each in rows.data for pair in seen.of_row(each) for value in pair)
        assert missing(text, values)[0] == []
        schema = notion.execute("data_sources", "get", call, format="compact")
        assert missing(schema, seen.of_schema(notion.data_sources.get(**call)))[0] == []


def test_the_walker_notices_what_is_lost() -> None:
    page = {"properties": {"Name": {"type": "title", "title": [{"plain_text": "Plan", "type": "text"}]}}}
    values = [value for pair in seen.of_row(json.loads(json.dumps(page))) for value in pair]
    assert values == ["Name", "Plan"]
    assert missing("id|Name\np1|Plan", iter(values)) == ([], 2)
    assert missing("id|Name\np1|", iter(values)) == (["Plan"], 2)

"""What answers cost a model, in tokens (o200k_base): Notion's raw JSON beside the text that the tool gives.

    python -m pip install bpe-openai
    python tests/benchmarks/answers.py

Recorded content is read from RECORDINGS_DIR (see CONTRIBUTING.md), the rest is the sandbox's. "body" is the text alone,
"whole" with the fence around it and what is said of it. Targets are for the body.
"""

import json
import os
import re
import sys
from pathlib import Path

import bpe_openai
import httpx

from airbyte_agent_notion import NotionAccessTokenAuthConfig, SyncNotionConnector, Toolset
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.tools import Answers

ENCODING = bpe_openai.get_encoding("o200k_base")
ROWS = "/v1/data_sources/3839ce7b-60a4-8180-9ad3-000ba3a62e53/query"
FENCED = re.compile(r"\A<notion-data[^\n]*>\n(.*)\n</notion-data>", re.DOTALL)
UNBOUNDED = 1_000_000


def tokens(text):
    parts = range(0, len(text), 50_000)  # The encoder takes no more at once.
    return sum(len(ENCODING.encode(text[start : start + 50_000])) for start in parts)


def main():
    print(f"{'answer':<44}{'raw JSON':>9}{'body':>7}{'target':>8}{'whole':>7}{'calls':>7}")
    over = [name for name, *figures in (*recorded(), *sample()) if not printed(name, *figures)]
    print("over the target: " + ", ".join(over) if over else "every target is met")
    return int(bool(over))


def printed(name, raw, text, target=None, calls=1):
    """A line of the table; whether the target is met."""
    body = FENCED.match(text)
    body = body.group(1) if body else text
    print(f"{name:<44}{tokens(raw):>9,}{tokens(body):>7,}{target or '':>8}{tokens(text):>7,}{calls:>7}")
    if os.environ.get("SHOW"):
        print(text)
    return target is None or tokens(body) <= target


def recorded():
    """The content that the rivals' figures were taken on."""
    exchanges = _exchanges()
    if not exchanges:
        print("no recordings: RECORDINGS_DIR names no folder with *.jsonl files", file=sys.stderr)
        return
    page = [each for each in exchanges if each["recording"] == "test_page_to_markdown"]
    first = page[0]["request"]["path"].split("/")[3]
    lists = {each["request"]["path"]: each["response"]["body"] for each in page}
    # Notion's Markdown of this page was not recorded: the call goes the way through the blocks.
    text = _text({"entity": "pages", "action": "read", "params": {"page_id": first}}, lists)
    raw = json.dumps(lists[f"/v1/blocks/{first}/children"], ensure_ascii=False)
    yield "recorded page, 36 blocks with an image", raw, text, 350
    rows = next(each for each in exchanges if each["request"]["path"] == ROWS)["response"]["body"]
    raw = json.dumps(rows, ensure_ascii=False)
    query = {"entity": "data_sources", "action": "query", "params": {"data_source_id": ROWS.split("/")[3]}}
    yield "recorded query, 10 rows of 8 properties", raw, _text(query, {ROWS: rows}), 232
    search = {"entity": "search", "action": "search", "params": {"query": "contact"}}
    yield "recorded search, 10 hits", raw, _text(search, {"/v1/search": rows}), 158
    schema = next(_schemas(exchanges, set(rows["results"][0]["properties"])), None)
    if schema is not None:
        path = f"/v1/data_sources/{schema['id']}"
        call = {"entity": "data_sources", "action": "get", "params": {"data_source_id": schema["id"]}}
        yield "recorded schema, 8 properties", json.dumps(schema, ensure_ascii=False), _text(call, {path: schema}), 110


def _schemas(exchanges, columns):
    for each in exchanges:
        body = each["response"]["body"]
        found = body.get("results", [body]) if isinstance(body, dict) else []
        yield from (
            one
            for one in found
            if isinstance(one, dict) and one.get("object") == "data_source" and set(one["properties"]) == columns
        )


def _exchanges():
    default = Path(__file__).parents[3] / "shared" / "recordings"
    folder = Path(os.environ.get("RECORDINGS_DIR") or default)
    return [
        json.loads(line)
        for file in sorted(folder.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


def _text(call, answers):
    """What the tool answers where Notion answers so."""

    def handle(request):
        if request.url.path in answers:
            return httpx.Response(200, json=answers[request.url.path])
        refusal = {"object": "error", "status": 404, "code": "object_not_found", "message": "Not recorded."}
        return httpx.Response(404, json=refusal)

    client = httpx.Client(transport=httpx.MockTransport(handle), base_url="https://api.notion.com")
    auth = NotionAccessTokenAuthConfig(token="ntn_none")
    connector = SyncNotionConnector(auth, http_client=client, answers=Answers(max_tokens=UNBOUNDED))
    outcome = Toolset(connector).call("notion_execute", call)
    if outcome.error is not None:
        raise outcome.error
    return outcome.text


def sample():
    """Content of the sandbox."""
    workspace = Sandbox.sample()
    notion = SyncNotionConnector.sandbox(workspace, answers=Answers(max_tokens=UNBOUNDED))
    toolset = Toolset(notion)

    def told(entity, action, **params):
        outcome = toolset.call("notion_execute", {"entity": entity, "action": action, "params": params})
        return json.dumps(outcome.data, ensure_ascii=False), outcome.text

    tasks = notion.resolve(reference="Tasks")["id"]
    yield "sample: search, 10 hits", *told("search", "search", page_size=10)
    yield "sample: a schema", *told("data_sources", "get", data_source_id=tasks)
    yield "sample: query, 10 rows", *told("data_sources", "query", data_source_id=tasks, page_size=10)
    gallery = notion.resolve(reference="Block gallery")["id"]
    tree = notion.blocks.list_tree(block_id=gallery)
    yield "sample: a page of every block type", json.dumps(tree["blocks"]), told("pages", "read", page_id=gallery)[1]
    large = Sandbox.from_json(_large())
    notion = SyncNotionConnector.sandbox(large)
    page = notion.resolve(reference="Long page")["id"]
    raw = json.dumps(notion.blocks.list_tree(block_id=page)["blocks"])
    text, calls = _to_the_end(notion, {"entity": "pages", "action": "read", "params": {"page_id": page}})
    yield "sandbox: a page of 250 blocks, to its end", raw, text, None, calls
    table = notion.resolve(reference="Long table")["id"]
    raw = json.dumps(list(notion.data_sources.query.iterate(data_source_id=table)))
    query = {"entity": "data_sources", "action": "query", "params": {"data_source_id": table}}
    text, calls = _to_the_end(notion, query)
    yield "sandbox: a query of 1,000 rows, to its end", raw, text, None, calls


def _to_the_end(notion, call):
    """All pieces of an answer with the default budget, and how many calls they took."""
    toolset, pieces = Toolset(notion), []
    while call is not None:
        outcome = toolset.call("notion_execute", call)
        if outcome.error is not None:
            raise outcome.error
        pieces.append(outcome.text)
        more = re.search(r'\{"more": "(m\d+)"\}\.?\Z', outcome.text)
        call = {"entity": call["entity"], "action": call["action"], "params": {"more": more[1]}} if more else None
    over = [tokens(piece) for piece in pieces if tokens(piece) > Answers().max_tokens]
    if over:
        raise AssertionError(f"pieces over the budget: {over}")
    return "\n".join(pieces), len(pieces)


def _large():
    words = "The quarterly report shows that renewals went up in the north while the south stayed level."
    return {
        "pages": [{"title": "Long page", "blocks": [f"{number}. {words}" for number in range(250)]}],
        "databases": [
            {
                "title": "Long table",
                "properties": {"Name": "title", "Number": "number", "Done": "checkbox", "Due": "date"},
                "rows": [
                    {"Name": f"Item {number}", "Number": number, "Done": number % 3 == 0, "Due": "2026-12-01"}
                    for number in range(1_000)
                ],
            }
        ],
    }


if __name__ == "__main__":
    sys.exit(main())

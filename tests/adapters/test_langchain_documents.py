"""LangChain's loader: its interface, and what of a document it hands on. What is read is tested in test_documents."""

import asyncio
import json
import logging

import pytest

from airbyte_agent_notion import NotionConnector, SyncNotionConnector
from airbyte_agent_notion.errors import ConfigurationError, InvalidParams
from airbyte_agent_notion.sandbox import Sandbox

langchain_core = pytest.importorskip("langchain_core", reason="langchain-core is not installed")

from langchain_core.document_loaders import BaseLoader  # noqa: E402
from langchain_core.load import dumps  # noqa: E402
from pydantic import SecretStr  # noqa: E402

from airbyte_agent_notion_adapters.langchain_documents import NotionLoader  # noqa: E402


def small():
    rows = [{"properties": {"Name": f"Row {number}"}, "blocks": [f"Of {number}"]} for number in range(6)]
    pages = [{"title": "Long", "blocks": [f"Line {number}" for number in range(250)]}]
    return Sandbox.from_json({"pages": pages, "databases": [{"title": "Table", "rows": rows}]})


@pytest.fixture(params=[NotionConnector, SyncNotionConnector], ids=["async", "sync"])
def connect(request):
    return request.param.sandbox


async def consumed(iterator):
    return [each async for each in iterator]


def test_every_way_of_loading_gives_the_same_documents(connect):
    loader = NotionLoader(connect(small()))
    found = loader.load()
    assert isinstance(loader, BaseLoader)
    assert sorted(each.metadata["title"] for each in found) == ["Long", *(f"Row {number}" for number in range(6))]
    assert list(loader.lazy_load()) == found
    assert asyncio.run(loader.aload()) == found
    assert asyncio.run(consumed(loader.alazy_load())) == found


def test_a_document_has_the_whole_text_an_id_and_json_metadata():
    documents = NotionLoader(SyncNotionConnector.sandbox(small())).load()
    long = next(each for each in documents if each.metadata["title"] == "Long")
    assert long.page_content.splitlines() == [f"Line {number}" for number in range(250)]
    assert long.id == long.metadata["id"]
    assert long.metadata["source"].startswith("https://")
    row = next(each for each in documents if each.metadata["title"] == "Row 3")
    assert row.page_content == "Name: Row 3\n\nOf 3"
    assert json.loads(dumps(row))["kwargs"]["metadata"] == row.metadata


def test_options_state_and_laziness_are_the_cores():
    sandbox = small()
    notion = SyncNotionConnector.sandbox(sandbox)
    table = next(iter(sandbox.workspace.sources))
    loader = NotionLoader(notion, data_sources=table, filter={"Name": "Row 3"}, content=False)
    assert [each.page_content for each in loader.lazy_load()] == ["Name: Row 3"]
    assert list(loader.state) == [table]
    again = NotionLoader(notion, data_sources=table, since=loader.state, content=False)
    assert len(list(again.lazy_load())) == 6  # All of the last minute.
    sandbox.requests.clear()
    next(NotionLoader(notion, data_sources=[table]).lazy_load())
    assert len(sandbox.requests) == 5
    with pytest.raises(InvalidParams):
        NotionLoader(notion, pages=["none"])


def test_a_page_that_could_not_be_read_is_told(caplog):
    sandbox = small()
    page = next(iter(sandbox.workspace.pages))
    for path in (f"/v1/pages/{page}/markdown", f"/v1/blocks/{page}/children"):
        sandbox.faults.add(status=404, path=path)
    loader = NotionLoader(SyncNotionConnector.sandbox(sandbox))
    with caplog.at_level(logging.WARNING):
        assert len(loader.load()) == 6
    assert [each.id for each in loader.skipped] == [page]
    assert page in caplog.text


def test_a_token_stands_in_for_a_connector(monkeypatch):
    for token in ("ntn_given", SecretStr("ntn_given")):
        assert "ntn_given" not in repr(vars(NotionLoader(notion_token=token)))
    with pytest.raises(ConfigurationError):
        NotionLoader()
    monkeypatch.setenv("NOTION_TOKEN", "ntn_given")
    assert NotionLoader().state == {}
    with pytest.raises(ConfigurationError):
        NotionLoader(SyncNotionConnector.sandbox(small()), notion_token="ntn_given")

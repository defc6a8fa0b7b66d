"""LlamaIndex's reader: its interface, and what of a document it hands on. What is read is tested in test_documents."""

import asyncio
import json

import pytest

from airbyte_agent_notion import NotionConnector, SyncNotionConnector
from airbyte_agent_notion.errors import ConfigurationError, NotFound
from airbyte_agent_notion.sandbox import Sandbox

pytest.importorskip("llama_index.core", reason="llama-index-core is not installed")

from llama_index.core.readers.base import BaseReader
from llama_index.core.schema import MetadataMode

from airbyte_agent_notion_adapters.llama_index_documents import NotionReader


def small():
    rows = [{"properties": {"Name": f"Row {number}"}, "blocks": [f"Of {number}"]} for number in range(6)]
    pages = [{"title": "Long", "blocks": [f"Line {number}" for number in range(250)]}]
    return Sandbox.from_json({"pages": pages, "databases": [{"title": "Table", "rows": rows}]})


@pytest.fixture(params=[NotionConnector, SyncNotionConnector], ids=["async", "sync"])
def connect(request):
    return request.param.sandbox


async def consumed(iterator):
    return [each async for each in iterator]


async def awaited(awaitable):
    return list(await awaitable)


def facts(documents):
    return [(each.id_, each.text, each.metadata) for each in documents]


def test_every_way_of_loading_gives_the_same_documents(connect):
    reader = NotionReader(connect(small()))
    found = reader.load_data()
    assert isinstance(reader, BaseReader)
    assert sorted(each.metadata["title"] for each in found) == ["Long", *(f"Row {number}" for number in range(6))]
    assert facts(reader.lazy_load_data()) == facts(found)
    assert facts(asyncio.run(awaited(reader.aload_data()))) == facts(found)
    assert facts(asyncio.run(awaited(reader.alazy_load_data()))) == facts(found)
    assert facts(asyncio.run(consumed(reader.alazy_load_data()))) == facts(found)


def test_a_document_has_the_whole_text_and_the_pages_id():
    long = next(
        each for each in NotionReader(SyncNotionConnector.sandbox(small())).load_data() if "Long" in str(each.metadata)
    )
    assert long.text.splitlines() == [f"Line {number}" for number in range(250)]
    assert long.id_ == long.doc_id == long.metadata["id"]
    assert json.loads(json.dumps(long.metadata)) == long.metadata


def test_ids_are_kept_out_of_what_is_embedded_and_shown():
    documents = NotionReader(SyncNotionConnector.sandbox(small())).load_data()
    row = next(each for each in documents if each.metadata["title"] == "Row 3")
    embedded, shown = (row.get_content(mode) for mode in (MetadataMode.EMBED, MetadataMode.LLM))
    assert embedded == "title: Row 3\n\nName: Row 3\n\nOf 3"
    bare = shown.replace(row.metadata["url"], "URL")
    assert "url: URL" in bare
    assert "title: Row 3" in bare
    assert row.id_ not in bare
    assert row.metadata["data_source_id"] not in bare
    assert row.metadata["data_source_id"] in row.get_content(MetadataMode.ALL)


def test_options_state_and_laziness_are_the_cores():
    sandbox = small()
    reader = NotionReader(SyncNotionConnector.sandbox(sandbox))
    assert (reader.state, reader.skipped) == ({}, [])
    table = next(iter(sandbox.workspace.sources))
    found = reader.load_data(data_sources=table, filter={"Name": "Row 3"}, content=False)
    assert [each.text for each in found] == ["Name: Row 3"]
    assert list(reader.state) == [table]
    sandbox.requests.clear()
    next(reader.lazy_load_data(data_sources=[table]))
    assert len(sandbox.requests) == 5
    missing = "c0ffee00-0000-4000-8000-000000000001"
    assert reader.load_data(pages=[missing]) == []
    assert [each.id for each in reader.skipped] == [missing]
    with pytest.raises(NotFound):
        reader.load_data(data_sources=[missing])


def test_the_token_is_the_environments(monkeypatch):
    with pytest.raises(ConfigurationError):
        NotionReader()
    monkeypatch.setenv("NOTION_TOKEN", "ntn_given")
    assert NotionReader().state == {}

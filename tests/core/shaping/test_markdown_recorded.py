"""Recorded pages through Markdown and back; recorded Markdown beside the blocks of its page."""

from typing import Any

import pytest
from recordings import Exchange, load

from airbyte_agent_notion.file_refs import file_ref
from airbyte_agent_notion.shaping.markdown import RenderOptions, Translation, normal, parse, render

Json = dict[str, Any]


@pytest.fixture(scope="module")
def exchanges() -> list[Exchange]:
    return load()


def reference(block: Any, url: str) -> str:
    return file_ref(block["id"], url)


def children(exchanges: list[Exchange]) -> dict[tuple[str, str], list[Json]]:
    """The children of every block read whole, by recording and the block's id without dashes."""
    read: dict[tuple[str, str], list[Json]] = {}
    for one in exchanges:
        parts = one.path.split("/")
        if one.method == "GET" and parts[-1] == "children" and one.status == 200 and not one.query.get("start_cursor"):
            read[one.name.partition("#")[0], parts[-2].replace("-", "")] = one.answer["results"]
    return read


def test_recorded_blocks_survive_markdown(exchanges):
    lists = children(exchanges)
    kinds: set[str] = set()
    for (recording, _), blocks in lists.items():

        def inside(block: Any, recording: str = recording) -> list[Json] | None:
            return (
                lists.get((recording, block["id"].replace("-", "")))
                if "id" in block
                else block[block["type"]].get("children")
            )

        kinds |= {block["type"] for block in blocks}
        # A heading shows what is inside it only as a toggle, and a row outside of its table is none.
        if any(block["type"] in {"table_row", "column"} for block in blocks):
            continue
        for form in ({}, {"extended": True}, {"compact": True, "file_url": reference}):
            options = RenderOptions(children=inside, **form)
            markdown = render(blocks, options=options)
            assert parse(markdown) == normal(blocks, options=options)
            assert render(parse(markdown), options=RenderOptions(**form)) == markdown
            assert "X-Amz" not in markdown
    assert len(kinds) > 25


def test_recorded_markdown_is_what_we_write(exchanges):
    lists = children(exchanges)
    pairs = 0
    for one in exchanges:
        parts = one.path.split("/")
        if parts[-1] != "markdown" or one.method != "GET" or one.status != 200:
            continue
        blocks = lists.get((one.name.partition("#")[0], parts[-2].replace("-", "")))
        if blocks is not None:
            pairs += 1
            options = RenderOptions(page_id=parts[-2], file_url=lambda block, url: url)
            assert render(blocks, options=options) == one.answer["markdown"].rstrip("\n")
        text = Translation.of(one.answer["markdown"], file_ref=lambda url: file_ref("0" * 32, url))
        assert text.updates(text.markdown).command is None
        assert "X-Amz" not in text.markdown
        if not one.answer["markdown"]:
            assert render([]) == one.answer["markdown"]
    if not pairs:
        pytest.skip("no recording holds both the blocks and the Markdown of a page")

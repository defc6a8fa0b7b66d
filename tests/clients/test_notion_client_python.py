"""What only notion-client (PyPI) does: its awaiting client, and its own helpers."""

import asyncio
import logging

import httpx
import pytest

pytestmark = [pytest.mark.sockets, pytest.mark.enable_socket]

LANGUAGE = "python"


@pytest.fixture
def notion():
    """The package."""
    import notion_client

    return notion_client


@pytest.fixture
def awaiting(notion, served, monkeypatch):
    """``awaiting(use)``: what ``use(client)`` returns, with an awaiting client, and what it wanted to wait."""
    waits = []
    sleep = asyncio.sleep

    async def noted(seconds, *rest):
        waits.append(seconds)
        await sleep(0)

    async def run(use):
        options = {"auth": served.sandbox.token, "base_url": served.url, "notion_version": "2026-03-11"}
        async with httpx.AsyncClient() as inner:
            client = notion.AsyncClient(client=inner, logger=logging.getLogger("client"), **options)
            return await use(client)

    monkeypatch.setattr("notion_client.client.asyncio.sleep", noted)
    return lambda use: (asyncio.run(run(use)), waits)


def paragraph(content):
    return {"type": "paragraph", "paragraph": {"rich_text": [{"type": "text", "text": {"content": content}}]}}


def test_a_list_longer_than_a_page(notion, awaiting, served):
    tasks = served.source("Tasks")

    async def use(client):
        helpers = notion.helpers
        every = await helpers.async_collect_paginated_api(client.data_sources.query, data_source_id=tasks)
        items = helpers.async_iterate_paginated_api(client.data_sources.query, data_source_id=tasks, page_size=9)
        return every, [item async for item in items]

    (every, iterated), _ = awaiting(use)
    assert every == iterated
    assert len({each["id"] for each in every}) == len(every) == 250
    assert len(served.arrived) == 3 + 28


def test_many_writes_at_once(awaiting, served, page):
    async def use(client):
        append = client.blocks.children.append
        return await asyncio.gather(
            *(append(block_id=page, children=[paragraph(f"{number}")]) for number in range(60)),
        )

    answers, _ = awaiting(use)
    kept = [each.id for each in served.workspace.children(served.workspace.pages[page])]
    assert sorted(kept) == sorted(each["results"][0]["id"] for each in answers)
    assert sorted(served.texts(page), key=int) == [f"{number}" for number in range(60)]


def test_the_rate_limit_is_waited_for(awaiting, served, page):
    served.sandbox.faults.add(status=429, retry_after=9)
    _, waits = awaiting(lambda client: client.blocks.children.append(block_id=page, children=[paragraph("Once")]))
    assert [each for each in waits if each] == [9]
    assert served.texts(page) == ["Once"]


def test_errors_are_its_own(notion, awaiting, served):
    with pytest.raises(notion.APIResponseError) as caught:
        awaiting(lambda client: client.pages.retrieve(page_id="0" * 32))
    assert caught.value.code is notion.APIErrorCode.ObjectNotFound
    assert caught.value.headers["x-notion-request-id"] == caught.value.request_id


def test_a_broken_connection_is_no_answer_and_not_tried_again(connect, served, page):
    client = connect("python")
    served.sandbox.faults.add(drop=True, after=True, method="PATCH")
    with pytest.raises(httpx.RemoteProtocolError):
        client.call("blocks.children.append", block_id=page, children=[paragraph("Once")])
    assert served.writes == [f"PATCH blocks/{page}/children None"]
    assert served.texts(page) == ["Once"]


def test_retries_can_be_switched_off(connect, served):
    served.sandbox.faults.add(status=429, retry_after=1)
    client = connect("python", retry=False)
    assert client.refused("users.me").code == "rate_limited"
    assert (client.waits, served.arrived) == ([], ["GET users/me 429"])


def test_objects_are_full_by_its_own_measure(notion, connect, served, page):
    client, helpers = connect("python"), notion.helpers
    tasks = served.source("Tasks")
    source = client.call("data_sources.retrieve", data_source_id=tasks)
    assert helpers.is_full_page(client.call("pages.retrieve", page_id=page))
    assert helpers.is_full_data_source(source)
    assert helpers.is_full_database(client.call("databases.retrieve", database_id=source["parent"]["database_id"]))
    assert all(map(helpers.is_full_user, client.collect("users.list")))
    found = client.collect("search", page_size=100)
    assert all(map(helpers.is_full_page_or_data_source, found))
    assert {each["object"] for each in found} == {"page", "data_source"}
    blocks = client.collect("blocks.children.list", block_id=page)
    assert all(map(helpers.is_full_block, blocks))

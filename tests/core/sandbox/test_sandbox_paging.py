"""Cursors and page sizes."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from airbyte_agent_notion.sandbox.sample.markup import page_id

LOG = f"/v1/blocks/{page_id('incidents')}/children"


@pytest.mark.parametrize("size", ["1", "7", "99", "100"])
def test_get_listings_page_completely(caller: Any, size: str) -> None:
    blocks = caller.all("GET", LOG, size=int(size))
    assert len(blocks) == 130
    assert [block["id"] for block in blocks] == caller.sandbox.workspace.pages[page_id("incidents")].children


def test_the_default_page_holds_a_hundred(caller: Any) -> None:
    first = caller.ok("GET", LOG)
    assert (len(first["results"]), first["has_more"]) == (100, True)
    last = caller.ok("GET", LOG, query=[("start_cursor", first["next_cursor"])])
    assert (len(last["results"]), last["has_more"], last["next_cursor"]) == (30, False, None)


def test_post_listings_page_completely(caller: Any) -> None:
    everything = caller.rows("Tasks")
    path = f"/v1/data_sources/{caller.source('Tasks').id}/query"
    for size in (1, 33, 100):
        assert caller.all("POST", path, {}, size=size) == everything
    assert len({row["id"] for row in everything}) == 250


@pytest.mark.parametrize("size", ["0", "-1", "101", "x", "", "1.5", "9" * 5000, "٣"])
def test_bad_page_sizes_in_the_query(caller: Any, size: str) -> None:
    message = caller.error(400, "validation_error", "GET", "/v1/users", query=[("page_size", size)])
    assert "query.page_size should be" in message


@pytest.mark.parametrize("size", [0, -1, 101, "10", None, 1.5, True, [], {}])
def test_bad_page_sizes_in_the_body(caller: Any, size: Any) -> None:
    message = caller.error(400, "validation_error", "POST", "/v1/search", {"page_size": size})
    assert "body.page_size should be" in message


def test_the_messages_name_the_bound(caller: Any) -> None:
    assert "≤ `100`, instead was `101`" in caller.error(
        400, "validation_error", "POST", "/v1/search", {"page_size": 101}
    )
    assert "≥ `1`, instead was `0`" in caller.error(400, "validation_error", "POST", "/v1/search", {"page_size": 0})


def test_a_repeated_parameter(caller: Any) -> None:
    query = [("page_size", "1"), ("page_size", "2")]
    caller.error(400, "validation_error", "GET", "/v1/users", query=query)


@pytest.mark.parametrize(
    "cursor", ["", "x", "nonsense", page_id("handbook"), base64.b64encode(b"a" * 60).decode(), "é"]
)
def test_invented_cursors(caller: Any, cursor: str) -> None:
    message = caller.error(400, "validation_error", "GET", "/v1/users", query=[("start_cursor", cursor)])
    assert message == f"The start_cursor provided is invalid: {cursor}"
    caller.error(400, "validation_error", "POST", "/v1/search", {"start_cursor": cursor})


@pytest.mark.parametrize("cursor", [None, 3, {}, ["x"]])
def test_cursors_are_strings(caller: Any, cursor: Any) -> None:
    assert "body.start_cursor" in caller.error(400, "validation_error", "POST", "/v1/search", {"start_cursor": cursor})


def test_a_cursor_belongs_to_its_listing(caller: Any) -> None:
    cursor = caller.ok("POST", "/v1/search", {"page_size": 2})["next_cursor"]
    people = f"/v1/data_sources/{caller.source('People').id}/query"
    for path, body in (
        ("/v1/search", {"query": "atlas"}),
        ("/v1/search", {"sort": {"timestamp": "last_edited_time", "direction": "ascending"}}),
        (people, {}),
    ):
        caller.error(400, "validation_error", "POST", path, {**body, "start_cursor": cursor})
    caller.error(400, "validation_error", "GET", "/v1/users", query=[("start_cursor", cursor)])
    # The page size may change on the way.
    assert caller.ok("POST", "/v1/search", {"start_cursor": cursor, "page_size": 5})["results"]


def test_a_cursor_of_another_query_is_refused(caller: Any) -> None:
    path = f"/v1/data_sources/{caller.source('Tasks').id}/query"
    sorts = [{"property": "Task", "direction": "ascending"}]
    cursor = caller.ok("POST", path, {"sorts": sorts, "page_size": 3})["next_cursor"]
    caller.error(400, "validation_error", "POST", path, {"start_cursor": cursor})
    assert caller.ok("POST", path, {"sorts": sorts, "page_size": 3, "start_cursor": cursor})["results"]


def test_a_tampered_cursor_is_refused(caller: Any) -> None:
    cursor = caller.ok("GET", LOG, query=[("page_size", "2")])["next_cursor"]
    assert page_id("incidents") not in cursor
    changed = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]
    caller.error(400, "validation_error", "GET", LOG, query=[("start_cursor", changed)])


def test_a_listing_may_change_between_two_pages(caller: Any) -> None:
    blocks = caller.sandbox.workspace.pages[page_id("incidents")].children
    first = caller.ok("GET", LOG, query=[("page_size", "10")])
    gone = blocks.pop(0)
    second = caller.ok("GET", LOG, query=[("page_size", "10"), ("start_cursor", first["next_cursor"])])
    assert gone == first["results"][0]["id"]
    assert [block["id"] for block in second["results"]] == blocks[9:19]
    blocks.remove(second["results"][0]["id"])
    again = caller.ok("GET", LOG, query=[("page_size", "10"), ("start_cursor", first["next_cursor"])])
    assert len(again["results"]) == 10

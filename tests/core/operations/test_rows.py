"""Iterating over rows past what Notion lists for one query, and lists that end early: whole, or an error."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airbyte_agent_notion import NotionConnector, SyncNotionConnector
from airbyte_agent_notion.errors import IncompleteResult, InvalidResponse, Recovery
from airbyte_agent_notion.operations.data_sources import QueryDataSource
from airbyte_agent_notion.operations.rows import OLDEST_FIRST, and_created
from airbyte_agent_notion.operations.users import ListUsers
from airbyte_agent_notion.sandbox import Sandbox

SOURCE = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
SINCE = "2026-01-01T00:05:00.000Z"
CREATED = {"timestamp": "created_time", "created_time": {"on_or_after": SINCE}}
LIMITED = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}


def row(number, minute, **more):
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    return {"object": "page", "id": f"row-{number}", "created_time": moment.strftime("%Y-%m-%dT%H:%M:00.000Z"), **more}


class Table:
    """A data source that lists ``cap`` rows for one query, unsorted in an order of its own."""

    def __init__(self, minutes, cap, *, size=100):
        self.rows = [row(number, minute, even=number % 2 == 0) for number, minute in enumerate(minutes)]
        self.cap = cap
        self.size = size
        self.bodies = []

    def answer(self, body):
        self.bodies.append(body)
        rows = [each for each in self.rows if passes(each, body.get("filter"))]
        if body.get("sorts", [{}])[0] == OLDEST_FIRST:
            rows.sort(key=lambda each: each["created_time"])
        start = int(body.get("start_cursor", 0))
        end = min(start + self.size, self.cap)
        more = end < min(len(rows), self.cap)
        answer = {"results": rows[start:end], "has_more": more, "next_cursor": str(end) if more else None}
        return {**answer, "request_status": LIMITED} if len(rows) > self.cap else answer

    def __call__(self, request):
        return httpx.Response(200, json=self.answer(json.loads(request.content)))


def passes(each, given):
    if not given:
        return True
    if "and" in given:
        return all(passes(each, part) for part in given["and"])
    if "or" in given:
        return any(passes(each, part) for part in given["or"])
    if given.get("timestamp") == "created_time":
        return each["created_time"] >= given["created_time"]["on_or_after"]
    return each["even"] is given["checkbox"]["equals"]


def walked(table, **params):
    """Every row, without I/O."""
    operation = QueryDataSource(data_source_id=SOURCE, **params)
    paging = operation.paging()
    found = []
    try:
        while paging.upcoming is not None:
            body = paging.upcoming.request().json
            found += paging.take(operation.result(table.answer(body)))
    except IncompleteResult as error:
        return [each["id"] for each in found], error
    return [each["id"] for each in found], None


def ids(table, even=None):
    rows = sorted(table.rows, key=lambda each: each["created_time"])
    return [each["id"] for each in rows if even is None or each["even"] is even]


@pytest.mark.parametrize(("count", "cap", "size"), [(50, 10, 3), (50, 10, 10), (20, 10, 100), (10, 10, 4), (9, 10, 4)])
def test_all_rows_once_and_oldest_first(count, cap, size):
    table = Table([minute // 3 for minute in reversed(range(count))], cap, size=size)
    found, error = walked(table)
    assert error is None
    assert sorted(found) == sorted(ids(table))
    assert [table.rows[int(each[4:])]["created_time"] for each in found] == sorted(
        r["created_time"] for r in table.rows
    )
    assert all(body["sorts"] == [OLDEST_FIRST] for body in table.bodies)


def test_a_small_table_costs_no_further_request():
    table = Table(range(9), cap=10)
    walked(table)
    assert table.bodies == [{"sorts": [OLDEST_FIRST]}]


def test_the_restart_is_as_documented():
    table = Table([0, 1, 2, 5, 5, 5, 7], cap=5)
    found, error = walked(table, page_size=100)
    assert error is None
    assert found == ids(table)
    assert table.bodies == [
        {"sorts": [OLDEST_FIRST], "page_size": 100},
        {"sorts": [OLDEST_FIRST], "page_size": 100, "filter": CREATED},
    ]


@settings(max_examples=100, deadline=None)
@given(
    minutes=st.lists(st.integers(0, 12), max_size=60),
    cap=st.integers(1, 12),
    size=st.integers(1, 13),
    even=st.sampled_from([None, True]),
)
def test_whole_or_an_error_that_counts(minutes, cap, size, even):
    table = Table(minutes, cap, size=size)
    given = {} if even is None else {"filter": {"property": "Even", "checkbox": {"equals": True}}}
    found, error = walked(table, **given)
    wanted = ids(table, even)
    assert len(set(found)) == len(found)
    assert set(found) <= set(wanted)
    times = [each["created_time"] for each in table.rows if each["id"] in wanted]
    fullest = max((times.count(time) for time in times), default=0)
    if fullest < cap or len(wanted) <= cap:
        assert error is None
    if error is None:
        assert sorted(found) == sorted(wanted)
    else:
        assert error.details == {"delivered": len(found), "incomplete_reason": "query_result_limit_reached"}
        assert len(found) < len(wanted)


@pytest.mark.parametrize(
    "sorts", [[OLDEST_FIRST], [OLDEST_FIRST, {"property": "Name", "direction": "descending"}]], ids=len
)
def test_the_callers_own_oldest_first_goes_on_too(sorts):
    table = Table(range(30), cap=10)
    found, error = walked(table, sorts=sorts)
    assert (found, error) == (ids(table), None)
    assert all(body["sorts"] == sorts for body in table.bodies)


@pytest.mark.parametrize(
    "params",
    [
        {"sorts": [{"timestamp": "created_time", "direction": "descending"}]},
        {"sorts": [{"property": "Due", "direction": "ascending"}]},
        {"sorts": [{"property": "Due", "direction": "ascending"}, OLDEST_FIRST]},
        {"start_cursor": "0"},
    ],
    ids=str,
)
def test_other_orders_end_with_the_count(params):
    table = Table(range(30), cap=10, size=4)
    found, error = walked(table, **params)
    assert len(found) == 10
    assert "10 items were delivered and there are more" in str(error)
    assert "sorts and start_cursor" in error.hint
    assert error.recovery is Recovery.FIX_ARGUMENTS
    assert (error.code, error.details["delivered"]) == ("incomplete_result", 10)
    assert [body.get("sorts") for body in table.bodies] == [params.get("sorts")] * 3
    small = Table(range(10), cap=10, size=4)
    assert walked(small, **params)[1] is None


def test_more_rows_in_a_minute_than_are_listed():
    table = Table([1, 2, *[3] * 12, 4], cap=10)
    found, error = walked(table)
    assert len(found) == 12
    assert "One minute holds more rows" in error.hint
    assert error.details["delivered"] == 12
    assert len(table.bodies) == 2


def test_another_reason_is_an_error_at_the_end():
    def other(answer):
        return {**answer, "request_status": {"type": "incomplete", "incomplete_reason": "something_new"}}

    table = Table(range(5), cap=10, size=2)
    listed = table.answer
    table.answer = lambda body: other(listed(body))
    found, error = walked(table)
    assert len(found) == 5
    assert error.details == {"delivered": 5, "incomplete_reason": "something_new"}


A, B, C = ({"property": name, "checkbox": {"equals": True}} for name in "ABC")


@pytest.mark.parametrize(
    ("given", "narrower"),
    [
        (None, CREATED),
        ({}, CREATED),
        (A, {"and": [A, CREATED]}),
        ({"and": [A, B]}, {"and": [A, B, CREATED]}),
        ({"and": [A, {"or": [B, C]}]}, {"and": [A, {"or": [B, C]}, CREATED]}),
        ({"or": [A, B]}, {"and": [{"or": [A, B]}, CREATED]}),
        ({"or": [A, {"and": [B, C]}]}, {"or": [{"and": [A, CREATED]}, {"and": [B, C, CREATED]}]}),
        ({"or": [A, {"or": [B, C]}]}, {"or": [{"and": [each, CREATED]} for each in (A, B, C)]}),
        ({"and": [{"or": [A, {"and": [B, C]}]}]}, None),
        ({"or": [{"and": [A, {"or": [B, C]}]}]}, None),
        ({"and": A}, None),
        ({"and": []}, None),
        ({"and": [A], "or": [B]}, None),
        ({"or": [{"and": 1}]}, None),
    ],
)
def test_the_filter_that_goes_on(given, narrower):
    before = json.dumps(given)
    assert and_created(given, SINCE) == narrower
    assert json.dumps(given) == before


def test_a_filter_that_cannot_be_narrowed_is_an_error():
    table = Table(range(30), cap=10)
    yes = {"property": "Even", "checkbox": {"equals": True}}
    no = {"property": "Even", "checkbox": {"equals": False}}
    found, error = walked(table, filter={"and": [{"or": [yes, {"and": [no, no]}]}]})
    assert len(found) == 10
    assert "The filter stands in the way" in error.hint


def test_moments_are_read_in_any_spelling():
    rows = [row(1, 0) | {"created_time": "2026-01-01T00:05:31.250+00:00"}, {"object": "page", "id": "bare"}]
    operation = QueryDataSource(data_source_id=SOURCE)
    for zone in ("", "Z", "+00:00"):
        rows[0]["created_time"] = f"2026-01-01T00:05:31.250{zone}"
        paging = operation.paging()
        answer = {"results": rows, "has_more": False, "next_cursor": None, "request_status": LIMITED}
        assert [each["id"] for each in paging.take(operation.result(answer))] == ["row-1", "bare"]
        assert paging.upcoming.request().json["filter"] == CREATED


def test_a_moment_that_is_none_is_an_error():
    operation = QueryDataSource(data_source_id=SOURCE)
    paging = operation.paging()
    answer = {"results": [row(1, 0) | {"created_time": "long ago"}], "has_more": False}
    with pytest.raises(InvalidResponse, match="created_time"):
        list(paging.take(operation.result(answer)))


def test_what_is_remembered_is_one_minute():
    table = Table([minute // 4 for minute in range(400)], cap=50)
    operation = QueryDataSource(data_source_id=SOURCE)
    paging = operation.paging()
    while paging.upcoming is not None:
        list(paging.take(operation.result(table.answer(paging.upcoming.request().json))))
        assert len(paging._ids) <= 4
    assert paging.delivered == 400


# --- through the connectors


def test_both_connectors_go_past_the_limit(connect):
    table = Table([minute // 2 for minute in range(45)], cap=20)
    rows = connect(table).do(lambda notion: notion.data_sources.query.iterate(data_source_id=SOURCE))
    assert [each["id"] for each in rows] == ids(table)


def test_both_connectors_end_other_lists_with_an_error(connect):
    answer = {
        "results": [{"id": "a"}],
        "next_cursor": None,
        "has_more": False,
        "request_status": {"type": "incomplete"},
    }
    caller = connect(lambda request: httpx.Response(200, json=answer))
    for listing in (
        lambda notion: notion.search.iterate(query="x"),
        lambda notion: notion.comments.list.iterate(block_id=SOURCE),
        lambda notion: notion.pages.list.iterate(),
    ):
        with pytest.raises(IncompleteResult, match=r"ended early \(incomplete\): 1 items were delivered"):
            caller.do(listing)


def test_items_come_before_the_error():
    answer = {"results": [{"id": "a"}], "has_more": True, "next_cursor": None}
    paging = ListUsers().paging()
    items = paging.take(ListUsers().result(answer))
    assert next(items) == {"id": "a"}
    with pytest.raises(IncompleteResult) as caught:
        next(items)
    assert caught.value.details == {"delivered": 1, "incomplete_reason": "no_next_cursor"}


def test_incomplete_on_an_early_page_is_not_forgotten():
    paging = ListUsers().paging()
    first = {"results": [], "has_more": True, "next_cursor": "1", "request_status": LIMITED}
    list(paging.take(ListUsers().result(first)))
    with pytest.raises(IncompleteResult):
        list(paging.take(ListUsers().result({"results": [], "has_more": False, "next_cursor": None})))


def test_a_page_says_that_its_list_is_incomplete():
    listed = QueryDataSource(data_source_id=SOURCE).result(
        {"results": [], "has_more": False, "request_status": LIMITED}
    )
    assert listed.meta.incomplete_reason == "query_result_limit_reached"
    assert listed.meta.to_dict() == {
        "next_cursor": None,
        "has_more": False,
        "complete": False,
        "incomplete_reason": "query_result_limit_reached",
        "request_status": LIMITED,
    }


@pytest.mark.parametrize("status", [None, {"type": "complete"}, {}, "incomplete", []])
def test_a_page_that_says_nothing_of_the_kind(status):
    listed = ListUsers().result({"results": [], "has_more": False, "request_status": status})
    assert listed.meta.incomplete_reason is None
    assert "complete" not in listed.meta.to_dict()


def test_the_sandbox_goes_on_too():
    whole = Sandbox.sample()
    source = max(whole.workspace.sources.values(), key=lambda each: len(whole.workspace.rows(each)))
    wanted = {page.id for page in whole.workspace.rows(source)}
    sandbox = Sandbox.sample(row_cap=70)
    rows = list(SyncNotionConnector.sandbox(sandbox).data_sources.query.iterate(data_source_id=source.id))
    assert len(rows) == len(wanted) == 250
    assert {each["id"] for each in rows} == wanted
    assert len(sandbox.requests) == 4

    async def main():
        async with NotionConnector.sandbox(Sandbox.sample(row_cap=70)) as notion:
            return [each["id"] async for each in notion.data_sources.query.iterate(data_source_id=source.id)]

    assert asyncio.run(main()) == [each["id"] for each in rows]

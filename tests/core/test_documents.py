"""Pages and rows as documents: whole, one after the other, and from where the last run was."""

import asyncio
import gc
import json
import logging
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airbyte_agent_notion import NotionConnector, Policy, SyncNotionConnector
from airbyte_agent_notion.documents import NotionDocument, NotionDocuments
from airbyte_agent_notion.errors import (
    ConfigurationError,
    IncompleteResult,
    InvalidParams,
    NotFound,
    PolicyDenied,
    ServerError,
)
from airbyte_agent_notion.sandbox import Sandbox

START = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def nested(level):
    children = [nested(level - 1)] if level > 1 else []
    return {"toggle": {"rich_text": f"Level {level}"}, "children": children}


def table(count, **more):
    rows = [{"Name": f"Row {number}"} for number in range(count)]
    return Sandbox.from_json({"databases": [{"title": "Table", "properties": {"Name": "title"}, "rows": rows}], **more})


def spread(sandbox, *, minutes=1, per_minute=1):
    """Edits at different times, in the order of the pages; the ids, the most recently edited first."""
    for index, page in enumerate(sandbox.workspace.pages.values()):
        page.edited = START + timedelta(minutes=minutes * (index // per_minute))
    ordered = sorted(sandbox.workspace.pages.values(), key=lambda page: page.edited, reverse=True)
    return [page.id for page in ordered]


def source(sandbox):
    return next(iter(sandbox.workspace.sources))


def edit(sandbox, page_id, moment):
    sandbox.workspace.pages[page_id].edited = moment


def ids(documents):
    return [each.id for each in documents]


def whole(sandbox, **options):
    return list(NotionDocuments(SyncNotionConnector.sandbox(sandbox), now=lambda: LATER, **options).lazy())


@pytest.fixture(params=["lazy", "alazy"])
def read(request):
    """``read(documents)``: all of them, by either driver; ``read(documents, 3)``: three, then the run is given up."""

    async def awaited(documents, count):
        found = []
        running = documents.alazy()
        async for each in running:
            found.append(each)
            if len(found) == count:
                break
        await running.aclose()
        return found

    def run(documents, count=None):
        if request.param == "lazy":
            return list(islice(documents.lazy(), count))
        return asyncio.run(awaited(documents, count))

    return run


@pytest.fixture(params=[NotionConnector, SyncNotionConnector], ids=["async", "sync"])
def connect(request):
    return request.param.sandbox


# --- completeness


def test_a_page_of_250_blocks_and_one_of_six_levels_are_whole(connect, read):
    lines = [f"Line {number} of the page" for number in range(250)]
    sandbox = Sandbox.from_json(
        {"pages": [{"title": "Long", "blocks": lines}, {"title": "Deep", "blocks": [nested(6)]}]}
    )
    found = {each.metadata["title"]: each for each in read(NotionDocuments(connect(sandbox)))}
    assert found["Long"].text.splitlines() == lines
    assert [f"Level {level}" in found["Deep"].text for level in range(1, 7)] == [True] * 6
    assert {each.metadata["complete"] for each in found.values()} == {True}


def test_every_row_is_a_document_of_its_properties_and_its_content(connect, read):
    rows = [
        {"properties": {"Name": f"Row {number}", "Left": number}, "blocks": [f"Of {number}"]} for number in range(230)
    ]
    properties = {"Left": "number", "Name": "title", "Empty": "rich_text", "Done": "checkbox"}
    sandbox = Sandbox.from_json({"databases": [{"title": "Table", "properties": properties, "rows": rows}]})
    found = read(NotionDocuments(connect(sandbox), data_sources=source(sandbox)))
    assert {each.text for each in found} == {
        f"Name: Row {number}\nLeft: {number}\nDone: no\n\nOf {number}" for number in range(230)
    }
    assert len(found) == 230


def test_1200_rows_come_without_content_where_it_is_not_wanted():
    sandbox = table(1_200)
    found = whole(sandbox, data_sources=[source(sandbox)], content=False)
    assert {each.text for each in found} == {f"Name: Row {number}" for number in range(1_200)}
    assert len(sandbox.requests) == 12


def test_everything_that_the_connection_can_see_comes_once(connect, read):
    sandbox = Sandbox.sample()
    found = read(NotionDocuments(connect(sandbox)))
    workspace = sandbox.workspace
    seen = [each.id for each in workspace.pages.values() if workspace.is_shared(each) and not workspace.in_trash(each)]
    assert sorted(ids(found)) == sorted(seen)
    assert {each.metadata["object"] for each in found} == {"page", "row"}


def test_no_signed_address_is_in_any_document():
    texts = [each.text + json.dumps(each.metadata) for each in whole(Sandbox.sample())]
    assert [text for text in texts if "X-Amz-" in text or "&exp=" in text or "secure.notion" in text] == []
    assert sum("notion-file:" in text for text in texts) > 5
    assert texts == [each.text + json.dumps(each.metadata) for each in whole(Sandbox.sample())]


def test_a_relation_of_60_is_whole_and_what_is_computed_from_it_is_marked():
    target = {"title": "Parts", "properties": {"Name": "title"}, "rows": [{"Name": f"Part {n}"} for n in range(60)]}
    columns = {
        "Name": "title",
        "Parts": {"relation": {"data_source": "Parts"}},
        "Count": {"rollup": {"relation_property_name": "Parts", "rollup_property_name": "Name", "function": "count"}},
    }
    rows = [{"Name": "All", "Parts": [f"Part {number}" for number in range(60)]}]
    sandbox = Sandbox.from_json({"databases": [target, {"title": "Sets", "properties": columns, "rows": rows}]})
    (found,) = whole(sandbox, data_sources=[list(sandbox.workspace.sources)[1]])
    parts = [page.id for page in sandbox.workspace.pages.values() if page.id != found.id]
    assert sorted(found.metadata["properties"]["Parts"]) == sorted(parts)
    assert all(part in found.text for part in parts)
    assert found.metadata["complete"] is False
    assert [each["property"] for each in found.metadata["incomplete"]] == ["Count"]


def test_blocks_that_cannot_be_read_are_named():
    toggle = {"id": "c0ffee00-0000-4000-8000-000000000001", **nested(2)}
    sandbox = Sandbox.from_json({"pages": [{"title": "Page", "blocks": ["Before", toggle]}]})
    sandbox.faults.add(status=403, path="/v1/pages/*/markdown")
    sandbox.faults.add(status=404, path=f"/v1/blocks/{toggle['id']}/children", times=9)
    (found,) = whole(sandbox)
    assert found.metadata["complete"] is False
    assert found.metadata["missing"] == [toggle["id"]]
    assert "Before" in found.text


def test_metadata_says_what_the_document_is_and_where_from():
    sandbox = table(1, pages=[{"title": "Home", "pages": [{"title": "Inside"}]}])
    found = {each.metadata["title"]: each for each in whole(sandbox)}
    row, inside, home = (found[title].metadata for title in ("Row 0", "Inside", "Home"))
    database = next(iter(sandbox.workspace.databases))
    assert (row["object"], row["data_source_id"], row["database_id"]) == ("row", source(sandbox), database)
    assert (row["parent_type"], row["parent_id"]) == ("data_source", source(sandbox))
    assert row["properties"] == {"Name": "Row 0"}
    assert (inside["object"], inside["parent_type"], inside["parent_id"]) == ("page", "page", home["id"])
    assert home["parent_type"] == "workspace"
    assert home["url"] == home["source"]
    assert home["id"] == found["Home"].id
    assert {home["created_time"], home["last_edited_time"]} == {"2026-11-20T09:00:00.000Z"}
    assert {"parent_id", "properties", "data_source_id"} & set(home) == {"parent_id"} & set(home) == set()
    assert json.loads(json.dumps(row)) == row


# --- what is read


def test_a_search_is_narrowed_by_words():
    sandbox = Sandbox.from_json({"pages": [{"title": "Red roof"}, {"title": "Blue door"}]})
    documents = NotionDocuments(SyncNotionConnector.sandbox(sandbox), query="door")
    assert [each.metadata["title"] for each in documents.lazy()] == ["Blue door"]
    assert list(documents.state) == ["search:door"]


def test_pages_come_alone_or_with_all_below_them(connect, read):
    link = {"link_to_page": {"type": "page_id", "page_id": "c0ffee00-0000-4000-8000-00000000000e"}}
    inner = {"title": "C", "blocks": [nested(2), link], "pages": [{"title": "D"}]}
    home = {"title": "A", "pages": [{"title": "B"}, inner], "databases": [{"title": "T", "rows": [{"Name": "Row"}]}]}
    sandbox = Sandbox.from_json({"pages": [home, {"title": "E", "id": link["link_to_page"]["page_id"]}]})
    by_title = {sandbox.workspace.title(page): page for page in sandbox.workspace.pages.values()}
    url = f"https://www.notion.so/A-{by_title['A'].id.replace('-', '')}"
    alone = read(NotionDocuments(connect(sandbox), pages=[url, by_title["E"].id, url]))
    assert [each.metadata["title"] for each in alone] == ["A", "E"]
    below = read(NotionDocuments(connect(sandbox), pages=url, recursive=True))
    assert [each.metadata["title"] for each in below] == ["A", "B", "C", "D"]


def test_pages_that_show_each_other_end():
    loop = "c0ffee00-0000-4000-8000-00000000000a"
    copy = {"synced_block": {"synced_from": {"type": "block_id", "block_id": loop}}}
    blocks = [{"id": loop, "synced_block": {"synced_from": None}, "children": ["Shown twice"]}]
    inner = {"title": "Inside", "blocks": [copy]}
    sandbox = Sandbox.from_json({"pages": [{"title": "Outside", "blocks": blocks, "pages": [inner]}]})
    found = whole(sandbox, pages=list(sandbox.workspace.pages), recursive=True)
    assert [each.metadata["title"] for each in found][:2] == ["Outside", "Inside"]
    assert all(each.metadata["complete"] for each in found)


def test_a_database_by_its_id_or_address_stands_for_its_data_source():
    sandbox = table(3)
    database = next(iter(sandbox.workspace.databases))
    found = whole(sandbox, data_sources=[source(sandbox)], content=False)
    for named in (database, f"https://www.notion.so/{database.replace('-', '')}?v={source(sandbox).replace('-', '')}"):
        assert whole(sandbox, data_sources=named, content=False) == found


FILTERS = [
    {"Left": {">=": 6}, "Kind": ["a", "b"]},
    {"property": "Left", "number": {"greater_than": 5}},
    {"or": [{"and": [{"Left": {"greater_than": 5}}, {"Kind": "a"}]}, {"and": [{"Left": 6}]}, {"Left": 8}, {"Left": 7}]},
    {
        "or": [
            {
                "and": [
                    {"property": "Left", "number": {"equals": number}},
                    {"property": "Name", "title": {"is_not_empty": True}},
                ]
            }
            for number in (6, 7, 8, 9)
        ]
    },
]


@pytest.mark.parametrize("wanted", FILTERS, ids=["short", "notion", "mixed", "deep"])
@pytest.mark.parametrize("since", [None, START + timedelta(minutes=8)], ids=["all", "since"])
def test_filters_hold_beside_since(wanted, since):
    rows = [{"Name": f"Row {number}", "Left": number, "Kind": "a" if number % 2 else "b"} for number in range(10)]
    columns = {"Name": "title", "Left": "number", "Kind": {"select": {"options": ["a", "b"]}}}
    sandbox = Sandbox.from_json({"databases": [{"title": "Table", "properties": columns, "rows": rows}]})
    spread(sandbox)
    left = set(range(6, 10))
    found = whole(sandbox, data_sources=source(sandbox), filter=wanted, since=since, content=False)
    assert {each.metadata["properties"]["Left"] for each in found} == (left if since is None else left & {7, 8, 9})


def test_rows_come_in_an_order_of_their_own(connect, read):
    sandbox = table(230)
    spread(sandbox)
    sorts = [{"Name": "descending"}]
    documents = NotionDocuments(
        connect(sandbox), data_sources=source(sandbox), sorts=sorts, content=False, now=lambda: LATER
    )
    titles = [each.metadata["title"] for each in read(documents)]
    assert titles == sorted(titles, key=str.casefold, reverse=True)
    assert len(titles) == 230
    assert documents.state == {source(sandbox): "2026-11-21T09:00:00.000Z"}


def test_rows_sorted_past_the_limit_come_as_far_as_notion_lists_them():
    sandbox = table(150)
    sandbox.row_cap = 100
    documents = NotionDocuments(
        SyncNotionConnector.sandbox(sandbox), data_sources=source(sandbox), sorts=[{"Name": "ascending"}], content=False
    )
    found = []
    with pytest.raises(IncompleteResult):
        found.extend(documents.lazy())
    assert (len(found), documents.state) == (100, {})


def test_a_pass_broken_off_is_ended_in_an_order_of_ones_own_too():
    sandbox = table(10)
    ordered = spread(sandbox)
    options = {"data_sources": source(sandbox), "content": False}
    first = NotionDocuments(SyncNotionConnector.sandbox(sandbox), **options)
    seen = ids(islice(first.lazy(), 4))
    assert set(seen) | set(ids(whole(sandbox, since=first.state, sorts=[{"Name": "ascending"}], **options))) == set(
        ordered
    )


# --- laziness


def test_only_what_is_consumed_is_read():
    sandbox = table(1_200)
    running = NotionDocuments(SyncNotionConnector.sandbox(sandbox), data_sources=source(sandbox)).lazy()
    assert len(sandbox.requests) == 0
    next(running)
    listed = [each.path.endswith("/query") for each in sandbox.requests]
    assert (sum(listed), len(listed)) == (1, 5)
    for _ in range(100):
        next(running)
    listed = [each.path.endswith("/query") for each in sandbox.requests]
    assert (sum(listed), len(listed)) == (2, 106)


def held():
    gc.collect()
    return sum(type(each) is NotionDocument for each in gc.get_objects())


def test_no_more_documents_are_held_than_are_read_side_by_side():
    before = held()
    sandbox = table(300)
    running = NotionDocuments(SyncNotionConnector.sandbox(sandbox), data_sources=source(sandbox)).lazy()
    for _ in range(0, 250, 50):
        for _ in range(50):
            next(running)
        assert held() - before <= 5


# --- since


@pytest.mark.parametrize("of", ["table", "search"])
def test_only_what_was_edited_since_comes_again(connect, read, of):
    sandbox = table(300)
    ordered = spread(sandbox)
    options = {"data_sources": source(sandbox)} if of == "table" else {}
    first = NotionDocuments(connect(sandbox), content=False, **options)
    assert ids(read(first)) == ordered
    edit(sandbox, ordered[-1], START + timedelta(hours=9))
    sandbox.requests.clear()
    second = NotionDocuments(connect(sandbox), content=False, since=json.loads(json.dumps(first.state)), **options)
    assert ids(read(second)) == [ordered[-1], *ordered[:2]]  # The last minute and the one before it.
    assert len(sandbox.requests) == 1
    third = NotionDocuments(connect(sandbox), content=False, since=second.state, **options)
    assert ids(read(third)) == [ordered[-1]]
    assert third.state == second.state


def test_an_edit_within_the_minute_of_the_last_one_is_not_missed():
    sandbox = table(2)
    one, two = sandbox.workspace.pages
    edit(sandbox, one, START)
    edit(sandbox, two, START - timedelta(days=1))
    notion = SyncNotionConnector.sandbox(sandbox)
    first = NotionDocuments(notion, data_sources=source(sandbox))
    assert ids(first.lazy()) == [one, two]
    edit(sandbox, two, START.replace(second=0))
    assert two in ids(NotionDocuments(notion, data_sources=source(sandbox), since=first.state).lazy())


@pytest.mark.parametrize("since", ["2026-11-01T13:00:00Z", "2026-11-01T14:00+01:00", datetime(2026, 11, 1, 13, 0, 59)])
def test_since_may_be_a_moment(since):
    sandbox = table(300)
    ordered = spread(sandbox)
    for options in ({"data_sources": source(sandbox)}, {}):
        assert ids(whole(sandbox, content=False, since=since, **options)) == ordered[: 300 - 239]


def test_the_overlap_may_be_wider():
    sandbox = table(300)
    ordered = spread(sandbox)
    found = whole(sandbox, content=False, since=START + timedelta(minutes=299), overlap=timedelta(minutes=10))
    assert ids(found) == ordered[:11]


def test_pages_that_were_not_edited_are_not_read_and_those_below_them_are():
    home = {"title": "A", "pages": [{"title": "B"}, {"title": "C", "pages": [{"title": "D"}]}]}
    sandbox = Sandbox.from_json({"pages": [home]})
    spread(sandbox)
    pages = {sandbox.workspace.title(page): page.id for page in sandbox.workspace.pages.values()}
    notion = SyncNotionConnector.sandbox(sandbox)
    first = NotionDocuments(notion, pages=pages["A"], recursive=True, now=lambda: LATER)
    assert len(list(first.lazy())) == 4
    edit(sandbox, pages["D"], LATER)
    again = NotionDocuments(notion, pages=pages["A"], recursive=True, since=first.state, now=lambda: LATER)
    assert [each.metadata["title"] for each in again.lazy()] == ["D"]
    sandbox.requests.clear()
    alone = NotionDocuments(notion, pages=pages["A"], since=first.state)
    assert list(alone.lazy()) == []
    assert len(sandbox.requests) == 1


def test_a_page_named_for_the_first_time_comes_however_old():
    sandbox = Sandbox.from_json({"pages": [{"title": "A"}, {"title": "B"}]})
    one, two = sandbox.workspace.pages
    notion = SyncNotionConnector.sandbox(sandbox)
    first = NotionDocuments(notion, pages=[one], now=lambda: LATER)
    assert ids(first.lazy()) == [one]
    second = NotionDocuments(notion, pages=[one, two], since=first.state, now=lambda: LATER)
    assert ids(second.lazy()) == [two]
    assert set(second.state) == {one, two}


# --- interruption


@pytest.mark.parametrize("of", ["table", "search"])
@pytest.mark.parametrize("after", range(24))
def test_a_run_broken_off_anywhere_goes_on_without_loss(of, after, read):
    sandbox = table(23)
    ordered = spread(sandbox, per_minute=3)
    options = {"data_sources": source(sandbox)} if of == "table" else {}
    notion = SyncNotionConnector.sandbox(sandbox)
    first = NotionDocuments(notion, **options)
    seen = ids(read(first, after)) if after else []
    edited = [ordered[0], ordered[-1]]  # One that was handed out long ago, and one that was not.
    for page_id in edited:
        edit(sandbox, page_id, LATER)
    second = NotionDocuments(notion, since=first.state, **options)
    rest = list(second.lazy())
    assert set(seen) | set(ids(rest)) == set(ordered)
    assert set(edited) <= set(ids(rest))
    twice = set(seen) & set(ids(rest)) - set(edited)
    assert len(twice) <= 8  # Of the minute it was at, and of the last two minutes of all.
    third = NotionDocuments(notion, since=second.state, **options)
    assert set(ids(third.lazy())) == set(edited)


def test_a_run_broken_off_again_and_again_ends(read):
    sandbox = table(40)
    ordered = spread(sandbox)
    notion = SyncNotionConnector.sandbox(sandbox)
    state, seen, runs = {}, [], 0
    while set(seen) < set(ordered):
        documents = NotionDocuments(notion, content=False, since=state)
        seen += ids(read(documents, 5))
        state, runs = json.loads(json.dumps(documents.state)), runs + 1
        edit(sandbox, ordered[3], LATER + timedelta(minutes=runs))
    assert runs <= 14  # Of five documents four count: the last one may not have been stored.
    last = NotionDocuments(notion, content=False, since=state)
    found = ids(last.lazy())
    assert ordered[3] in found
    assert set(last.state) == {"search"}
    assert ids(NotionDocuments(notion, content=False, since=last.state).lazy()) == [ordered[3]]


@pytest.mark.parametrize("request_number", range(8))
def test_an_error_says_how_far_it_got(connect, read, request_number):
    sandbox = table(12)
    ordered = spread(sandbox)
    documents = NotionDocuments(connect(sandbox), data_sources=source(sandbox), since={})
    paths = [f"/v1/data_sources/{source(sandbox)}/query", *(f"/v1/pages/{each}/markdown" for each in ordered[:7])]
    sandbox.faults.add(status=400, path=paths[request_number], times=99)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is told below.
        read(documents)
    details = caught.value.details
    count = 0 if request_number == 0 else (request_number - 1) // 4 * 4
    assert details["documents"] == count
    assert details["state"] == documents.state
    healthy = Sandbox.from_json(sandbox.to_json())
    rest = NotionDocuments(SyncNotionConnector.sandbox(healthy), data_sources=source(sandbox), since=details["state"])
    assert set(ids(rest.lazy())) | set(ordered[:count]) == set(ordered)


def test_pages_edited_while_they_are_listed_belong_to_the_next_run():
    sandbox = table(250)
    ordered = spread(sandbox)
    notion = SyncNotionConnector.sandbox(sandbox)
    for options in ({"data_sources": source(sandbox)}, {}):
        documents, seen, edited = NotionDocuments(notion, content=False, **options), [], set()
        for number, each in enumerate(documents.lazy()):
            seen.append(each.id)
            if number % 10 == 0:
                edited.add(ordered[-1 - number // 10])
                edit(sandbox, ordered[-1 - number // 10], LATER + timedelta(minutes=number))
        again = ids(NotionDocuments(notion, content=False, since=documents.state, **options).lazy())
        assert set(seen) | set(again) == set(ordered)
        assert len(edited) > 20
        assert edited <= set(again)
        spread(sandbox)


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.integers(0, 8)),
        st.tuples(st.just("next"), st.integers(1, 5)),
        st.just(("stop", 0)),
    ),
    max_size=30,
)


@pytest.mark.parametrize("of", ["table", "search"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS, pauses=st.lists(st.integers(0, 150), min_size=30, max_size=30))
def test_whatever_is_edited_and_broken_off_when_a_copy_is_true_in_the_end(of, actions, pauses, monkeypatch):
    monkeypatch.setattr("airbyte_agent_notion.documents.queries.PAGE_SIZE", 3)
    moments = [START]
    rows = [{"Name": f"Row {number}"} for number in range(9)]
    sandbox = Sandbox.from_json({"databases": [{"title": "Table", "rows": rows}]}, now=lambda: moments[-1])
    notion = SyncNotionConnector.sandbox(sandbox, policy=Policy.full())
    options = {"data_sources": source(sandbox)} if of == "table" else {}
    copy = {}

    def begin(state):
        documents = NotionDocuments(notion, content=False, since=state, **options)
        return documents, documents.lazy()

    def consume(running, count=None):
        copy.update((each.id, each.metadata["title"]) for each in islice(running, count))

    documents, running = begin({})
    for (action, number), pause in zip(actions, pauses, strict=False):
        moments.append(moments[-1] + timedelta(seconds=pause))
        if action == "edit":
            page_id = list(sandbox.workspace.pages)[number]
            notion.pages.update(page_id=page_id, properties={"Name": f"Edited at {len(moments)}"})
        elif action == "next":
            consume(running, number)
        else:
            running.close()
            documents, running = begin(json.loads(json.dumps(documents.state)))
    consume(running)
    consume(begin(documents.state)[1])
    assert copy == {each: sandbox.workspace.title(page) for each, page in sandbox.workspace.pages.items()}


# --- past what Notion lists


@pytest.mark.parametrize("per_minute", [1, 7, 60])
def test_more_rows_than_notion_lists_at_once(per_minute):
    sandbox = table(700)
    spread(sandbox, per_minute=per_minute)
    sandbox.row_cap = 100
    found = ids(whole(sandbox, data_sources=source(sandbox), content=False))
    assert sorted(found) == sorted(sandbox.workspace.pages)


def test_more_rows_of_one_minute_than_notion_lists_at_once():
    sandbox = table(700)
    spread(sandbox, per_minute=350)
    sandbox.row_cap = 100
    for index, page in enumerate(sandbox.workspace.pages.values()):
        page.created = START - timedelta(days=9) + timedelta(minutes=index)
    found = ids(whole(sandbox, data_sources=source(sandbox), content=False))
    assert sorted(found) == sorted(sandbox.workspace.pages)


def test_rows_that_cannot_be_listed_are_said_to_be_missing():
    sandbox = table(150)
    sandbox.row_cap = 100
    with pytest.raises(IncompleteResult) as caught:
        whole(sandbox, data_sources=source(sandbox), content=False)
    assert caught.value.details["documents"] == 100


# --- what may not be read


def test_a_page_that_is_not_shared_any_more_is_passed_over_and_told(connect, read, caplog):
    sandbox = table(5)
    ordered = spread(sandbox)
    for path in (f"/v1/pages/{ordered[2]}/markdown", f"/v1/blocks/{ordered[2]}/children"):
        sandbox.faults.add(status=404, path=path)
    documents = NotionDocuments(connect(sandbox), data_sources=source(sandbox))
    with caplog.at_level(logging.WARNING):
        assert ids(read(documents)) == [*ordered[:2], *ordered[3:]]
    assert [(each.id, each.code) for each in documents.skipped] == [(ordered[2], "object_not_found")]
    assert [record for record in caplog.records if ordered[2] in record.getMessage()]
    assert read(documents)
    assert documents.skipped == []


def test_a_named_page_that_is_not_shared_keeps_its_place_in_the_next_run():
    sandbox = Sandbox.from_json({"pages": [{"title": "A"}, {"title": "B", "shared": False}]})
    one, two = sandbox.workspace.pages
    for recursive in (False, True):
        documents = NotionDocuments(
            SyncNotionConnector.sandbox(sandbox), pages=[one, two], recursive=recursive, now=lambda: LATER
        )
        assert ids(documents.lazy()) == [one]
        assert [each.id for each in documents.skipped] == [two]
        assert list(documents.state) == [one]


def test_a_data_source_that_cannot_be_read_is_an_error():
    with pytest.raises(NotFound):
        whole(table(1), data_sources="c0ffee00-0000-4000-8000-000000000001")


def test_the_roots_of_the_policy_hold(read):
    sandbox = Sandbox.from_json({"pages": [{"title": "A", "pages": [{"title": "B"}]}, {"title": "C"}]})
    pages = {sandbox.workspace.title(page): page.id for page in sandbox.workspace.pages.values()}
    notion = SyncNotionConnector.sandbox(sandbox, policy=Policy.read_only(roots=[pages["A"]]))
    assert {each.metadata["title"] for each in read(NotionDocuments(notion))} == {"A", "B"}
    with pytest.raises(PolicyDenied):
        read(NotionDocuments(notion, pages=[pages["C"]]))


def test_a_failure_that_lasts_is_raised(hurried):
    sandbox = table(1)
    sandbox.faults.add(status=500, times=99)
    with pytest.raises(ServerError):
        list(NotionDocuments(hurried(SyncNotionConnector.sandbox(sandbox))).lazy())


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"since": "yesterday"}, ConfigurationError, "since='yesterday'"),
        ({"since": {"search": "a/b/c/d"}}, ConfigurationError, "a/b/c/d"),
        ({"since": {"search": 5}}, ConfigurationError, "since=5"),
        ({"recursive": True}, ConfigurationError, "without pages"),
        ({"filter": {"A": 1}}, ConfigurationError, "without data_sources"),
        ({"query": "a", "pages": ["c0ffee00000040008000000000000001"]}, ConfigurationError, "query"),
        ({"page": ["b"]}, ConfigurationError, "'page'"),
        ({"pages": ["none"]}, InvalidParams, "page_id"),
        ({"data_sources": ["none"]}, InvalidParams, "data_source_id"),
    ],
)
def test_wrong_options_are_refused_at_once(options, error, said):
    sandbox = table(1)
    with pytest.raises(error, match=said):
        NotionDocuments(SyncNotionConnector.sandbox(sandbox), **options)
    assert sandbox.requests == []

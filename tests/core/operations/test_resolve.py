"""References: ids, URLs and titles to the object meant, and database ids where a data source is needed."""

import asyncio
import inspect

import pytest

from airbyte_agent_notion import NotionConnector, SyncNotionConnector
from airbyte_agent_notion.errors import (
    AmbiguousReference,
    DeadlineExceeded,
    Forbidden,
    InvalidParams,
    InvalidRequest,
    NotFound,
    ServerError,
)
from airbyte_agent_notion.executors.local import LocalExecutor
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig
from airbyte_agent_notion.operations.data_sources import GetDataSource, QueryDataSource
from airbyte_agent_notion.operations.references import MAX_SHOWN, parent_hint
from airbyte_agent_notion.operations.resolve import MAX_SEARCHES, Pointer, Resolve, chosen, pointer, remaining
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.sample.markup import database_id, page_id
from airbyte_agent_notion.testing import FakeTransport, json_response

PAGE, WORK, MEETINGS = page_id("home"), database_id("work"), database_id("meetings")
HEX = "1f0c7b2e4d5a4c6b8e9f0a1b2c3d4e5f"
ID = "1f0c7b2e-4d5a-4c6b-8e9f-0a1b2c3d4e5f"
OTHER = "2a0c7b2e-4d5a-4c6b-8e9f-0a1b2c3d4e5f"
ORDER = ("page", "data_source", "database", "block")


def bare(identifier):
    return identifier.replace("-", "")


class Caller:
    """A connector of one kind on a sandbox; ``sent`` are the requests of the last call."""

    def __init__(self, kind):
        self.sandbox = Sandbox.sample()
        self.notion = kind.sandbox(self.sandbox)

    def do(self, call):
        self.sandbox.requests.clear()

        async def awaited():
            result = call(self.notion)
            if inspect.isasyncgen(result):
                return [item async for item in result]
            return await result

        if isinstance(self.notion, NotionConnector):
            return asyncio.run(awaited())
        result = call(self.notion)
        return list(result) if inspect.isgenerator(result) else result

    def resolve(self, reference):
        return self.do(lambda notion: notion.resolve(reference=reference))

    @property
    def sent(self):
        return [each.path.removeprefix("/v1/").partition("/")[0] for each in self.sandbox.requests]

    def source(self, title):
        workspace = self.sandbox.workspace
        return next(each for each in workspace.sources.values() if workspace.title(each) == title)


@pytest.fixture(params=[SyncNotionConnector, NotionConnector], ids=["sync", "async"])
def caller(request):
    return Caller(request.param)


@pytest.fixture
def ask(run):
    """``ask(operation, *replies)``: the result and the requests sent, with a scripted transport."""
    executor = LocalExecutor(NotionAccessTokenAuthConfig(token="ntn_test"), "2026-03-11", per_minute=None)

    def ask(operation, *replies):
        transport = FakeTransport(*replies)
        try:
            return run(executor.call(operation), transport), transport.requests
        except Exception as error:
            return error, transport.requests

    return ask


def refused(status, code, message="No."):
    return json_response({"object": "error", "status": status, "code": code, "message": message}, status=status)


MISSING = refused(404, "object_not_found")


def found(kind, **more):
    return json_response({"object": kind, "id": ID, **more})


def titled(identifier, title, kind="page", **more):
    text = [{"plain_text": title}]
    place = {"properties": {"Name": {"type": "title", "title": text}}} if kind == "page" else {"title": text}
    return {"object": kind, "id": identifier, "url": f"https://app.notion.com/p/{identifier}", **place, **more}


def hits(*items, cursor=None):
    return json_response(
        {"object": "list", "results": list(items), "has_more": cursor is not None, "next_cursor": cursor}
    )


# On the sandbox, with both connectors


@pytest.mark.parametrize("written", [str, bare, str.upper, lambda text: f"  {text}\n"])
@pytest.mark.covers("search.resolve")
def test_a_page_by_its_id_costs_one_request(caller, written):
    answer = caller.resolve(written(PAGE))
    assert (answer["object"], answer["id"], answer["title"]) == ("page", PAGE, "Brightkeel HQ")
    assert answer["url"].endswith(bare(PAGE))
    assert caller.sent == ["pages"]


@pytest.mark.parametrize("host", ["app.notion.com/p", "https://www.notion.so/brightkeel", "notion.so"])
def test_a_page_by_its_url(caller, host):
    assert caller.resolve(f"{host}/Brightkeel-HQ-{bare(PAGE)}?pvs=4")["id"] == PAGE
    assert caller.sent == ["pages"]


def test_a_database_by_its_id_costs_two(caller):
    answer = caller.resolve(WORK)
    assert (answer["object"], answer["id"], answer["title"]) == ("database", WORK, "Work")
    assert [each["name"] for each in answer["data_sources"]] == ["Projects", "Tasks"]
    assert caller.sent == ["pages", "databases"]


def test_a_view_s_url_means_its_database(caller):
    assert caller.resolve(f"https://app.notion.com/p/{bare(WORK)}?v={HEX}")["object"] == "database"
    assert caller.sent == ["databases"]


def test_a_view_s_url_over_a_page(caller):
    assert caller.resolve(f"https://app.notion.com/p/{bare(PAGE)}?v={HEX}")["object"] == "page"
    assert caller.sent == ["databases", "pages"]


def test_a_peeked_page_is_the_one_meant(caller):
    answer = caller.resolve(f"https://app.notion.com/p/{bare(WORK)}?v={HEX}&p={bare(PAGE)}")
    assert (answer["id"], caller.sent) == (PAGE, ["pages"])


def test_a_data_source_by_its_id(caller):
    source = caller.source("Tasks")
    answer = caller.resolve(source.id)
    assert (answer["object"], answer["id"], answer["title"]) == ("data_source", source.id, "Tasks")
    assert "data_sources" not in answer
    assert caller.sent == ["pages", "data_sources"]


def a_block(caller, of_type="paragraph"):
    shared = caller.sandbox.workspace
    return next(each for each in shared.blocks.values() if each.type == of_type and shared.is_shared(each))


def test_a_block_by_its_url_and_by_its_id(caller):
    block = a_block(caller)
    answer = caller.resolve(f"https://app.notion.com/p/{bare(PAGE)}#{bare(block.id)}")
    assert (answer["object"], answer["id"], answer["url"]) == ("block", block.id, None)
    assert answer["title"] == caller.sandbox.workspace.plain(block.content.texts["rich_text"])[:200]
    assert caller.sent == ["blocks"]
    assert caller.resolve(block.id) == answer
    assert caller.sent == ["pages", "data_sources", "databases", "blocks"]


@pytest.mark.parametrize(("target", "kind"), [(PAGE, "page"), (WORK, "database")])
def test_a_block_that_is_a_page_or_database(caller, target, kind):
    answer = caller.resolve(f"https://app.notion.com/p/{HEX}#{bare(target)}")
    assert (answer["object"], answer["id"]) == (kind, target)
    assert caller.sent == ["blocks", f"{kind}s"]


@pytest.mark.parametrize("title", ["Brightkeel HQ", "  brightkeel   hq "])
def test_a_page_by_its_title(caller, title):
    assert caller.resolve(title)["id"] == PAGE
    assert caller.sent == ["search"]


def test_a_data_source_by_its_title(caller):
    answer = caller.resolve("meeting notes")
    assert (answer["object"], answer["id"]) == ("data_source", caller.source("Meeting notes").id)
    assert "complete" not in answer


def test_a_title_with_several_hits_is_refused_with_the_choices(caller):
    twin = next(each for each in caller.sandbox.workspace.pages.values() if each.parent.kind == "data_source_id")
    home = caller.sandbox.workspace.pages[PAGE]
    twin.values["title"] = home.values["title"]
    with pytest.raises(AmbiguousReference) as caught:
        caller.resolve("Brightkeel HQ")
    choices = {each["id"]: each for each in caught.value.details["choices"]}
    assert choices == {
        PAGE: {"object": "page", "id": PAGE, "title": "Brightkeel HQ", "parent": "workspace"},
        twin.id: {
            "object": "page",
            "id": twin.id,
            "title": "Brightkeel HQ",
            "parent": f"data_source {twin.parent.id}",
        },
    }
    for text in (PAGE, twin.id, "Call again with the id"):
        assert text in str(caught.value)


def test_a_title_must_match_whole(caller):
    with pytest.raises(NotFound, match=r"exactly the title 'Brightkeel'.*search\.search"):
        caller.resolve("Brightkeel")
    assert caller.sent == ["search"]


@pytest.mark.parametrize("identifier", [HEX, page_id("board")])
def test_what_is_absent_or_not_shared_is_not_found(caller, identifier):
    with pytest.raises(NotFound, match=r"(?s)Nothing.*has the id.*shared"):
        caller.resolve(identifier)
    assert caller.sent == ["pages", "data_sources", "databases", "blocks"]


def test_a_missing_block_names_its_page(caller):
    with pytest.raises(NotFound, match="without the part after #"):
        caller.resolve(f"https://app.notion.com/p/{bare(PAGE)}#{HEX}")
    assert caller.sent == ["blocks"]


@pytest.mark.parametrize("reference", ["", "  ", "https://www.notion.so/", f"https://app.notion.com/x?v={HEX}"])
def test_what_points_nowhere_is_refused_before_anything_is_sent(caller, reference):
    with pytest.raises(InvalidParams):
        caller.resolve(reference)
    assert caller.sent == []


def test_by_name(caller):
    answer = caller.do(lambda notion: notion.execute("search", "resolve", {"reference": PAGE}))
    assert answer == caller.resolve(PAGE)


# Row operations on a database


@pytest.mark.parametrize("form", [str, lambda text: f"https://app.notion.com/p/{bare(text)}?v={HEX}"])
def test_a_database_stands_for_its_only_data_source(caller, form):
    schema = caller.do(lambda notion: notion.data_sources.get(data_source_id=form(MEETINGS)))
    assert schema["id"] == caller.source("Meeting notes").id
    assert caller.sent == ["data_sources", "databases", "data_sources"]
    rows = caller.do(lambda notion: notion.data_sources.query(data_source_id=form(MEETINGS), page_size=3))
    assert (len(rows), rows.meta.has_more) == (3, True)
    assert caller.sent == ["data_sources", "databases", "data_sources"]
    assert caller.sandbox.requests[-1].body == {"page_size": 3}


def test_all_rows_of_a_database(caller):
    rows = caller.do(lambda notion: notion.data_sources.query.iterate(data_source_id=MEETINGS, page_size=100))
    assert len(rows) == 40


def test_the_templates_of_a_database(caller):
    found = caller.do(lambda notion: notion.data_sources.list_templates(data_source_id=MEETINGS))
    assert "Weekly" in [each["name"] for each in found]
    assert caller.sent == ["data_sources", "databases", "data_sources"]


def test_a_data_source_costs_nothing_extra(caller):
    caller.do(lambda notion: notion.data_sources.query(data_source_id=caller.source("Tasks").id, page_size=1))
    assert caller.sent == ["data_sources"]


def test_a_database_with_several_data_sources_is_refused_with_the_choices(caller):
    with pytest.raises(AmbiguousReference, match="'Work' has 2 data sources") as caught:
        caller.do(lambda notion: notion.data_sources.query(data_source_id=WORK))
    assert [(each["title"], each["id"], each["parent"]) for each in caught.value.details["choices"]] == [
        (title, caller.source(title).id, f"database {WORK}") for title in ("Projects", "Tasks")
    ]
    assert caller.sent == ["data_sources", "databases"]


def test_a_page_is_no_data_source(caller):
    with pytest.raises(NotFound, match="neither a data source nor a database"):
        caller.do(lambda notion: notion.data_sources.get(data_source_id=PAGE))
    assert caller.sent == ["data_sources", "databases"]


def test_a_wrong_filter_is_not_taken_for_a_wrong_id(caller):
    wrong = {"property": "Nonsense", "number": {"equals": 1}}
    with pytest.raises(InvalidRequest):
        caller.do(lambda notion: notion.data_sources.query(data_source_id=caller.source("Tasks").id, filter=wrong))
    # The second is the schema, for the nearest names; no database is looked for.
    assert caller.sent == ["data_sources", "data_sources"]


# Scripted


def test_a_400_that_names_the_id_leads_to_the_database(ask):
    wrong = refused(400, "validation_error", f"Provided ID {ID} is a database, not a data source.")
    source = json_response({"object": "data_source", "id": OTHER})
    operation = GetDataSource(data_source_id=HEX)
    answer, sent = ask(operation, wrong, found("database", data_sources=[{"id": OTHER, "name": "x"}]), source)
    assert answer["id"] == OTHER
    assert [each.path for each in sent] == [
        f"/v1/data_sources/{ID}",
        f"/v1/databases/{ID}",
        f"/v1/data_sources/{OTHER}",
    ]


@pytest.mark.parametrize("sources", [[], None])
def test_a_database_without_data_sources(ask, sources):
    error, sent = ask(QueryDataSource(data_source_id=ID), MISSING, found("database", data_sources=sources))
    assert isinstance(error, NotFound)
    assert "no data source that this connection can see" in str(error)
    assert len(sent) == 2


@pytest.mark.parametrize("second", [MISSING, refused(400, "validation_error", "It is a page.")])
def test_the_first_refusal_is_the_one_that_is_told(ask, second):
    first = refused(404, "object_not_found", "The first.")
    error, sent = ask(GetDataSource(data_source_id=ID), first, second)
    assert (type(error), error.message, len(sent)) == (NotFound, "The first.", 2)


def test_other_errors_end_the_search(ask):
    error, sent = ask(GetDataSource(data_source_id=ID), MISSING, refused(403, "restricted_resource"))
    assert (type(error), len(sent)) == (Forbidden, 2)
    error, sent = ask(Resolve(reference=ID), MISSING, refused(403, "restricted_resource"))
    assert (type(error), len(sent)) == (Forbidden, 2)
    error, sent = ask(Resolve(reference=ID), refused(400, "missing_version"))
    assert (type(error), len(sent)) == (InvalidRequest, 1)
    error, _ = ask(Resolve(reference="x"), refused(501, "internal_server_error"))
    assert isinstance(error, ServerError)


def test_a_linked_view_whose_database_cannot_be_read_is_a_block(ask):
    block = found("block", type="child_database", child_database={"title": "Elsewhere"})
    answer, sent = ask(Resolve(reference=f"https://app.notion.com/p/{HEX}#{HEX}"), block, MISSING)
    assert answer == {"object": "block", "id": ID, "title": "Elsewhere", "url": None}
    assert len(sent) == 2
    answer, sent = ask(Resolve(reference=ID), MISSING, MISSING, MISSING, block)
    assert (answer["object"], len(sent)) == ("block", 4)


def test_a_block_without_text(ask):
    answer, _ = ask(Resolve(reference=f"notion.so/{HEX}#{HEX}"), found("block", type="divider", divider=None))
    assert answer["title"] == ""


def test_a_title_is_looked_for_to_the_end_of_the_search(ask):
    last = hits(titled(OTHER, "Roadmap 2027"), titled(ID, "Roadmap"))
    answer, sent = ask(Resolve(reference="roadmap"), hits(titled(ID, "Roadmap"), cursor="c1"), hits(cursor="c2"), last)
    assert answer == {"object": "page", "id": ID, "title": "Roadmap", "url": f"https://app.notion.com/p/{ID}"}
    assert [each.json for each in sent] == [
        {"query": "roadmap"},
        {"query": "roadmap", "start_cursor": "c1"},
        {"query": "roadmap", "start_cursor": "c2"},
    ]


def endless(*items):
    """Pages of a search without end."""
    number = iter(range(1_000))
    return lambda request: hits(*items, cursor=f"c{next(number)}")


def test_a_search_without_end_is_read_up_to_a_bound_and_says_so(ask):
    answer, sent = ask(Resolve(reference="Roadmap"), endless(titled(ID, "Roadmap")))
    assert (answer["id"], answer["complete"], len(sent)) == (ID, False, MAX_SEARCHES)
    error, sent = ask(Resolve(reference="Road"), endless(titled(ID, "Roadmap")))
    assert isinstance(error, NotFound)
    assert "among the 1 hits of the search that were read; it had more" in str(error)
    assert len(sent) == MAX_SEARCHES


def test_a_search_that_runs_out_of_time_answers_with_what_it_has(ask):
    first = hits(titled(ID, "Roadmap"), cursor="c1")
    answer, sent = ask(Resolve(reference="roadmap"), first, DeadlineExceeded("Late."))
    assert (answer["id"], answer["complete"], len(sent)) == (ID, False, 2)
    error, _ = ask(Resolve(reference="roadmap"), hits(cursor="c1"), DeadlineExceeded("Late."))
    assert isinstance(error, DeadlineExceeded)


def test_a_search_that_notion_cut_says_so(ask):
    status = {"type": "incomplete", "incomplete_reason": "query_result_limit_reached"}
    body = {"object": "list", "results": [titled(ID, "x")], "has_more": False, "next_cursor": None}
    answer, _ = ask(Resolve(reference="x"), json_response({**body, "request_status": status}))
    assert answer["complete"] is False


# The decisions


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        (HEX, Pointer(ID, ORDER)),
        (ID, Pointer(ID, ORDER)),
        (f"notion.so/{HEX}", Pointer(ID, ORDER)),
        (f"https://x.notion.site/A-title-{HEX}", Pointer(ID, ORDER)),
        (f"https://app.notion.com/p/{HEX}?v={HEX}", Pointer(ID, ("database", "page", "data_source", "block"))),
        (f"https://www.notion.so/x?p={HEX}", Pointer(ID, ORDER)),
        (f"https://www.notion.so/{bare(OTHER)}#{HEX}", Pointer(ID, ("block",))),
        (f"https://www.notion.so/{bare(OTHER)}?v={HEX}#block-{HEX}", Pointer(ID, ("block",))),
        ("Roadmap", None),
        ("https://example.com/page", None),
        (HEX[:-1], None),
    ],
)
def test_where_a_reference_points(reference, expected):
    assert pointer(reference) == expected


@pytest.mark.parametrize(
    ("kinds", "status", "expected"),
    [
        (ORDER, 404, ORDER[1:]),
        (ORDER, 400, ("database", "data_source", "block")),
        (("database", "page", "data_source", "block"), 404, ("page", "data_source", "block")),
        (("database", "data_source", "page"), 400, ("page", "data_source")),
        (("database", "block"), 400, ("block",)),
        (("data_source", "database"), 400, ("database",)),
        (("block",), 404, ()),
    ],
)
def test_what_is_tried_next(kinds, status, expected):
    kind = InvalidRequest if status == 400 else NotFound
    assert remaining(kinds, kind("No.", status=status)) == expected


def test_many_choices_are_all_in_the_details():
    found = [titled(ID[:-2] + f"{number:02d}", "Standup") for number in range(MAX_SHOWN + 5)]
    with pytest.raises(AmbiguousReference, match=rf"{MAX_SHOWN + 5} objects.*; and {MAX_SHOWN + 3} more") as caught:
        chosen("standup", found, complete=True)
    assert len(caught.value.details["choices"]) == MAX_SHOWN + 5


def test_hits_without_properties_and_the_same_hit_twice():
    partial = {"object": "page", "id": OTHER}
    again = [titled(ID, "x", kind="data_source"), titled(ID, "x", kind="data_source"), partial]
    assert chosen("X", again, complete=True)["object"] == "data_source"
    with pytest.raises(NotFound):
        chosen("y", [partial], complete=True)


@pytest.mark.parametrize(
    ("parent", "expected"),
    [
        ({"type": "workspace", "workspace": True}, "workspace"),
        ({"type": "page_id", "page_id": ID}, f"page {ID}"),
        ({"type": "data_source_id", "data_source_id": ID, "database_id": OTHER}, f"data_source {ID}"),
        (None, "an unknown place"),
    ],
)
def test_parents_in_a_few_words(parent, expected):
    assert parent_hint(parent) == expected

"""Typed methods and their iterators, and an operation that becomes reachable everywhere from one class and one line."""

import json
import re
from typing import Any

import httpx
import pytest

from airbyte_agent_notion import Effect, ListResult, NotionConnector, Policy, SyncNotionConnector, Toolset
from airbyte_agent_notion.errors import IncompleteResult, InvalidParams, InvalidResponse, PolicyDenied
from airbyte_agent_notion.fields import PageId
from airbyte_agent_notion.namespace import M, Namespace, method
from airbyte_agent_notion.operation import Operation, Spec
from airbyte_agent_notion.operations.pages import GetPage, GetPageProperty, ListPages, Pages
from airbyte_agent_notion.sandbox import Sandbox

HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
ID = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"


class Book:
    """Answers list requests from pages of ``(items, next_cursor, has_more)``; the cursor of a page is its number."""

    def __init__(self, *pages):
        self.pages = pages
        self.cursors = []

    def __call__(self, request):
        asked = json.loads(request.content).get("start_cursor") if request.content else None
        asked = asked or request.url.params.get("start_cursor")
        self.cursors.append(asked)
        items, cursor, more = self.pages[min(len(self.cursors), len(self.pages)) - 1]
        results = [{"object": "user", "id": item} for item in items]
        return httpx.Response(200, json={"results": results, "next_cursor": cursor, "has_more": more})


def listed(notion):
    return notion.users.list.iterate()


def searched(notion):
    return notion.pages.list.iterate(query="x", page_size=2)


both_cursors = pytest.mark.parametrize("iterate", [listed, searched], ids=["in query", "in body"])


@both_cursors
def test_iterate_goes_through_all_pages(connect, iterate):
    book = Book(("ab", "1", True), ("", "2", True), ("c", "3", True), ("d", None, False))
    assert [item["id"] for item in connect(book).do(iterate)] == ["a", "b", "c", "d"]
    assert book.cursors == [None, "1", "2", "3"]


@both_cursors
@pytest.mark.parametrize("cursor", ["9", None])
def test_iterate_stops_where_there_is_no_more(connect, iterate, cursor):
    book = Book(("a", cursor, False))
    assert len(connect(book).do(iterate)) == 1
    assert len(book.cursors) == 1


@both_cursors
def test_more_without_a_cursor_is_an_error_and_no_silent_end(connect, iterate):
    book = Book(("a", None, True))
    with pytest.raises(IncompleteResult, match="1 items were delivered and there are more"):
        connect(book).do(iterate)
    assert len(book.cursors) == 1


@both_cursors
def test_a_repeated_cursor_is_an_error_and_no_endless_list(connect, iterate):
    book = Book(("a", "1", True), ("b", "1", True))
    with pytest.raises(InvalidResponse, match="never end"):
        connect(book).do(iterate)
    assert len(book.cursors) == 2


@both_cursors
def test_cursors_that_go_round_are_an_error_too(connect, iterate):
    book = Book(("a", "1", True), ("b", "2", True), ("c", "1", True))
    with pytest.raises(InvalidResponse, match="never end"):
        connect(book).do(iterate)
    assert len(book.cursors) == 3


def test_iterate_starts_where_it_is_told(connect):
    book = Book(("a", "7", True), ("b", None, False))
    assert len(connect(book).do(lambda notion: notion.users.list.iterate(start_cursor="5", page_size=1))) == 2
    assert book.cursors == ["5", "7"]


def test_iterate_is_lazy_blocking():
    book = Book(("ab", "1", True), ("cd", None, False))
    with httpx.Client(transport=httpx.MockTransport(book)) as client:
        items = SyncNotionConnector(_auth(), http_client=client).users.list.iterate()
        assert len(book.cursors) == 0
        assert [next(items)["id"], next(items)["id"]] == ["a", "b"]
        assert len(book.cursors) == 1
        assert next(items)["id"] == "c"
        assert len(book.cursors) == 2
        items.close()
    assert len(book.cursors) == 2


async def test_iterate_is_lazy_awaiting():
    book = Book(("ab", "1", True), ("cd", None, False))
    async with httpx.AsyncClient(transport=httpx.MockTransport(book)) as client:
        items = NotionConnector(_auth(), http_client=client).users.list.iterate()
        assert len(book.cursors) == 0
        assert [(await anext(items))["id"], (await anext(items))["id"]] == ["a", "b"]
        assert len(book.cursors) == 1
        assert (await anext(items))["id"] == "c"
        assert len(book.cursors) == 2
        await items.aclose()
    assert len(book.cursors) == 2


def test_an_error_in_the_middle_of_a_list_is_raised(connect):
    def handler(request):
        if request.url.params.get("start_cursor"):
            return httpx.Response(400, json={"code": "validation_error", "message": "The cursor is no good."})
        return httpx.Response(200, json={"results": [{"id": "a"}], "next_cursor": "1", "has_more": True})

    with pytest.raises(Exception, match="The cursor is no good"):
        connect(handler).do(listed)


def test_a_list_method_called_fetches_one_page(connect):
    book = Book(("ab", "1", True))
    result = connect(book).do(lambda notion: notion.users.list(page_size=2))
    assert isinstance(result, ListResult)
    assert len(book.cursors) == 1


CALLS = [
    ("pages", "get", {"page_id": HEX}),
    ("pages", "list", {"query": "x", "page_size": 3}),
    ("pages", "get", {"page_id": HEX, "complete": True}),
    ("pages", "get_property", {"page_id": HEX, "property_id": "%7Ct"}),
    ("data_sources", "list", {}),
    ("data_sources", "list_templates", {"data_source_id": HEX, "name": "x"}),
    ("data_sources", "get", {"data_source_id": HEX}),
    ("data_sources", "query", {"data_source_id": HEX, "filter": {"property": "x"}}),
    ("databases", "get", {"database_id": HEX}),
    ("blocks", "list", {"block_id": HEX}),
    ("blocks", "get", {"block_id": HEX}),
    ("comments", "list", {"block_id": HEX}),
    ("comments", "get", {"comment_id": HEX}),
    ("users", "list", {}),
    ("users", "get", {"user_id": HEX}),
    ("users", "get_me", {}),
    ("search", "search", {"query": "x"}),
]


def typed(notion, entity, action, params):
    found = getattr(notion, entity)
    return (found if entity == action else getattr(found, action))(**params)


@pytest.mark.parametrize(("entity", "action", "params"), CALLS)
def test_a_typed_method_is_execute_by_name(connect, entity, action, params):
    seen = []

    def handler(request):
        seen.append((request.method, str(request.url), request.content, sorted(request.headers.items())))
        items = [{"id": "1"}]
        listed = {"results": items, "templates": items, "next_cursor": None, "has_more": False}
        return httpx.Response(200, json={**listed, "extra": 1})

    caller = connect(handler)
    by_method = caller.do(lambda notion: typed(notion, entity, action, params))
    by_name = caller.execute(entity, action, params)
    assert by_method == by_name
    assert seen[0] == seen[1]


def test_positional_arguments_are_refused(connect):
    caller = connect(lambda request: pytest.fail("sent"))
    with pytest.raises(TypeError, match=r"pages\.get takes keyword arguments only"):
        caller.do(lambda notion: notion.pages.get(HEX))
    with pytest.raises(TypeError, match="keyword arguments only"):
        caller.do(lambda notion: notion.users.list.iterate("cursor"))


def test_a_method_says_what_it_is():
    notion = SyncNotionConnector.sandbox()
    assert repr(notion.pages.get) == "<pages.get>"
    assert notion.pages.get.__doc__ == GetPage.__doc__
    assert Pages.get.operation is GetPage
    assert Pages.operations()[:3] == [ListPages, GetPage, GetPageProperty]
    assert len(Pages.operations()) == 12


def _auth():
    from airbyte_agent_notion.models import NotionAccessTokenAuthConfig

    return NotionAccessTokenAuthConfig(token="ntn_test")


# --- one class, one line


class LockPage(Operation[dict[str, Any]]):
    """Lock a page. Locking binds the app only, not the API."""

    spec = Spec("pages", "lock", "PATCH /v1/pages/{page_id}", effect=Effect.WRITE, fixed={"is_locked": True})
    page_id: PageId
    reason: str | None = None


class TallyPage(Operation[dict[str, Any]]):
    """Count a page and its author."""

    spec = Spec("tallies", "count", "GET /v1/tallies/{page_id}")
    page_id: PageId

    def flow(self, api):
        page = yield from api.call(GetPage(page_id=self.page_id))
        return {"counted": page["id"]}


class Hidden(Operation[dict[str, Any]]):
    """For developers only."""

    spec = Spec("pages", "hidden", "GET /v1/hidden", surface="python")


class MorePages(Pages[M]):
    lock = method(LockPage)
    hidden = method(Hidden)


class Tallies(Namespace[M]):
    """Counted pages. There are many."""

    count = method(TallyPage)


class More(NotionConnector):
    pages: MorePages[Any]
    tallies: Tallies[Any]


class SyncMore(SyncNotionConnector):
    pages: MorePages[Any]
    tallies: Tallies[Any]


@pytest.fixture
def page_id():
    return next(iter(Sandbox.sample().workspace.pages))


async def test_a_new_operation_is_a_typed_method(page_id):
    with SyncMore.sandbox(policy=Policy.write()) as blocking:
        assert blocking.tallies.count(page_id=page_id) == {"counted": page_id}
        assert blocking.pages.get(page_id=page_id)["id"] == page_id
    async with More.sandbox() as awaited:
        assert await awaited.tallies.count(page_id=page_id) == {"counted": page_id}


async def test_a_new_operation_is_reached_by_name(page_id):
    assert SyncMore.sandbox().execute("tallies", "count", {"page_id": page_id}) == {"counted": page_id}
    assert await More.sandbox().execute("tallies", "count", {"page_id": page_id}) == {"counted": page_id}
    with pytest.raises(InvalidParams, match="page_id is required"):
        SyncMore.sandbox().execute("tallies", "count", {})


def test_a_new_operation_goes_over_the_wire():
    requests = []

    def handler(request):
        requests.append((request.method, request.url.path, json.loads(request.content)))
        return httpx.Response(200, json={"object": "page", "id": ID})

    with httpx.Client(transport=httpx.MockTransport(handler)) as client:
        notion = SyncMore(_auth(), http_client=client, policy=Policy.write())
        assert notion.pages.lock(page_id=HEX, reason="done")["id"] == ID
        with pytest.raises(PolicyDenied):
            SyncMore(_auth(), http_client=client).pages.lock(page_id=HEX)
    assert requests == [("PATCH", f"/v1/pages/{ID}", {"reason": "done", "is_locked": True})]


def test_a_new_operation_is_a_tool():
    notion = SyncMore.sandbox(policy=Policy.write())
    (tool,) = Toolset(notion).tools
    assert {"lock", "count"} <= set(tool.parameters["properties"]["action"]["enum"])
    assert "tallies" in tool.parameters["properties"]["entity"]["enum"]
    assert re.search(r"pages\(page_id\): [^;]*\block\b", tool.description)
    assert "tallies: count(page_id)" in tool.description + tool.parameters["properties"]["action"]["description"]
    tools = {tool.name: tool for tool in Toolset(notion, per_operation=True).tools}
    assert tools["notion_pages_lock"].parameters == {
        "type": "object",
        "properties": {"page_id": {"type": "string", "description": "Page id or URL."}, "reason": {"type": "string"}},
        "required": ["page_id"],
    }
    assert tools["notion_tallies_count"].description == "Count a page and its author."


def test_a_new_operation_is_listed_and_described():
    notion = More.sandbox(policy=Policy.write())
    entities = {entity["entity_name"]: entity for entity in notion.list_entities()}
    assert entities["pages"]["available_actions"][:3] == ["list", "get", "get_property"]
    assert entities["pages"]["available_actions"][-1] == "lock"
    assert "delete" not in entities["pages"]["available_actions"]
    assert entities["tallies"] == {
        "entity_name": "tallies",
        "description": "Counted pages.",
        "available_actions": ["count"],
        "parameters": {
            "count": [{"name": "page_id", "required": True, "type": "string", "description": "Page id or URL."}]
        },
    }
    schema = notion.entity_schema("pages")
    assert schema["actions"]["lock"]["effect"] == "write"
    assert schema["actions"]["lock"]["endpoint"] == "PATCH /v1/pages/{page_id}"
    assert notion.entity_schema("tallies")["actions"].keys() == {"count"}


def test_an_operation_for_developers_only_is_a_method_and_nothing_else():
    notion = SyncMore.sandbox()
    assert repr(notion.pages.hidden) == "<pages.hidden>"
    with pytest.raises(Exception, match="pages has no action 'hidden'"):
        notion.execute("pages", "hidden")
    assert "hidden" not in json.dumps([notion.list_entities(), notion.entity_schema("pages")])
    assert all("hidden" not in tool.name for tool in Toolset(notion, per_operation=True).tools)


def test_the_surface_of_the_base_connector_is_untouched():
    with pytest.raises(Exception, match="There is no entity 'tallies'"):
        SyncNotionConnector.sandbox().execute("tallies", "count", {})
    assert not hasattr(SyncNotionConnector.sandbox().pages, "lock")

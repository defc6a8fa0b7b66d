"""Values beyond 25 items: read property by property, completed on request, and never cut off in silence."""

import asyncio

import httpx
import pytest

from airbyte_agent_notion import ListResult, NotionConnector, SyncNotionConnector
from airbyte_agent_notion.errors import (
    DeadlineExceeded,
    InvalidParams,
    InvalidResponse,
    NotFound,
    ServerError,
)
from airbyte_agent_notion.flow import sleep
from airbyte_agent_notion.operations.pages import GetPage, GetPageProperty
from airbyte_agent_notion.sandbox import Sandbox

ID = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
ELEMENT = {
    "relation": lambda number: {"id": f"r{number}"},
    "people": lambda number: {"object": "user", "id": f"u{number}"},
    "title": lambda number: {"type": "text", "plain_text": f"t{number}"},
    "rich_text": lambda number: {"type": "text", "plain_text": f"x{number}"},
}


class Notion:
    """A page with that many items in each property, cut at 25 as Notion does; every request takes a second."""

    notion_version = "2026-03-11"

    def __init__(self, counts, *, others=None, refuse=None, time_for=None):
        self.counts = counts
        self.others = others or {}
        self.refuse = refuse or {}
        self.time_for = time_for
        self.asked = []
        self.under_way = self.peak = 0
        self.mangle = lambda answer: answer

    def call(self, operation):
        return (yield from operation.flow(self))

    def perform(self, operation):
        request = operation.request()
        if self.time_for is not None and len(self.asked) >= self.time_for:
            raise DeadlineExceeded("Time is up.")
        self.asked.append((request.path.removeprefix(f"/v1/pages/{ID}"), dict(request.query)))
        self.under_way += 1
        self.peak = max(self.peak, self.under_way)
        yield from sleep(1)
        self.under_way -= 1
        return self.page() if request.path.endswith(ID) else self.mangle(self.items(request))

    def page(self):
        values = {}
        for (name, kind), count in self.counts.items():
            value = {"id": f"%3B{name}", "type": kind, kind: [ELEMENT[kind](number) for number in range(count)][:25]}
            values[name] = {**value, "has_more": count > 25} if kind == "relation" else value
        return {"object": "page", "id": ID, "properties": {**values, **self.others}}

    def items(self, request):
        identifier = request.path.rpartition("/")[2]
        name = identifier.removeprefix("%3B")
        if name in self.refuse:
            raise self.refuse[name]
        kind, count = next((kind, count) for (each, kind), count in self.counts.items() if each == name)
        query = dict(request.query)
        start, size = int(query.get("start_cursor", 0)), int(query["page_size"])
        end = min(start + size, count)
        return {
            "object": "list",
            "results": [
                {"object": "property_item", "id": identifier, "type": kind, kind: ELEMENT[kind](number)}
                for number in range(start, end)
            ],
            "has_more": end < count,
            "next_cursor": str(end) if end < count else None,
        }


def completed(run, notion, **params):
    return run(GetPage(page_id=ID, complete=True, **params).flow(notion))


def whole(kind, count):
    return [ELEMENT[kind](number) for number in range(count)]


KINDS = pytest.mark.parametrize("kind", ELEMENT)


@KINDS
@pytest.mark.parametrize("count", [26, 100, 101, 350])
def test_a_value_is_completed(run, kind, count):
    notion = Notion({("A", kind): count})
    page = completed(run, notion)
    assert page["properties"]["A"][kind] == whole(kind, count)
    assert page["properties"]["A"].get("has_more") is (False if kind == "relation" else None)
    assert "incomplete" not in page
    assert len(notion.asked) == 1 + -(-count // 100)
    assert notion.asked[0] == ("", {})
    assert notion.asked[1] == ("/properties/%3BA", {"page_size": "100"})


@KINDS
def test_only_what_may_be_cut_off_is_asked_for(run, kind):
    notion = Notion({("None", kind): 0, ("Some", kind): 24, ("Full", kind): 25})
    page = completed(run, notion)
    assert "incomplete" not in page
    # 25 related pages are all there are, as their value says; of other values nothing tells.
    asked = [path for path, _ in notion.asked]
    assert asked == ([""] if kind == "relation" else ["", "/properties/%3BFull"])
    assert page["properties"]["Full"][kind] == whole(kind, 25)


def test_values_are_read_side_by_side(run, clock):
    notion = Notion({(f"P{number}", kind): 30 for number in range(5) for kind in ["people"]})
    completed(run, notion)
    assert len(notion.asked) == 6
    assert notion.peak == 5
    assert clock.passed < 3
    many = Notion({(f"P{number}", "people"): 30 for number in range(30)})
    completed(run, many)
    assert many.peak == 8


@KINDS
def test_without_complete_the_page_says_what_is_cut_off(run, kind):
    notion = Notion({("A", kind): 30, ("B", kind): 3})
    page = run(GetPage(page_id=ID).flow(notion))
    assert [each["property"] for each in page["incomplete"]] == ["A"]
    assert "complete: true" in page["incomplete"][0]["reason"]
    assert len(notion.asked) == 1
    assert "incomplete" not in run(GetPage(page_id=ID).flow(Notion({("B", kind): 3})))


ARRAY = {"id": "r", "type": "rollup", "rollup": {"type": "array", "array": [{"type": "number", "number": 1}] * 25}}
NUMBER = {"id": "n", "type": "rollup", "rollup": {"type": "number", "number": 25, "function": "count"}}
PENDING = {"id": "p", "type": "rollup", "rollup": {"type": "incomplete", "incomplete": {}}}
FORMULA = {"id": "f", "type": "formula", "formula": {"type": "number", "number": 25}}


@pytest.mark.parametrize("complete", [True, None])
def test_rollups_and_formulas_cannot_be_completed_and_say_so(run, complete):
    others = {"Array": ARRAY, "Number": NUMBER, "Pending": PENDING, "Formula": FORMULA}
    few = run(GetPage(page_id=ID, complete=complete).flow(Notion({("Tasks", "relation"): 3}, others=others)))
    assert [each["property"] for each in few["incomplete"]] == ["Array", "Pending"]
    many = run(GetPage(page_id=ID, complete=complete).flow(Notion({("Tasks", "relation"): 30}, others=others)))
    named = [each["property"] for each in many["incomplete"]]
    assert named == [*([] if complete else ["Tasks"]), "Array", "Number", "Pending", "Formula"]
    reasons = {each["property"]: each["reason"] for each in many["incomplete"]}
    assert "pages.get_property" in reasons["Number"]
    assert "cannot be completed" in reasons["Formula"]


@pytest.mark.parametrize(
    ("refusal", "code"),
    [(NotFound("Gone.", status=404), "object_not_found"), (DeadlineExceeded("Late."), "deadline_exceeded")],
)
def test_what_could_not_be_read_is_named(run, refusal, code):
    notion = Notion({("A", "people"): 30, ("B", "people"): 30}, refuse={"A": refusal})
    page = completed(run, notion)
    assert page["properties"]["A"]["people"] == whole("people", 25)
    assert page["properties"]["B"]["people"] == whole("people", 30)
    assert [each["property"] for each in page["incomplete"]] == ["A"]
    assert code in page["incomplete"][0]["reason"]


def test_time_runs_out_in_the_middle(run):
    page = completed(run, Notion({("A", "people"): 250}, time_for=2))
    assert len(page["properties"]["A"]["people"]) == 25
    assert "deadline_exceeded" in page["incomplete"][0]["reason"]


def test_a_list_that_ends_early_is_named(run):
    notion = Notion({("A", "people"): 30})
    notion.mangle = lambda answer: {**answer, "request_status": {"type": "incomplete"}}
    assert "incomplete_result" in completed(run, notion)["incomplete"][0]["reason"]


def test_other_errors_are_raised(run):
    with pytest.raises(ServerError):
        completed(run, Notion({("A", "people"): 30}, refuse={"A": ServerError("Broken.", status=500)}))


@pytest.mark.parametrize(
    "answer",
    [
        {"object": "property_item", "type": "people", "people": {}},
        {"object": "list", "results": [{"object": "property_item", "type": "x", "x": 1}], "has_more": False},
        {"object": "list", "results": [{}], "has_more": True, "next_cursor": "0"},
    ],
)
def test_an_answer_of_another_kind_is_an_error(run, answer):
    notion = Notion({("A", "people"): 30})
    notion.mangle = lambda _: answer
    with pytest.raises(InvalidResponse):
        completed(run, notion)


def test_a_property_id_that_cannot_stand_in_a_path_is_an_error(run):
    notion = Notion({("A", "people"): 30})
    page = notion.page()
    page["properties"]["A"]["id"] = "../x"
    notion.page = lambda: page
    with pytest.raises(InvalidResponse):
        completed(run, notion)


def test_complete_never_goes_to_notion():
    for complete in (True, False):
        request = GetPage(page_id=ID, complete=complete).request()
        assert (request.path, request.query) == (f"/v1/pages/{ID}", ())


@pytest.mark.parametrize("page", [{"object": "page", "id": ID}, {"object": "page", "id": ID, "properties": {}}])
def test_a_page_without_properties(run, page):
    notion = Notion({})
    notion.page = lambda: page
    assert completed(run, notion) == page
    assert run(GetPage(page_id=ID).flow(notion)) is page


# --- pages.get_property


@pytest.mark.parametrize("identifier", ["title", "%7Ct", "a%3Bb", "%5CTX%7D", "a;b:c=d@e", "m!n'o(p)*~_.-", "%25a"])
def test_a_property_id_goes_into_the_path_as_it_is(connect, identifier):
    seen = []

    def handler(request):
        seen.append(request.url.raw_path.decode())
        return httpx.Response(200, json={"object": "property_item", "id": identifier, "type": "number", "number": 1})

    connect(handler).do(lambda notion: notion.pages.get_property(page_id=ID, property_id=identifier))
    assert seen == [f"/v1/pages/{ID}/properties/{identifier}"]


@pytest.mark.parametrize(("identifier", "sent"), [("|t", "%7Ct"), ("Due date", "Due%20date"), ("ü?#", "%C3%BC%3F%23")])
def test_what_cannot_stand_in_a_path_is_encoded(identifier, sent):
    assert GetPageProperty(page_id=ID, property_id=identifier).request().path.endswith(f"/properties/{sent}")


@pytest.mark.parametrize(
    "identifier",
    ["", ".", "..", "%2e%2E", "%252e%252e", "a/b", "../x", "..%2Fusers", "x%2F..%2Fy", "..%5Cx", "a\nb", "a%00b"],
)
def test_what_leads_out_of_the_path_is_refused(identifier):
    with pytest.raises(InvalidParams, match="property_id"):
        SyncNotionConnector.sandbox().pages.get_property(page_id=ID, property_id=identifier)


@pytest.mark.parametrize("identifier", ["%", "a%", "%4", "%zz", "\x7f", "\ud800"])
def test_what_is_no_property_id_is_refused(identifier):
    with pytest.raises(InvalidParams, match="property_id"):
        SyncNotionConnector.sandbox().pages.get_property(page_id=ID, property_id=identifier)


def test_a_list_and_one_object():
    operation = GetPageProperty(page_id=ID, property_id="x")
    one = {"object": "property_item", "type": "number", "number": 1}
    assert operation.result(one) == one
    computed = {"id": "x", "type": "rollup", "rollup": {"type": "number", "number": 5}}
    listed = operation.result(
        {"object": "list", "results": [one], "has_more": True, "next_cursor": "c", "property_item": computed}
    )
    assert isinstance(listed, ListResult)
    assert listed.to_dict() == {
        "data": [one],
        "meta": {"next_cursor": "c", "has_more": True, "property_item": computed},
    }


# --- on the sandbox


@pytest.fixture
def crowded():
    """The sample's page with more than 25 related pages, by connector."""
    notion = SyncNotionConnector.sandbox()
    sources = [source["id"] for source in notion.data_sources.list()]
    rows = [row for source in sources for row in notion.data_sources.query(data_source_id=source)]
    marked = [row for row in rows if "incomplete" in row]
    assert len(marked) == 1
    return notion, marked[0]


def test_the_samples_page_is_completed(crowded):
    notion, row = crowded
    assert {"Tasks", "Task count", "Summary"} <= {each["property"] for each in row["incomplete"]}
    cut = notion.pages.get(page_id=row["id"])
    page = notion.pages.get(page_id=row["id"], complete=True)
    assert cut["incomplete"] == row["incomplete"]
    assert len(cut["properties"]["Tasks"]["relation"]) == 25
    assert len(page["properties"]["Tasks"]["relation"]) > 25
    assert page["properties"]["Tasks"]["has_more"] is False
    assert "Tasks" not in {each["property"] for each in page["incomplete"]}

    async def main():
        async with NotionConnector.sandbox() as awaited:
            return await awaited.execute("pages", "get", {"page_id": row["id"], "complete": True})

    assert asyncio.run(main())["properties"]["Tasks"] == page["properties"]["Tasks"]


def test_every_property_of_the_samples_page_is_read(crowded):
    notion, row = crowded
    kinds = {}
    for value in row["properties"].values():
        found = notion.pages.get_property(page_id=row["id"], property_id=value["id"])
        kinds[value["type"]] = isinstance(found, ListResult)
    assert {kind for kind, listed in kinds.items() if listed} <= {"title", "rich_text", "people", "relation", "rollup"}
    assert kinds["title"] is kinds["relation"] is kinds["rollup"] is True
    assert kinds["status"] is False


def test_the_samples_templates():
    sandbox = Sandbox.sample()
    notion = SyncNotionConnector.sandbox(sandbox)
    source = next(each for each in sandbox.workspace.sources.values() if len(each.templates) > 2)
    names = [each["name"] for each in notion.data_sources.list_templates(data_source_id=source.id)]
    assert names == [each.name for each in source.templates]
    paged = notion.data_sources.list_templates.iterate(data_source_id=source.id, page_size=1)
    assert [each["name"] for each in paged] == names
    found = notion.data_sources.list_templates(data_source_id=source.id, name=names[0][1:4])
    assert names[0] in [each["name"] for each in found]
    assert list(notion.data_sources.list_templates(data_source_id=source.id, name="no such")) == []


# --- pages in lists


@pytest.mark.parametrize("kind", ["rows", "pages", "search"])
def test_pages_in_lists_say_what_is_cut_off(connect, kind):
    page, small = Notion({("A", "people"): 30}).page(), Notion({("A", "people"): 3}).page()
    schema = {"object": "data_source", "id": ID, "properties": {"A": {"id": "a", "type": "people", "people": {}}}}
    answer = {"results": [page, small, schema], "has_more": False, "next_cursor": None}
    caller = connect(lambda request: httpx.Response(200, json=answer))
    call = {
        "rows": lambda notion: notion.data_sources.query(data_source_id=ID),
        "pages": lambda notion: notion.pages.list(),
        "search": lambda notion: notion.search(query="x"),
    }[kind]
    found = caller.do(call)
    assert [each["property"] for each in found.data[0]["incomplete"]] == ["A"]
    assert found.data[1:] == [small, schema]


@pytest.mark.parametrize(
    "value", [None, "x", {}, {"type": "people"}, {"type": "people", "people": None}, {"type": "rollup", "rollup": 1}]
)
def test_values_of_no_known_shape_are_left_alone(run, value):
    notion = Notion({}, others={"Odd": value})
    page = run(GetPage(page_id=ID).flow(notion))
    assert page == notion.page()
    assert completed(run, notion) == notion.page()

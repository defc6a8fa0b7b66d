"""A title where an id is wanted: looked up for a read, never for a write, and never guessed."""

from types import SimpleNamespace

import pytest

from airbyte_agent_notion.catalog import Catalog
from airbyte_agent_notion.engine import Engine
from airbyte_agent_notion.errors import AmbiguousReference, InvalidParams, NotFound, PolicyDenied
from airbyte_agent_notion.executors.local import LocalExecutor
from airbyte_agent_notion.mending import mended, resolved, titled
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig
from airbyte_agent_notion.operations import NotionSurface
from airbyte_agent_notion.operations.references import Choice, ambiguous
from airbyte_agent_notion.operations.resolve import Resolve
from airbyte_agent_notion.operations.schema_reads import GetDataSource
from airbyte_agent_notion.operations.search import Search
from airbyte_agent_notion.policy import Policy
from airbyte_agent_notion.sandbox import Sandbox

CATALOG = Catalog.of(NotionSurface)
ONE = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
TWO = "1a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"


def find(name):
    return CATALOG.find(*name.split("."))


def page(identifier, title):
    return {
        "object": "page",
        "id": identifier,
        "parent": {"type": "workspace", "workspace": True},
        "properties": {"title": {"type": "title", "title": [{"plain_text": title}]}},
    }


def table(identifier, title):
    return {
        "object": "data_source",
        "id": identifier,
        "title": [{"plain_text": title}],
        "parent": {"type": "database_id", "database_id": TWO},
    }


class Calls:
    """Answers operations by their class; an exception is raised."""

    def __init__(self, **answers):
        self.answers = answers
        self.made = []

    def __call__(self, operation):
        self.made.append(operation)
        answer = self.answers[type(operation).__name__]
        if isinstance(answer, Exception):
            raise answer
        return answer
        yield


def looked_up(run, name, params, calls):
    operation = find(name)
    return run(resolved(operation, params, calls), None)


def choice(kind, identifier, title="Tasks"):
    return Choice(object=kind, id=identifier, title=title, parent=f"page {TWO}")


@pytest.mark.parametrize(
    ("name", "params", "names"),
    [
        ("pages.get", {"page_id": "Road map"}, ["page_id"]),
        ("pages.get", {"page_id": ONE}, []),
        ("pages.get", {"page_id": ONE.replace("-", "")}, []),
        ("pages.get", {"page_id": f"https://www.notion.so/{ONE}"}, []),
        ("pages.get", {"page_id": "https://example.org/page"}, []),
        ("pages.get", {"page_id": "p123456789"}, []),
        ("pages.get", {"page_id": ONE[:-1]}, []),
        ("pages.get", {"page_id": "..."}, []),
        ("pages.get", {"page_id": "<page_id>"}, []),
        ("pages.get", {"page_id": "your_page_id"}, []),
        ("pages.get", {"page_id": ""}, []),
        ("pages.get", {"page_id": "x" * 300}, []),
        ("pages.get", {"page_id": 5}, []),
        ("data_sources.query", {"data_source_id": "Tasks", "filter": {"page_id": "x y"}}, ["data_source_id"]),
        ("blocks.list", {"block_id": "Road map"}, ["block_id"]),
        ("users.get", {"user_id": "Ana Ruiz"}, []),
        ("pages.create", {"parent": {"page_id": "Road map"}}, ["parent.page_id"]),
        ("pages.create", mended(find("pages.create"), {"parent": "Road map"}), ["parent"]),
        ("pages.create", mended(find("pages.create"), {"parent": "workspace"}), []),
        ("pages.move", {"page_id": "A page", "parent": {"database_id": "Tasks"}}, ["page_id", "parent.database_id"]),
    ],
)
def test_what_is_a_title(name, params, names):
    assert titled(find(name), params) == names


def test_a_title_is_looked_up_for_a_read(run):
    calls = Calls(Resolve={"object": "page", "id": ONE, "title": "Road map", "url": None})
    assert looked_up(run, "pages.get", {"page_id": "Road map", "complete": True}, calls) == {
        "page_id": ONE,
        "complete": True,
    }
    assert [type(each) for each in calls.made] == [Resolve]


def test_a_database_is_found_by_its_data_source(run):
    calls = Calls(Resolve={"object": "data_source", "id": ONE, "title": "Tasks"}, GetDataSource=table(ONE, "Tasks"))
    assert looked_up(run, "databases.get", {"database_id": "Tasks"}, calls) == {"database_id": TWO}
    assert calls.made[1] == GetDataSource(data_source_id=ONE)


def test_a_data_source_without_a_database_is_none(run):
    source = {**table(ONE, "Tasks"), "parent": {"type": "workspace"}}
    calls = Calls(Resolve={"object": "data_source", "id": ONE, "title": "Tasks"}, GetDataSource=source)
    with pytest.raises(InvalidParams, match=f"is the title of a data source: {ONE}"):
        looked_up(run, "databases.get", {"database_id": "Tasks"}, calls)


def test_a_title_within_an_object_is_not_looked_up(run):
    with pytest.raises(InvalidParams, match=r"parent\.page_id 'Tasks' is a title; an id is wanted"):
        looked_up(run, "pages.get", {"page_id": ONE, "parent": {"page_id": "Tasks"}}, Calls())


def test_the_kind_that_is_wanted_tells_namesakes_apart(run):
    several = ambiguous("2 objects", [choice("page", ONE), choice("data_source", TWO)])
    assert looked_up(run, "pages.get", {"page_id": "Tasks"}, Calls(Resolve=several)) == {"page_id": ONE}
    assert looked_up(run, "data_sources.get", {"data_source_id": "Tasks"}, Calls(Resolve=several)) == {
        "data_source_id": TWO
    }


def test_several_of_the_kind_are_listed(run):
    several = ambiguous("3 objects", [choice("page", ONE), choice("page", TWO), choice("data_source", TWO)])
    with pytest.raises(AmbiguousReference) as caught:
        looked_up(run, "pages.get", {"page_id": "Tasks"}, Calls(Resolve=several))
    assert ONE in str(caught.value)
    assert TWO in str(caught.value)
    assert [each["object"] for each in caught.value.details["choices"]] == ["page", "page"]


def test_another_kind_is_named_and_not_used(run):
    calls = Calls(Resolve={"object": "data_source", "id": ONE, "title": "Tasks"})
    with pytest.raises(InvalidParams, match=f"page_id 'Tasks' is the title of a data source: {ONE}"):
        looked_up(run, "pages.get", {"page_id": "Tasks"}, calls)


def test_one_of_more_hits_than_were_read_is_not_used(run):
    calls = Calls(Resolve={"object": "page", "id": ONE, "title": "Tasks", "complete": False})
    with pytest.raises(InvalidParams, match=f"may be the title of several; one page is {ONE}"):
        looked_up(run, "pages.get", {"page_id": "Tasks"}, calls)


def test_none_has_the_title(run):
    calls = Calls(Resolve=NotFound("x", status=404), Search=SimpleNamespace(data=[page(ONE, "Road map 2027")]))
    with pytest.raises(NotFound, match="Nothing has exactly the title 'Road map'") as caught:
        looked_up(run, "pages.get", {"page_id": "Road map"}, calls)
    assert f"Near: 'Road map 2027' {ONE}" in caught.value.hint
    nothing = Calls(Resolve=NotFound("x", status=404), Search=SimpleNamespace(data=[]))
    with pytest.raises(NotFound, match=r"search\.search finds ids"):
        looked_up(run, "pages.get", {"page_id": "Road map"}, nothing)


def test_titles_that_may_not_be_looked_up(run):
    with pytest.raises(InvalidParams, match=r"cannot be looked up here \(not_allowed\)"):
        looked_up(run, "pages.get", {"page_id": "Tasks"}, Calls(Resolve=PolicyDenied("no")))
    refusing = Calls(Resolve=NotFound("x", status=404), Search=PolicyDenied("no"))
    with pytest.raises(NotFound, match=r"search\.search finds ids"):
        looked_up(run, "pages.get", {"page_id": "Tasks"}, refusing)
    with pytest.raises(InvalidParams, match="Call again with the id"):
        looked_up(run, "pages.delete", {"page_id": "Tasks"}, Calls(Search=PolicyDenied("no")))


@pytest.mark.parametrize("name", ["pages.delete", "pages.update", "pages.restore"])
def test_a_write_is_answered_with_the_candidates(run, name):
    found = [page(ONE, "tasks"), page(TWO, "Tasks of old"), table(TWO, "Tasks")]
    calls = Calls(Search=SimpleNamespace(data=found))
    with pytest.raises(InvalidParams, match="page_id 'Tasks' is a title; what writes takes an id") as caught:
        looked_up(run, name, {"page_id": "Tasks"}, calls)
    assert f"Call again with the id: {ONE}." in caught.value.hint
    assert [each["id"] for each in caught.value.details["choices"]] == [ONE]
    assert [type(each) for each in calls.made] == [Search]


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("pages.create", [f'{{"page_id": "{ONE}"}}', f'{{"data_source_id": "{TWO}"}}']),
        ("comments.create", [f'{{"page_id": "{ONE}"}}']),
    ],
)
def test_a_parent_is_answered_in_the_form_that_is_to_be_sent(run, name, forms):
    calls = Calls(Search=SimpleNamespace(data=[page(ONE, "Tasks"), table(TWO, "Tasks")]))
    with pytest.raises(InvalidParams, match="parent 'Tasks' is a title") as caught:
        looked_up(run, name, {"parent": "Tasks"}, calls)
    assert caught.value.hint == f"Call again with the id: {'; '.join(forms)}."


def test_without_a_namesake_the_nearest_are_candidates(run):
    calls = Calls(Search=SimpleNamespace(data=[page(ONE, "Tasks of old"), table(TWO, "Task list")]))
    with pytest.raises(InvalidParams, match=f"near: 'Tasks of old' {ONE}"):
        looked_up(run, "pages.create", {"parent": {"page_id": "Tasks"}}, calls)


def test_in_a_workspace(run):
    sandbox = Sandbox.sample()
    executor = LocalExecutor(NotionAccessTokenAuthConfig(token=sandbox.token), "2026-03-11")
    engine = Engine(catalog=CATALOG, policy=Policy.full(), executor=executor)
    flow = resolved(find("pages.get"), {"page_id": "roadmap 2027"}, engine.call)
    identifier = run(flow, sandbox.transport())["page_id"]
    assert sandbox.workspace.pages[identifier]
    with pytest.raises(InvalidParams, match=identifier):
        run(resolved(find("pages.delete"), {"page_id": "Roadmap 2027"}, engine.call), sandbox.transport())
    assert all(request.path.endswith("/search") for request in sandbox.requests)

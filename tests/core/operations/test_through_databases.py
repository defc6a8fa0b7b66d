"""A database's id where a data source's is taken: its only data source is meant, by writes too; short views."""

import pytest

from airbyte_agent_notion import Policy, SyncNotionConnector
from airbyte_agent_notion.errors import AmbiguousReference, InvalidParams, NotFound
from airbyte_agent_notion.sandbox import Sandbox

COLUMNS = {"Name": {"title": {}}, "Due": {"date": {}}, "Status": {"status": {}}}
TITLE = [{"text": {"content": "New"}}]
ABSENT = "9a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9"


class World:
    def __init__(self):
        self.sandbox = Sandbox.sample()
        self.notion = SyncNotionConnector.sandbox(self.sandbox, policy=Policy.full())
        space = self.sandbox.workspace
        self.page = next(each.id for each in space.pages.values() if space.title(each) == "Security basics")
        made = self.notion.databases.create(parent={"page_id": self.page}, initial_data_source={"properties": COLUMNS})
        self.moved = self.notion.pages.create(parent={"page_id": self.page}, properties={"title": TITLE})["id"]
        self.database, self.source = made["id"], made["data_sources"][0]["id"]

    def requests(self):
        return [f"{each.method} {each.path}" for each in self.sandbox.requests]


@pytest.fixture
def world():
    made = World()
    made.sandbox.requests.clear()
    return made


def writes(world, target):
    """Calls that name a data source, each with a word for it."""
    notion, page, rows = world.notion, world.moved, {"Name": {"title": TITLE}}
    view = {"name": "Mine", "type": "table", "database_id": world.database}
    return {
        "update": lambda **how: call(notion.data_sources.update, how, data_source_id=target, title=TITLE),
        "delete": lambda **how: call(notion.data_sources.delete, how, data_source_id=target),
        "restore": lambda **how: call(notion.data_sources.restore, how, data_source_id=target),
        "view": lambda **how: call(notion.views.create, how, data_source_id=target, **view),
        "short view": lambda **how: call(notion.views.create, how, data_source_id=target, sorts="-Due", **view),
        "create": lambda **how: call(notion.pages.create, how, parent={"data_source_id": target}, properties=rows),
        "move": lambda **how: call(notion.pages.move, how, page_id=page, parent={"data_source_id": target}),
        "move to": lambda **how: call(notion.pages.move, how, page_id=page, parent={"database_id": target}),
    }


KINDS = ["create", "update", "delete", "restore", "view", "short view", "move", "move to"]


def call(method, how, **params):
    return method.dry_run(**params) if how else method(**params)


@pytest.mark.covers(
    "data_sources.update", "data_sources.delete", "data_sources.restore", "views.create", "pages.create", "pages.move"
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_write_takes_a_databases_only_data_source(world, kind):
    answer = writes(world, world.database)[kind]()
    if answer["object"] == "data_source":
        assert (answer["id"], answer["in_trash"]) == (world.source, kind == "delete")
    elif answer["object"] == "view":
        assert answer["data_source_id"] == world.source
    else:
        assert answer["parent"]["data_source_id"] == world.source


@pytest.mark.parametrize("kind", ["create", "update", "delete", "restore", "view", "move"])
def test_a_data_sources_own_id_costs_one_request(world, kind):
    writes(world, world.source)[kind]()
    assert len(world.sandbox.requests) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_write_does_not_guess(world, kind):
    world.notion.data_sources.create(parent={"database_id": world.database}, properties={"Name": {"title": {}}})
    before = repr(world.sandbox.snapshot())
    with pytest.raises(AmbiguousReference) as caught:
        writes(world, world.database)[kind]()
    assert len(caught.value.details["choices"]) == 2
    assert repr(world.sandbox.snapshot()) == before


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_neither_is_not_found(world, kind):
    with pytest.raises(NotFound):
        writes(world, ABSENT)[kind]()


@pytest.mark.parametrize("kind", KINDS)
def test_a_dry_run_names_the_data_source(world, kind):
    planned = writes(world, world.database)[kind](dry=True)
    (only,) = planned["requests"]
    assert world.source in f"{only['path']} {only['body']}"
    assert all(each.startswith("GET") or each.endswith("/query") for each in world.requests())


@pytest.mark.covers("views.list")
def test_views_are_listed_by_a_databases_id(world):
    by_source = world.notion.views.list(data_source_id=world.source).data
    assert by_source
    assert world.notion.views.list(data_source_id=world.database).data == by_source


# --- short filters and sorts of views

FILTER = {"property": "Due", "date": {"before": "2026-12-01"}}
SORTS = [{"property": "Due", "direction": "descending"}]


@pytest.mark.parametrize("whole", [False, True])
def test_a_views_filter_and_sorts_may_be_short(world, whole):
    given, sorts = (FILTER, SORTS) if whole else ({"due": {"before": "2026-12-01"}}, "-due")
    place = {"database_id": world.database, "data_source_id": world.source}
    made = world.notion.views.create(**place, name="Mine", type="table", filter=given, sorts=sorts)
    body = world.sandbox.requests[-1].body
    assert (body["filter"], body["sorts"]) == (FILTER, SORTS)
    assert len(world.sandbox.requests) == (1 if whole else 2)
    world.sandbox.requests.clear()
    world.notion.views.update(view_id=made["id"], filter=given, sorts=sorts)
    assert world.sandbox.requests[-1].body == {"filter": FILTER, "sorts": SORTS}
    assert len(world.sandbox.requests) == (1 if whole else 3)


@pytest.mark.covers("views.update")
def test_a_short_sort_leaves_what_is_cleared_cleared(world):
    place = {"database_id": world.database, "data_source_id": world.source}
    made = world.notion.views.create(**place, name="Mine", type="table", filter=FILTER)
    world.notion.views.update(view_id=made["id"], filter=None, sorts=["Due"])
    ascending = [{"property": "Due", "direction": "ascending"}]
    assert world.sandbox.requests[-1].body == {"filter": None, "sorts": ascending}


def test_what_does_not_fit_the_schema_is_refused_before_it_is_sent(world):
    place = {"database_id": world.database, "data_source_id": world.source}
    with pytest.raises(InvalidParams, match=r"views\.create") as caught:
        world.notion.views.create(**place, name="Mine", type="table", filter={"Deu": "x"}, sorts="-Nmae")
    assert list(caught.value.details["parameters"]) == ["filter.Deu", "sorts.0.-Nmae"]
    made = world.notion.views.create(**place, name="Mine", type="table")
    with pytest.raises(InvalidParams, match=r"views\.update"):
        world.notion.views.update(view_id=made["id"], filter={"Deu": "x"})


def test_a_dashboard_has_nothing_to_filter(world):
    place = {"database_id": world.database, "data_source_id": world.source}
    made = world.notion.views.create(**place, name="Mine", type="dashboard")
    with pytest.raises(InvalidParams, match="has no data source"):
        world.notion.views.update(view_id=made["id"], filter={"Name": "x"})

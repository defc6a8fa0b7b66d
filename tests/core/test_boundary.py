"""Roots: calls reach what lies at or below them, and nothing else."""

import asyncio
import json
from dataclasses import replace

import pytest
from attack import IN_TAGS

from airbyte_agent_notion import NotionConnector, Policy, SyncNotionConnector, Toolset
from airbyte_agent_notion.boundary import FRESH_FOR, LEFT_OUT
from airbyte_agent_notion.errors import NotFound, PolicyDenied, RateLimited, Recovery
from airbyte_agent_notion.flow import gather
from airbyte_agent_notion.named_ids import ids_in_text, in_workspace, named_ids
from airbyte_agent_notion.places import Place, Stamp
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.testing import FakeClock

A, B = "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9", "1a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9"
HEX = A.replace("-", "")


class World:
    """The sample workspace, in which the handbook and the tasks are the roots."""

    def __init__(self, sandbox=None, **options):
        self.sandbox = sandbox or Sandbox.sample()
        space = self.sandbox.workspace
        self.pages = {space.title(page): page.id for page in space.pages.values()}
        self.sources = {space.title(source): source.id for source in space.sources.values()}
        self.handbook, self.tasks = self.pages["Company handbook"], self.sources["Tasks"]
        self.outside = self.pages["Roadmap 2027"]
        policy = Policy.full(roots=[self.handbook, self.tasks])
        self.notion = SyncNotionConnector.sandbox(self.sandbox, policy=policy, **options)
        self.clock = FakeClock(1_000.0)
        self.notion.runner = replace(self.notion.runner, clock=self.clock)
        self.notion = _rebuilt(self.notion)

    def asked(self, call):
        """The requests that a call sends, and its result or error."""
        before = len(self.sandbox.requests)
        try:
            result = call()
        except Exception as error:
            result = error
        return [f"{each.method} {each.path}" for each in self.sandbox.requests[before:]], result


def _rebuilt(notion):
    """The typed methods hold the runner that they were built with."""
    for name, kind in type(notion).namespaces().items():
        setattr(notion, name, kind(notion.runner, notion.mode))
    return notion


@pytest.fixture
def world():
    return World()


# --- the ids that a call names


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"page_id": A}, [("page_id", "page")]),
        ({"parent": {"type": "page_id", "page_id": A}}, [("parent.page_id", "page")]),
        (
            {"properties": {"Project": {"relation": [{"id": HEX.upper()}]}}},
            [("properties.Project.relation.id", "page")],
        ),
        (
            {"children": [{"synced_block": {"synced_from": {"block_id": A}}}]},
            [("children.synced_block.synced_from.block_id", "block")],
        ),
        ({"children": [{"link_to_page": {"database_id": A}}]}, [("children.link_to_page.database_id", "database")]),
        (
            {"rich_text": [{"mention": {"type": "page", "page": {"id": A}}}]},
            [("rich_text.mention.page.id", "page")],
        ),
        ({"rich_text": [{"mention": {"database": {"id": A}}}]}, [("rich_text.mention.database.id", "database")]),
        ({"position": {"type": "after_block", "after_block": {"id": A}}}, [("position.after_block.id", "block")]),
        ({"template": {"type": "template_id", "template_id": A}}, [("template.template_id", "page")]),
        (
            {"properties": {"X": {"relation": {"data_source_id": A}}}},
            [("properties.X.relation.data_source_id", "data_source")],
        ),
        ({"filter": {"property": "P", "relation": {"contains": A}}}, [("filter.relation.contains", "page")]),
        ({"discussion_id": A}, [("discussion_id", "discussion")]),
        ({"comment_id": A}, [("comment_id", "comment")]),
        ({"view_id": A, "query_id": B}, [("view_id", "view"), ("query_id", "query")]),
        ({"position": {"type": "after_view", "view_id": A}}, [("position.view_id", "view")]),
        ({"something": {"new": [[A]]}}, [("something.new", "any")]),
        ({"something": f"{{{A}}}"}, [("something", "any")]),
        ({"something": f"urn:uuid:{A}"}, [("something", "any")]),
        ({"something": "0a1b2c3d4e5f-40718293a4b5c6d7e8f9"}, [("something", "any")]),
        ({"x": {"url": f"https://www.notion.so/Roadmap-{HEX}?v={B}"}}, [("x.url", "any"), ("x.url", "any")]),
        ({"x": {"url": f"/{HEX}"}}, [("x.url", "any")]),
        ({"x": {"url": f"https://app.notion.com/p/{HEX[:-1]}%{ord(HEX[-1]):x}"}}, [("x.url", "any")]),
        ({"text": {"content": "see", "link": {"url": f"https://notion.so/{HEX}"}}}, [("text.link.url", "any")]),
        ({"markdown": f'<page url="https://notion.so/{HEX}">x</page>'}, [("markdown", "any")]),
        ({"insert_content": {"content": f"[x](/{HEX})"}}, [("insert_content.content", "any")]),
        ({"text": {"content": A}}, []),
        ({"x": {"url": f"https://grafana.example/d/{A}"}}, []),
        ({"people": [{"id": A}], "select": {"id": A}, "icon": {"custom_emoji": {"id": A}}}, []),
        ({"rich_text": [{"mention": {"user": {"id": A}}}]}, []),
        ({"file_upload_id": A, "start_cursor": A, "filter_properties": [A]}, []),
        ({"filter": {"property": A, "rich_text": {"equals": A}}}, []),
        ({A: 1, "number": 3, "flag": True, "none": None}, []),
    ],
)
def test_every_id_with_a_place_is_found_and_text_is_not(params, found):
    ids = named_ids(params)
    assert [(each.where, each.kind) for each in ids] == found
    assert {each.id for each in ids} <= {A, B}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (f"https://www.notion.so/Page-{HEX}", 1),
        (f"see [this](https://www.notion.so/{HEX}#block) and <{A}>", 2),
        (f'<mention-page url="https://app.notion.com/p/{HEX}"/>', 1),
        (f'<synced_block_reference url="https://notion.so/\n{HEX}">', 1),
        (f"<data-source url='collection://{A}'/>", 1),
        (f'<page url="{A}">', 1),
        (f"https://www.notion.so/{HEX[:8]}\\-{A[9:]}", 1),
        (f"https&#58;//www.notion.so/{HEX}", 1),
        (f"https%3A%2F%2Fwww.notion.so%2F{HEX}", 1),
        (f"{{{{https://docs.notion.site/x-{HEX}}}}}", 1),
        (f"[x]( /{HEX} )", 1),
        (f'<mention-user url="user://{A}"/>', 0),
        (f"The trace {A} failed; commit {HEX} too.", 0),
        (f"https://github.com/x/commit/{HEX}{HEX[:8]} and https://example.com/{A}", 0),
        (f"`{A}`", 0),
        (f"<page x/> https://example.com/{HEX}", 0),
        (f"<pages user://{HEX}> and <mention-date {HEX}>", 0),
        (f'<page title="a > b">x</page> commit {HEX}', 0),
        (f'<page\turl = "x>" user://{HEX} and user://{HEX}>', 2),
        *((form.format(HEX), 1) for form in IN_TAGS),
    ],
)
def test_references_in_markdown_are_found_and_text_is_not(text, count):
    assert ids_in_text(text) == [A] * count


@pytest.mark.parametrize(
    ("params", "is_so"),
    [
        ({"parent": {"type": "workspace", "workspace": True}}, True),
        ({"parent": {"workspace": True}}, True),
        ({"parent": {"page_id": A}}, False),
        ({"parent": None}, False),
        ({}, False),
        ([], False),
    ],
)
def test_the_workspace_as_a_parent(params, is_so):
    assert in_workspace(params) is is_so


# --- inside and outside


def test_what_lies_below_a_root_is_reached(world):
    notion = world.notion
    assert notion.pages.get(page_id=world.handbook)["id"] == world.handbook
    assert notion.pages.get(page_id=world.pages["Travel expense policy"])["object"] == "page"
    assert notion.blocks.list_tree(block_id=world.handbook)["complete"] is True
    row = notion.data_sources.query(data_source_id=world.tasks, page_size=1).data[0]
    assert notion.pages.update(page_id=row["id"], properties={"Task": "Inside"})["id"] == row["id"]
    assert notion.users.get_me()["object"] == "user"
    assert notion.users.list().data
    assert notion.custom_emojis.list().data is not None
    assert notion.file_uploads.list().data == []


@pytest.mark.parametrize("missing", ["0" * 32, "9f1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9"])
def test_what_is_missing_and_what_lies_outside_are_told_alike(world, missing):
    told = []
    for identifier in (missing, world.outside, world.pages["Board papers"], world.sources["Projects"]):
        with pytest.raises(PolicyDenied) as caught:
            world.notion.pages.get(page_id=identifier)
        told.append(caught.value.to_dict())
    assert all(each == told[0] for each in told)
    assert told[0]["details"]["roots"] == sorted([world.handbook, world.tasks])
    assert told[0]["recovery"] == Recovery.FIX_ARGUMENTS
    assert world.handbook in told[0]["hint"]


def test_a_title_leads_nowhere_outside(world):
    with pytest.raises(NotFound) as caught:
        world.notion.resolve(reference="Roadmap 2027")
    assert world.outside not in str(caught.value.to_dict())
    assert world.notion.resolve(reference="Security basics")["id"] == world.pages["Security basics"]
    with pytest.raises(PolicyDenied):
        world.notion.resolve(reference=world.outside)


def test_lists_are_filtered_and_say_so_without_ids(world):
    found = world.notion.search(page_size=100)
    assert found.meta.to_dict()["left_out"] == LEFT_OUT
    allowed = {world.handbook, world.tasks, *_below(world)}
    assert {each["id"] for each in found.data} <= allowed
    hits = world.notion.pages.list(query="Roadmap 2027")
    assert world.outside not in {each["id"] for each in hits.data}
    assert hits.meta.to_dict()["left_out"] == LEFT_OUT
    assert "left_out" not in world.notion.blocks.list(block_id=world.handbook).meta.to_dict()
    outcome = Toolset(world.notion).call("notion_execute", {"entity": "search", "action": "search", "params": {}})
    assert outcome.data["meta"]["left_out"] == LEFT_OUT
    assert world.outside not in outcome.text


@pytest.mark.parametrize("form", IN_TAGS)
def test_no_tag_leads_outside_whatever_its_address_looks_like(world, form):
    child = world.notion.pages.create(parent={"page_id": world.handbook}, properties={"title": "Child"})["id"]
    where = world.sandbox.workspace.pages[world.outside].parent
    content = form.format(world.outside.replace("-", ""))
    for edit in (
        {"type": "insert_content", "insert_content": {"content": content}},
        {"type": "replace_content", "replace_content": {"new_str": content}},
    ):
        with pytest.raises(PolicyDenied, match="nothing inside the allowed roots"):
            world.notion.pages.update_markdown(page_id=child, **edit)
    assert world.sandbox.workspace.pages[world.outside].parent == where


def _below(world):
    space = world.sandbox.workspace
    return {
        each.id
        for each in space.pages.values()
        if not space.in_trash(each) and {world.handbook, world.tasks} & {above.id for above in space.lineage(each)}
    }


def test_iterating_skips_pages_of_a_list_that_hold_nothing_inside(world):
    found = list(world.notion.pages.list.iterate(page_size=10))
    assert {each["id"] for each in found} == _below(world)


def test_relations_to_the_outside_stay_bare_ids(world):
    rows = world.notion.data_sources.query(data_source_id=world.tasks).data
    related = next(row["properties"]["Project"]["relation"] for row in rows if row["properties"]["Project"]["relation"])
    assert [set(each) for each in related] == [{"id"}] * len(related)
    with pytest.raises(PolicyDenied):
        world.notion.pages.get(page_id=related[0]["id"])


@pytest.mark.parametrize(
    "column",
    [
        {
            "rollup": {
                "relation_property_name": "Project",
                "rollup_property_name": "Project",
                "function": "show_original",
            }
        },
        {"type": "rollup", "name": "x"},
        {"formula": {"expression": 'prop("Project").first().prop("Budget")'}},
    ],
)
def test_no_column_looks_through_a_relation_to_the_outside(world, column):
    with pytest.raises(PolicyDenied, match="properties names nothing inside"):
        world.notion.data_sources.update(data_source_id=world.tasks, properties={"Peek": column})
    inside = World(world.sandbox)
    policy = Policy.full(roots=[inside.tasks, inside.sources["Projects"]])
    both = SyncNotionConnector.sandbox(world.sandbox, policy=policy)
    if "formula" in column:
        assert (
            "Peek" in both.data_sources.update(data_source_id=inside.tasks, properties={"Peek": column})["properties"]
        )


def test_views_lie_in_their_table_and_linked_ones_also_where_they_stand(world):
    everywhere = SyncNotionConnector.sandbox(world.sandbox, policy=Policy.full())
    own = world.notion.views.list(data_source_id=world.tasks).data
    assert len(own) == 1
    assert world.notion.views.get(view_id=own[0]["id"])["data_source_id"] == world.tasks
    place = {"parent": {"type": "page_id", "page_id": world.outside}}
    linked = everywhere.views.create(data_source_id=world.tasks, name="x", type="table", create_database=place)
    listed = world.notion.views.list(data_source_id=world.tasks)
    assert listed.data == own
    assert listed.meta.to_dict()["left_out"] == LEFT_OUT
    for call in (world.notion.views.get, world.notion.views.delete, world.notion.views.query):
        with pytest.raises(PolicyDenied):
            call(view_id=linked["id"])


def test_discussions_are_placed_by_the_comments_that_were_listed(world):
    everywhere = SyncNotionConnector.sandbox(world.sandbox, policy=Policy.full())
    text = [{"text": {"content": "Hello"}}]
    ours = everywhere.comments.create(parent={"page_id": world.handbook}, rich_text=text)
    theirs = everywhere.comments.create(parent={"page_id": world.outside}, rich_text=text)
    notion = world.notion
    for comment in (ours, theirs):
        with pytest.raises(PolicyDenied, match=r"comments\.list"):
            notion.comments.create(discussion_id=comment["discussion_id"], rich_text=text)
    assert [each["id"] for each in notion.comments.list(block_id=world.handbook)] == [ours["id"]]
    reply = notion.comments.create(discussion_id=ours["discussion_id"], rich_text=text)
    assert reply["parent"]["page_id"] == world.handbook
    with pytest.raises(PolicyDenied):
        notion.comments.get(comment_id=theirs["id"])
    with pytest.raises(PolicyDenied):
        notion.comments.create(discussion_id=theirs["discussion_id"], rich_text=text)


def test_a_task_is_known_only_to_the_connector_that_began_it(world):
    with pytest.raises(PolicyDenied) as caught:
        world.notion.async_tasks.get(task_id="task_1")
    assert caught.value.details["parameter"] == "task_id"
    world.notion.runner.engine.rules.boundary.remember({"object": "async_task", "id": "task_1"})
    with pytest.raises(NotFound):
        world.notion.async_tasks.get(task_id="task_1")


def test_a_views_query_is_known_only_to_the_connector_that_began_it(world):
    (view,) = world.notion.views.list(data_source_id=world.tasks).data
    everywhere = SyncNotionConnector.sandbox(world.sandbox, policy=Policy.full())
    theirs, ours = (each.views.query(view_id=view["id"], page_size=1) for each in (everywhere, world.notion))
    assert world.notion.views.get_query_results(view_id=view["id"], query_id=ours["id"]).data
    with pytest.raises(PolicyDenied, match=r"views\.query"):
        world.notion.views.get_query_results(view_id=view["id"], query_id=theirs["id"])


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"parent": {"type": "workspace", "workspace": True}},
        {"properties": {"title": {"title": []}}},
    ],
)
def test_nothing_is_made_outside_any_page(world, params):
    requests, error = world.asked(lambda: world.notion.pages.create(**params))
    assert isinstance(error, PolicyDenied)
    assert requests == []


def test_the_content_of_a_tree_handle_is_checked(world):
    from base64 import urlsafe_b64encode

    state = {"path": [[world.handbook, None], [world.outside, None]], "holes": [[1, None, None]]}
    handle = urlsafe_b64encode(json.dumps(state).encode()).decode()
    open_to_all = SyncNotionConnector.sandbox(world.sandbox)
    assert open_to_all.blocks.list_tree(block_id=world.handbook, start_cursor=handle)["blocks"]
    requests, error = world.asked(lambda: world.notion.blocks.list_tree(block_id=world.handbook, start_cursor=handle))
    assert isinstance(error, PolicyDenied)
    assert not any(each.endswith("/children") for each in requests)


def test_a_synced_copy_shows_no_content_of_the_outside(world):
    everywhere = SyncNotionConnector.sandbox(world.sandbox, policy=Policy.full())
    block = {"type": "synced_block", "synced_block": {"synced_from": None, "children": [_paragraph("secret")]}}
    (original,) = everywhere.blocks.append(block_id=world.outside, children=[block])
    copy = {"type": "synced_block", "synced_block": {"synced_from": {"block_id": original["id"]}}}
    (copied,) = everywhere.blocks.append(block_id=world.handbook, children=[copy])
    assert "secret" in str(everywhere.blocks.list(block_id=copied["id"]).data)
    listed = world.notion.blocks.list(block_id=copied["id"])
    assert listed.data == []
    assert listed.meta.to_dict()["left_out"] == LEFT_OUT
    tree = world.notion.blocks.list_tree(block_id=world.handbook)
    assert "secret" not in str(tree)
    assert tree["left_out"] == LEFT_OUT


def _paragraph(text):
    return {"paragraph": {"rich_text": [{"text": {"content": text}}]}}


# --- what is read for it, and when


def test_what_was_read_is_good_for_a_minute_and_read_again_before_a_write(world):
    page = world.pages["Remote work"]

    def read():
        return world.asked(lambda: world.notion.pages.get(page_id=page))[0]

    assert len(read()) == 3
    assert read() == [f"GET /v1/pages/{page}"]
    requests, _ = world.asked(lambda: world.notion.pages.update(page_id=page, is_locked=True))
    assert requests[-1] == f"PATCH /v1/pages/{page}"
    assert len(requests) == 3
    world.clock.sleep(FRESH_FOR / 2)
    assert len(read()) == 1
    world.clock.sleep(FRESH_FOR)
    assert len(read()) == 3


def test_a_page_that_was_moved_away_is_outside_for_the_next_write(world):
    page = world.pages["Remote work"]
    everywhere = SyncNotionConnector.sandbox(world.sandbox, policy=Policy.full())
    world.notion.pages.get(page_id=page)
    everywhere.pages.move(page_id=page, parent={"page_id": world.outside})
    assert world.notion.pages.get(page_id=page)["parent"]["page_id"] == world.outside
    with pytest.raises(PolicyDenied):
        world.notion.pages.update(page_id=page, is_locked=True)
    with pytest.raises(PolicyDenied):
        world.notion.pages.get(page_id=page)


def test_a_move_of_ones_own_drops_what_was_known(world):
    page, above = world.pages["Remote work"], world.pages["Security basics"]
    world.notion.pages.get(page_id=page)
    world.notion.pages.move(page_id=page, parent={"page_id": above})
    requests, _ = world.asked(lambda: world.notion.pages.get(page_id=page))
    assert requests.count(f"GET /v1/pages/{page}") == 2
    for ends in (
        {"page_id": page, "parent": {"page_id": world.outside}},
        {"page_id": world.outside, "parent": {"page_id": page}},
    ):
        with pytest.raises(PolicyDenied):
            world.notion.pages.move(**ends)


def test_what_was_asked_before_a_move_and_answered_after_it_is_not_trusted(world):
    places = world.notion.runner.engine.rules.boundary
    before = Place(((B, "page"),), Stamp(places._number, 1_000.0))
    places.forget([A])
    places.learn(A, before)
    assert places.known(A, Stamp(0, 0.0)) is None
    after = Place(((B, "page"),), Stamp(places._number + 1, 1_000.0))
    places.learn(A, after)
    assert places.known(A, Stamp(0, 0.0)) is after


def test_what_is_remembered_has_an_end(world, monkeypatch):
    monkeypatch.setattr("airbyte_agent_notion.places.MAX_KNOWN", 3)
    places = world.notion.runner.engine.rules.boundary
    for number in range(9):
        places.remember({"object": "async_task", "id": str(number)})
    assert [places.began(str(number)) for number in (5, 6, 7, 8)] == [False, True, True, True]


def test_checks_of_one_id_at_a_time_are_one_request(world, run):
    engine = world.notion.runner.engine
    page = world.pages["Remote work"]

    class Slow:
        """Lets every other flow run between a request and its answer."""

        notion_version = "2026-03-11"

        def perform(self, operation):
            from airbyte_agent_notion.flow import sleep

            yield from sleep(1)
            return (yield from engine.executor.perform(operation))

    def both():
        visits = [engine.rules.boundary.visit(Slow()) for _ in range(5)]
        operation = engine.catalog.parse(engine.catalog.find("pages", "get"), {"page_id": page})
        return (yield from gather([each.admit(operation) for each in visits], limit=5))

    run(both(), world.sandbox.transport())
    assert [each.path for each in world.sandbox.requests].count(f"/v1/pages/{page}") == 1


def test_a_failed_check_is_an_error_and_no_denial(world):
    world.sandbox.faults.add(status=429, times=100, retry_after=1)
    with pytest.raises(RateLimited):
        world.notion.pages.get(page_id=world.pages["Remote work"])
    world.sandbox.faults.clear()
    assert world.notion.pages.get(page_id=world.pages["Remote work"])["object"] == "page"


def test_the_async_connector_has_the_same_boundary():
    world = World()
    notion = NotionConnector.sandbox(world.sandbox, policy=Policy.write(roots=[world.handbook]))

    async def story():
        assert (await notion.pages.get(page_id=world.pages["Remote work"]))["object"] == "page"
        found = [page["id"] async for page in notion.pages.list.iterate()]
        with pytest.raises(PolicyDenied):
            await notion.pages.get(page_id=world.outside)
        return found

    assert world.handbook in asyncio.run(story())


def test_roots_may_be_urls():
    world = World()
    hexed = world.handbook.replace("-", "")
    url = f"https://www.notion.so/Company-handbook-{hexed}?pvs=4"
    notion = SyncNotionConnector.sandbox(world.sandbox, policy=Policy.read_only(roots=[url, hexed.upper()]))
    assert notion.runner.engine.policy.roots == (world.handbook,)
    assert notion.pages.get(page_id=url)["id"] == world.handbook

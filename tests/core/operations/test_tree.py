"""blocks.list_tree: whole, in document order, in the fewest requests, side by side; and what it does when it cannot."""

import asyncio
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airbyte_agent_notion import NotionConnector, SyncNotionConnector
from airbyte_agent_notion.drive import adrive, drive
from airbyte_agent_notion.errors import (
    DeadlineExceeded,
    Forbidden,
    InvalidParams,
    InvalidRequest,
    InvalidResponse,
    NotFound,
    ServerError,
)
from airbyte_agent_notion.executors.local import LocalExecutor
from airbyte_agent_notion.flow import sleep
from airbyte_agent_notion.models import NotionAccessTokenAuthConfig
from airbyte_agent_notion.operations.frontier import Frontier
from airbyte_agent_notion.operations.tree import ListBlockTree
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.testing import FakeClock


def uid(number):
    return str(UUID(int=number))


ROOT = uid(0)


class Notion:
    """Children by id, answered in pages of ``size`` after one second each; errors by id; out of time after so many."""

    notion_version = "2026-03-11"

    def __init__(self, children, *, size=100, refuse=None, time_for=None):
        self.children = children
        self.size = size
        self.refuse = refuse or {}
        self.time_for = time_for
        self.asked = []
        self.under_way = self.peak = 0
        self.mangle = lambda answer: answer

    def call(self, operation):
        return (yield from operation.flow(self))

    def perform(self, operation):
        request = operation.request()
        _, _, _, identifier, _ = request.path.split("/")
        query = dict(request.query)
        assert query["page_size"] == "100"
        if self.time_for is not None and len(self.asked) >= self.time_for:
            raise DeadlineExceeded("Time is up.")
        start = int(query.get("start_cursor", "0"))
        self.asked.append((identifier, start))
        self.under_way += 1
        self.peak = max(self.peak, self.under_way)
        yield from sleep(1)
        self.under_way -= 1
        if identifier in self.refuse:
            raise self.refuse[identifier]
        blocks, end = self.children[identifier], start + self.size
        more = end < len(blocks)
        answer = {"results": blocks[start:end], "has_more": more, "next_cursor": str(end) if more else None}
        return self.mangle(answer)

    @property
    def minimum(self):
        """One request for each block with children, and one more for each further page."""
        return sum(max(1, -(-len(blocks) // self.size)) for blocks in self.children.values())


def block(identifier, kind="paragraph", *, has_children=False, **payload):
    return {"object": "block", "id": identifier, "type": kind, "has_children": has_children, kind: payload}


def planted(shape):
    """Children by id, and the ids in document order with depth and parent, of nested lists."""
    children, order = {}, []

    def plant(identifier, nodes, depth):
        blocks = children[identifier] = []
        for node in nodes:
            child = uid(len(order) + 1)
            blocks.append(block(child, has_children=bool(node)))
            order.append((child, depth, identifier))
            if node:
                plant(child, node, depth + 1)

    plant(ROOT, shape, 0)
    return children, order


def grown(levels, width, more=0):
    """A tree of that many levels."""
    return [grown(levels - 1, width) if levels > 1 else [] for _ in range(width)] + [[]] * more


def order_of(tree):
    return [(each["id"], each["depth"], each["parent_id"]) for each in tree["blocks"]]


def pieces(run, notion, per_piece=None, **params):
    """All pieces of a tree, with so many requests for each."""
    found, cursor = [], None
    while True:
        if per_piece:
            notion.time_for = len(notion.asked) + per_piece
        operation = ListBlockTree(block_id=ROOT, start_cursor=cursor, **params)
        found.append(run(operation.flow(notion)))
        cursor = found[-1]["next_cursor"]
        if cursor is None:
            return found
        assert len(found) < 2_000


@pytest.fixture
def thousand():
    shape = grown(5, 3, more=487)
    shape[0][0][0][0][0] = [[] for _ in range(150)]
    return planted(shape)


def test_a_thousand_blocks_on_six_levels(run, clock, thousand):
    children, order = thousand
    assert len(order) == 1_000
    assert max(depth for _, depth, _ in order) == 5
    notion = Notion(children)
    tree = run(ListBlockTree(block_id=ROOT).flow(notion))
    assert order_of(tree) == order
    assert (tree["complete"], tree["count"], tree["next_cursor"], tree["incomplete_reason"]) == (
        True,
        1_000,
        None,
        None,
    )
    assert len(notion.asked) == notion.minimum > 100
    assert len(set(notion.asked)) == len(notion.asked)
    assert notion.peak == 8
    # One after the other they would take a second each.
    assert clock.passed < notion.minimum / 4


def test_the_answer_is_json_and_what_the_docs_say(run):
    children, _ = planted([[[]]])
    tree = run(ListBlockTree(block_id=ROOT).flow(Notion(children)))
    assert json.loads(json.dumps(tree)) == tree
    assert tree == {
        "object": "block_tree",
        "root_id": ROOT,
        "blocks": [
            {**block(uid(1), has_children=True), "depth": 0, "parent_id": ROOT},
            {**block(uid(2)), "depth": 1, "parent_id": uid(1)},
        ],
        "count": 2,
        "complete": True,
        "next_cursor": None,
        "incomplete_reason": None,
        "skipped": [],
    }
    assert "depth" not in children[ROOT][0]


shapes = st.recursive(st.just([]), lambda inner: st.lists(inner, max_size=7), max_leaves=60)


@settings(max_examples=60, deadline=None)
@given(shape=shapes, size=st.integers(1, 4), limit=st.integers(1, 9), per_piece=st.integers(1, 12))
def test_any_tree_comes_back_whole_and_in_order(shape, size, limit, per_piece):
    children, order = planted(shape)
    awaited = lambda flow: asyncio.run(adrive(flow, None, clock=FakeClock()))  # noqa: E731
    for run in (lambda flow: drive(flow, None, clock=FakeClock()), awaited):
        notion = Notion(children, size=size)
        whole = run(ListBlockTree(block_id=ROOT).flow(notion))
        assert order_of(whole) == order
        assert len(notion.asked) == notion.minimum
        cut = pieces(run, Notion(children, size=size), max_blocks=limit)
        assert [each for piece in cut for each in order_of(piece)] == order
        assert all(piece["count"] <= limit for piece in cut)
        assert [piece["complete"] for piece in cut] == [False] * (len(cut) - 1) + [True]
        late = pieces(run, Notion(children, size=size), per_piece + 8)
        assert [each for piece in late for each in order_of(piece)] == order


@pytest.mark.parametrize("per_piece", [7, 20, 60])
def test_time_runs_out_and_the_rest_follows(run, thousand, per_piece):
    children, order = thousand
    notion = Notion(children)
    found = pieces(run, notion, per_piece)
    assert len(found) > 1
    assert [each for piece in found for each in order_of(piece)] == order
    for piece in found[:-1]:
        assert piece["complete"] is False
        assert piece["incomplete_reason"] == "deadline"
        assert piece["count"] == len(piece["blocks"])
    assert found[-1]["complete"] is True


def test_no_time_at_all_is_the_error_itself(run):
    children, _ = planted([[]])
    with pytest.raises(DeadlineExceeded):
        run(ListBlockTree(block_id=ROOT).flow(Notion(children, time_for=0)))


def test_max_blocks_cuts_and_says_so(run, thousand):
    children, order = thousand
    notion = Notion(children)
    first = run(ListBlockTree(block_id=ROOT, max_blocks=10).flow(notion))
    assert order_of(first) == order[:10]
    assert (first["complete"], first["incomplete_reason"]) == (False, "max_blocks")
    assert len(notion.asked) < 20
    found = pieces(run, Notion(children), max_blocks=64)
    assert [each for piece in found for each in order_of(piece)] == order


def test_exactly_max_blocks_is_complete(run):
    children, order = planted([[[]], []])
    tree = run(ListBlockTree(block_id=ROOT, max_blocks=3).flow(Notion(children)))
    assert order_of(tree) == order
    assert tree["complete"] is True


def test_the_default_is_a_thousand(run):
    children, order = planted([[] for _ in range(1_001)])
    tree = run(ListBlockTree(block_id=ROOT).flow(Notion(children)))
    assert order_of(tree) == order[:1_000]
    assert tree["next_cursor"]


def test_what_is_held_is_bounded(run, monkeypatch):
    held = []
    fill = Frontier.fill

    def watched(self, filled, limit):
        fill(self, filled, limit)
        held.append(len(self._sequence))

    monkeypatch.setattr(Frontier, "fill", watched)
    children, _ = planted([[[] for _ in range(100)] for _ in range(300)])
    notion = Notion(children)
    tree = run(ListBlockTree(block_id=ROOT, max_blocks=50).flow(notion))
    assert tree["count"] == 50
    # Thirty thousand blocks are there; what lies beyond the fifty asked for is a hole on each level.
    assert len(notion.asked) <= 34
    assert max(held) <= 50 + 50 + 2


@pytest.mark.parametrize("kind", ["child_page", "child_database"])
def test_documents_inside_are_listed_and_not_entered(run, kind):
    notion = Notion({ROOT: [block(uid(1), kind, has_children=True, title="x")]})
    tree = run(ListBlockTree(block_id=ROOT).flow(notion))
    assert [each["id"] for each in tree["blocks"]] == [uid(1)]
    assert tree["complete"] is True
    assert notion.asked == [(ROOT, 0)]


def copy_of(identifier, original):
    return block(identifier, "synced_block", has_children=True, synced_from={"type": "block_id", "block_id": original})


def test_a_synced_copy_is_read_under_its_own_id(run):
    inside = [block(uid(3))]
    original = block(uid(1), "synced_block", has_children=True, synced_from=None)
    children = {ROOT: [original, copy_of(uid(2), uid(1))], uid(1): inside, uid(2): inside}
    notion = Notion(children)
    tree = run(ListBlockTree(block_id=ROOT).flow(notion))
    assert order_of(tree) == [(uid(1), 0, ROOT), (uid(3), 1, uid(1)), (uid(2), 0, ROOT), (uid(3), 1, uid(2))]
    assert tree["complete"] is True
    assert tree["skipped"] == []


@pytest.mark.parametrize("limit", [1, 2, 1_000])
def test_a_copy_inside_its_original_ends(run, limit):
    original = block(uid(1), "synced_block", has_children=True, synced_from=None)
    inside = [block(uid(3)), copy_of(uid(2), uid(1))]
    notion = Notion({ROOT: [original], uid(1): inside, uid(2): inside})
    found = pieces(run, notion, max_blocks=limit)
    assert [each["id"] for piece in found for each in piece["blocks"]] == [uid(1), uid(3), uid(2)]
    assert [each for piece in found for each in piece["skipped"]] == [{"block_id": uid(2), "reason": "loop"}]
    assert found[-1]["complete"] is True


def test_copies_that_show_each_other_end(run):
    a, b, in_a, in_b = uid(1), uid(2), uid(3), uid(4)
    children = {
        ROOT: [block(a, "synced_block", has_children=True), block(b, "synced_block", has_children=True)],
        a: [copy_of(in_a, b)],
        b: [copy_of(in_b, a)],
        in_a: [copy_of(in_b, a)],
        in_b: [copy_of(in_a, b)],
    }
    tree = run(ListBlockTree(block_id=ROOT).flow(Notion(children)))
    assert [each["id"] for each in tree["blocks"]] == [a, in_a, in_b, b, in_b, in_a]
    assert tree["skipped"] == [{"block_id": in_b, "reason": "loop"}, {"block_id": in_a, "reason": "loop"}]


def test_a_block_that_is_its_own_child_ends(run):
    notion = Notion({ROOT: [block(ROOT, has_children=True), block(uid(1))]})
    tree = run(ListBlockTree(block_id=ROOT).flow(notion))
    assert [each["id"] for each in tree["blocks"]] == [ROOT, uid(1)]


REFUSALS = [
    NotFound("Gone.", status=404),
    Forbidden("No.", status=403),
    InvalidRequest("Not supported.", status=400),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda error: error.code)
@pytest.mark.parametrize("limit", [1, 2, 3, 1_000])
def test_what_cannot_be_read_is_skipped_and_named_once(run, refusal, limit):
    children, order = planted([[[]], [[]], [[]]])
    bad = order[2][0]
    found = pieces(run, Notion(children, refuse={bad: refusal}), max_blocks=limit)
    assert [each for piece in found for each in order_of(piece)] == [each for each in order if each[2] != bad]
    assert [each for piece in found for each in piece["skipped"]] == [{"block_id": bad, "reason": refusal.code}]
    assert found[-1]["next_cursor"] is None
    assert any(piece["skipped"] and not piece["complete"] for piece in found)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda error: error.code)
def test_a_root_that_cannot_be_read_is_an_error(run, refusal):
    with pytest.raises(type(refusal)):
        run(ListBlockTree(block_id=ROOT).flow(Notion({}, refuse={ROOT: refusal})))


def test_other_errors_are_raised(run):
    children, order = planted([[[]], []])
    notion = Notion(children, refuse={order[0][0]: ServerError("Broken.", status=500)})
    with pytest.raises(ServerError):
        run(ListBlockTree(block_id=ROOT).flow(notion))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"has_more": True}, "no_next_cursor"),
        ({"request_status": {"type": "incomplete", "incomplete_reason": "why"}}, "why"),
    ],
)
def test_a_listing_that_ends_early_is_named(run, change, reason):
    children, order = planted([[]])
    notion = Notion(children)
    notion.mangle = lambda answer: {**answer, **change}
    tree = run(ListBlockTree(block_id=ROOT).flow(notion))
    assert order_of(tree) == order
    assert tree["complete"] is False
    assert tree["skipped"] == [{"block_id": ROOT, "reason": reason}]


def test_cursors_that_go_round_are_an_error(run):
    children, _ = planted([[]] * 3)
    notion = Notion(children, size=1)
    notion.mangle = lambda answer: {**answer, "has_more": True, "next_cursor": "1"}
    with pytest.raises(InvalidResponse, match="never end"):
        run(ListBlockTree(block_id=ROOT).flow(notion))


@pytest.mark.parametrize("odd", [{"id": "x"}, {}, {"id": None}])
def test_a_block_without_an_id_is_an_error(run, odd):
    with pytest.raises(InvalidResponse, match="without a Notion id"):
        run(ListBlockTree(block_id=ROOT).flow(Notion({ROOT: [odd]})))


# --- the handle


def test_a_page_that_was_changed_in_between_is_not_guessed_at(run):
    children, _ = planted([[], [], []])
    notion = Notion(children)
    cursor = run(ListBlockTree(block_id=ROOT, max_blocks=2).flow(notion))["next_cursor"]
    notion.children[ROOT] = notion.children[ROOT][2:]
    with pytest.raises(InvalidParams, match="was changed"):
        run(ListBlockTree(block_id=ROOT, start_cursor=cursor).flow(notion))


def test_what_was_added_behind_the_cut_is_read(run):
    children, _ = planted([[], [], []])
    notion = Notion(children)
    cursor = run(ListBlockTree(block_id=ROOT, max_blocks=2).flow(notion))["next_cursor"]
    notion.children[ROOT] = [block(uid(8)), *notion.children[ROOT][:2], block(uid(9)), notion.children[ROOT][2]]
    tree = run(ListBlockTree(block_id=ROOT, start_cursor=cursor).flow(notion))
    assert [each["id"] for each in tree["blocks"]] == [uid(9), uid(3)]


def forged(state):
    return urlsafe_b64encode(json.dumps(state).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "ü",
        forged({}),
        forged([]),
        forged({"path": [[uid(5), None]], "holes": [[0, None, None]]}),
        forged({"path": [[ROOT, None]], "holes": [[1, None, None]]}),
        forged({"path": [[ROOT, None]], "holes": [[-1, None, None]]}),
        forged({"path": [[ROOT, None]], "holes": []}),
        forged({"path": [["../users", None]], "holes": [[0, None, None]]}),
    ],
)
def test_a_handle_that_is_none_is_refused(run, cursor):
    notion = Notion({ROOT: []})
    with pytest.raises(InvalidParams, match="start_cursor"):
        run(ListBlockTree(block_id=ROOT, start_cursor=cursor).flow(notion))
    assert notion.asked == []


def test_a_handle_holds_no_more_than_the_path(run, thousand):
    children, _ = thousand
    cursor = run(ListBlockTree(block_id=ROOT, max_blocks=6).flow(Notion(children)))["next_cursor"]
    state = json.loads(urlsafe_b64decode(cursor))
    assert len(state["path"]) <= 6
    assert len(state["holes"]) <= 6


# --- on the sandbox


def recursed(notion, identifier, depth=0):
    """The same, block by block."""
    for each in notion.blocks.list.iterate(block_id=identifier):
        yield each["id"], depth, identifier
        if each["has_children"] and each["type"] not in {"child_page", "child_database"}:
            yield from recursed(notion, each["id"], depth + 1)


def test_every_page_of_the_sample():
    sandbox = Sandbox.sample()
    notion = SyncNotionConnector.sandbox()
    pages = [
        page.id for page in sandbox.workspace.pages.values() if page.children and sandbox.workspace.is_shared(page)
    ]
    live = [page for page in pages if not sandbox.workspace.in_trash(sandbox.workspace.pages[page])]
    depths = set()
    for page in live:
        tree = notion.blocks.list_tree(block_id=page)
        assert order_of(tree) == list(recursed(notion, page))
        assert tree["complete"] is True
        depths.update(each["depth"] for each in tree["blocks"])
    assert len(depths) > 2


@pytest.mark.covers("blocks.list_tree")
def test_by_name_and_awaited():
    page = next(page.id for page in Sandbox.sample().workspace.pages.values() if len(page.children) > 3)
    params = {"block_id": page, "max_blocks": 2}
    blocking = SyncNotionConnector.sandbox().execute("blocks", "list_tree", params)

    async def main():
        async with NotionConnector.sandbox() as notion:
            return SimpleNamespace(
                typed=await notion.blocks.list_tree(block_id=page, max_blocks=2),
                named=await notion.execute("blocks", "list_tree", params),
            )

    found = asyncio.run(main())
    assert found.typed == found.named == blocking
    assert blocking["count"] == 2
    assert blocking["next_cursor"]


@pytest.mark.parametrize("number", [0, 10_001, "many"])
def test_max_blocks_has_bounds(number):
    with pytest.raises(InvalidParams, match="max_blocks"):
        SyncNotionConnector.sandbox().blocks.list_tree(block_id=ROOT, max_blocks=number)


def inside(sandbox, page):
    blocks = sandbox.workspace.blocks
    return [blocks[identifier] for identifier in page.children if identifier in blocks]


def test_the_executors_own_deadline(run, clock):
    sandbox = Sandbox.sample()
    shared = [page for page in sandbox.workspace.pages.values() if sandbox.workspace.is_shared(page)]
    biggest = max(shared, key=lambda page: sum(bool(each.children) for each in inside(sandbox, page)))
    executor = LocalExecutor(
        NotionAccessTokenAuthConfig(token=sandbox.token), "2026-03-11", per_minute=None, deadline=6.5
    )

    class Slow:
        """Every request takes a second."""

        def send(self, request):
            clock.seconds += 1
            return sandbox.handle(request)

        async def asend(self, request):
            return self.send(request)

    whole = order_of(SyncNotionConnector.sandbox().blocks.list_tree(block_id=biggest.id))
    found, cursor = [], None
    while True:
        piece = run(executor.call(ListBlockTree(block_id=biggest.id, start_cursor=cursor)), Slow())
        found += order_of(piece)
        cursor = piece["next_cursor"]
        if cursor is None:
            break
        assert (piece["complete"], piece["incomplete_reason"]) == (False, "deadline")
    assert found == whole
    assert len(sandbox.requests) > 7


@pytest.mark.parametrize(
    "cut", [{"max_blocks": 1}, {"max_blocks": 2}, {"max_blocks": 3}, {"per_piece": 1}, {"per_piece": 2}]
)
def test_a_listing_that_ends_early_is_named_once_and_nothing_comes_twice(run, cut):
    children, order = planted([[[]], [[[]], []]])
    notion = Notion(children)
    notion.mangle = lambda answer: {**answer, "has_more": True}
    found = pieces(run, notion, **cut)
    assert [each for piece in found for each in order_of(piece)] == order
    named = [each["block_id"] for piece in found for each in piece["skipped"]]
    assert sorted(named) == sorted(children)
    assert found[-1]["complete"] is False

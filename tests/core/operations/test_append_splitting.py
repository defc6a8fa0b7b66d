"""blocks.append of anything: legal requests, as few as there can be, in order; and a report where it stops midway."""

import json
import re
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from writing import block, columns, illegal, paragraph, row, table, tree, trees

from airbyte_agent_notion.drive import drive
from airbyte_agent_notion.errors import (
    ConnectionFailed,
    DeadlineExceeded,
    Forbidden,
    InvalidParams,
    InvalidRequest,
    OutcomeUnknown,
    PartialWrite,
    Recovery,
    ServerError,
)
from airbyte_agent_notion.flow import sleep
from airbyte_agent_notion.operations.append.nodes import planted
from airbyte_agent_notion.operations.append.plan import next_chunk
from airbyte_agent_notion.operations.block_writes import AppendBlocks
from airbyte_agent_notion.operations.page_writes import CreatePage
from airbyte_agent_notion.testing import FakeClock

ROOT = "00000000-0000-4000-8000-000000000000"


def lost(applied):
    """A write whose answer does not arrive."""
    error = OutcomeUnknown("lost", details={"operation": "blocks.append"})
    error.__cause__ = ConnectionFailed("The connection broke.")
    error.applied = applied
    return error


class Notion:
    """A page with blocks: takes legal requests only, and fails the writes for which there is an error in ``faults``."""

    notion_version = "2026-03-11"

    def __init__(self, *old, faults=(), no_time=False):
        self.numbers = count(1)
        self.blocks = {ROOT: {"children": []}}
        self.faults = dict(faults)
        self.writes = []
        self.reads = 0
        self.no_time = no_time
        self.insert(ROOT, 0, old)

    def call(self, operation):
        return (yield from operation.flow(self))

    def wait(self, seconds):
        if self.no_time:
            raise DeadlineExceeded("Time is up.")
        yield from sleep(seconds)

    def perform(self, operation):
        yield from sleep(0)
        name = operation.spec.name
        if name == "blocks.list":
            self.reads += 1
            return {"results": [dict(each) for each in self.listed(operation.block_id)], "has_more": False}
        body = json.loads(json.dumps(operation.request().json))
        fault = self.faults.pop(len(self.writes), None)
        self.writes.append(body)
        if fault is not None and not getattr(fault, "applied", False):
            raise fault
        answer = self.created(body) if name == "pages.create" else self.appended(operation.block_id, body)
        if fault is not None:
            raise fault
        return answer

    def created(self, body):
        if body.get("children"):
            assert illegal(body["children"]) == []
        identifier = self.new()
        self.blocks[identifier] = {"children": []}
        self.insert(identifier, 0, body.get("children", []))
        return {"object": "page", "id": identifier, "properties": {}}

    def appended(self, parent, body):
        assert illegal(body["children"]) == []
        inside = self.blocks[parent]["children"]
        where = body.get("position", {"type": "end"})
        index = {"start": 0, "end": len(inside)}.get(where["type"])
        if index is None:
            index = inside.index(where["after_block"]["id"]) + 1
        number = len(body["children"])
        self.insert(parent, index, body["children"])
        listed = self.listed(parent)[index : None if where["type"] == "after_block" else index + number]
        return {"object": "list", "type": "block", "results": listed, "has_more": False, "next_cursor": None}

    def new(self):
        return f"00000000-0000-4000-8000-{next(self.numbers):012d}"

    def insert(self, parent, index, blocks):
        ids = [self.new() for _ in blocks]
        self.blocks[parent]["children"][index:index] = ids
        for identifier, each in zip(ids, blocks, strict=True):
            content = {key: value for key, value in each[each["type"]].items() if key != "children"}
            self.blocks[identifier] = {"type": each["type"], each["type"]: content, "children": []}
            self.insert(identifier, 0, each[each["type"]].get("children", []))

    def listed(self, parent):
        ids = self.blocks[parent]["children"]
        return [
            {
                "object": "block",
                "id": each,
                "has_children": bool(self.blocks[each]["children"]),
                **{key: value for key, value in self.blocks[each].items() if key != "children"},
            }
            for each in ids
        ]

    def tree(self, identifier=ROOT):
        return tuple(self.grown(each) for each in self.blocks[identifier]["children"])

    def grown(self, identifier):
        kind = self.blocks[identifier]["type"]
        _, text, _ = tree({"type": kind, kind: self.blocks[identifier][kind]})
        return kind, text, self.tree(identifier)


def append(notion, blocks, **params):
    operation = AppendBlocks(block_id=ROOT, children=blocks, **params)
    return drive(operation.flow(notion), None, clock=FakeClock())


def numbered(number, start=0):
    return [paragraph(f"p{index}") for index in range(start, start + number)]


def nested(levels, text="x"):
    return paragraph(f"{text}{levels}", nested(levels - 1, text)) if levels > 1 else paragraph(f"{text}1")


# ---- splitting


@pytest.mark.covers("blocks.append")
@pytest.mark.parametrize(
    ("blocks", "requests"),
    [
        (numbered(1), 1),
        (numbered(100), 1),
        (numbered(101), 2),
        (numbered(1_000), 10),
        ([nested(3)], 1),
        ([nested(4)], 2),
        ([nested(7)], 5),
        ([nested(4), *numbered(99), nested(3)], 3),
        ([paragraph("a", *numbered(100))] * 9, 1),
        ([paragraph("a", *numbered(100))] * 10, 2),
        ([paragraph("a", *numbered(150))], 2),
        ([paragraph("a", *numbered(200))], 2),
        ([paragraph("a", *numbered(201))], 3),
        ([paragraph("a", paragraph("b", *numbered(150)))], 3),
        ([table(*map(str, range(100)))], 1),
        ([table(*map(str, range(250)))], 3),
        ([paragraph("a", paragraph("b", table("1", "2")))], 2),
        ([columns(numbered(3), numbered(2))], 1),
        ([columns([nested(2)], numbered(2))], 2),
        ([paragraph("a", columns(numbered(3), numbered(2)))], 2),
        ([columns([nested(3)], [nested(4)], numbered(101))], 6),
        ([paragraph("é" * 1_999 + "🚀" * 30_000)] * 8, 3),
    ],
)
def test_as_few_requests_as_are_legal(blocks, requests):
    notion = Notion()
    created = append(notion, blocks)
    assert notion.tree() == trees(blocks)
    assert len(notion.writes) == requests
    assert [each["id"] for each in created] == notion.blocks[ROOT]["children"]


def leaf(draw, texts):
    kind = draw(st.sampled_from(["paragraph", "to_do", "quote", "callout"]))
    return block(kind, f"{next(texts)}")


@st.composite
def forests(draw, levels=6):
    """Trees of blocks with texts of their own: wide and flat, deep and narrow, tables and columns."""
    texts = count()

    def grow(depth):
        many = draw(st.integers(0, 12)) == 0
        number = draw(st.sampled_from([99, 100, 101, 130, 205])) if many else draw(st.integers(1, 3))
        return [one(depth, bushy=not many) for _ in range(number)]

    def one(depth, *, bushy):
        kind = draw(st.integers(0, 9)) if bushy else 9
        if kind == 0:
            return table(*(str(next(texts)) for _ in range(draw(st.sampled_from([1, 3, 100, 101, 230])))))
        if kind == 1 and depth > 1:
            return columns(*(grow(depth - 2) if draw(st.booleans()) else [] for _ in range(draw(st.integers(2, 3)))))
        if kind < 6 and depth > 0:
            return block("toggle", f"{next(texts)}", *grow(depth - 1))
        return leaf(draw, texts)

    return grow(levels)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(forests(), st.sampled_from([None, "start", "end", "after_block"]))
def test_any_tree_arrives_whole_and_in_order(forest, place):
    notion = Notion(paragraph("old 1"), paragraph("old 2"))
    first, _ = notion.blocks[ROOT]["children"]
    position = {"type": place, **({"after_block": {"id": first}} if place == "after_block" else {})}
    created = append(notion, forest, **({} if place is None else {"position": position}))
    index = {None: 2, "end": 2, "start": 0, "after_block": 1}[place]
    ids, old = notion.blocks[ROOT]["children"], [tree(paragraph("old 1")), tree(paragraph("old 2"))]
    assert notion.tree() == (*old[:index], *trees(forest), *old[index:])
    assert [each["id"] for each in created] == ids[index : index + len(forest)]
    known(notion, created)


def known(notion, created):
    """The ids told are those of the blocks, in order, at every level that is told."""
    for each in created:
        inside = notion.blocks[each["id"]]["children"]
        told = [inner["id"] for inner in each.get("children", [])]
        assert told == inside[len(inside) - len(told) :]
        assert each["has_children"] == bool(inside)
        known(notion, each.get("children", []))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(forests(levels=4))
def test_a_page_is_created_with_any_content(forest):
    notion = Notion()
    operation = CreatePage(parent={"page_id": ROOT}, children=forest)
    page = drive(operation.flow(notion), None, clock=FakeClock())
    assert notion.tree(page["id"]) == trees(forest)


@given(st.text(max_size=30), st.integers(1, 400), st.booleans())
def test_long_text_is_split_and_never_cut(text, times, joined):
    sent = paragraph("x")
    sent["paragraph"]["rich_text"] = [
        {"type": "text", "text": {"content": text * times}, "annotations": {"bold": True}},
        {"type": "text", "text": {"content": "end", "link": {"url": "https://e.example"}}, "plain_text": "end"},
    ]
    problems = {}
    [node] = planted([sent], problems)
    items = node.block["paragraph"]["rich_text"]
    assert problems == {}
    assert illegal([node.block]) == []
    assert "".join(item["text"]["content"] for item in items) == text * times + "end"
    assert all(item.get("annotations") == {"bold": True} for item in items[:-1])
    assert items[-1]["text"]["link"] == {"url": "https://e.example"}


def test_many_small_pieces_are_joined_where_they_look_alike():
    items = [{"type": "text", "text": {"content": f"{index} "}} for index in range(500)]
    notion = Notion()
    append(notion, [{"type": "paragraph", "paragraph": {"rich_text": items}}])
    [(_, text, _)] = notion.tree()
    assert text == "".join(f"{index} " for index in range(500))


def test_a_request_of_large_blocks_stays_below_500_kb():
    blocks = [paragraph("ж" * 60_000) for _ in range(10)]
    notion = Notion()
    append(notion, blocks)
    assert notion.tree() == trees(blocks)
    assert len(notion.writes) == 3


def test_children_may_stand_beside_the_types_object():
    notion = Notion()
    append(notion, [{**paragraph("a"), "children": [paragraph("b")]}])
    assert notion.tree() == trees([paragraph("a", paragraph("b"))])


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"type": "paragraph"}, r"children\[1\]: must be a block such as"),
        ({"object": "block"}, "must be a block"),
        ({"type": "table", "table": {"table_width": 1}}, "at least 1 table_row"),
        (columns([]), "at least 2 column blocks"),
        (columns([paragraph("a")], [{"type": "child_page", "child_page": {"title": "x"}}]), "pages.create makes pages"),
        (paragraph("a", row("x")), "table_row stands in a table only"),
        (block("heading_1", "a", paragraph("b")), "is_toggleable"),
        (block("code", "a", paragraph("b")), "code cannot hold children"),
        (
            {"type": "table", "table": {"table_width": 2, "children": [row("x")]}},
            r"has 1 cells; the table's table_width",
        ),
        ({"type": "table", "table": {"table_width": 2, "children": [paragraph("x")]}}, "table holds table_row blocks"),
        ({**paragraph("a", paragraph("b")), "children": []}, "children stand twice"),
        ({"type": "paragraph", "paragraph": {"rich_text": [], "children": {}}}, "children must be a list"),
        (paragraph("x" * 200_001), "101 items of 2,000"),
        (paragraph("本" * 190_000), "bytes by itself"),
        (
            {
                "type": "paragraph",
                "paragraph": {"rich_text": [{"type": "equation", "equation": {"expression": "x" * 1_001}}]},
            },
            "equation expression has 1,001",
        ),
    ],
)
def test_what_notion_would_refuse_is_refused_before_anything_is_sent(bad, said):
    notion = Notion()
    with pytest.raises(InvalidParams, match=said) as caught:
        append(notion, [paragraph("a"), bad, *numbered(200)])
    assert notion.writes == []
    assert "Nothing was written" in caught.value.hint


def test_all_problems_are_told_at_once():
    with pytest.raises(InvalidParams) as caught:
        append(Notion(), [paragraph("a", {"type": "table", "table": {}})] * 12)
    assert len(caught.value.details["parameters"]) == 12
    assert "children[0].children[0]: table must" in str(caught.value)
    assert "and 9 more" in str(caught.value)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(forests(levels=3), st.integers(0, 480_000))
def test_a_page_takes_whole_trees_only(forest, taken):
    nodes = planted(forest, {})
    chunk = next_chunk(nodes, whole_only=True, taken=taken)
    assert [item.payload for item in chunk.items] == [node.whole() for node in nodes[: len(chunk.items)]]
    assert all(not item.rest and not item.deferred for item in chunk.items)


# ---- stopping midway

DEEP = [paragraph("a"), nested(5, "b"), paragraph("c", *numbered(250)), paragraph("d")]


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize(
    ("error", "recovery"),
    [
        (InvalidRequest("no", status=400), Recovery.FIX_ARGUMENTS),
        (ServerError("no", status=500), Recovery.FIX_ARGUMENTS),
        (Forbidden("no", status=403), Recovery.ASK_OPERATOR),
        (DeadlineExceeded("late"), Recovery.FIX_ARGUMENTS),
    ],
)
def test_what_was_written_is_told_and_the_rest_can_be_appended(at, error, recovery):
    whole = Notion()
    append(whole, DEEP)
    assert len(whole.writes) == 5
    notion = Notion(faults={at: error})
    with pytest.raises(type(error) if at == 0 else PartialWrite) as caught:
        append(notion, DEEP)
    if at == 0:
        assert caught.value is error
        assert notion.tree() == ()
        return
    report = caught.value
    assert (report.recovery, report.__cause__, report.code) == (recovery, error, "partial_write")
    assert report.details["written"] == size(notion.tree())
    assert report.details["written"] + sum(each["blocks"] for each in report.details["not_written"]) == size(
        trees(DEEP)
    )
    assert {each["id"] for each in report.details["created"]} <= set(notion.blocks)
    assert "Do not send it again" in str(report)
    for params in report.remaining:
        drive(AppendBlocks(**params).flow(notion), None, clock=FakeClock())
    assert notion.tree() == trees(DEEP)


def size(forest):
    return sum(1 + size(inside) for _, _, inside in forest)


def test_the_report_names_paths_and_ids():
    notion = Notion(faults={2: InvalidRequest("no", status=400)})
    with pytest.raises(PartialWrite) as caught:
        append(notion, [*numbered(150), nested(4), *numbered(100, 200)])
    details = caught.value.details
    assert details["created"][0] == {"path": "children[0]", "id": notion.blocks[ROOT]["children"][0]}
    assert details["created"][-1]["path"] == "children[199]"
    top = notion.blocks[ROOT]["children"]
    assert [(each["first"], each["last"], each["blocks"], each["block_id"]) for each in details["not_written"]] == [
        ("children[150].children[0]", "children[150].children[0]", 3, top[150]),
        ("children[200]", "children[250]", 51, ROOT),
    ]
    assert details["not_written"][1]["position"] == {"type": "after_block", "after_block": {"id": top[199]}}
    assert re.search(r"blocks.append stopped after 200 of 254 blocks: no", str(caught.value))


def test_columns_that_cannot_be_read_are_told():
    class Blind(Notion):
        def perform(self, operation):
            if operation.spec.name == "blocks.list":
                raise Forbidden("no", status=403)
            return super().perform(operation)

    notion = Blind()
    with pytest.raises(PartialWrite) as caught:
        append(notion, [columns([nested(3)], [paragraph("a")]), paragraph("z")])
    [inside] = caught.value.details["not_written"]
    assert inside["first"] == "children[0].children[0].children[0]"
    assert inside["inside"] == notion.blocks[ROOT]["children"][0]
    assert caught.value.remaining == []


@pytest.mark.parametrize("at", range(1, 5))
@pytest.mark.parametrize("applied", [True, False])
def test_a_lost_answer_is_found_out_and_never_sent_blindly_again(at, applied):
    notion = Notion(paragraph("old"), faults={at: lost(applied)})
    append(notion, DEEP)
    assert notion.tree() == (tree(paragraph("old")), *trees(DEEP))
    assert len(notion.writes) == 5 + (not applied)
    assert notion.reads == (1 if applied else 2)


def test_a_lost_first_answer_is_sent_again_if_nothing_is_there():
    notion = Notion(paragraph("old"), faults={0: lost(False)})
    append(notion, DEEP)
    assert notion.tree() == (tree(paragraph("old")), *trees(DEEP))


@pytest.mark.parametrize("older", [True, False])
def test_blocks_that_may_be_older_are_not_taken_for_those_sent(older):
    blocks = numbered(2)
    notion = Notion(paragraph("old"), *(blocks if older else ()), faults={0: lost(not older)})
    with pytest.raises(OutcomeUnknown) as caught:
        append(notion, blocks)
    assert caught.value.recovery is Recovery.VERIFY_FIRST
    assert caught.value.details["alike"] == notion.blocks[ROOT]["children"][-2:]
    assert len(notion.writes) == 1
    assert size(notion.tree()) == 3


def test_an_unknown_outcome_midway_is_told_as_such():
    notion = Notion(faults={1: lost(True)}, no_time=True)
    with pytest.raises(PartialWrite) as caught:
        append(notion, numbered(250))
    assert caught.value.recovery is Recovery.VERIFY_FIRST
    assert caught.value.details["unknown"] == {
        "first": "children[100]",
        "last": "children[199]",
        "blocks": 100,
        "alike": [],
    }
    assert caught.value.details["written"] == 100


def test_a_write_that_stays_lost_and_without_effect_ends():
    notion = Notion(faults={index: lost(False) for index in range(1, 9)})
    with pytest.raises(PartialWrite) as caught:
        append(notion, numbered(150))
    assert len(notion.writes) == 4
    assert isinstance(caught.value.__cause__, ConnectionFailed)
    assert "unknown" not in caught.value.details


def test_behind_a_block_look_alikes_that_were_there_are_known():
    notion = Notion(paragraph("old"), *numbered(100, 100), faults={1: lost(False)})
    first = notion.blocks[ROOT]["children"][0]
    append(notion, numbered(200), position={"type": "after_block", "after_block": {"id": first}})
    assert notion.tree() == trees([paragraph("old"), *numbered(200), *numbered(100, 100)])


def test_from_the_start_look_alikes_are_not_told_apart():
    notion = Notion(*numbered(50, 100), faults={1: lost(False)})
    with pytest.raises(PartialWrite) as caught:
        append(notion, numbered(150), position={"type": "start"})
    assert caught.value.details["unknown"]["alike"] == notion.blocks[ROOT]["children"][100:]


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_page_whose_content_is_cut_off_is_named(at):
    notion = Notion(faults={at: Forbidden("no", status=403)})
    operation = CreatePage(parent={"page_id": ROOT}, children=[*numbered(150), nested(6), paragraph("z")])
    with pytest.raises(PartialWrite) as caught:
        drive(operation.flow(notion), None, clock=FakeClock())
    page = caught.value.details["page_id"]
    assert f"The page {page} was created." in caught.value.hint
    assert caught.value.details["written"] == size(notion.tree(page))
    for params in caught.value.remaining:
        drive(AppendBlocks(**params).flow(notion), None, clock=FakeClock())
    assert notion.tree(page) == trees(operation.children)

"""Random plans of writes on the sandbox, with faults: nothing is lost, nothing is written twice, and the report is
always what stands in the workspace.
"""

import json
import re
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from writing import block, columns, paragraph, table, trees

from airbyte_agent_notion import Policy, SyncNotionConnector
from airbyte_agent_notion.errors import NotionAgentError, OutcomeUnknown, PartialWrite
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.testing import FakeClock

pytestmark = pytest.mark.thorough

WRITES = "/v1/blocks/*/children"
BIG = st.sampled_from([1, 2, 3, 99, 101, 150, 203])
FAULTS = [
    {},
    {"status": 400},
    {"status": 403},
    {"status": 429, "retry_after": 1},
    {"status": 409},
    {"status": 500},
    {"status": 503, "after": True, "committed": True},
    {"status": 503, "after": True},
    {"status": 504},
    {"drop": True},
    {"drop": True, "after": True},
    {"content": "<html>", "status": 502, "after": True},
]


class Plans(RuleBasedStateMachine):
    """A model of the content: for each page or block that is known, its children as (text, id) in order."""

    homes = Bundle("homes")

    @initialize(target=homes)
    def workspace(self):
        self.sandbox = Sandbox.sample()
        self.notion = SyncNotionConnector.sandbox(self.sandbox, policy=Policy.full())
        object.__setattr__(self.notion.runner, "clock", FakeClock())
        self.texts = count()
        self.top = next(iter(self.notion.pages.list()))["id"]
        page = self.notion.pages.create(parent={"page_id": self.top}, children=[paragraph("first"), paragraph("last")])
        self.expected = {page["id"]: self.content(page["id"])}
        return page["id"]

    def content(self, identifier):
        """What stands in a page or block: type, text, children, and the ids beside."""
        found = []
        for each in self.notion.blocks.list.iterate(block_id=identifier):
            content = each[each["type"]]
            items = [item for cell in content.get("cells", []) for item in cell] or content.get("rich_text", [])
            text = "".join(item["plain_text"] for item in items)
            found.append((each["type"], text, self.content(each["id"]) if each["has_children"] else (), each["id"]))
        return tuple(found)

    def forest(self, shape):
        """Blocks by a drawn shape, each with a text of its own."""
        return [self.grown(each) for each in shape]

    def grown(self, shape):
        kind, inner = shape
        text = f"t{next(self.texts)}"
        if kind == "table":
            return table(*(f"t{next(self.texts)}" for _ in range(inner)))
        if kind == "columns":
            return columns(*(self.forest(each) for each in inner))
        if kind == "many":
            return block("toggle", text, *(paragraph(f"t{next(self.texts)}") for _ in range(inner)))
        return block("toggle" if inner else "paragraph", text, *self.forest(inner))

    @rule(
        target=homes,
        home=homes,
        shape=st.lists(
            st.recursive(
                st.one_of(st.just(("leaf", [])), st.tuples(st.sampled_from(["table", "many"]), BIG)),
                lambda inner: st.one_of(
                    st.tuples(st.just("leaf"), st.lists(inner, max_size=3)),
                    st.tuples(st.just("columns"), st.lists(st.lists(inner, max_size=2), min_size=2, max_size=3)),
                ),
                max_leaves=8,
            ),
            min_size=1,
            max_size=4,
        ),
        plain=st.sampled_from([0, 0, 98, 205]),
        place=st.sampled_from(["start", "end", "after_block", None]),
        fault=st.sampled_from(FAULTS),
        at=st.integers(0, 4),
    )
    def append(self, home, shape, plain, place, fault, at):
        """Append something somewhere, with a fault at one of the requests."""
        blocks = [*self.forest(shape), *(paragraph(f"t{next(self.texts)}") for _ in range(plain))]
        before = self.expected[home]
        if place == "after_block" and not before:
            place = None
        position = {"type": place} if place else None
        index = {"start": 0, "after_block": 1}.get(place, len(before))
        if place == "after_block":
            position["after_block"] = {"id": before[0][3]}
        self.break_at(at, fault)
        sent = len(self.sandbox.requests)
        try:
            created = self.notion.blocks.append(block_id=home, children=blocks, position=position)
        except PartialWrite as error:
            self.sandbox.faults.clear()
            self.check_partial(home, before, index, blocks, error, place)
        except OutcomeUnknown as error:
            self.sandbox.faults.clear()
            self.check_unknown(home, before, index, error, sent)
        except NotionAgentError:
            assert bare(self.content(home)) == bare(before)
        else:
            assert bare(self.content(home)) == bare(before[:index]) + trees(blocks) + bare(before[index:])
            assert [each["id"] for each in created] == [each[3] for each in self.content(home)[index:][: len(blocks)]]
        self.sandbox.faults.clear()
        self.expected[home] = self.content(home)
        inner = [each for each in self.expected[home] if each[0] == "toggle"][:1]
        self.expected.update({each[3]: each[2] for each in inner})
        self.refresh()
        return multiple(*(each[3] for each in inner))

    def break_at(self, at, fault):
        """Let so many appends pass, then fail one; a fault that nothing lets through keeps failing."""
        if at:
            self.sandbox.faults.add(times=at, method="PATCH", path=WRITES)
        if fault:
            self.sandbox.faults.add(method="PATCH", path=WRITES, **fault)

    def check_partial(self, home, before, index, blocks, error, place):
        """The report is the state; with what it says is left, everything is there once."""
        if "unknown" in error.details:
            # Behind what it puts at the start Notion does not say what was there before.
            assert place == "start"
            assert set(error.details["unknown"]["alike"]) <= {each[3] for each in self.content(home)}
            return
        missing = [spans(each) for each in error.details["not_written"]]
        written = pruned(blocks, missing)
        assert error.details["written"] == size(trees(written))
        assert error.details["written"] + sum(each["blocks"] for each in error.details["not_written"]) == size(
            trees(blocks)
        )
        ids = {each[3] for each in flat(self.content(home))}
        assert {each["id"] for each in error.details["created"]} <= ids
        assert bare(self.content(home)) == bare(before[:index]) + trees(written) + bare(before[index:])
        for params in error.remaining:
            self.notion.blocks.append(**params)
        if all("block_id" in each for each in error.details["not_written"]):
            assert bare(self.content(home)) == bare(before[:index]) + trees(blocks) + bare(before[index:])

    def check_unknown(self, home, before, index, error, sent):
        """Only the first request can stay unknown: it is there, and pointed at, or blocks that look the same are."""
        request = next(each for each in self.sandbox.requests[sent:] if each.method == "PATCH")
        there, first = bare(self.content(home)), request.body["children"]
        if there == bare(before):
            # Blocks without any text, of which there were some already.
            assert not any(each[1] for each in flat(trees(first)))
            assert set(error.details["alike"]) <= {each[3] for each in before}
            return
        assert there == bare(before[:index]) + trees(first) + bare(before[index:])
        assert error.details["alike"] == [each[3] for each in self.content(home)[index:][: len(first)]]

    def refresh(self):
        """Other homes may hold this one."""
        self.expected = {identifier: self.content(identifier) for identifier in self.expected}

    @invariant()
    def nothing_is_there_twice(self):
        """Every text is one block's."""
        if hasattr(self, "expected"):
            for content in self.expected.values():
                texts = [each[1] for each in flat(content) if each[1]]
                assert len(texts) == len(set(texts))


def bare(content):
    return tuple((kind, text, bare(inner)) for kind, text, inner, _ in content)


def flat(content):
    for each in content:
        yield each
        yield from flat(each[2])


def size(forest):
    return sum(1 + size(inner) for _, _, inner in forest)


def spans(entry):
    """Path of the list, first and last index that are missing."""
    home, first = re.fullmatch(r"(.*)children\[(\d+)\]", entry["first"]).groups()
    last = re.fullmatch(r".*children\[(\d+)\]", entry["last"])[1]
    return home, int(first), int(last)


def pruned(blocks, missing, home=""):
    kept = []
    for index, each in enumerate(blocks):
        if any(span[0] == home and span[1] <= index <= span[2] for span in missing):
            continue
        copy = json.loads(json.dumps(each))
        inner = each[each["type"]].get("children", [])
        found = pruned(inner, missing, f"{home}children[{index}].")
        copy[each["type"]].pop("children", None)
        if found:
            copy[each["type"]]["children"] = found
        kept.append(copy)
    return kept


Plans.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=6,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.covers("blocks.append", "pages.create")
class TestPlans(Plans.TestCase):
    """Hypothesis runs them."""

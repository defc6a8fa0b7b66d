"""Random writes, good and bad: refused ones change nothing, accepted ones read back, and the workspace stays whole."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from writes import BOT, HOME, PERSON, UNKNOWN, Writes, paragraph, small, text

from airbyte_agent_notion.sandbox.state import Block, Database, DataSource, Page
from airbyte_agent_notion.sandbox.workspace import as_ids

pytestmark = pytest.mark.thorough

index = st.integers(min_value=0, max_value=10_000)
words = st.text(alphabet="abc ö🐟", max_size=6)
JUNK: list[Any] = [None, True, 7, -0.5, "x" * 2001, "", [], {}, [None], {"x": 1}, UNKNOWN, HOME, [{"id": BOT}]]
COLUMNS: dict[str, Any] = {
    "Text": {"rich_text": {}},
    "Number": {"number": {}},
    "Select": {"select": {"options": [{"name": "A"}]}},
    "Multi": {"multi_select": {}},
    "Status": {"status": {}},
    "Date": {"date": {}},
    "People": {"people": {}},
    "Check": {"checkbox": {}},
    "Url": {"url": {}},
    "ID": {"unique_id": {}},
}

LEAVES = st.sampled_from(
    [
        paragraph("p"),
        {"divider": {}},
        {"to_do": {"rich_text": text("t"), "checked": True}},
        {"code": {"rich_text": text("c"), "language": "python"}},
        {"callout": {"rich_text": text("c"), "icon": {"emoji": "💡"}}},
        {"image": {"external": {"url": "https://x.example/i.png"}, "caption": text("i")}},
        {"table": {"table_width": 1, "children": [{"table_row": {"cells": [text("a")]}}]}},
        {"toggle": {"rich_text": [], "children": [paragraph("in")]}},
        {"synced_block": {"synced_from": None, "children": [paragraph("s")]}},
    ]
)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "Name": words.map(lambda word: {"title": text(word)}),
        "Text": words.map(lambda word: {"rich_text": text(word)}),
        "Number": st.one_of(st.none(), st.integers(-5, 5)).map(lambda number: {"number": number}),
        "Select": st.sampled_from([None, {"name": "A"}, {"name": "B", "color": "red"}]).map(lambda o: {"select": o}),
        "Multi": st.lists(st.sampled_from(["a", "b", "c"]), unique=True).map(
            lambda names: {"multi_select": [{"name": each} for each in names]}
        ),
        "Status": st.sampled_from(["Done", "Not started"]).map(lambda name: {"status": {"name": name}}),
        "Date": st.sampled_from([None, {"start": "2026-01-01"}]).map(lambda day: {"date": day}),
        "People": st.sampled_from([[], [{"id": PERSON}]]).map(lambda people: {"people": people}),
        "Check": st.booleans().map(lambda check: {"checkbox": check}),
        "Url": st.sampled_from([None, "https://x.example"]).map(lambda url: {"url": url}),
    },
)


def spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every part of a body."""
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [path, *(spot for key, each in inner for spot in spots(each, (*path, key)))]


def spoiled(body: Any, where: int, how: int) -> Any:
    """A body with one part replaced, dropped or doubled, or with one key too many."""
    body = deepcopy(body)
    found = [spot for spot in spots(body) if spot]
    if not found:
        return {"unknown": 1}
    *way, last = found[where % len(found)]
    holder = body
    for key in way:
        holder = holder[key]
    if how % 5 == 0:
        del holder[last]
    elif how % 5 == 1 and isinstance(holder, dict):
        holder["unknown"] = how
    else:
        holder[last] = JUNK[how % len(JUNK)]
    return body


class Workspaces(RuleBasedStateMachine):
    writes: Writes
    sources: list[str]

    @initialize()
    def begin(self) -> None:
        self.writes = small()
        relation = {"relation": {"data_source_id": "", "dual_property": {"synced_property_name": "Back"}}}
        first = self.writes.source("First", **COLUMNS)
        relation["relation"]["data_source_id"] = first
        self.sources = [first, self.writes.source("Second", Link=relation)]

    # What there is.

    def pick(self, kinds: Any, at: int) -> Any:
        workspace = self.writes.sandbox.workspace
        tables = (workspace.pages, workspace.blocks, workspace.databases, workspace.sources)
        found = [each for table in tables for each in table.values() if isinstance(each, kinds)]
        shared = [each for each in found if workspace.is_shared(each)]
        return shared[at % len(shared)]

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to a write that may be refused; None if it was, and then nothing has changed."""
        before, sent = self.writes.state(), deepcopy(body)
        self.writes.now += timedelta(seconds=20)
        response = self.writes.raw(method, path, body)
        answer = json.loads(response.content)
        assert body == sent
        if response.status != 200:
            assert response.status in (400, 404, 413), answer
            assert answer["code"] in ("validation_error", "object_not_found"), answer
            assert self.writes.state() == before
            return None
        return answer

    def same(self, path: str, answer: Any) -> None:
        """What was answered reads back."""
        got = self.writes.ok("GET", path)
        assert {**got, "request_id": ""} == {**answer, "request_id": ""}

    # What is written.

    @rule(
        at=index,
        blocks=st.lists(LEAVES, min_size=1, max_size=3),
        spoil=index,
        how=index,
        bad=st.booleans(),
        behind=index,
    )
    def append(self, at: int, blocks: list[Any], spoil: int, how: int, bad: bool, behind: int) -> None:
        holder = self.pick((Page, Block), at)
        body: dict[str, Any] = {"children": blocks}
        children = self.writes.sandbox.workspace.children(holder)
        if behind % 3 == 0 and children:
            anchor = children[behind % len(children)].id
            body["position"] = {"type": "after_block", "after_block": {"id": anchor}}
        answer = self.send("PATCH", f"blocks/{holder.id}/children", spoiled(body, spoil, how) if bad else body)
        if answer is None:
            return
        made = answer["results"]
        listed = [each["id"] for each in self.writes.children(holder.id)]
        assert [each["id"] for each in made] == listed[listed.index(made[0]["id"]) :][: len(made)]
        if not bad:
            for sent, got in zip(blocks, made, strict=False):
                kind = got["type"]
                assert kind in sent
                texts = "".join(each["text"]["content"] for each in sent[kind].get("rich_text", []))
                assert "".join(each["plain_text"] for each in got[kind].get("rich_text", [])) == texts
                assert len(self.writes.children(got["id"])) == len(sent[kind].get("children", []))
                self.same(f"blocks/{got['id']}", got)

    @rule(at=index, word=words, spoil=index, how=index, bad=st.booleans())
    def page(self, at: int, word: str, spoil: int, how: int, bad: bool) -> None:
        holder = self.pick(Page, at)
        body = {
            "parent": {"page_id": holder.id},
            "properties": {"title": {"title": text(word)}},
            "children": [paragraph(word)],
            "icon": {"emoji": "🚀"},
        }
        answer = self.send("POST", "pages", spoiled(body, spoil, how) if bad else body)
        if answer is not None:
            self.same(f"pages/{answer['id']}", answer)
        if answer is not None and not bad:
            assert answer["properties"]["title"]["title"][0]["plain_text"] == word
            assert self.writes.texts(answer["id"]) == [word]

    @rule(values=VALUES, at=index, spoil=index, how=index, bad=st.booleans(), new=st.booleans())
    def row(self, values: Any, at: int, spoil: int, how: int, bad: bool, new: bool) -> None:
        rows = [each for each in self.writes.sandbox.workspace.pages.values() if each.parent.id == self.sources[0]]
        body: dict[str, Any] = {"properties": values}
        if new or not rows:
            body["parent"] = {"data_source_id": self.sources[0]}
            answer = self.send("POST", "pages", spoiled(body, spoil, how) if bad else body)
        else:
            answer = self.send("PATCH", f"pages/{rows[at % len(rows)].id}", spoiled(body, spoil, how) if bad else body)
        if answer is None:
            return
        self.same(f"pages/{answer['id']}", answer)
        for name, sent in {} if bad else values.items():
            self.agree(sent, answer["properties"][name])

    def agree(self, sent: dict[str, Any], got: dict[str, Any]) -> None:
        """A value that was sent and the one that came back say the same."""
        [(kind, value)] = sent.items()
        held = got[kind]
        if kind in ("title", "rich_text"):
            assert [each["plain_text"] for each in held] == [each["text"]["content"] for each in value]
        elif kind in ("select", "status"):
            assert (held or {}).get("name") == (value or {}).get("name")
        elif kind == "multi_select":
            assert [each["name"] for each in held] == [each["name"] for each in value]
        elif kind == "people":
            assert [each["id"] for each in held] == [each["id"] for each in value]
        elif kind == "date":
            assert (held or {}).get("start") == (value or {}).get("start")
        else:
            assert held == value

    @rule(chosen_ones=st.lists(index, max_size=4), at=index, back=st.booleans())
    def relate(self, chosen_ones: list[int], at: int, back: bool) -> None:
        near, far = reversed(self.sources) if back else self.sources
        pages = self.writes.sandbox.workspace.pages.values()
        rows = {key: [each.id for each in pages if each.parent.id == key] for key in (near, far)}
        if not rows[far]:
            return
        chosen = list(dict.fromkeys(rows[far][each % len(rows[far])] for each in chosen_ones))
        values = {("Back" if not back else "Link"): {"relation": [{"id": each} for each in chosen]}}
        if rows[near] and at % 3:
            answer = self.send("PATCH", f"pages/{rows[near][at % len(rows[near])]}", {"properties": values})
        else:
            answer = self.send("POST", "pages", {"parent": {"data_source_id": near}, "properties": values})
        if answer is not None:
            held = [each["id"] for each in next(iter(answer["properties"][key] for key in values))["relation"]]
            alive = self.writes.sandbox.workspace.pages
            assert held == [each for each in chosen if not alive[each].trashed]

    @rule(at=index, word=words, spoil=index, how=index, bad=st.booleans())
    def block(self, at: int, word: str, spoil: int, how: int, bad: bool) -> None:
        blocks = [each for each in self.writes.sandbox.workspace.blocks.values() if each.type == "paragraph"]
        if not blocks:
            return
        block = blocks[at % len(blocks)]
        body = {"paragraph": {"rich_text": text(word), "color": "red"}}
        answer = self.send("PATCH", f"blocks/{block.id}", spoiled(body, spoil, how) if bad else body)
        if answer is not None:
            self.same(f"blocks/{block.id}", answer)
        if answer is not None and not bad:
            assert answer["paragraph"]["rich_text"][0]["plain_text"] == word

    @rule(at=index, trash=st.booleans())
    def trash(self, at: int, trash: bool) -> None:
        record = self.pick((Page, Block, Database), at)
        if record.id == HOME:
            return
        kind = {Page: "pages", Block: "blocks", Database: "databases"}[type(record)]
        if trash and at % 2:
            answer = self.send("DELETE", f"blocks/{record.id}")
        else:
            answer = self.send("PATCH", f"{kind}/{record.id}", {"in_trash": trash})
        if answer is not None:
            assert answer["in_trash"] is trash

    @rule(at=index, to=index)
    def move(self, at: int, to: int) -> None:
        page, target = self.pick(Page, at), self.pick((Page, DataSource), to)
        if page.id == HOME:
            return
        parent = {"page_id" if isinstance(target, Page) else "data_source_id": target.id}
        answer = self.send("POST", f"pages/{page.id}/move", {"parent": parent})
        if answer is not None:
            assert answer["parent"].items() >= parent.items()
            self.same(f"pages/{page.id}", answer)

    @rule(
        at=index,
        entry=st.sampled_from(
            [
                ("New", {"checkbox": {}}),
                ("New", {"number": {}}),
                ("New", None),
                ("Select", {"select": {"options": [{"name": "Z"}]}}),
                ("Multi", {"name": "Many"}),
                ("Many", {"name": "Multi"}),
                ("Text", {"url": {}}),
                ("Text", {"rich_text": {}}),
                ("Status", {"status": {"options": [{"name": "Not started"}, {"name": "Done", "group": "Complete"}]}}),
            ]
        ),
        spoil=index,
        how=index,
        bad=st.booleans(),
    )
    def columns(self, at: int, entry: tuple[str, Any], spoil: int, how: int, bad: bool) -> None:
        source = self.sources[at % 2]
        body = {"properties": {entry[0]: entry[1]}}
        answer = self.send("PATCH", f"data_sources/{source}", spoiled(body, spoil, how) if bad else body)
        if answer is not None:
            self.same(f"data_sources/{source}", answer)

    @rule(at=index, word=words.filter(bool), spoil=index, how=index, bad=st.booleans())
    def comment(self, at: int, word: str, spoil: int, how: int, bad: bool) -> None:
        record = self.pick((Page, Block), at)
        parent = {"page_id" if isinstance(record, Page) else "block_id": record.id}
        body = {"parent": parent, "rich_text": text(word)}
        answer = self.send("POST", "comments", spoiled(body, spoil, how) if bad else body)
        if answer is not None:
            self.same(f"comments/{answer['id']}", answer)
        threads = list(self.writes.sandbox.workspace.discussions.values())
        if how % 4 == 0 and threads:
            gone = threads[at % len(threads)].comments[0].id
            self.send("DELETE", f"comments/{gone}")
            assert self.writes.sandbox.workspace.comment(gone) is None

    @rule(at=index)
    def erase(self, at: int) -> None:
        page = self.pick(Page, at)
        if at % 4 == 0 and page.id != HOME and self.send("PATCH", f"pages/{page.id}", {"erase_content": True}):
            assert self.writes.children(page.id) == []

    @rule(at=index)
    def saved_and_put_back(self, at: int) -> None:
        kept, before = self.writes.sandbox.snapshot(), self.writes.state()
        self.send("PATCH", f"blocks/{self.pick(Page, at).id}/children", {"children": [paragraph("lost")]})
        self.writes.sandbox.restore(kept)
        assert self.writes.state() == before

    # What always holds.

    @invariant()
    def parents_and_children_agree(self) -> None:
        if not hasattr(self, "writes"):
            return
        workspace = self.writes.sandbox.workspace
        records = [*workspace.pages.values(), *workspace.blocks.values(), *workspace.databases.values()]
        ids = [each.id for each in (*records, *workspace.sources.values())]
        assert len(ids) == len(set(ids))
        listed: list[str] = []
        for holder in (*workspace.pages.values(), *workspace.blocks.values()):
            for child in holder.children:
                found = workspace.find(child)
                assert found is not None
                assert found.parent.id == holder.id
            listed += holder.children
        assert len(listed) == len(set(listed))
        for record in records:
            holder = workspace.find(record.parent.id) if record.parent.id else None
            assert (record.id in listed) is isinstance(holder, Page | Block)
        for source in workspace.sources.values():
            holder = workspace.databases[source.parent.id]
            assert source.id in holder.sources

    @invariant()
    def values_fit_their_columns(self) -> None:
        if not hasattr(self, "writes"):
            return
        workspace = self.writes.sandbox.workspace
        for page in workspace.pages.values():
            schema = {each.id: each for each in workspace.schema(page)}
            assert set(page.values) <= set(schema), (page.id, set(page.values) - set(schema))
            for prop in schema.values():
                if prop.type in ("select", "multi_select", "status"):
                    known = {each.id for each in prop.options}
                    assert set(as_ids(page.values.get(prop.id))) <= known
                mirror = prop.relation.synced_property_id if prop.relation else None
                for other in as_ids(page.values.get(prop.id)) if mirror else ():
                    assert page.id in as_ids(workspace.pages[other].values.get(mirror))

    @invariant()
    def every_number_is_given_once(self) -> None:
        if not hasattr(self, "writes"):
            return
        column = self.writes.sandbox.workspace.sources[self.sources[0]].find("ID")
        assert column is not None
        pages = self.writes.sandbox.workspace.pages.values()
        numbers = [each.values[column.id] for each in pages if each.parent.id == self.sources[0]]
        assert len(numbers) == len(set(numbers))


Workspaces.TestCase.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestRandomWrites = Workspaces.TestCase

"""Calls that try to get outside the allowed roots by every way to name something, and what notices if one does."""

import json
import re
from base64 import urlsafe_b64encode
from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random

from airbyte_agent_notion import SyncNotionConnector, Toolset
from airbyte_agent_notion.errors import NotionAgentError, PolicyDenied
from airbyte_agent_notion.operation import Operation
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.state import Span
from airbyte_agent_notion.schema import tool_name

CANARY = "OUTSIDE-4c1f"
IN_TAGS = (
    "<page user://{}>x</page>",
    "<page mailto:{}>x</page>",
    "<page https://example.com/a?b=https://app.notion.com/p/{}>x</page>",
    '<mention-page url="mailto:x@y/{}"/>',
    "<mention-page https://app.notion.com.evil.example/p/{}/>",
    '<page title=">" user://{}>x</page>',
    "<PAGE\n\tuser://{}>x</PAGE>",
    "<page user://x%3Ehttps://evil.example/{}>x</page>",
    "<page user://x&gt;https://evil.example/{}>x</page>",
    "<page user://x\\>https://evil.example/{}>x</page>",
    '<page title="&quot;>" user://{}>x</page>',
    "<database tel:{} inline/>",
    "<synced_block_reference https://evil.example/#{}>x</synced_block_reference>",
    "<unknown user://{} button/>",
    "<mention-data-source user://{}/>",
    "<page user://{}",
)
"""Addresses that look like another site's or a user's, in tags that name a page, table or block."""
AS_TAGS = 5
"""Forms that our own parser takes for tags too: the others are plain text wherever that writes blocks."""
_PLACING = re.compile(r"/v1/(pages|blocks|databases|data_sources|views|comments)/[0-9a-f-]{36}")
_HEX = re.compile(r"[0-9a-f]{32}")


@dataclass
class Target:
    """A workspace with two roots, in which everything else bears a mark."""

    sandbox: Sandbox = field(default_factory=Sandbox.sample)

    def __post_init__(self):
        space = self.sandbox.workspace
        titles = {space.title(page): page.id for page in space.pages.values()}
        self.roots = [
            titles["Company handbook"],
            next(s.id for s in space.sources.values() if space.title(s) == "Tasks"),
        ]
        self._prepare(titles["Atlas launch plan"])
        tables = {"page": space.pages, "block": space.blocks, "database": space.databases, "data_source": space.sources}
        found = {kind: list(table.values()) for kind, table in tables.items()}
        inside = {kind: [each.id for each in all_ if self._is_inside(each)] for kind, all_ in found.items()}
        self.ours = inside | {"data_source": [self.roots[1]], "database": []}
        self.theirs = {kind: [e.id for e in all_ if e.id not in set(self.ours[kind])] for kind, all_ in found.items()}
        self.theirs["template"] = [
            each.id for each in space.template_pages.values() if each.parent.id not in self.roots
        ]
        threads = space.discussions.values()
        self.theirs["discussion"] = [each.id for each in threads if not self._is_inside(space.find(each.parent.id))]
        self.ours["discussion"] = [each.id for each in threads if each.id not in self.theirs["discussion"]]
        for kind in ("theirs", "ours"):
            ids = getattr(self, kind)
            ids["comment"] = [c.id for t in threads if t.id in ids["discussion"] for c in t.comments]
        own = {self.roots[1]}
        views = space.views.by_id.values()
        self.theirs["view"] = [each.id for each in views if each.source_id not in own]
        self.ours["view"] = [each.id for each in views if each.source_id in own]
        self.theirs["query"] = list(space.views.queries)
        self.outside = {each.replace("-", "") for ids in self.theirs.values() for each in ids}
        self.titles = [space.title(space.pages[each]) for each in self.theirs["page"]]
        self._mark()
        self.start = self.sandbox.snapshot()

    def _prepare(self, page):
        """Comments, views and a view's query, inside and outside, made through the front door."""
        everything = SyncNotionConnector.sandbox(self.sandbox, policy=_full())
        text = [{"text": {"content": "A word"}}]
        for each in (self.roots[0], page):
            everything.comments.create(parent={"page_id": each}, rich_text=text)
        for source in list(self.sandbox.workspace.sources):
            for view in everything.views.list(data_source_id=source):
                everything.views.query(view_id=view["id"])

    def _is_inside(self, record):
        return bool(set(self.roots) & {above.id for above in self.sandbox.workspace.lineage(record)})

    def _mark(self):
        space, mark = self.sandbox.workspace, (Span(text=CANARY),)
        for each in self.theirs["page"]:
            space.pages[each].values["title"] = (*space.pages[each].values.get("title", ()), *mark)
        for each in self.theirs["block"]:
            texts = space.blocks[each].content.texts
            texts.update(dict.fromkeys(texts, mark))
        for each in (*self.theirs["database"],):
            space.databases[each].title = mark
        for each in (*self.theirs["data_source"],):
            space.sources[each].title = mark
        for each in self.theirs["discussion"]:
            for comment in space.discussions[each].comments:
                comment.text = mark
        for each in self.theirs["view"]:
            space.views.by_id[each].name = CANARY

    def state(self):
        """All that lies outside, as text."""
        space = self.sandbox.workspace
        tables = (space.pages, space.blocks, space.databases, space.sources, space.discussions, space.views.by_id)
        gone = set(self.ours["view"]) | set(self.ours["discussion"])
        return {
            identifier: repr(record)
            for table in tables
            for identifier, record in table.items()
            if identifier.replace("-", "") in self.outside and identifier not in gone
        }


def _full():
    from airbyte_agent_notion import Policy

    return Policy.full()


class Attacker:
    """Makes calls, seeded. Each names something outside, by one of the ways."""

    def __init__(self, target, seed):
        self.random, self.target = Random(seed), target
        self.every = SyncNotionConnector.sandbox(target.sandbox).runner.engine.catalog.operations()

    def call(self):
        """An operation class and its parameters."""
        operation = self.random.choice(self.every)
        return operation, self.params(operation)

    def params(self, operation):
        """Parameters of which at least one leads outside, where there is one that can."""
        made = _SPECIAL.get(operation.spec.name)
        if made is not None:
            return made(self)
        required = [name for name, item in operation.model_fields.items() if item.is_required()]
        params = {name: self._value(name) for name in required}
        optional = [name for name in operation.model_fields if name in _KIND and name not in params]
        if optional and self.random.random() < 0.4:
            name = self.random.choice(optional)
            params[name] = self._value(name)
        if "in_trash" in operation.model_fields and self.random.random() < 0.3:
            params["in_trash"] = self.random.choice([True, False, "true"])
        return params

    def _value(self, name):
        if name in _KIND:
            return self.bad(_KIND[name])
        return {"parent": self.parent(), "properties": self.properties(), "children": self.blocks()}.get(name, "x")

    def bad(self, kind):
        """An id outside, in one of its spellings."""
        ids = self.target.theirs.get(kind) or self.target.theirs["page"]
        return self.spelled(self.random.choice(ids))

    def good(self, kind):
        """An id inside."""
        return self.random.choice(self.target.ours.get(kind) or self.target.ours["page"])

    def spelled(self, identifier):
        """The id as it stands, without dashes, in capitals, with space around, or in a URL."""
        digits = identifier.replace("-", "")
        return self.random.choice(
            [
                identifier,
                digits,
                identifier.upper(),
                f"  {digits} ",
                f"https://www.notion.so/Some-Title-{digits}",
                f"https://app.notion.com/p/{digits.upper()}?pvs=4",
                f"https://team.notion.site/{self.target.roots[0].replace('-', '')}?p={digits}",
                f"https://www.notion.so/{self.target.roots[0].replace('-', '')}#{digits}",
                f"https://www.notion.so/{digits}?v={digits}",
            ]
        )

    def plain(self, kind):
        """An id outside as Notion itself takes it in an object."""
        identifier = self.random.choice(self.target.theirs.get(kind) or self.target.theirs["page"])
        return self.random.choice([identifier, identifier.replace("-", ""), identifier.upper()])

    def parent(self):
        """A parent outside."""
        kind = self.random.choice(["page", "data_source", "database"])
        return self.random.choice(
            [
                {f"{kind}_id": self.bad(kind)},
                {"type": f"{kind}_id", f"{kind}_id": self.plain(kind)},
                {"page_id": self.plain("page")},
                {"type": "workspace", "workspace": True},
            ]
        )

    def text(self):
        """Rich text with a mention of something outside, or a link to it."""
        page, database = self.plain("page"), self.plain("database")
        url = f"https://www.notion.so/x-{self.plain('page').replace('-', '')}"
        return self.random.choice(
            [
                [{"type": "mention", "mention": {"type": "page", "page": {"id": page}}}],
                [{"mention": {"database": {"id": database}}}],
                [{"text": {"content": "x"}}, {"text": {"content": "see", "link": {"url": url}}}],
                [{"text": {"content": "see", "link": {"url": f"/{page.replace('-', '')}"}}}],
            ]
        )

    def markdown(self):
        """Markdown with a reference outside."""
        digits = self.plain("page").replace("-", "")
        encoded = "".join(f"%{ord(each):02x}" for each in digits)
        return self.random.choice(
            [
                f'<page url="https://www.notion.so/{digits}">x</page>',
                f"<mention-page url='https://app.notion.com/p/x-{digits}'/>",
                f'<synced_block_reference url="https://www.notion.so/{encoded}">x</synced_block_reference>',
                f"[x](/{digits})",
                f'<data-source url="collection://{self.plain("data_source")}"/>',
                *(form.format(digits) for form in IN_TAGS[:AS_TAGS]),
                f"# Title\n\nhttps://www.notion.so/{digits[:8]}\\{digits[8:]}",
            ]
        )

    def blocks(self):
        """A list of blocks, one of which holds a reference outside at some depth."""
        block = self.random.choice(
            [
                {"synced_block": {"synced_from": {"type": "block_id", "block_id": self.plain("block")}}},
                {"type": "link_to_page", "link_to_page": {"type": "page_id", "page_id": self.plain("page")}},
                {"link_to_page": {"database_id": self.plain("database")}},
                {"link_to_page": {"type": "comment_id", "comment_id": self.plain("comment")}},
                {"paragraph": {"rich_text": self.text()}},
                {"callout": {"rich_text": self.text()}},
                {"bookmark": {"url": self.spelled(self.plain("page")).strip(), "caption": self.text()}},
                {"image": {"type": "external", "external": {"url": f"https://notion.so/{self.plain('page')}"}}},
            ]
        )
        if self.random.random() < 0.5:
            kind = self.random.choice(["toggle", "bulleted_list_item"])
            block = {kind: {"rich_text": [{"text": {"content": "x"}}], "children": [block]}}
        return [{"divider": {}}, block][self.random.randrange(2) :]

    def properties(self):
        """Values, one of which leads outside."""
        relation = {"relation": [{"id": self.plain("page")}]}
        return self.random.choice(
            [
                {"Project": relation},
                {"Project": {"type": "relation", **relation}},
                {"Project": self.bad("page")},
                {"Project": [self.bad("page")]},
                {"Task": {"title": self.text()}},
                {"Notes": {"rich_text": self.text()}},
                {"Ticket": {"url": f"https://www.notion.so/{self.plain('page')}"}},
            ]
        )

    def columns(self):
        """Columns, one of which leads outside."""
        source = self.plain("data_source")
        peek = {"relation_property_name": "Project", "rollup_property_name": "Project", "function": "show_original"}
        return self.random.choice(
            [
                {"Rel": {"relation": {"data_source_id": source, "single_property": {}}}},
                {"Rel": {"relation": {"data_source_id": source, "type": "dual_property", "dual_property": {}}}},
                {
                    "Rel": {
                        "type": "relation",
                        "relation": {"database_id": self.plain("database"), "single_property": {}},
                    }
                },
                {"Peek": {"rollup": peek}},
                {"Peek": {"type": "formula", "formula": {"expression": 'prop("Project").first()'}}},
            ]
        )

    def handle(self, root):
        """A continuation of blocks.list_tree that says to go on outside."""
        victim = self.random.choice(self.target.theirs["block"] + self.target.theirs["page"])
        state = {"path": [[root, None], [victim, None]], "holes": [[1, None, None]]}
        return urlsafe_b64encode(json.dumps(state).encode()).decode()


_KIND = {
    "page_id": "page",
    "block_id": "block",
    "database_id": "database",
    "data_source_id": "data_source",
    "view_id": "view",
    "comment_id": "comment",
    "discussion_id": "discussion",
    "query_id": "query",
}


def _either(attacker, one, other):
    return one() if attacker.random.random() < 0.5 else other()


def _page_or_carrier(params):
    """The page outside, or one inside whose parameters lead outside."""

    def make(a):
        return _either(
            a, lambda: {"page_id": a.bad("page"), "is_locked": True}, lambda: {"page_id": a.good("page"), **params(a)}
        )

    return make


def _markdown_edit(a):
    edits = [
        {"type": "replace_content", "replace_content": {"new_str": a.markdown(), "allow_deleting_content": True}},
        {"type": "insert_content", "insert_content": {"content": a.markdown()}},
        {"type": "update_content", "update_content": {"content_updates": [{"old_str": "x", "new_str": a.markdown()}]}},
    ]
    edit = a.random.choice(edits)
    harmless = {"type": "insert_content", "insert_content": {"content": "x"}}
    return _either(a, lambda: {"page_id": a.bad("page"), **harmless}, lambda: {"page_id": a.good("page"), **edit})


def _new_page(a):
    inside = {"parent": {"page_id": a.target.roots[0]}}
    title = {"properties": {"title": {"title": a.text()}}}
    template = {"type": "template_id", "template_id": a.plain("template")}
    plain_title = {"properties": {"title": {"title": [{"text": {"content": "x"}}]}}}
    return a.random.choice(
        [
            {"parent": a.parent(), **plain_title},
            plain_title,
            {**inside, **title},
            {**inside, **plain_title, "children": a.blocks()},
            {**inside, **plain_title, "markdown": a.markdown()},
            {"parent": {"data_source_id": a.target.roots[1]}, "properties": a.properties()},
            {"parent": {"data_source_id": a.target.roots[1]}, "template": template},
            {**inside, **plain_title, "position": {"type": "after_block", "after_block": {"id": a.plain("block")}}},
        ]
    )


def _new_view(a):
    base = {"data_source_id": a.target.roots[1], "name": "x", "type": "table"}
    return a.random.choice(
        [
            {**base, "data_source_id": a.plain("data_source"), "database_id": a.plain("database")},
            {**base, "database_id": a.plain("database")},
            {**base, "view_id": a.plain("view")},
            {**base, "create_database": {"parent": {"type": "page_id", "page_id": a.plain("page")}}},
            {
                **base,
                "data_source_id": a.plain("data_source"),
                "create_database": {"parent": {"type": "page_id", "page_id": a.target.roots[0]}},
            },
        ]
    )


_SPECIAL = {
    "pages.create": _new_page,
    "pages.update": _page_or_carrier(lambda a: {"properties": a.properties()}),
    "pages.move": lambda a: _either(
        a,
        lambda: {"page_id": a.good("page"), "parent": {"page_id": a.bad("page")}},
        lambda: {"page_id": a.bad("page"), "parent": {"page_id": a.target.roots[0]}},
    ),
    "pages.update_markdown": _markdown_edit,
    "pages.edit": lambda a: _either(
        a,
        lambda: {"page_id": a.bad("page"), "append": "More."},
        lambda: {"page_id": a.target.roots[0], "append": f"<page https://app.notion.com/p/{a.plain('page')}>x</page>"},
    ),
    "files.get": lambda a: {"file": f"notion-file:{a.plain('page').replace('-', '')}/{'0' * 32}"},
    "pages.get_property": lambda a: {"page_id": a.bad("page"), "property_id": "title"},
    "blocks.append": lambda a: a.random.choice(
        [
            {"block_id": a.bad("block"), "children": [{"divider": {}}]},
            {"block_id": a.target.roots[0], "children": a.blocks()},
            {
                "block_id": a.target.roots[0],
                "children": [{"divider": {}}],
                "position": {"type": "after_block", "after_block": {"id": a.bad("block")}},
            },
        ]
    ),
    "blocks.update": lambda a: _either(
        a,
        lambda: {"block_id": a.bad("block"), "paragraph": {"rich_text": []}},
        lambda: {"block_id": a.good("block"), "block": {"paragraph": {"rich_text": a.text()}}},
    ),
    "blocks.list_tree": lambda a: _either(
        a,
        lambda: {"block_id": a.bad("block")},
        lambda: {"block_id": a.target.roots[0], "start_cursor": a.handle(a.target.roots[0])},
    ),
    "databases.create": lambda a: a.random.choice(
        [
            {"parent": {"page_id": a.bad("page")}},
            {"parent": {"type": "workspace", "workspace": True}},
            {
                "parent": {"page_id": a.target.roots[0]},
                "initial_data_source": {"properties": {"Name": {"title": {}}, **a.columns()}},
            },
        ]
    ),
    "data_sources.create": lambda a: {
        "parent": {"database_id": a.bad("database")},
        "properties": {"Name": {"title": {}}, **a.columns()},
    },
    "data_sources.update": lambda a: a.random.choice(
        [
            {"data_source_id": a.bad("data_source"), "title": []},
            {"data_source_id": a.target.roots[1], "properties": a.columns()},
            {"data_source_id": a.target.roots[1], "parent": {"database_id": a.bad("database")}},
        ]
    ),
    "data_sources.query": lambda a: _either(
        a,
        lambda: {"data_source_id": a.bad(a.random.choice(["data_source", "database"]))},
        lambda: {
            "data_source_id": a.target.roots[1],
            "filter": {"property": "Project", "relation": {"contains": a.plain("page")}},
        },
    ),
    "comments.create": lambda a: a.random.choice(
        [
            {"discussion_id": a.plain("discussion"), "rich_text": [{"text": {"content": "x"}}]},
            {"parent": {"page_id": a.bad("page")}, "rich_text": [{"text": {"content": "x"}}]},
            {"parent": {"block_id": a.bad("block")}, "markdown": "x"},
            {"parent": {"page_id": a.target.roots[0]}, "rich_text": a.text()},
            {"parent": {"page_id": a.target.roots[0]}, "markdown": a.markdown()},
        ]
    ),
    "comments.update": lambda a: _either(
        a,
        lambda: {"comment_id": a.plain("comment"), "rich_text": [{"text": {"content": "x"}}]},
        lambda: {"comment_id": a.good("comment"), "rich_text": a.text()},
    ),
    "comments.get": lambda a: {"comment_id": a.plain("comment")},
    "comments.delete": lambda a: {"comment_id": a.plain("comment")},
    "views.list": lambda a: {_n: a.bad(_KIND[_n]) for _n in [a.random.choice(["database_id", "data_source_id"])]},
    "views.get": lambda a: {"view_id": a.plain("view")},
    "views.query": lambda a: {"view_id": a.plain("view")},
    "views.delete": lambda a: {"view_id": a.plain("view")},
    "views.update": lambda a: {"view_id": a.plain("view"), "name": "x"},
    "views.create": _new_view,
    "views.get_query_results": lambda a: {
        "view_id": a.random.choice([*a.target.ours["view"], *a.target.theirs["view"]]),
        "query_id": a.plain("query"),
    },
    "views.delete_query": lambda a: {"view_id": a.plain("view"), "query_id": a.plain("query")},
    "meeting_notes.create": lambda a: {"source": {"type": "block", "block_id": a.plain("block")}},
    "meeting_notes.query": lambda a: {},
    "search.resolve": lambda a: {
        "reference": _either(a, lambda: a.bad("page"), lambda: a.random.choice(a.target.titles) + CANARY)
    },
    "search.search": lambda a: {"query": _either(a, lambda: CANARY, lambda: a.random.choice(a.target.titles))},
    "pages.list": lambda a: {"query": CANARY},
    "data_sources.list": lambda a: {},
    "async_tasks.get": lambda a: {"task_id": a.plain("page")},
    "file_uploads.create": lambda a: {
        "mode": "external_url",
        "external_url": f"https://www.notion.so/{a.plain('page')}",
    },
    "file_uploads.get": lambda a: {"file_upload_id": a.plain("page")},
    "file_uploads.complete": lambda a: {"file_upload_id": a.plain("page")},
    "users.get": lambda a: {"user_id": a.plain("page")},
}


class Attack:
    """Runs calls by every way in, and counts those that got through, by operation."""

    def __init__(self, target, policy, seed):
        self.target = target
        self.attacker = Attacker(target, seed)
        self.notion = SyncNotionConnector.sandbox(target.sandbox, policy=policy)
        self.single = Toolset(self.notion)
        self.many = Toolset(self.notion, per_operation=True)
        self.names = {tool.name for tool in self.many.tools}
        self.tried, self.breached, self.refused = Counter(), Counter(), Counter()

    def run(self, calls):
        """Make that many calls."""
        for number in range(calls):
            if number % 50 == 0:
                self.target.sandbox.restore(self.target.start)
            operation, params = self.attacker.call()
            self._try(operation, params)

    def _try(self, operation, params):
        name, log = operation.spec.name, self.target.sandbox.requests
        before = len(log)
        told = self._called(operation, params)
        self.tried[name] += 1
        self.refused[name] += isinstance(told, PolicyDenied)
        if self._leaks(told) or any(self._reaches_out(each) for each in log[before:]):
            self.breached[name] += 1

    def _called(self, operation, params):
        """What the caller gets to see: a result, or an error."""
        spec, way = operation.spec, self.attacker.random.randrange(8)
        given = json.loads(json.dumps(params))
        try:
            if way < 2:
                return self.notion.execute(spec.entity, spec.action, given if way else json.dumps(given))
            if way == 2:
                return self.notion.runner.run(self.notion.runner.parse(operation, given))
            if way == 3:
                return self.notion.execute(spec.entity, spec.action, given, dry_run=True)
            if way == 4 and tool_name(operation) in self.names:
                outcome = self.many.call(tool_name(operation), given)
            elif way in {4, 5}:
                outcome = self.single.call("notion_execute", {"entity": spec.entity, "action": spec.action, **given})
            else:
                call = {
                    "entity": spec.entity,
                    "action": spec.action,
                    "params": json.dumps(given) if way == 6 else given,
                }
                outcome = self.single.call("notion_execute", call)
        except NotionAgentError as error:
            return error
        return outcome.error or outcome.data

    def _leaks(self, told):
        if isinstance(told, NotionAgentError):
            return CANARY in str({**told.to_dict(), "message": told.message.split(CANARY)[0]})
        data = told.to_dict() if hasattr(told, "to_dict") else told
        shown = [value for each in _objects(data) if each.get("type") != "mention" for value in each.values()]
        texts = (each for each in _flat(shown) if isinstance(each, str))
        return any(CANARY in each for each in texts) or any(self._is_outside(each) for each in _objects(data))

    def _is_outside(self, found):
        identifier = str(found.get("id")).replace("-", "")
        return "object" in found and found["object"] != "user" and identifier in self.target.outside

    def _reaches_out(self, received):
        """Whether a request names something outside, and not only to see where it lies."""
        if received.method == "GET" and not received.query and _PLACING.fullmatch(received.path):
            return False
        if received.path.startswith(("/v1/users/", "/v1/file_uploads/")):
            return False  # They name no page or table: an id of one is not found.
        said = json.dumps([received.path, received.query, received.body]).lower().replace("-", "").replace("\\", "")
        return bool(set(_HEX.findall(said)) & self.target.outside)


def _flat(values):
    """What stands in lists, and in lists of lists; objects are looked at on their own."""
    for each in values:
        if isinstance(each, list):
            yield from _flat(each)
        else:
            yield each


def _objects(data):
    if isinstance(data, dict):
        yield data
        for each in data.values():
            yield from _objects(each)
    elif isinstance(data, list):
        for each in data:
            yield from _objects(each)


def with_roots(policy, target):
    """The policy within the target's roots."""
    return replace(policy, roots=tuple(target.roots))


__all__ = ["CANARY", "IN_TAGS", "Attack", "Operation", "Target", "with_roots"]

"""The workspace that misuses are made on, and the right calls that can be made there."""

import json
import re
from dataclasses import dataclass

from airbyte_agent_notion import Policy, SyncNotionConnector
from airbyte_agent_notion.sandbox import Sandbox

READS = frozenset({"list", "get", "get_property", "get_markdown", "query", "list_templates", "list_tree", "read"})
READS |= {"get_query_results", "get_me", "search", "resolve"}
FINDERS = {
    "page": ("pages.list", "search", "data_sources.query", "databases.query"),
    "data_source": ("data_sources.list", "search"),
    "database": ("data_sources.list", "search", "databases.get"),
    "block": ("blocks.list", "blocks.list_tree", "pages.list", "search"),
    "comment": ("comments.list",),
    "view": ("views.list",),
    "user": ("users.list",),
    "file_upload": ("file_uploads.list",),
}
"""Where an id of each kind can be had from: the plain next step after one that is none."""
BUOY, STATUSES = "Order two more buoys", ("Not started", "Blocked", "In progress", "In review", "Done")
COLUMNS = ("Task", "Status", "Priority", "Owner", "Due", "Estimate", "Tags", "Project", "Needs approval", "Notes")


@dataclass(frozen=True)
class Intent:
    """A right call."""

    entity: str
    action: str
    params: dict

    @property
    def write(self):
        return self.action not in READS

    @property
    def key(self):
        return json.dumps([self.entity, self.action, self.params], sort_keys=True)


class Ground:
    """The sample workspace, with comments, views, a trash and namesakes beside, and what can be named in it."""

    def __init__(self):
        self.sandbox = Sandbox.sample()
        self.notion = SyncNotionConnector.sandbox(self.sandbox, policy=Policy.full())
        space = self.sandbox.workspace
        self.source = {space.title(each): each.id for each in space.sources.values()}
        self.database = {space.title(each): each.id for each in space.databases.values()}
        shared = [each for each in space.pages.values() if space.is_shared(each) and not space.in_trash(each)]
        self.docs = [each.id for each in shared if each.parent.kind == "page_id" and each.children]
        self.tasks = [each.id for each in shared if each.parent.id == self.source["Tasks"]]
        self.rows = [each.id for each in shared if each.parent.kind == "data_source_id"]
        self.blocks = [
            each.id
            for each in space.blocks.values()
            if each.type == "paragraph" and not each.children and each.parent.id in set(self.docs)
        ]
        self.users = [each.id for each in space.users.values() if not each.guest]
        self.handles = {}
        self._prepare()
        self._name()
        self.start = self.sandbox.snapshot()

    def _prepare(self):
        notion, page = self.notion, self.docs[0]
        self.comments = [
            notion.comments.create(parent={"page_id": each}, markdown="To be checked.")["id"] for each in self.docs[:3]
        ]
        self.threads = list(self.sandbox.workspace.discussions)[:2]
        self.views = [
            notion.views.create(
                data_source_id=self.source[title], database_id=self.database[where], name=name, type="table"
            )["id"]
            for title, where, name in [
                ("Tasks", "Work", "Every task"),
                ("People", "People", "Everybody"),
                ("Meeting notes", "Meetings", "All meetings"),
            ]
        ]
        self.uploads = [notion.file_uploads.create(mode="single_part", filename="plan.txt")["id"]]
        for title in ("Parts store", "Discarded list"):
            made = notion.databases.create(
                parent={"page_id": page},
                title=[{"text": {"content": title}}],
                initial_data_source={"properties": {"Part": {"title": {}}, "Shelf": {"number": {}}}},
            )
            self.database[title], self.source[title] = made["id"], made["data_sources"][0]["id"]
        spare = notion.data_sources.create(
            parent={"database_id": self.database["Parts store"]},
            properties={"Part": {"title": {}}},
            title=[{"text": {"content": "Spare parts"}}],
        )
        self.source["Spare parts"] = spare["id"]
        self.trashed_page = self._page(page, "Thrown away")
        self.twins = [self._page(each, "Retro notes") for each in self.docs[1:3]]
        self.leaves = [self._page(self.docs[3], f"Leaflet {word}") for word in ("Amber", "Birch", "Cedar")]
        self.trashed_block = self.blocks.pop()
        notion.pages.delete(page_id=self.trashed_page)
        notion.blocks.delete(block_id=self.trashed_block)
        notion.databases.delete(database_id=self.database["Discarded list"])
        notion.data_sources.delete(data_source_id=self.source["Spare parts"])
        for each in self.sandbox.workspace.sources:
            if each not in {self.source["Spare parts"], self.source["Discarded list"]}:
                notion.views.list(data_source_id=each)

        gallery = next(
            each.id for each in self.sandbox.workspace.pages.values() if self._title(each) == "Block gallery"
        )
        text = notion.pages.read(page_id=gallery)["markdown"]
        self.file = re.search(r"notion-file:[0-9a-f]{32}/[0-9a-f]{32}", text)[0]

    def _title(self, record):
        return self.sandbox.workspace.title(record)

    def learn(self, tools):
        """Have a tool give out handles, as an agent has them from answers; ``handles`` holds them by id."""
        asked = {"pages": [*self.docs, *self.leaves, *self.tasks[:15]], "users": self.users}
        asked["data_sources"] = [self.source[each] for each in ("Tasks", "Projects", "People", "Meeting notes")]
        for entity, identifiers in asked.items():
            for each in identifiers:
                call = {"entity": entity, "action": "get", "params": {f"{entity[:-1]}_id": each}}
                text = tools.call("notion_execute", call).text
                name = {"pages": "page", "data_sources": "data source", "users": "user"}[entity]
                found = re.search(rf"\b{name} ([a-z]{{1,2}}[0-9]{{9}})\b", text)
                if found:
                    self.handles[each] = found[1]

    def _page(self, parent, title):
        made = self.notion.pages.create(parent={"page_id": parent}, properties={"title": title}, markdown="A word.")
        return made["id"]

    def _name(self):
        space = self.sandbox.workspace
        named = [*space.pages.values(), *space.sources.values(), *space.databases.values()]
        self.titles = {each.id: space.title(each) for each in named}
        self.titles |= {each.id: each.name for each in (*space.users.values(), *space.views.by_id.values())}
        self.known = {
            entity["entity_name"]: {
                action: {each["name"]: each for each in params} for action, params in entity["parameters"].items()
            }
            for entity in self.notion.list_entities()
        }


def _text(words):
    return [{"text": {"content": words}}]


def _paragraphs(words):
    return [{"type": "paragraph", "paragraph": {"rich_text": _text(each)}} for each in words]


INTENTS = {
    "pages.list": lambda m: {"query": m.pick(["Atlas", "Travel", "Calibrate"]), "page_size": m.pick([3, 5, 20])},
    "pages.get": lambda m: {"page_id": m.page(), **m.maybe(filter_properties=["title"])},
    "pages.get_property": lambda m: {"page_id": m.page(), "property_id": "title"},
    "pages.get_markdown": lambda m: {"page_id": m.page()},
    "pages.read": lambda m: {"page_id": m.page(), **m.maybe(outline=True)},
    "pages.edit": lambda m: {
        "page_id": m.pick(m.ground.leaves),
        **m.pick([{"find": "A word", "replace": "Two words"}, {"append": "One more line."}]),
    },
    "files.get": lambda m: {"file": m.ground.file},
    "pages.create": lambda m: m.pick([_new_row, _new_page])(m),
    "pages.update": lambda m: m.pick(
        [
            lambda: {"page_id": m.pick(m.ground.tasks), "properties": {"Status": m.pick(["Blocked", "In review"])}},
            lambda: {"page_id": m.pick(m.ground.tasks), "properties": {"Estimate": 21, "Due": "2027-01-15"}},
            lambda: {"page_id": m.page(), "is_locked": True},
            lambda: {"page_id": m.ground.trashed_page, "in_trash": False},
            lambda: {"page_id": m.pick(m.ground.docs), "icon": {"type": "emoji", "emoji": "🧭"}},
        ]
    )(),
    "pages.delete": lambda m: {"page_id": m.pick([*m.ground.leaves, *m.ground.tasks])},
    "pages.restore": lambda m: {"page_id": m.ground.trashed_page},
    "pages.move": lambda m: {"page_id": m.pick(m.ground.leaves), "parent": {"page_id": m.ground.docs[5]}},
    "pages.update_markdown": lambda m: {
        "page_id": m.pick(m.ground.leaves),
        "type": "insert_content",
        "insert_content": {"content": "One more word."},
    },
    "data_sources.list": lambda m: {"query": m.pick(["Tasks", "People", "Projects"])},
    "data_sources.get": lambda m: {"data_source_id": m.table()},
    "data_sources.query": lambda m: {
        "data_source_id": m.ground.source["Tasks"],
        "filter": m.pick([{"Status": "Done"}, {"Status": "Blocked", "Due": {"after": "2025-01-01"}}]),
        **m.maybe(sorts=[{"Due": "descending"}]),
        "page_size": m.pick([2, 5, 10]),
    },
    "data_sources.list_templates": lambda m: {"data_source_id": m.ground.source["Tasks"]},
    "data_sources.create": lambda m: {
        "parent": {"database_id": m.ground.database["Parts store"]},
        "properties": {"Name": {"title": {}}, "Amount": {"number": {}}},
        "title": _text("Amounts"),
    },
    "data_sources.update": lambda m: {"data_source_id": m.table(), "title": _text("Renamed")},
    "data_sources.delete": lambda m: {"data_source_id": m.ground.source["Projects"]},
    "data_sources.restore": lambda m: {"data_source_id": m.ground.source["Spare parts"]},
    "databases.get": lambda m: {"database_id": m.base()},
    "databases.create": lambda m: {
        "parent": {"page_id": m.pick(m.ground.docs)},
        "title": _text("Loans"),
        "initial_data_source": {"properties": {"Name": {"title": {}}}},
    },
    "databases.update": lambda m: {"database_id": m.base(), **m.pick([{"title": _text("New")}, {"is_locked": True}])},
    "databases.delete": lambda m: {"database_id": m.base()},
    "databases.restore": lambda m: {"database_id": m.ground.database["Discarded list"]},
    "databases.query": lambda m: {"database_id": m.ground.database["People"], "page_size": m.pick([2, 4])},
    "blocks.list": lambda m: {"block_id": m.pick(m.ground.docs), **m.maybe(page_size=3)},
    "blocks.list_tree": lambda m: {"block_id": m.pick(m.ground.docs), **m.maybe(max_blocks=7)},
    "blocks.get": lambda m: {"block_id": m.pick(m.ground.blocks)},
    "blocks.append": lambda m: {
        "block_id": m.pick(m.ground.docs),
        **m.pick(
            [
                {"children": _paragraphs(["Checked in May."])},
                {"children": _paragraphs(["First.", "Second."])},
                {"markdown": "Checked in *May*."},
            ]
        ),
    },
    "blocks.update": lambda m: {
        "block_id": m.pick(m.ground.blocks),
        "block": {"paragraph": {"rich_text": _text("Rewritten.")}},
    },
    "blocks.delete": lambda m: {"block_id": m.pick(m.ground.blocks)},
    "blocks.restore": lambda m: {"block_id": m.ground.trashed_block},
    "comments.list": lambda m: {"block_id": m.pick(m.ground.docs[:3])},
    "comments.get": lambda m: {"comment_id": m.pick(m.ground.comments)},
    "comments.create": lambda m: {
        **m.pick([{"parent": {"page_id": m.pick(m.ground.docs)}}, {"discussion_id": m.pick(m.ground.threads)}]),
        "rich_text": _text("Looks right."),
    },
    "comments.update": lambda m: {"comment_id": m.pick(m.ground.comments), "rich_text": _text("Settled.")},
    "comments.delete": lambda m: {"comment_id": m.pick(m.ground.comments)},
    "views.list": lambda m: {"data_source_id": m.ground.source["Tasks"]},
    "views.get": lambda m: {"view_id": m.pick(m.ground.views)},
    "views.create": lambda m: {
        "data_source_id": m.ground.source["Tasks"],
        "database_id": m.ground.database["Work"],
        "name": "Mine",
        "type": "table",
    },
    "views.update": lambda m: {"view_id": m.pick(m.ground.views), "name": "Renamed"},
    "views.delete": lambda m: {"view_id": m.pick(m.ground.views)},
    "file_uploads.list": lambda m: m.maybe(page_size=2),
    "file_uploads.get": lambda m: {"file_upload_id": m.pick(m.ground.uploads)},
    "file_uploads.create": lambda m: {"mode": "single_part", "filename": "notes.txt"},
    "meeting_notes.query": lambda m: {"limit": 2},
    "custom_emojis.list": lambda m: {"page_size": 5},
    "users.list": lambda m: {"page_size": m.pick([2, 4])},
    "users.get": lambda m: {"user_id": m.pick(m.ground.users)},
    "users.get_me": lambda m: {},
    "search.search": lambda m: {"query": m.pick(["Atlas", "policy"]), "page_size": m.pick([2, 6])},
    "search.resolve": lambda m: {"reference": m.ground.titles[m.pick(m.ground.docs)]},
}
"""Right calls, one maker for each operation."""
OFTEN = frozenset(
    ["pages.list", "pages.get", "pages.create", "pages.update", "pages.delete", "data_sources.query", "blocks.append"]
)


def _new_row(m):
    row = {"Task": BUOY, "Status": m.pick(["In progress", "Done"]), "Estimate": 3, "Needs approval": True}
    return {"parent": {"data_source_id": m.ground.source["Tasks"]}, "properties": {**row, "Due": "2026-12-01"}}


def _new_page(m):
    content = m.pick([{"markdown": "The first line."}, {"children": _paragraphs(["The first line."])}, {}])
    return {"parent": {"page_id": m.pick(m.ground.docs)}, "properties": {"title": "Minutes of May"}, **content}

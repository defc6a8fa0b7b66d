"""A data source with a column of every type, and an api that answers its schema, its users and its related rows."""

from __future__ import annotations

from typing import Any

from airbyte_agent_notion.drive import drive
from airbyte_agent_notion.errors import Forbidden, NotFound
from airbyte_agent_notion.flow import sleep
from airbyte_agent_notion.testing import FakeClock

SOURCE = "10000000-0000-4000-8000-000000000000"
RELATED = "20000000-0000-4000-8000-000000000000"
DATABASE = "30000000-0000-4000-8000-000000000000"
PAGE = "40000000-0000-4000-8000-000000000000"
ANA, ANA2, BEN, BOT = (f"50000000-0000-4000-8000-00000000000{index}" for index in range(4))
ROW1, ROW2, ROW3 = (f"60000000-0000-4000-8000-00000000000{index}" for index in range(3))


def column(kind: str, identifier: str, **settings: Any) -> dict[str, Any]:
    """One column of a schema."""
    return {"id": identifier, "type": kind, "name": "", kind: settings}


def options(*names: str) -> list[dict[str, str]]:
    """Options of a column."""
    return [{"id": f"o{index}", "name": name} for index, name in enumerate(names)]


STATES = ("Not started", "In progress", "Done")
SCHEMA = {
    "Name": column("title", "title"),
    "Notes": column("rich_text", "a%3Ab"),
    "Estimate": column("number", "num"),
    "Priority": column("select", "sel", options=options("High", "Low", "Q1 2026")),
    "Status": column(
        "status",
        "sta",
        options=options(*STATES),
        groups=[{"name": "Open", "option_ids": ["o0", "o1"]}, {"name": "Complete", "option_ids": ["o2"]}],
    ),
    "Tags": column("multi_select", "tag", options=options("red", "blue", "old, comma")),
    "Due": column("date", "due"),
    "Owner": column("people", "own"),
    "Files": column("files", "fil"),
    "Done?": column("checkbox", "chk"),
    "Link": column("url", "url"),
    "Mail": column("email", "mail"),
    "Phone": column("phone_number", "tel"),
    "Parent": column("relation", "rel", data_source_id=RELATED),
    "Where": column("place", "plc"),
    "Checked": column("verification", "ver"),
    "Key": column("unique_id", "key", prefix="TASK"),
    "Total": column("formula", "for", expression="1"),
    "Sum": column("rollup", "rol", function="sum"),
    "Last": column("rollup", "rod", function="latest_date"),
    "All": column("rollup", "roa", function="show_original"),
    "Created": column("created_time", "cre"),
    "Author": column("created_by", "aut"),
    "Go": column("button", "but"),
    "property": column("rich_text", "pro"),
    "and": column("rich_text", "and"),
    "Case": column("rich_text", "c1"),
    "CASE": column("rich_text", "c2"),
}

USERS: list[dict[str, Any]] = [
    {"object": "user", "id": ANA, "name": "Ana Ruiz", "type": "person", "person": {"email": "ana@a.example"}},
    {"object": "user", "id": BEN, "name": "Ben Li", "type": "person", "person": {"email": "ben@a.example"}},
    {"object": "user", "id": BOT, "name": "Robot", "type": "bot", "bot": {}},
]
NAMESAKE: dict[str, Any] = {
    "object": "user",
    "id": ANA2,
    "name": "Ana Ruiz",
    "type": "person",
    "person": {"email": "other@a.example"},
}


def titled(identifier: str, title: str) -> dict[str, Any]:
    """A row of the related data source."""
    value = {"id": "title", "type": "title", "title": [{"plain_text": title}]}
    return {"object": "page", "id": identifier, "properties": {"Name": value}}


class Workspace:
    """Answers reads, and keeps what is written."""

    notion_version = "2026-03-11"

    def __init__(self, *, users: Any = USERS, rows: tuple[tuple[str, str], ...] = (), sources: int = 1) -> None:
        self.users = users
        self.rows = [titled(*each) for each in rows]
        self.sources = sources
        self.reads: list[str] = []
        self.sent: list[Any] = []

    def call(self, operation: Any) -> Any:
        """An operation, primitive or not."""
        return (yield from operation.flow(self))

    def wait(self, seconds: float) -> Any:
        """Let time pass."""
        yield from sleep(seconds)

    def perform(self, operation: Any) -> Any:
        """One request."""
        yield from sleep(0)
        name = operation.spec.name
        if name in {"pages.create", "pages.update"} or (
            name == "data_sources.query" and not self._is_look_up(operation)
        ):
            self.sent.append(operation.request())
            if name == "data_sources.query":
                return {"object": "list", "results": [], "has_more": False, "next_cursor": None}
            return {"object": "page", "id": PAGE, "properties": {}}
        self.reads.append(name)
        return self._read(name, operation)

    def _is_look_up(self, operation: Any) -> bool:
        return operation.data_source_id == RELATED

    def _read(self, name: str, operation: Any) -> Any:
        if name == "users.list":
            if isinstance(self.users, Exception):
                raise self.users
            start = int(operation.start_cursor or 0)
            more = start + 2 < len(self.users)
            return {"results": self.users[start : start + 2], "has_more": more, "next_cursor": str(start + 2)}
        if name == "data_sources.query":
            [(how, text)] = operation.filter["title"].items()
            found = [row for row in self.rows if _passes(row, how, text)]
            return {"results": found[: operation.page_size], "has_more": False, "next_cursor": None}
        if name == "databases.get":
            sources = [{"id": SOURCE, "name": "S"}, {"id": RELATED, "name": "R"}][: self.sources]
            return {"object": "database", "id": DATABASE, "title": [], "data_sources": sources}
        if name == "pages.get":
            parent = {"type": "data_source_id", "data_source_id": SOURCE, "database_id": DATABASE}
            return {"object": "page", "id": operation.page_id, "parent": parent, "properties": {}}
        if operation.data_source_id != SOURCE:
            raise NotFound("Could not find it.", status=404)
        return {"object": "data_source", "id": SOURCE, "properties": SCHEMA}

    def run(self, operation: Any) -> Any:
        """The operation's result."""
        return drive(operation.flow(self), None, clock=FakeClock())  # type: ignore[arg-type]


def _passes(row: dict[str, Any], how: str, text: str) -> bool:
    title = row["properties"]["Name"]["title"][0]["plain_text"].casefold()
    return title == text.casefold() if how == "equals" else text.casefold() in title


NO_USERS = Forbidden("no", status=403)

"""Whole recordings replayed against the sandbox, compared by status, error code and shape.

Ids are mapped as they appear. Foreign objects, which the session did not make itself, are seeded from their first
appearance, and the exchange that shows them for the first time is not scored: it would be compared with itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

from judge_shapes import kind_of
from recordings import Exchange

from airbyte_agent_notion.flow import Request
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.ids import derived_id
from airbyte_agent_notion.sandbox.moments import exact, parse
from airbyte_agent_notion.sandbox.seeding import Loader
from airbyte_agent_notion.sandbox.state import User
from airbyte_agent_notion.sandbox.workspace import Workspace

__all__ = ["Outcome", "Session", "differences", "endpoint_of", "objects", "sessions"]

UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
OK = 200
RECORDS = ("page", "block", "database", "data_source", "comment", "user", "file_upload", "view")
MAKERS = re.compile(r"/v1/(pages|databases|data_sources|comments|views|file_uploads|views/[^/]+/queries)$")
SCRUBBED = "someone@example.com"
TEMPORARY = frozenset({"request_id", "next_cursor"})


def dashed(text: str) -> str:
    """An id with dashes."""
    bare = text.replace("-", "")
    return "-".join((bare[:8], bare[8:12], bare[12:16], bare[16:20], bare[20:]))


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object with an id of its own in an answer, outermost first; mere references are none."""
    if isinstance(value, list):
        for each in value:
            yield from objects(each)
    if isinstance(value, dict):
        if value.get("object") in RECORDS and len(value) > len(("object", "id")):
            yield value
        for each in value.values():
            yield from objects(each)


def differences(ours: Any, theirs: Any, where: str = "") -> Iterator[str]:
    """Where two answers differ in shape: keys, lengths of arrays and kinds of values; null matches any."""
    mine, other = kind_of(ours), kind_of(theirs)
    if "null" in (mine, other):
        return
    if mine != other:
        yield f"{where}: {mine} for {other}"
    elif isinstance(ours, dict):
        for key in sorted(ours.keys() | theirs.keys()):
            if key not in theirs:
                yield f"{where}.{key}: never recorded"
            elif key not in ours:
                yield f"{where}.{key}: missing"
            else:
                yield from differences(ours[key], theirs[key], f"{where}.{key}")
    elif isinstance(ours, list):
        if len(ours) != len(theirs):
            yield f"{where}: {len(ours)} items for {len(theirs)}"
        for index, pair in enumerate(zip(ours, theirs, strict=False)):
            yield from differences(*pair, f"{where}[{index}]")


def endpoint_of(exchange: Exchange) -> str:
    """Method and path, with {id} in place of ids."""
    path = re.sub("(/properties)/.+", r"\1/{id}", UUID.sub("{id}", exchange.path))
    return f"{exchange.method} {path}"


def sessions(exchanges: list[Exchange]) -> dict[str, list[Exchange]]:
    """The exchanges of each recording, in order."""
    found: dict[str, list[Exchange]] = {}
    for each in exchanges:
        found.setdefault(f"{each.version} {each.name.rsplit('#', 1)[0]}", []).append(each)
    return found


@dataclass
class Outcome:
    """One exchange after its replay."""

    exchange: Exchange
    misses: list[str] = field(default_factory=list[str])
    unscored: str = ""
    """Why it is not scored."""
    answer: Any = None


class Session:
    """One recording and the sandbox that it is replayed against."""

    def __init__(self, exchanges: list[Exchange]) -> None:
        self.exchanges = exchanges
        self.moment = datetime(2025, 1, 1, tzinfo=UTC)
        self.known: dict[str, str] = {}
        """Recorded ids, and ours where they differ."""
        self.cursors: dict[str, str | None] = {}
        self.first: dict[str, tuple[int, dict[str, Any]]] = {}
        self.parents: dict[str, dict[str, Any]] = {}
        """Everything that is named as a parent, and as what."""
        self.made: set[str] = set()
        self.scrubbed: set[str] = set()
        """Names of properties whose values are not the recorded workspace's own."""
        for index, exchange in enumerate(exchanges):
            self._survey(index, exchange)
        self.workspace = self._workspace()
        self.loader = Loader(self.workspace)
        self.sandbox = Sandbox(workspace=self.workspace)

    def run(self) -> list[Outcome]:
        """Replay all exchanges."""
        return [self._one(index, each) for index, each in enumerate(self.exchanges)]

    def _survey(self, index: int, exchange: Exchange) -> None:
        """Note what appears, and what the session makes itself."""
        if exchange.status != OK:
            return
        for each in objects(exchange.answer):
            values = each.get("properties", {}).items() if each["object"] == "page" else ()
            self.scrubbed |= {name for name, value in values if SCRUBBED in json.dumps(value)}
        fresh = [each for each in objects(exchange.answer) if each["id"] not in self.first]
        for each in fresh:
            self.first[each["id"]] = (index, each)
        for each in objects(exchange.answer):
            for key in ("parent", "database_parent"):
                parent = each.get(key) or {}
                if parent.get("type") in parent:
                    self.parents.setdefault(str(parent[parent["type"]]), parent)
        if exchange.method == "POST" and MAKERS.match(exchange.path):
            self.made.add(exchange.answer["id"])
        if exchange.method == "PATCH" and exchange.path.endswith("/children"):
            self.made.update(each["id"] for each in fresh[: len(exchange.body["children"])])
        if (
            exchange.method == "POST"
            and "discussion_id" in (exchange.answer or {})
            and not exchange.body.get("discussion_id")
        ):
            self.made.add(exchange.answer["discussion_id"])

    def _native(self, identifier: str) -> bool:
        """Whether the session made it, or made what it is part of."""
        if identifier in self.made:
            return True
        found = self.first.get(identifier)
        parent = (found[1].get("parent") or {}) if found else {}
        above = parent.get(parent.get("type", ""))
        return isinstance(above, str) and self._native(above)

    def _workspace(self) -> Workspace:
        users = [each for _, each in self.first.values() if each["object"] == "user"]
        bot = next((each["id"] for each in users if (each.get("bot") or {}).get("workspace_id")), None)
        bot = bot or next((self._author(each) for each in self.exchanges if self._author(each)), derived_id("bot"))
        shown = next((each["display_name"] for _, each in self.first.values() if each.get("display_name")), {})
        workspace = Workspace(id=derived_id("replay"), name="Replay", bot_id=bot, now=lambda: self.moment, users={})
        workspace.users[bot] = User(id=bot, name=shown.get("resolved_name") or "Connection", kind="bot")
        return workspace

    def _author(self, exchange: Exchange) -> str | None:
        if exchange.method != "POST" or exchange.status != OK or not isinstance(exchange.answer, dict):
            return None
        return (exchange.answer.get("created_by") or {}).get("id")

    def _one(self, index: int, exchange: Exchange) -> Outcome:
        outcome = Outcome(exchange)
        self._set_clock(exchange.answer)
        if exchange.status == OK:
            seeded = self._seed_shown(index, exchange)
            missing = [each for each in self._asked(exchange) if not self._provide(each)]
            if missing:
                outcome.unscored = f"{missing[0]} is known from nowhere"
                return outcome
            if seeded:
                outcome.unscored = "shows a foreign object for the first time"
        if self._hidden(exchange.body):
            outcome.unscored = "filters by what is scrubbed from the recordings"
        cursor = self._cursor(exchange)
        if cursor is not None and self.cursors.get(cursor) is None:
            outcome.unscored = "goes on with a cursor of the recorded workspace"
            return outcome
        status, answer = self._send(exchange)
        outcome.answer = answer
        if status != exchange.status:
            outcome.misses = [f"status {status} for {exchange.status}: {answer.get('message')}"]
        elif status != OK and answer["code"] != exchange.answer["code"]:
            outcome.misses = [f"code {answer['code']} for {exchange.answer['code']}"]
        else:
            outcome.misses = list(differences(answer, self._in_order(exchange.answer, answer)))
        if status == exchange.status == OK:
            self._learn(exchange.answer, answer)
            if exchange.answer.get("next_cursor"):
                self.cursors[exchange.answer["next_cursor"]] = answer.get("next_cursor")
        return outcome

    def _set_clock(self, answer: Any) -> None:
        """Bring the sandbox to the time at which the answer was given, as far as it tells."""
        for each in objects(answer):
            moment = parse(str(each.get("last_edited_time", "")))
            if moment is not None:
                self.moment = max(self.moment, exact(moment))

    def _hidden(self, body: Any) -> bool:
        """Whether a filter looks into values that were scrubbed; whether they are empty it may ask."""
        if isinstance(body, list):
            return any(self._hidden(each) for each in body)
        if not isinstance(body, dict):
            return False
        if body.get("property") in self.scrubbed:
            tests = [test for each in body.values() if isinstance(each, dict) for test in each]
            return not any(test.endswith("is_empty") or test == "is_not_empty" for test in tests)
        return any(self._hidden(each) for each in body.values())

    # Seeding.

    def _seed_shown(self, index: int, exchange: Exchange) -> bool:
        """Load what is foreign and appears for the first time; whether there was anything."""
        fresh = [
            each
            for each in objects(exchange.answer)
            if self.first[each["id"]][0] == index and each["object"] != "view" and not self._native(each["id"])
        ]
        for each in fresh:
            self._load(each, exchange)
        # Nothing foreign that is named only within an object counts: that the answer itself is ours.
        return any(each["object"] != "user" or each is exchange.answer for each in fresh) or (
            exchange.path.startswith("/v1/users") and bool(fresh)
        )

    def _load(self, body: dict[str, Any], exchange: Exchange) -> None:
        changed = exchange.method in ("DELETE", "PATCH")
        restored = {key: False for key in ("in_trash", "archived") if changed and key in body}
        self.loader.load({**body, **restored})

    def _asked(self, exchange: Exchange) -> list[str]:
        # A body of form data is text here, and its boundary may look like an id.
        body = "" if isinstance(exchange.body, str) else json.dumps(exchange.body)
        text = f"{exchange.path} {body} {json.dumps(exchange.query)}"
        return [dashed(each) for each in UUID.findall(text)]

    def _provide(self, identifier: str) -> bool:
        """Whether an id of a request names something here, after making up what only others tell of."""
        ours = self.known.get(identifier, identifier)
        workspace = self.workspace
        held = (workspace.users, workspace.discussions, workspace.files.uploads, workspace.views.by_id)
        if workspace.find(ours) or workspace.comment(ours) or any(ours in each for each in held):
            return True
        if identifier in self.known or identifier in workspace.views.queries:
            return True
        if identifier in self.first:
            self.loader.load(self.first[identifier][1])
            return True
        return self._stub(identifier)

    def _stub(self, identifier: str) -> bool:
        parent = self.parents.get(identifier)
        if parent is not None:
            return self._stub_parent(identifier, parent)
        for _, each in self.first.values():
            if each["object"] == "comment" and each["discussion_id"] == identifier:
                self.loader.load(each)
                return True
        # An option, or an id within a formula: not for the workspace to find.
        return any(identifier in json.dumps(each.get("properties", {})) for _, each in self.first.values())

    def _stub_parent(self, identifier: str, parent: dict[str, Any]) -> bool:
        if parent["type"] == "data_source_id":
            self.loader.source_stub(identifier, parent.get("database_id"))
        elif parent["type"] == "database_id":
            self.loader.database_stub(identifier)
        else:
            self.loader.page_stub(identifier)
        return True

    # Sending.

    def _cursor(self, exchange: Exchange) -> str | None:
        return exchange.query.get("start_cursor") or (
            exchange.body.get("start_cursor") if isinstance(exchange.body, dict) else None
        )

    def _send(self, exchange: Exchange) -> tuple[int, Any]:
        token = self.sandbox.token if exchange.answer.get("code") != "unauthorized" else "another"
        headers = {"Authorization": f"Bearer {token}", "Notion-Version": exchange.version}
        path = UUID.sub(lambda found: self.known.get(dashed(found[0]), found[0]), exchange.path)
        head, _, last = path.rpartition("/")
        query = tuple((key, self._ours(each)) for key, each in exchange.query.items())
        request = Request(
            method=exchange.method,
            path=f"{head}/{self.known.get(last, last)}",
            query=query,
            headers=headers,
            **self._body(exchange.body),
        )
        response = self.sandbox.handle(request)
        return response.status, json.loads(response.content)

    def _body(self, body: Any) -> dict[str, Any]:
        if not isinstance(body, str):
            return {"json": self._ours(body)}
        boundary = body.split("\r\n", 1)[0].removeprefix("--")
        return {"content": body.encode(), "content_type": f"multipart/form-data; boundary={boundary}"}

    def _ours(self, value: Any) -> Any:
        """A part of a request, with our ids and cursors in place of the recorded ones."""
        if isinstance(value, dict):
            return {self._ours(key): self._ours(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._ours(each) for each in value]
        if not isinstance(value, str):
            return value
        found = self.known.get(dashed(value) if UUID.fullmatch(value) else value)
        return self.cursors.get(value) or found or value

    # Learning.

    def _learn(self, theirs: Any, ours: Any) -> None:
        """Take note of ids that stand in the same place."""
        if isinstance(theirs, dict) and isinstance(ours, dict):
            for key, each in theirs.items():
                mine = ours.get(key)
                if (key == "id" or key.endswith("_id")) and key not in TEMPORARY:
                    self._match(each, mine)
                else:
                    self._learn(each, mine)
        elif isinstance(theirs, list) and isinstance(ours, list):
            for pair in self._pairs(theirs, ours):
                self._learn(*pair)

    def _in_order(self, theirs: Any, ours: Any) -> Any:
        """A recorded list in the order of ours, as far as both hold the same: unsorted, a query has no order."""
        if not isinstance(theirs, dict) or theirs.get("type") != "page_or_data_source":
            return theirs
        twins = {each["id"]: other for other, each in self._pairs(theirs["results"], ours.get("results") or [])}
        same = [twins[each["id"]] for each in ours.get("results") or [] if each.get("id") in twins]
        rest = [each for each in theirs["results"] if not any(each is other for other in same)]
        return {**theirs, "results": [*same, *rest]}

    def _match(self, theirs: Any, ours: Any) -> None:
        if not isinstance(theirs, str) or not isinstance(ours, str) or theirs == ours:
            return
        if self.workspace.find(theirs) is None and theirs not in self.workspace.users:
            self.known.setdefault(theirs, ours)
            # Property ids are sent as given out, and decoded.
            self.known.setdefault(unquote(theirs), unquote(ours))
            self.known.setdefault(quote(theirs, safe=""), quote(ours, safe=""))

    def _pairs(self, theirs: list[Any], ours: list[Any]) -> Iterator[tuple[Any, Any]]:
        """Items that are the same thing; the others in their order."""
        mine = {each["id"]: each for each in ours if isinstance(each, dict) and isinstance(each.get("id"), str)}
        left: list[Any] = []
        for each in theirs:
            identifier = each.get("id") if isinstance(each, dict) else None
            twin = mine.pop(self.known.get(str(identifier), str(identifier)), None)
            if twin is None:
                left.append(each)
            else:
                yield each, twin
        rest = [each for each in ours if not isinstance(each, dict) or each.get("id") is None or each["id"] in mine]
        yield from zip(left, rest, strict=False)

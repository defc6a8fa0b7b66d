"""What the scripted models do. A story is a generator: it yields the calls that a model would make, receives the text
that the tool answered, and returns the model's answer. Every id is taken from earlier text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

__all__ = ["LIVE", "OFFLINE", "Call", "Script", "Story"]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of ``notion_execute``."""

    entity: str
    action: str
    params: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def arguments(self) -> dict[str, Any]:
        """As a model sends them."""
        return {"entity": self.entity, "action": self.action, "params": self.params}


Script: TypeAlias = Generator[Call, str, str]


@dataclass(frozen=True, slots=True)
class Story:
    """A question and how the scripted model goes about it."""

    question: str
    script: Callable[[], Script]


def _travel_limit() -> Script:
    found = _data((yield Call("pages", "list", {"query": "Travel expense policy", "page_size": 10})))
    policy = _titled(found, "Travel expense policy")
    blocks = _data((yield Call("blocks", "list", {"block_id": policy["id"]})))
    return next(text for text in map(_block_text, blocks) if "limit is" in text)


def _last_design_review() -> Script:
    sources = _data((yield Call("data_sources", "list", {"query": "Meeting notes"})))
    newest = {
        "data_source_id": sources[0]["id"],
        "filter": {"property": "Kind", "select": {"equals": "Design review"}},
        "sorts": [{"property": "When", "direction": "descending"}],
        "page_size": 1,
    }
    [meeting] = _data((yield Call("data_sources", "query", newest)))
    when = meeting["properties"]["When"]["date"]["start"][:10]
    decided = _text(meeting["properties"]["Decision"]["rich_text"])
    return f"{_title(meeting)} on {when}: {decided}"


def _overdue_tasks() -> Script:
    # The model guesses an action that does not exist, and mends the call from the answer.
    yield Call("data_sources", "find", {"name": "Tasks"})
    sources = _data((yield Call("data_sources", "list", {"query": "Tasks"})))
    overdue = {
        "and": [
            {"property": "Overdue", "formula": {"checkbox": {"equals": True}}},
            {"property": "Priority", "select": {"equals": "High"}},
            {"property": "Status", "status": {"equals": "In progress"}},
        ]
    }
    rows = _data((yield Call("data_sources", "query", {"data_source_id": sources[0]["id"], "filter": overdue})))
    return f"{len(rows)} tasks: " + "; ".join(_title(row) + _owner_and_day(row["properties"]) for row in rows)


def _open_comments() -> Script:
    found = _data((yield Call("search", "search", {"query": "Atlas launch plan"})))
    plan = _titled(found, "Atlas launch plan")
    comments = _data((yield Call("comments", "list", {"block_id": plan["id"]})))
    users = {user["id"]: user["name"] for user in _data((yield Call("users", "list")))}
    said = [f"{users.get(item['created_by']['id'], 'someone')}: “{_text(item['rich_text'])}”" for item in comments]
    return f"{len(said)} open comments. " + " ".join(said)


def _atlas_lead() -> Script:
    sources = _data((yield Call("data_sources", "list", {"query": "Projects"})))
    atlas = {"data_source_id": sources[0]["id"], "filter": {"property": "Project", "title": {"equals": "Atlas launch"}}}
    [project] = _data((yield Call("data_sources", "query", atlas)))
    lead_id = project["properties"]["Lead"]["relation"][0]["id"]
    lead = json.loads((yield Call("pages", "get", {"page_id": lead_id})))
    return f"Atlas launches on {project['properties']['Dates']['date']['end']}; {_title(lead)} leads the project."


def _paid_leave() -> Script:
    found = _data((yield Call("pages", "list", {"query": "Time off"})))
    time_off = _titled(found, "Time off")
    # People paste links: wherever an id is expected, a page's URL does as well.
    blocks = _data((yield Call("blocks", "list", {"block_id": time_off["url"]})))
    return next(text for text in map(_block_text, blocks) if "leave" in text)


def _latest_page() -> Script:
    newest = {"sort": {"timestamp": "last_edited_time", "direction": "descending"}, "page_size": 1}
    pages = _data((yield Call("pages", "list", newest)))
    if not pages:
        return "No page is shared with this connection."
    blocks = _data((yield Call("blocks", "list", {"block_id": pages[0]["id"], "page_size": 20})))
    text = " ".join(filter(None, map(_block_text, blocks))) or "it holds no text"
    return f"{_title(pages[0]) or 'Untitled'}: {text[:300]}"


def _first_rows() -> Script:
    sources = _data((yield Call("data_sources", "list", {"page_size": 1})))
    if not sources:
        return "No data source is shared with this connection."
    query = {"data_source_id": sources[0]["id"], "page_size": 5}
    rows = _data((yield Call("data_sources", "query", query)))
    return f"{_text(sources[0]['title']) or 'Untitled'}: " + (", ".join(map(_title, rows)) or "it has no rows")


def _whoami() -> Script:
    me = json.loads((yield Call("users", "get_me")))
    return f"This connection acts as {me.get('name')}."


OFFLINE: dict[str, tuple[Story, ...]] = {
    "pydantic-ai": (
        Story("What is the travel expense limit?", _travel_limit),
        Story("What was decided in the last design review?", _last_design_review),
    ),
    "langchain": (
        Story("Which high-priority tasks in progress are overdue, and who owns them?", _overdue_tasks),
        Story("What do people say about the Atlas launch plan?", _open_comments),
    ),
    "llama-index": (
        Story("When does Atlas launch, and who leads the project?", _atlas_lead),
        Story("How much paid leave do we get?", _paid_leave),
    ),
}
"""Questions about the sample workspace, two for each framework."""

LIVE: tuple[Story, ...] = (
    Story("Who are you in this workspace?", _whoami),
    Story("Which page was edited last, and what does it say?", _latest_page),
    Story("What are the first rows of a data source?", _first_rows),
)
"""Questions that any workspace can answer."""


def _data(text: str) -> list[Any]:
    data: list[Any] = json.loads(text)["data"]
    return data


def _titled(found: list[Any], title: str) -> Any:
    # Title search is generous: it also finds pages that share a word with the title.
    return next(item for item in found if _title(item) == title)


def _text(rich_text: list[Any]) -> str:
    return "".join(part["plain_text"] for part in rich_text)


def _block_text(block: Any) -> str:
    return _text(block[block["type"]].get("rich_text", []))


def _title(page: Any) -> str:
    if page["object"] != "page":
        return _text(page["title"])
    values: list[Any] = list(page["properties"].values())
    return next((_text(value["title"]) for value in values if value["type"] == "title"), "")


def _owner_and_day(row: Any) -> str:
    owners = ", ".join(person["name"] for person in row["Owner"]["people"])
    return f" ({owners or 'nobody'}, due {row['Due']['date']['start']})"

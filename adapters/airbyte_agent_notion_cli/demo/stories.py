"""What the scripted models do. A story is a generator: it yields the calls that a model would make, receives the text
that the tool answered, and returns the model's answer. Every handle is taken from earlier text.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .reading import body, meant, more, plain, properties, rows, title, titled

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
    found = yield Call("search", "search", {"query": "travel expense"})
    policy = titled(found, "Travel expense policy")
    text = yield Call("pages", "read", {"page_id": policy["id"]})
    return next(plain(line) for line in body(text).splitlines() if "limit is" in line)


def _last_design_review() -> Script:
    [notes] = rows((yield Call("data_sources", "list", {"query": "Meeting notes"})))
    newest = {
        "data_source_id": notes["id"],
        "filter": {"Kind": "Design review"},
        "sorts": [{"When": "descending"}],
        "filter_properties": ["Meeting", "Decision", "When"],
        "page_size": 1,
    }
    [meeting] = rows((yield Call("data_sources", "query", newest)))
    return f"{title(meeting)} on {meeting['When'][:10]}: {plain(meeting['Decision'])}"


def _overdue_tasks() -> Script:
    # The model guesses the table's title and its columns. The title is found; a column that is none is answered with
    # the nearest name and some of the others, and the call mended.
    wanted = {"Priority": "High", "Status": "In progress"}
    text = yield Call("data_sources", "query", {"data_source_id": "Tasks", "filter": {"Is overdue": True, **wanted}})
    if name := meant(text):
        mended = {
            "data_source_id": "Tasks",
            "filter": {name: True, **wanted},
            "filter_properties": ["Task", "Owner", "Due"],
        }
        text = yield Call("data_sources", "query", mended)
    tasks = [f"{title(row)} ({row.get('Owner') or 'nobody'}, due {row['Due']})" for row in rows(text)]
    return f"{len(tasks)} tasks: " + "; ".join(tasks)


def _open_comments() -> Script:
    # The model keeps its context short; a cut answer ends with the handle of what follows.
    text = yield Call("search", "search", {"query": "Atlas", "max_tokens": 800})
    while not titled(text, "Atlas launch plan") and (handle := more(text)):
        text += yield Call("search", "search", {"more": handle})
    plan = titled(text, "Atlas launch plan")
    comments = rows((yield Call("comments", "list", {"block_id": plan["id"]})))
    said = [f"{comment['by']}: “{plain(comment['text'])}”" for comment in comments]
    return f"{len(said)} open comments. " + " ".join(said)


def _atlas_lead() -> Script:
    [projects] = rows((yield Call("data_sources", "list", {"query": "Projects"})))
    atlas = {
        "data_source_id": projects["id"],
        "filter": {"Project": "Atlas launch"},
        "filter_properties": ["Dates", "Lead"],
    }
    [project] = rows((yield Call("data_sources", "query", atlas)))
    lead = properties((yield Call("pages", "get", {"page_id": project["Lead"]})))
    return f"Atlas launches on {project['Dates'].rpartition('/')[2]}; {lead['Name']} leads the project."


def _paid_leave() -> Script:
    # In reads a title does where an id is expected, as do URLs, which people paste.
    text = yield Call("pages", "read", {"page_id": "Time off"})
    return next(plain(line) for line in body(text).splitlines() if "leave" in line)


def _latest_page() -> Script:
    newest = {"sort": {"timestamp": "last_edited_time", "direction": "descending"}, "page_size": 1}
    text = yield Call("pages", "list", newest)
    pages = rows(text)
    if not pages:
        return _error_or(text, "No page is shared with this connection.")
    text = yield Call("pages", "read", {"page_id": pages[0]["id"], "max_tokens": 1000})
    said = " ".join(plain(body(text)).split())[:300]
    return f"{title(pages[0])}: {said or _error_or(text, 'it holds no text')}"


def _first_rows() -> Script:
    text = yield Call("data_sources", "list", {"page_size": 1})
    sources = rows(text)
    if not sources:
        return _error_or(text, "No data source is shared with this connection.")
    text = yield Call("data_sources", "query", {"data_source_id": sources[0]["id"], "page_size": 5})
    titles = ", ".join(map(title, rows(text)))
    return f"{title(sources[0])}: {titles or _error_or(text, 'it has no rows')}"


def _whoami() -> Script:
    text = yield Call("users", "get_me")
    names = [me["name"] for me in rows(text)]
    return _error_or(text, f"This connection acts as {', '.join(names)}.")


def _error_or(text: str, otherwise: str) -> str:
    """What went wrong, if the tool says so."""
    return text if text.startswith("Error (") else otherwise


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

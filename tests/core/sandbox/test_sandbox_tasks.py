"""What happens after the answer: tasks, templates and meeting notes; and the workspace's own emojis."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.sample.markup import page_id
from airbyte_agent_notion.sandbox.state import Span
from airbyte_agent_notion.sandbox.state_files import FileUpload
from airbyte_agent_notion.sandbox.state_views import CustomEmoji

NEW = {"parent": {"page_id": page_id("home")}, "properties": {"title": {"title": [{"text": {"content": "Later"}}]}}}


class Clock:
    moment = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Sandbox:
    return Sandbox.sample(now=clock)


def accepted(caller: Any, body: Any) -> Any:
    response = caller.raw("POST", "/v1/pages", body)
    assert response.status == 202, response.content
    return json.loads(response.content)


def titled(caller: Any, title: str) -> list[Any]:
    workspace = caller.sandbox.workspace
    return [each for each in workspace.pages.values() if workspace.title(each) == title]


# Tasks.


def test_a_task_is_queued_running_and_done(either: Any) -> None:
    either.sandbox.workspace.later.accept = "always"
    task = accepted(either, NEW)
    assert (task["object"], task["status"], task["poll_after_seconds"]) == ("async_task", "queued", 1)
    assert task["status_url"] == f"https://api.notion.com/v1/async_tasks/{task['id']}"
    assert task["operation"] == {"surface": "rest", "name": "create_page"}
    assert titled(either, "Later") == []
    path = f"/v1/async_tasks/{task['id']}"
    answers = [either.ok("GET", path) for _ in range(4)]
    assert [each["status"] for each in answers] == ["queued", "running", "succeeded", "succeeded"]
    assert "poll_after_seconds" not in answers[2]
    [page] = titled(either, "Later")
    assert answers[2]["result"] == _without_id(either.ok("GET", f"/v1/pages/{page.id}"))


def _without_id(answer: Any) -> Any:
    return {key: each for key, each in answer.items() if key != "request_id"}


def test_refusals_surface_in_the_task(caller: Any) -> None:
    caller.sandbox.workspace.later.accept = "always"
    task = accepted(caller, {**NEW, "properties": {"Nothing": {}}})
    for _ in range(3):
        answer = caller.ok("GET", f"/v1/async_tasks/{task['id']}")
    assert answer["status"] == "failed"
    assert (answer["error"]["object"], answer["error"]["code"]) == ("error", "validation_error")
    assert "result" not in answer


@pytest.mark.parametrize(("accept", "asked", "status"), [("never", True, 400), ("when_allowed", False, 200)])
def test_tasks_are_only_made_where_they_may_be(caller: Any, accept: Any, asked: bool, status: int) -> None:
    caller.sandbox.workspace.later.accept = accept
    # allow_async belongs to Markdown, without which a page that is made at once refuses it.
    body = {**NEW, "allow_async": True} if asked else NEW
    assert caller.raw("POST", "/v1/pages", body).status == status
    assert caller.sandbox.workspace.later.tasks == {}
    assert "allow_async" in caller.error(400, "validation_error", "POST", "/v1/pages", {**NEW, "allow_async": "yes"})


def test_tasks_end_though_nobody_asks_and_are_forgotten(caller: Any, clock: Clock) -> None:
    task = accepted(caller, {**NEW, "markdown": "", "allow_async": True})
    caller.ok("GET", "/v1/users/me")
    assert titled(caller, "Later") == []
    clock.moment += timedelta(seconds=30)
    caller.ok("GET", "/v1/users/me")
    assert len(titled(caller, "Later")) == 1
    clock.moment += timedelta(minutes=59)
    assert caller.ok("GET", f"/v1/async_tasks/{task['id']}")["status"] == "succeeded"
    clock.moment += timedelta(minutes=1)
    caller.error(404, "object_not_found", "GET", f"/v1/async_tasks/{task['id']}")
    assert len(titled(caller, "Later")) == 1
    caller.error(404, "object_not_found", "GET", "/v1/async_tasks/no-such-task")


# Templates.


def templates(caller: Any) -> list[Any]:
    return caller.ok("GET", f"/v1/data_sources/{caller.source('Tasks').id}/templates")["templates"]


def kinds(caller: Any, holder: str) -> list[str]:
    return [each["type"] for each in caller.ok("GET", f"/v1/blocks/{holder}/children")["results"]]


def row(caller: Any, template: Any, **body: Any) -> Any:
    given = {"parent": {"data_source_id": caller.source("Tasks").id}, "template": template, **body}
    return caller.ok("POST", "/v1/pages", given)


def test_templates_are_pages_that_no_list_shows(caller: Any) -> None:
    for each in templates(caller):
        page = caller.ok("GET", f"/v1/pages/{each['id']}")
        assert page["parent"]["data_source_id"] == caller.source("Tasks").id
        assert "to_do" in kinds(caller, each["id"])
        assert each["id"] not in {found["id"] for found in caller.rows("Tasks")}
        found = caller.all("POST", "/v1/search", {"query": each["name"]})
        assert each["id"] not in {hit["id"] for hit in found}


def test_a_template_is_applied_after_the_answer(caller: Any) -> None:
    caller.sandbox.workspace.later.template_requests = 2
    page = row(caller, {"type": "default"})["id"]
    seen = [kinds(caller, page) for _ in range(3)]
    expected = kinds(caller, next(each["id"] for each in templates(caller) if each["is_default"]))
    assert seen == [[], [], expected]
    todo = next(each for each in caller.ok("GET", f"/v1/blocks/{page}/children")["results"] if each["has_children"])
    assert todo["parent"] == {"type": "page_id", "page_id": page}
    assert len(kinds(caller, todo["id"])) == 1


def test_a_template_is_applied_in_time(caller: Any, clock: Clock) -> None:
    caller.sandbox.workspace.later.template_requests = 1000
    page = row(caller, {"type": "template_id", "template_id": templates(caller)[-1]["id"]})["id"]
    clock.moment += timedelta(seconds=29)
    assert kinds(caller, page) == []
    clock.moment += timedelta(seconds=1)
    assert kinds(caller, page) != []


def test_what_a_template_fills_in(caller: Any, clock: Clock) -> None:
    template = templates(caller)[0]["id"]
    block = next(iter(caller.sandbox.workspace.template_pages[template].children))
    texts = caller.sandbox.workspace.blocks[block].content.texts
    texts["rich_text"] = (
        Span(kind="template_mention_date", text="today"),
        Span(kind="template_mention_date", text="now"),
        Span(kind="template_mention_user", text="me"),
    )
    caller.sandbox.workspace.template_pages[template].values[caller.source("Tasks").find("Estimate").id] = 5
    clock.moment = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    chosen = {"type": "template_id", "template_id": template, "timezone": "Asia/Tokyo"}
    page = row(caller, chosen, properties={"Estimate": {"number": 8}})["id"]
    first = caller.ok("GET", f"/v1/blocks/{page}/children")["results"][0]
    today, now, me = first[first["type"]]["rich_text"]
    assert today["mention"]["date"]["start"] == "2026-11-21"
    assert now["mention"]["date"]["start"].startswith("2026-11-21T08:30")
    assert me["mention"]["user"]["id"] == caller.sandbox.workspace.bot_id
    assert caller.ok("GET", f"/v1/pages/{page}")["properties"]["Estimate"]["number"] == 8
    unset = row(caller, chosen)["id"]
    caller.ok("GET", "/v1/users/me")
    assert caller.ok("GET", f"/v1/pages/{unset}")["properties"]["Estimate"]["number"] == 5


def test_a_template_is_added_to_a_page_or_replaces_its_content(caller: Any) -> None:
    page, chosen = page_id("task-0"), {"type": "template_id", "template_id": templates(caller)[0]["id"]}
    before, added = kinds(caller, page), kinds(caller, templates(caller)[0]["id"])
    caller.ok("PATCH", f"/v1/pages/{page}", {"template": chosen})
    assert kinds(caller, page) == [*before, *added]
    caller.ok("PATCH", f"/v1/pages/{page}", {"template": chosen, "erase_content": True})
    assert kinds(caller, page) == added


@pytest.mark.parametrize(
    ("template", "meant"),
    [
        ({"type": "best"}, "body.template.type"),
        ({}, "body.template.type"),
        ({"type": "template_id"}, "body.template.template_id"),
        ({"type": "default", "template_id": page_id("home")}, "body.template.template_id"),
        ({"type": "default", "timezone": "Mars/Olympus"}, "body.template.timezone"),
    ],
)
def test_templates_that_are_refused(caller: Any, template: Any, meant: str) -> None:
    parent = {"data_source_id": caller.source("Tasks").id}
    before = len(caller.sandbox.workspace.pages)
    body = {"parent": parent, "template": template}
    assert meant in caller.error(400, "validation_error", "POST", "/v1/pages", body)
    assert len(caller.sandbox.workspace.pages) == before


def test_a_template_needs_a_data_source_that_has_one_and_no_content_beside(caller: Any) -> None:
    message = caller.error(400, "validation_error", "POST", "/v1/pages", {**NEW, "template": {"type": "default"}})
    assert "no default template" in message
    body = {"parent": {"data_source_id": caller.source("Tasks").id}, "template": {"type": "default"}, "children": []}
    assert "body.children" in caller.error(400, "validation_error", "POST", "/v1/pages", body)
    path, none = f"/v1/pages/{page_id('task-0')}", {"template": {"type": "none"}}
    assert "body.template.type" in caller.error(400, "validation_error", "PATCH", path, none)
    missing = {"type": "template_id", "template_id": "00000000-0000-4000-8000-000000000000"}
    caller.error(404, "object_not_found", "PATCH", path, {"template": missing})


# Custom emojis.


def test_custom_emojis_are_listed_and_used(either: Any) -> None:
    answer = either.ok("GET", "/v1/custom_emojis")
    assert set(answer) == {"object", "type", "results", "next_cursor", "has_more", "request_id"}
    assert (answer["type"], answer["results"]) == ("custom_emoji", [])
    emojis = either.sandbox.workspace.emojis
    for index, name in enumerate(("buoy", "buoyant")):
        identifier = f"00000000-0000-4000-8000-00000000000{index}"
        emojis[identifier] = CustomEmoji(id=identifier, name=name, url=f"https://e.example/{name}.png")
    [found] = either.ok("GET", "/v1/custom_emojis", query=[("name", "buoy")])["results"]
    assert found == {"id": next(iter(emojis)), "name": "buoy", "url": "https://e.example/buoy.png"}
    assert len(either.all("GET", "/v1/custom_emojis", size=1)) == 2
    icon = {"type": "custom_emoji", "custom_emoji": {"id": found["id"]}}
    page = either.ok("PATCH", f"/v1/pages/{page_id('home')}", {"icon": icon})
    assert page["icon"] == {"type": "custom_emoji", "custom_emoji": found}
    del emojis[found["id"]]
    assert either.ok("GET", f"/v1/pages/{page_id('home')}")["icon"] is None
    either.error(404, "object_not_found", "PATCH", f"/v1/pages/{page_id('home')}", {"icon": icon})


# Meeting notes.


@pytest.fixture
def recording(sandbox: Sandbox) -> str:
    now = sandbox.workspace.now()
    upload = FileUpload(
        id="00000000-0000-4000-8000-00000000aaaa",
        mode="single_part",
        filename="call.mp3",
        content_type="audio/mpeg",
        created=now,
        edited=now,
        created_by=sandbox.workspace.bot_id,
        expires=now + timedelta(hours=1),
        status="uploaded",
        content=b"mp3",
    )
    sandbox.workspace.files.uploads[upload.id] = upload
    return upload.id


def started(caller: Any, recording: str, **body: Any) -> Any:
    source = {"type": "file_upload", "file_upload_id": recording}
    parent = {"type": "page_id", "page_id": page_id("gallery")}
    return caller.ok("POST", "/v1/blocks/meeting_notes", {"source": source, "parent": parent, **body})


def test_notes_are_taken_step_by_step(either: Any, recording: str) -> None:
    name = "transcription" if either.version == "2025-09-03" else "meeting_notes"
    block = started(either, recording, title="Standup", language="en", options={"kickoff_summary": True})
    assert (block["type"], block[name]["status"]) == (name, "transcription_not_started")
    assert block[name]["title"][0]["plain_text"] == "Standup"
    seen = [either.ok("GET", f"/v1/blocks/{block['id']}") for _ in range(4)]
    statuses = [each[name]["status"] for each in seen]
    assert statuses == ["transcription_in_progress", "summary_in_progress", "notes_ready", "notes_ready"]
    parts = seen[-1][name]["children"]
    assert set(parts) == {"summary_block_id", "notes_block_id", "transcript_block_id"}
    assert {each["id"] for each in either.ok("GET", f"/v1/blocks/{block['id']}/children")["results"]} == set(
        parts.values()
    )
    either.ok("GET", f"/v1/file_uploads/{recording}")
    assert either.sandbox.workspace.files.uploads[recording].attached


def test_notes_of_a_recording_that_is_there(caller: Any) -> None:
    children = caller.ok("GET", f"/v1/blocks/{page_id('gallery')}/children")["results"]
    audio = next(each for each in children if each["type"] == "audio")
    source = {"type": "block", "block_id": audio["id"]}
    block = caller.ok("POST", "/v1/blocks/meeting_notes", {"source": source})
    after = [each["id"] for each in caller.ok("GET", f"/v1/blocks/{page_id('gallery')}/children")["results"]]
    assert after.index(block["id"]) == after.index(audio["id"]) + 1
    other = next(each for each in children if each["type"] == "divider")["id"]
    for wrong, meant in (
        ({"source": {"type": "block", "block_id": other}}, "no recording"),
        ({"source": source, "parent": {"page_id": page_id("gallery")}}, "body.parent"),
        ({"source": {"type": "file_upload", "file_upload_id": other}}, "body.parent"),
        ({"source": {"type": "url"}}, "body.source.type"),
        ({"source": source, "language": "tlh"}, "body.language"),
        ({"source": source, "options": {"x": 1}}, "body.options.x"),
        ({}, "body.source"),
    ):
        assert meant in caller.error(400, "validation_error", "POST", "/v1/blocks/meeting_notes", wrong)


def query(caller: Any, operator: str = "", value: Any = None, name: str = "title", **body: Any) -> list[str]:
    leaf = {"property": name, "filter": {"operator": operator} | ({} if value is None else {"value": value})}
    given = {"filter": {"operator": "and", "filters": [leaf]}, **body} if operator else body
    answer = caller.ok("POST", "/v1/blocks/meeting_notes/query", given)
    assert set(answer) == {"results", "has_more", "request_id"}
    texts = [each["meeting_notes"]["title"] for each in answer["results"]]
    return ["".join(span["plain_text"] for span in text) for text in texts]


@pytest.fixture
def meetings(caller: Any, recording: str, clock: Clock) -> list[str]:
    """Three meetings on three days, beside which the sample has none that these tests look at."""
    for each in list(caller.sandbox.workspace.blocks.values()):
        each.trashed = each.trashed or each.type == "meeting_notes"
    for title in ("Alpha", "Beta", ""):
        started(caller, recording, **({"title": title} if title else {}))
        clock.moment += timedelta(days=1)
        caller.sandbox.workspace.files.uploads[recording].attached = True
    return ["", "Beta", "Alpha"]


def test_queries_of_meetings(caller: Any, meetings: list[str]) -> None:
    bot = caller.sandbox.workspace.bot_id
    assert query(caller) == meetings
    assert query(caller, limit=2) == meetings[:2]
    assert query(caller, "string_is", "alpha") == ["Alpha"]
    assert query(caller, "string_is_not", "alpha") == ["", "Beta"]
    assert query(caller, "string_contains", "ET") == ["Beta"]
    assert query(caller, "string_does_not_contain", "et") == ["", "Alpha"]
    assert query(caller, "string_starts_with", "Al") == ["Alpha"]
    assert query(caller, "string_ends_with", "a") == ["Beta", "Alpha"]
    assert query(caller, "is_empty") == [""]
    assert query(caller, "is_not_empty") == ["Beta", "Alpha"]
    assert query(caller, "date_is", "2026-11-21", "created_time") == ["Beta"]
    assert query(caller, "date_is_before", "2026-11-21", "created_time") == ["Alpha"]
    assert query(caller, "date_is_on_or_after", "yesterday", "created_time") == [""]
    assert query(caller, "date_is_within", "past_week", "created_time") == meetings
    assert query(caller, "person_contains", bot, "created_by") == meetings
    assert query(caller, "person_does_not_contain", [bot], "created_by") == []
    assert query(caller, "is_empty", name="attendees") == meetings
    assert query(caller, sort=[{"property": "title", "direction": "descending"}]) == ["Beta", "Alpha", ""]
    assert query(caller, sort=[{"property": "created_time", "direction": "ascending"}]) == meetings[::-1]


def test_filters_of_meetings_may_be_nested(caller: Any, meetings: list[str]) -> None:
    leaves = [{"property": "title", "filter": {"operator": "string_is", "value": each}} for each in ("Alpha", "Beta")]
    either_of = {"operator": "or", "filters": leaves}
    assert query(caller, filter=either_of) == ["Beta", "Alpha"]
    assert query(caller, filter={"operator": "and", "filters": [either_of, leaves[0]]}) == ["Alpha"]
    assert query(caller, filter={"operator": "and", "filters": leaves}) == []
    assert meetings


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        ({"limit": 0}, "body.limit"),
        ({"start_cursor": "x"}, "body.start_cursor"),
        ({"filter": {"operator": "not", "filters": []}}, "body.filter.operator"),
        ({"filter": {"operator": "and"}}, "body.filter.filters"),
        ({"filter": {"property": "place", "filter": {}}}, "body.filter.property"),
        ({"filter": {"property": "title", "filter": {"operator": "date_is"}}}, "body.filter.filter.operator"),
        ({"filter": {"property": "title", "filter": {"operator": "string_is"}}}, "body.filter.filter.value"),
        ({"filter": {"property": "created_time", "filter": {"operator": "date_is", "value": "soon"}}}, "ISO 8601"),
        ({"filter": {"property": "created_time", "filter": {"operator": "date_is_within", "value": "x"}}}, "range"),
        ({"filter": {"property": "created_by", "filter": {"operator": "person_contains", "value": "x"}}}, "uuid"),
        ({"sort": [{"property": "attendees"}]}, "body.sort[0].property"),
        ({"sort": [{"property": "title", "direction": "up"}]}, "body.sort[0].direction"),
    ],
)
def test_queries_of_meetings_that_are_refused(caller: Any, body: Any, meant: str) -> None:
    assert meant in caller.error(400, "validation_error", "POST", "/v1/blocks/meeting_notes/query", body)

"""Comments: on pages and blocks, in discussions, and only one's own changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from writes import BOT, HOME, PRIVATE, UNKNOWN, Writes, paragraph, small, text

from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.ids import derived_id


@pytest.fixture
def writes() -> Writes:
    return small()


def listed(writes: Writes, anchor: str) -> list[str]:
    answer = writes.ok("GET", "comments", query=[("block_id", anchor)])
    return [each["rich_text"][0]["plain_text"] for each in answer["results"]]


def test_comments_on_a_page_share_a_discussion(writes: Writes) -> None:
    first = writes.ok("POST", "comments", {"parent": {"page_id": HOME}, "rich_text": text("One")})
    second = writes.ok("POST", "comments", {"parent": {"type": "page_id", "page_id": HOME}, "rich_text": text("Two")})
    assert first["parent"] == {"type": "page_id", "page_id": HOME}
    assert first["created_by"] == {"object": "user", "id": BOT}
    assert first["display_name"] == {"type": "integration", "resolved_name": "Writer"}
    assert second["discussion_id"] == first["discussion_id"]
    assert listed(writes, HOME) == ["One", "Two"]
    got = writes.ok("GET", f"comments/{second['id']}")
    assert {**got, "request_id": ""} == {**second, "request_id": ""}


def test_comments_on_a_block_and_replies(writes: Writes) -> None:
    block = writes.append(HOME, paragraph("x"))[0]["id"]
    first, other = (
        writes.ok("POST", "comments", {"parent": {"block_id": block}, "rich_text": text(word)}) for word in ("A", "B")
    )
    assert first["discussion_id"] != other["discussion_id"]
    assert first["parent"] == {"type": "block_id", "block_id": block}
    reply = writes.ok("POST", "comments", {"discussion_id": first["discussion_id"], "rich_text": text("Re")})
    assert (reply["parent"], reply["discussion_id"]) == (first["parent"], first["discussion_id"])
    assert sorted(listed(writes, block)) == ["A", "B", "Re"]
    assert listed(writes, HOME) == []


@pytest.mark.parametrize(
    ("signed", "shown"),
    [
        ({"type": "integration"}, {"type": "integration", "resolved_name": "Writer"}),
        ({"type": "user"}, {"type": "user", "resolved_name": "Writer"}),
        ({"type": "custom", "custom": {"name": "Robot"}}, {"type": "custom", "resolved_name": "Robot"}),
    ],
)
def test_whose_name_is_shown(writes: Writes, signed: Any, shown: Any) -> None:
    body = {"parent": {"page_id": HOME}, "rich_text": text("x"), "display_name": signed}
    assert writes.ok("POST", "comments", body)["display_name"] == shown


PAGE = {"parent": {"page_id": HOME}}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"rich_text": text("x")}, "body.parent should be defined"),
        ({**PAGE, "discussion_id": UNKNOWN, "rich_text": text("x")}, "body.parent should be defined, or"),
        ({**PAGE}, "body.rich_text should be defined"),
        ({**PAGE, "rich_text": []}, "body.rich_text.length should be ≥ `1`"),
        ({**PAGE, "rich_text": text("x" * 2001)}, "≤ `2000`"),
        ({**PAGE, "rich_text": text("x"), "display_name": {"type": "custom"}}, "display_name.custom should be defined"),
        ({**PAGE, "rich_text": text("x"), "display_name": {"type": "nobody"}}, "display_name.type should be"),
        ({**PAGE, "rich_text": text("x"), "resolved": True}, "body.resolved should be not present"),
        ({"parent": {"database_id": HOME}, "rich_text": text("x")}, "body.parent.page_id should be defined"),
        ({"discussion_id": "x", "rich_text": text("x")}, "body.discussion_id should be a valid uuid"),
    ],
)
def test_comments_that_are_refused(writes: Writes, body: Any, message: str) -> None:
    assert message in writes.refused("POST", "comments", body)


@pytest.mark.parametrize(
    "anchor", [{"parent": {"page_id": PRIVATE}}, {"parent": {"block_id": HOME}}, {"discussion_id": UNKNOWN}]
)
def test_what_is_commented_on_must_be_there(writes: Writes, anchor: Any) -> None:
    writes.refused("POST", "comments", {**anchor, "rich_text": text("x")}, status=404, code="object_not_found")


def test_ones_own_comments_change(writes: Writes) -> None:
    made = writes.ok("POST", "comments", {**PAGE, "rich_text": text("Before")})
    writes.now += timedelta(minutes=2)
    changed = writes.ok("PATCH", f"comments/{made['id']}", {"rich_text": text("After")})
    assert changed["rich_text"][0]["plain_text"] == "After"
    assert (changed["created_time"], changed["last_edited_time"]) == (made["created_time"], "2026-11-20T09:02:00.000Z")
    writes.refused("PATCH", f"comments/{made['id']}", {"rich_text": []})
    other = writes.ok("POST", "comments", {**PAGE, "rich_text": text("Other")})
    deleted = writes.ok("DELETE", f"comments/{made['id']}")
    assert {**deleted, "request_id": ""} == {**changed, "request_id": ""}
    assert listed(writes, HOME) == ["Other"]
    writes.refused("DELETE", f"comments/{made['id']}", status=404, code="object_not_found")
    writes.ok("DELETE", f"comments/{other['id']}")
    assert not writes.sandbox.workspace.discussions


def test_other_peoples_comments_do_not() -> None:
    writes = Writes(Sandbox.sample())
    comment = derived_id("comment", "atlas-date", "0")
    for method, body in (("PATCH", {"rich_text": text("Mine now")}), ("DELETE", None)):
        writes.refused(method, f"comments/{comment}", body, status=403, code="restricted_resource")
    thread = derived_id("discussion", "atlas-date")
    assert (
        writes.ok("POST", "comments", {"discussion_id": thread, "rich_text": text("Reply")})["discussion_id"] == thread
    )

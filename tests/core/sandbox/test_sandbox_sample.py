"""The sample workspace: rich enough, the same every time, and able to answer questions."""

from __future__ import annotations

from collections import Counter
from typing import Any

from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.ids import parse_id
from airbyte_agent_notion.sandbox.sample.markup import page_id, user_id
from airbyte_agent_notion.sandbox.state import Page

BLOCK_TYPES = {
    "paragraph",
    "heading_1",
    "heading_2",
    "heading_3",
    "heading_4",
    "bulleted_list_item",
    "numbered_list_item",
    "to_do",
    "toggle",
    "quote",
    "callout",
    "code",
    "equation",
    "divider",
    "table",
    "table_row",
    "column_list",
    "column",
    "bookmark",
    "image",
    "file",
    "embed",
    "child_page",
    "child_database",
    "synced_block",
    "link_to_page",
    "table_of_contents",
    "breadcrumb",
    "video",
    "pdf",
    "audio",
    "tab",
    "unsupported",
    "template",
    "link_preview",
    "meeting_notes",
}
PROPERTY_TYPES = {
    "title",
    "rich_text",
    "number",
    "select",
    "multi_select",
    "status",
    "date",
    "people",
    "files",
    "checkbox",
    "url",
    "email",
    "phone_number",
    "relation",
    "rollup",
    "formula",
    "unique_id",
    "created_time",
    "last_edited_time",
    "created_by",
    "last_edited_by",
    "button",
    "place",
    "verification",
}


def walk(caller: Any, identifier: str) -> list[tuple[int, Any]]:
    """Every block below, with its depth."""
    found: list[tuple[int, Any]] = []

    def visit(parent: str, depth: int) -> None:
        for block in caller.all("GET", f"/v1/blocks/{parent}/children"):
            found.append((depth, block))
            if block["has_children"]:
                visit(block["id"], depth + 1)

    visit(identifier, 1)
    return found


def text(block: Any) -> str:
    return "".join(each["plain_text"] for each in block[block["type"]].get("rich_text", []))


def test_it_is_the_same_every_time() -> None:
    first, second = Sandbox.sample().workspace, Sandbox.sample().workspace
    assert first is not second
    assert first.pages == second.pages
    assert first.blocks == second.blocks
    assert list(first.discussions) == list(second.discussions)


def test_ids_are_valid_and_unique() -> None:
    workspace = Sandbox.sample().workspace
    tables = (
        workspace.users,
        workspace.pages,
        workspace.blocks,
        workspace.databases,
        workspace.sources,
        workspace.discussions,
    )
    ids = [identifier for table in tables for identifier in table]
    assert len(set(ids)) == len(ids)
    assert all(parse_id(identifier) == identifier for identifier in ids)


def test_every_reference_resolves() -> None:
    workspace = Sandbox.sample().workspace
    for page in workspace.pages.values():
        for prop in workspace.schema(page):
            value = page.values.get(prop.id)
            if prop.type == "relation" and isinstance(value, tuple):
                assert all(each in workspace.pages for each in value)
            if prop.type == "people" and isinstance(value, tuple):
                assert all(each in workspace.users for each in value)
        assert all(workspace.find(child) is not None for child in page.children)
    spans = [span for block in workspace.blocks.values() for text in block.content.texts.values() for span in text]
    for span in spans:
        assert span.target is None or span.target in workspace.users or workspace.find(span.target) is not None
    assert len({span.kind for span in spans}) == 6


def test_it_is_rich(caller: Any) -> None:
    workspace = caller.sandbox.workspace
    assert len(workspace.users) == 8
    documents = [each for each in workspace.pages.values() if each.parent.kind != "data_source_id"]
    assert len(documents) >= 25
    counts = {workspace.title(source): len(workspace.rows(source)) for source in workspace.sources.values()}
    assert counts == {"People": 25, "Projects": 30, "Tasks": 250, "Meeting notes": 40}
    types = {prop.type for source in workspace.sources.values() for prop in source.properties}
    assert types == PROPERTY_TYPES
    blocks = walk(caller, page_id("home"))
    kinds = Counter(block["type"] for _, block in blocks)
    assert set(kinds) == BLOCK_TYPES
    deepest = max(depth for depth, block in walk(caller, page_id("gallery")))
    assert deepest >= 4
    pages = [depth for depth, block in blocks if block["type"] == "child_page"]
    assert max(pages) >= 3  # the home page being the first level


def test_documents_are_nested_four_levels_deep() -> None:
    workspace = Sandbox.sample().workspace
    policy = workspace.pages[page_id("travel-policy")]
    lineage = [each for each in workspace.lineage(policy) if isinstance(each, Page)]
    assert [workspace.title(each) for each in lineage] == [
        "Travel expense policy",
        "Travel and expenses",
        "Company handbook",
        "Brightkeel HQ",
    ]


def test_text_is_not_only_latin_and_not_only_plain(caller: Any) -> None:
    blocks = [block for _, block in walk(caller, page_id("home"))]
    whole = " ".join(text(block) for block in blocks)
    for sample in ("東京", "Zieliński", "Ελληνικά", "🔑"):
        assert sample in whole
    spans = [span for block in blocks for span in block[block["type"]].get("rich_text", [])]
    marks = {mark for span in spans for mark, on in span["annotations"].items() if on is True}
    assert marks == {"bold", "italic", "strikethrough", "underline", "code"}
    assert {span["annotations"]["color"] for span in spans} == {"default", "red", "green"}
    assert {span["mention"]["type"] for span in spans if span["type"] == "mention"} == {
        "user",
        "page",
        "database",
        "date",
    }
    assert any(span["type"] == "equation" for span in spans)
    assert any(span["href"] and span["type"] == "text" for span in spans)


def test_questions_that_it_answers(caller: Any) -> None:
    [policy] = [each for each in caller.all("POST", "/v1/search", {"query": "policy"}) if each["object"] == "page"]
    assert any("185 € a day" in text(block) for _, block in walk(caller, policy["id"]))

    reviews = {"property": "Kind", "select": {"equals": "Design review"}}
    latest = caller.rows("Meeting notes", filter=reviews, sorts=[{"property": "When", "direction": "descending"}])[0]
    assert "harbour grey" in "".join(each["plain_text"] for each in latest["properties"]["Decision"]["rich_text"])

    [atlas] = caller.rows("Projects", filter={"property": "Project", "title": {"contains": "atlas"}})
    assert atlas["properties"]["Dates"]["date"]["end"] == "2027-03-18"
    lead = caller.ok("GET", f"/v1/pages/{atlas['properties']['Lead']['relation'][0]['id']}")
    assert lead["properties"]["Name"]["title"][0]["plain_text"] == "Priya Raman"

    late = caller.rows("Tasks", filter={"property": "Overdue", "formula": {"checkbox": {"equals": True}}})
    drift = next(row for row in late if "tilt sensor" in row["properties"]["Task"]["title"][0]["plain_text"])
    assert [owner["id"] for owner in drift["properties"]["Owner"]["people"]] == [user_id("tomasz")]
    assert all(row["properties"]["Status"]["status"]["name"] != "Done" for row in late)


def test_everything_was_written_before_now() -> None:
    workspace = Sandbox.sample().workspace
    for record in (*workspace.pages.values(), *workspace.databases.values(), *workspace.sources.values()):
        assert record.created <= record.edited < workspace.now()
    for thread in workspace.discussions.values():
        assert all(comment.created < workspace.now() for comment in thread.comments)

"""The commands of ``PATCH pages/{id}/markdown``."""

from typing import Any

import pytest

from airbyte_agent_notion.shaping.markdown import (
    Edited,
    Reason,
    Refusal,
    RenderOptions,
    edit,
    insert_content,
    parse,
    render,
    replace_range,
    title_of,
    update_content,
)

Json = dict[str, Any]
PAGE = "00000000-0000-4000-8000-00000000000f"
OPTIONS = RenderOptions(page_id=PAGE)


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def block(
    number: int, kind: str, content: str | None = None, children: list[Json] | None = None, **payload: Any
) -> Json:
    words = {} if content is None else {"rich_text": [{"type": "text", "text": {"content": content}}]}
    inside = {"children": children or [], "has_children": bool(children)}
    return {"object": "block", "id": uuid(number), "type": kind, kind: {**words, **payload}, **inside}


BLOCKS = [
    block(1, "heading_1", "Plan", is_toggleable=False),
    block(2, "paragraph", "one two one"),
    block(3, "toggle", "More", [block(4, "bookmark", url="https://x.y"), block(5, "bulleted_list_item", "in")]),
    block(6, "child_page", title="Kid"),
    block(7, "code", "a\nb", language="python"),
    block(8, "callout", "Note", [block(9, "child_database", title="Rows")]),
]
MARKDOWN = render(BLOCKS, options=OPTIONS)


def done(kind: str, **given: Any) -> Edited:
    result = edit({"type": kind, kind: given}, BLOCKS, options=OPTIONS)
    assert isinstance(result, Edited), result
    return result


def ids(blocks: list[Json]) -> list[Any]:
    """Ids, those of what is inside in a list behind."""
    shown: list[Any] = []
    for one in blocks:
        shown.append(int(one["id"][-12:]) if one.get("id") else None)
        if children := one[one["type"]].get("children"):
            shown.append(ids(children))
    return shown


WHOLE = [1, 2, 3, [4, 5], 6, 7, 8, [9]]


def test_a_changed_block_keeps_its_id_and_the_others_are_as_they_were():
    result = done("update_content", content_updates=[{"old_str": "two", "new_str": "**2**"}])
    assert ids(result.page.blocks) == WHOLE
    assert {uuid(number) for number in range(1, 10)} - result.page.unchanged == {uuid(2)}
    assert result.page.removed == ()
    assert render(result.page.blocks, options=OPTIONS) == MARKDOWN.replace("two", "**2**")


def test_what_is_inside_may_change_while_the_outside_does_not():
    result = done("update_content", content_updates=[{"old_str": "\t- in", "new_str": "\t- in\n\t- new"}])
    assert ids(result.page.blocks) == [1, 2, 3, [4, 5, None], 6, 7, 8, [9]]
    assert uuid(3) in result.page.unchanged


def test_updates_follow_each_other_and_an_idle_one_is_passed_over():
    updates = [
        {"old_str": "one", "new_str": "three", "replace_all_matches": True},
        {"old_str": "not there", "new_str": "not there"},
        {"old_str": "three two three", "new_str": "four"},
    ]
    assert update_content("one two one", updates) == "four"


@pytest.mark.parametrize(
    ("update", "reason"),
    [
        ({"old_str": "", "new_str": "x"}, Reason.EMPTY_OLD_STR),
        ({"old_str": "ONE", "new_str": "x"}, Reason.NOT_FOUND),
        ({"old_str": "one", "new_str": "x"}, Reason.SEVERAL_MATCHES),
    ],
)
def test_an_update_that_is_not_clear_is_refused_and_with_it_all(update, reason):
    command = {
        "type": "update_content",
        "update_content": {"content_updates": [{"old_str": "two", "new_str": "2"}, update]},
    }
    refusal = edit(command, BLOCKS, options=OPTIONS)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is reason
    assert "content_updates[1].old_str" in refusal.message


def test_child_pages_and_databases_are_not_deleted_by_accident():
    command = {"type": "replace_content", "replace_content": {"new_str": "# New"}}
    refusal = edit(command, BLOCKS, options=OPTIONS)
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.ids) == (Reason.DELETES_DOCUMENTS, (uuid(6), uuid(9)))
    assert '"Kid"' in refusal.message
    result = done("replace_content", new_str="# New", allow_deleting_content=True)
    assert ids(result.page.blocks) == [1]
    assert result.page.removed == tuple(uuid(number) for number in range(2, 10))


def test_a_replacement_keeps_what_it_holds_wherever_that_stands():
    tags = [line.strip() for line in MARKDOWN.split("\n") if "<page " in line or "<database " in line]
    page, database = tags
    result = done("replace_content", new_str=f"{database}\nfresh\none two one\n{page}\n- in")
    assert ids(result.page.blocks) == [9, None, 2, 6, None]
    assert set(result.page.removed) == {uuid(number) for number in (1, 3, 4, 5, 7, 8)}


def test_a_tag_for_what_markdown_cannot_say_keeps_its_block():
    tag = next(line.strip() for line in MARKDOWN.split("\n") if "<unknown" in line)
    result = done("replace_content", new_str=tag, allow_deleting_content=True)
    assert ids(result.page.blocks) == [4]
    assert uuid(4) in result.page.unchanged


@pytest.mark.parametrize(
    ("after", "position", "expected"),
    [
        (None, None, [*WHOLE, None]),
        (None, "end", [*WHOLE, None]),
        (None, "start", [None, *WHOLE]),
        ("Plan", None, [1, None, *WHOLE[1:]]),
        ("More", None, [1, 2, 3, [4, 5], None, 6, 7, 8, [9]]),
        ("Plan...in", None, [1, 2, 3, [4, 5, None], 6, 7, 8, [9]]),
        ("b\n", None, [1, 2, 3, [4, 5], 6, 7, None, 8, [9]]),
    ],
)
def test_insert(after, position, expected):
    where = {"after": after} if after else {"position": {"type": position}} if position else {}
    assert ids(done("insert_content", content="new", **where).page.blocks) == expected


def test_insert_needs_one_place_that_is_there():
    both = insert_content("a", "b", after="a", position="end")
    assert isinstance(both, Refusal)
    assert both.reason is Reason.TWO_POSITIONS
    nowhere = insert_content("a", "b", after="z")
    assert isinstance(nowhere, Refusal)
    assert nowhere.reason is Reason.NOT_FOUND
    assert insert_content("", "b") == "b"


def test_replace_range():
    assert replace_range("a b c b", "X", "a...b") == "X c b"
    assert replace_range("a b c", "X", "b") == "a X c"
    assert replace_range("a... b", "X", "a...") == "X b"
    assert isinstance(replace_range("a", "X", "b...a"), Refusal)
    assert isinstance(replace_range("a", "X", ""), Refusal)
    result = done("replace_content_range", content="gone", content_range="one two...\t- in\n</details>")
    assert ids(result.page.blocks) == [1, 2, 6, 7, 8, [9]]


def test_an_unknown_command_is_refused():
    refusal = edit({"type": "delete"}, BLOCKS)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.BAD_COMMAND


def test_the_first_heading_is_the_title_of_a_new_page():
    title, rest = title_of(parse("intro\n# T\n# U"))
    assert title == [{"type": "text", "text": {"content": "T"}}]
    assert [one["type"] for one in rest] == ["paragraph", "heading_1"]
    assert title_of(parse("## T"))[0] is None

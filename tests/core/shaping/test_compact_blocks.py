"""Blocks as an outline."""

from typing import Any

from shaped_results import BLOCK, PAGE, SIGNED, USER, block, listed, rich, shaped, uid


def lines(*blocks: Any, name: str = "blocks.list") -> list[str]:
    return shaped(name, listed(*blocks), block_id=PAGE).body.split("\n")


def test_each_line_begins_with_what_names_its_block():
    assert lines(
        block(1, "heading_1", "Top"),
        block(2, "paragraph", "Some *text*"),
        block(3, "paragraph", ""),
        block(4, "numbered_list_item", "a"),
        block(5, "numbered_list_item", "b"),
        block(6, "to_do", "c", checked=True),
        block(7, "numbered_list_item", "d"),
        block(8, "divider"),
        block(9, "child_page", title="Sub"),
        block(10, "child_database", title="Table"),
        block(11, "toggle", "More"),
        block(12, "callout", "Mind", icon={"type": "emoji", "emoji": "💡"}),
        block(13, "table", has_column_header=True),
        block(14, "table_row", cells=[rich("x|y"), []]),
        block(15, "synced_block", synced_from={"block_id": uid(99)}),
        block(16, "link_to_page", type="page_id", page_id=uid(98)),
        block(17, "unsupported", block_type="button"),
        block(18, "image", type="file", file={"url": SIGNED}, caption=[]),
        block(19, "column", width_ratio=0.5),
    ) == [
        "b1 # Top",
        r"b2 Some \*text\*",
        "b3",
        "b4 1. a",
        "b5 2. b",
        "b6 - [x] c",
        "b7 1. d",
        "b8 ---",
        "p9 <page> Sub",
        "db10 <database> Table",
        "b11 <toggle> More",
        "b12 <callout 💡> Mind",
        "b13 <table header row>",
        r"b14 | x\\|y |  |",
        "b15 <synced_block of b99>",
        "b16 <link to page p98>",
        "b17 <unsupported button>",
        "b18 ![](file(p1))",
        "b19 <column width 0.5>",
    ]


def test_a_tree_is_as_deep_as_it_is_and_says_what_is_not_there():
    code = {**block(3, "code", "a\nb", language="python"), "depth": 2}
    found = {
        "object": "block_tree",
        "root_id": PAGE,
        "blocks": [
            {**block(1, "bulleted_list_item", "a"), "depth": 0, "has_children": True},
            {**block(2, "bulleted_list_item", "b"), "depth": 1, "has_children": True},
            code,
            {**block(4, "bulleted_list_item", "c"), "depth": 0, "has_children": True},
        ],
        "next_cursor": "n",
        "skipped": [{"block_id": BLOCK, "reason": "restricted_resource"}, {"block_id": uid(9), "reason": "loop"}],
    }
    result = shaped("blocks.list_tree", found, block_id=PAGE)
    assert result.body == "b1 - a\n\tb2 - b\n\t\tb3 ```python\n\t\ta\n\t\tb\n\t\t```\nb4 [+] - c"
    assert result.said.startswith("4 blocks; there are more. Could not be read: b4. [+]")
    assert (result.more, result.source) == ({"start_cursor": "n"}, "blocks of b1")


def test_new_blocks_are_named_without_their_text():
    result = shaped("blocks.append", listed(block(1, "paragraph", "Long text"), block(2, "divider")), block_id=PAGE)
    assert (result.body, result.said) == ("b1 paragraph\nb2 divider", "2 added.")


def test_one_block_and_the_trash():
    gone = {**block(1, "paragraph", "Text"), "in_trash": True}
    result = shaped("blocks.delete", gone)
    assert (result.body, result.said, result.source) == ("b1 (in trash) Text", "It is in the trash.", "block b1")


def test_meetings():
    notes = block(
        1,
        "meeting_notes",
        title=rich("Standup"),
        status="notes_ready",
        children={"summary_block_id": uid(7), "notes_block_id": uid(8)},
        calendar_event={"start_time": "S", "end_time": "E", "attendees": [USER]},
    )
    result = shaped("meeting_notes.query", {"results": [notes], "has_more": True})
    assert result.body == "b1 <meeting_notes notes_ready; S/E; with u5; notes b8; summary b7> Standup"
    assert shaped("meeting_notes.query", {"results": [notes]}).said == "1 meeting; no more."
    assert result.said == "1 meeting; there are more. A narrower filter or a greater limit finds them."


def test_a_block_that_cannot_be_written_leaves_the_others_alone():
    found = lines(
        block(1, "paragraph", "a"), {**block(2, "to_do"), "to_do": {"rich_text": [5]}}, block(3, "quote", "c")
    )
    assert found[0] == "b1 a"
    assert found[1].startswith("b2 <to_do> ")
    assert found[2] == "b3 > c"

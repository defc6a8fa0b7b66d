"""Every kind of block as Notion's enhanced Markdown."""

from typing import Any

import pytest

from airbyte_agent_notion.shaping.markdown import RenderOptions, nested, normal, parse, render, render_page

Json = dict[str, Any]
PAGE = "00000000-0000-4000-8000-00000000000f"
ID = "12345678-9abc-4def-8123-456789abcdef"
HEX = ID.replace("-", "")
URL = f"https://app.notion.com/p/{PAGE.replace('-', '')}#{HEX}"
IN_PAGE = RenderOptions(page_id=PAGE)


def text(content: str, link: str | None = None, **looks: Any) -> Json:
    return {"type": "text", "text": {"content": content, "link": {"url": link} if link else None}, "annotations": looks}


def block(kind: str, content: str | None = None, children: list[Json] | None = None, **payload: Any) -> Json:
    words = {} if content is None else {"rich_text": [text(content)] if content else []}
    inside = {} if children is None else {"children": children, "has_children": bool(children)}
    return {"object": "block", "id": ID, "type": kind, kind: {**words, **payload}, **inside}


CHILD = [block("paragraph", "in")]
BLOCKS = [
    (block("paragraph", "Hi", color="default"), "Hi"),
    (block("paragraph", "Hi", CHILD, color="red_background"), 'Hi {color="red_bg"}\n\tin'),
    (block("paragraph", "", color="blue"), '<empty-block color="blue"/>'),
    (block("heading_1", "A", color="blue"), '# A {color="blue"}'),
    (block("heading_4", "1. A"), "#### 1. A"),
    (block("heading_2", "A", CHILD, is_toggleable=True), '## A {toggle="true"}\n\tin'),
    (block("heading_3", ""), "###"),
    (block("bulleted_list_item", "a", [block("numbered_list_item", "b", CHILD)]), "- a\n\t1. b\n\t\tin"),
    (block("to_do", "a", checked=True), "- [x] a"),
    (block("to_do", "", checked=False), "- [ ]"),
    (block("quote", "a\nb", CHILD, color="gray"), '> a<br>b {color="gray"}\n\tin'),
    (block("toggle", "T", CHILD, color="red"), '<details color="red">\n<summary>T</summary>\n\tin\n</details>'),
    (block("code", "a\n`b`", language="python"), "```python\na\n`b`\n```"),
    (block("code", "x\n\t````", language="plain text"), "`````plain text\nx\n\t````\n`````"),
    (block("equation", expression="x^2\ny"), "$$\nx^2\ny\n$$"),
    (block("divider"), "---"),
    (block("table_of_contents", color="gray"), '<table_of_contents color="gray"/>'),
    (
        block("column_list", children=[block("column", children=CHILD)]),
        "<columns>\n\t<column>\n\t\tin\n\t</column>\n</columns>",
    ),
    (
        block("image", type="external", external={"url": "https://a/(b)"}, caption=[text("c]")]),
        "![c\\]](https://a/(b))",
    ),
    (block("pdf", type="external", external={"url": "https://a"}, caption=[]), '<pdf src="https://a"></pdf>'),
    (
        block("file", type="file", file={"url": "https://s3/x?X-Amz-Signature=1"}, name="a.txt"),
        f'<file src="notion-file:{HEX}"></file>',
    ),
    (block("video", type="file_upload", file_upload={"id": ID}), f'<video src="file-upload://{ID}"></video>'),
    (block("child_page", title="Kid *1*"), f'<page url="https://app.notion.com/p/{HEX}">Kid \\*1\\*</page>'),
    (block("child_database", title=""), f'<database url="https://app.notion.com/p/{HEX}"></database>'),
    (block("synced_block", children=CHILD, synced_from=None), f'<synced_block url="{URL}">\n\tin\n</synced_block>'),
    (
        block("synced_block", children=CHILD, synced_from={"type": "block_id", "block_id": ID}),
        f'<synced_block_reference url="{URL}">\n\tin\n</synced_block_reference>',
    ),
    *(
        (block(kind), f'<unknown url="{URL}" alt="{kind}"/>')
        for kind in ("bookmark", "embed", "link_preview", "breadcrumb", "template")
    ),
    (block("link_to_page", type="page_id", page_id=ID), f'<unknown url="{URL}" alt="alias"/>'),
    (block("unsupported", block_type="button"), f'<unknown url="{URL}" alt="button"/>'),
    (block("unsupported"), f'<unknown url="{URL}"/>'),
    (block("novel_kind"), f'<unknown url="{URL}" alt="novel_kind"/>'),
]


@pytest.mark.parametrize(("one", "markdown"), BLOCKS, ids=[str(number) for number in range(len(BLOCKS))])
def test_blocks(one, markdown):
    assert render([one], options=IN_PAGE) == markdown


def test_a_callout_says_its_text_and_then_what_is_inside():
    icon = {"type": "emoji", "emoji": "💡"}
    callout = block("callout", "T", CHILD, icon=icon, color="blue_background")
    assert render([callout]) == '<callout icon="💡" color="blue_bg">\n\tT\n\tin\n</callout>'
    assert render([block("callout", "", CHILD)]) == "<callout>\n\t<empty-block/>\n\tin\n</callout>"
    assert render([block("callout", "", [block("divider")])]) == "<callout>\n\t---\n</callout>"
    assert render([block("callout", "")]) == "<callout>\n\t<empty-block/>\n</callout>"


@pytest.mark.parametrize(
    ("icon", "written"),
    [
        ({"type": "external", "external": {"url": "https://i"}}, "https://i"),
        ({"type": "file", "file": {"url": "https://signed"}}, f"notion-file:{HEX}"),
        ({"type": "icon", "icon": {"name": "pizza", "color": "blue"}}, "icons/pizza_blue"),
        ({"type": "custom_emoji", "custom_emoji": {"id": ID, "name": "party"}}, ":party:"),
    ],
)
def test_icons(icon, written):
    assert render([block("callout", "x", icon=icon)]).splitlines()[0] == f'<callout icon="{written}">'


def test_tabs_have_a_title_and_an_icon():
    tab = block("paragraph", "One", CHILD, icon={"type": "emoji", "emoji": "🎯"})
    assert render([block("tab", children=[tab])]) == '<tabs>\n\t<tab icon="🎯">\n\t\tOne\n\t\tin\n\t</tab>\n</tabs>'


def test_tables_have_rich_text_in_their_cells():
    row = block("table_row", cells=[[text("a|b", bold=True)], []])
    table = block("table", children=[row], table_width=2, has_column_header=True, has_row_header=True)
    expected = '<table header-row="true" header-column="true">\n<tr>\n<td>**a\\|b**</td>\n<td></td>\n</tr>\n</table>'
    assert render([table]) == expected


def test_numbered_lists_count_from_where_they_start():
    items = [block("numbered_list_item", "a", list_start_index=3), block("numbered_list_item", "b"), block("divider")]
    assert render([*items, block("numbered_list_item", "c")]) == "3. a\n4. b\n---\n1. c"


def test_meeting_notes_leave_the_transcript_out_unless_it_is_asked_for():
    names = {"summary_block_id": "s", "notes_block_id": "n", "transcript_block_id": "t"}
    inside = [{**block("unsupported", children=[block("paragraph", name)]), "id": name} for name in "snt"]
    notes = {
        "type": "meeting_notes",
        "meeting_notes": {"title": [text("Weekly")], "children": names},
        "children": inside,
    }
    short = (
        "<meeting-notes>\n\tWeekly\n\t<summary>\n\t\ts\n\t</summary>\n\t<notes>\n\t\tn\n\t</notes>\n</meeting-notes>"
    )
    assert render([notes]) == short
    assert "<transcript>\n\t\tt\n" in render([notes], options=RenderOptions(transcript=True))


INLINE = [
    ([text("a*b_ _c snake_case")], "a\\*b\\_ \\_c snake_case"),
    ([text("x < y & z &amp; {q} ^ | ~ $5")], "x \\< y & z \\&amp; \\{q\\} \\^ \\| \\~ \\$5"),
    ([text("a", bold=True), text("b", bold=True, italic=True), text(" c")], "**a*b*** c"),
    ([text("a ", bold=True), text("b")], "**a** b"),
    ([text("Note:", bold=True), text("text")], "**Note:**text"),
    ([text("a", bold=True), text("b", italic=True)], "**a**<span></span>*b*"),
    (
        [text("u", underline=True, color="red"), text("v", color="red")],
        '<span color="red"><span underline="true">u</span>v</span>',
    ),
    ([text("`a", code=True), text("b", code=True, bold=True)], "`` `a ``**`b`**"),
    ([text("see!"), text("x]", link="https://a/b c")], "see\\![x\\]](https://a/b%20c)"),
    ([{"type": "equation", "equation": {"expression": "a`b"}}], "$``a`b``$"),
    ([text("  lead and trail  ")], "&#32; lead and trail &#32;"),
]


@pytest.mark.parametrize(("items", "markdown"), INLINE, ids=[str(number) for number in range(len(INLINE))])
def test_inline(items, markdown):
    assert render([{"type": "paragraph", "paragraph": {"rich_text": items}}]) == markdown


@pytest.mark.parametrize("start", ["# a", "- a", "+ a", "---", "- - -", "1. a", "12) a"])
def test_text_that_begins_like_a_block_is_escaped(start):
    line = render([block("paragraph", start)])
    assert line.replace("\\", "") == start
    assert line != start
    assert render([block("heading_1", start)]) == f"# {start}"


def mention(kind: str, value: Json, name: str = "") -> Json:
    return {"type": "mention", "mention": {"type": kind, kind: value}, "plain_text": name, "annotations": {}}


MENTIONS = [
    (mention("user", {"object": "user", "id": ID}, "@Ann"), f'<mention-user url="user://{ID}">Ann</mention-user>'),
    (mention("user", {"id": ID}), f'<mention-user url="user://{ID}"/>'),
    (
        mention("page", {"id": ID}, "A <b>"),
        f'<mention-page url="https://app.notion.com/p/{HEX}">A \\<b\\></mention-page>',
    ),
    (
        mention("database", {"id": ID}, "D"),
        f'<mention-database url="https://app.notion.com/p/{HEX}">D</mention-database>',
    ),
    (
        mention("date", {"start": "2026-01-02", "end": "2026-01-03"}),
        '<mention-date start="2026-01-02" end="2026-01-03"/>',
    ),
    (
        mention("date", {"start": "2026-01-02T10:00:00.000+00:00", "time_zone": None}),
        '<mention-date start="2026-01-02" startTime="10:00" timeZone="UTC"/>',
    ),
    (
        mention("date", {"start": "2026-01-02T10:00", "time_zone": "Europe/Paris"}),
        '<mention-date start="2026-01-02" startTime="10:00" timeZone="Europe/Paris"/>',
    ),
    (
        mention("date", {"start": "2026-01-02T10:00:00.000+02:00"}),
        '<mention-date start="2026-01-02T10:00:00.000+02:00"/>',
    ),
    (
        mention("template_mention", {"type": "template_mention_date", "template_mention_date": "now"}),
        '<mention-template date="now"/>',
    ),
    (mention("custom_emoji", {"id": ID, "name": "party"}, ":party:"), ":party:"),
    (mention("link_mention", {"href": "https://a", "title": "A"}, "A"), "[A](https://a)"),
    (mention("novel", {}, "shown"), "shown"),
]


@pytest.mark.parametrize(("item", "markdown"), MENTIONS, ids=[str(number) for number in range(len(MENTIONS))])
def test_mentions(item, markdown):
    assert render([{"type": "paragraph", "paragraph": {"rich_text": [item]}}]) == markdown


def test_the_extended_form_says_what_notion_leaves_out():
    code = block("code", "x", language="python", caption=[text("A {b}")])
    page = [
        block("bookmark", url="https://a", caption=[text("B")]),
        block("embed", url="https://e"),
        block("link_to_page", type="database_id", database_id=ID),
        block("file", type="external", external={"url": "https://f"}, name="n.txt"),
        block("column_list", children=[block("column", children=[], width_ratio=0.25)]),
        code,
    ]
    assert render(page, options=RenderOptions(extended=True)).split("\n") == [
        '<bookmark url="https://a">B</bookmark>',
        '<embed src="https://e"></embed>',
        f'<link_to_page type="database" url="https://app.notion.com/p/{HEX}"/>',
        '<file src="https://f" name="n.txt"></file>',
        "<columns>",
        '\t<column ratio="25">',
        "\t</column>",
        "</columns>",
        '```python {caption="A \\&#123;b\\&#125;"}',
        "x",
        "```",
    ]


def row(*cells: str) -> Json:
    return block("table_row", cells=[[text(cell)] if cell else [] for cell in cells])


FILE_REF = f"notion-file:{HEX}/{HEX}"
COMPACT = [
    (block("heading_2", "A", CHILD, is_toggleable=True, color="blue"), '## A {toggle color="blue"}\n\tin'),
    (block("paragraph", ""), "<p/>"),
    (block("toggle", "T", CHILD), "<details><summary>T</summary>in</details>"),
    (block("toggle", "T", [*CHILD, *CHILD]), "<details><summary>T</summary>\nin\nin\n</details>"),
    (block("toggle", "T"), "<details><summary>T</summary></details>"),
    (block("callout", "T", icon={"type": "emoji", "emoji": "💡"}), "<callout 💡>T</callout>"),
    (block("callout", "T", CHILD, color="red"), '<callout color="red">\nT\nin\n</callout>'),
    (block("callout", ""), "<callout/>"),
    (
        block(
            "column_list", children=[block("column", children=CHILD), block("column", children=[], width_ratio=0.25)]
        ),
        '<column>in</column>\n<column ratio="25"/>',
    ),
    (
        block("column", children=[block("heading_1", "A")]),
        "<column>\n# A\n</column>",
    ),
    (block("table_of_contents", color="gray"), '<toc color="gray"/>'),
    (block("equation", expression="x < y"), "$$x < y$$"),
    (block("equation", expression="x\ny"), "$$\nx\ny\n$$"),
    (block("code", "x", language="plain text"), "```\nx\n```"),
    (block("audio", type="external", external={"url": "https://x/y.mp3"}), "<audio https://x/y.mp3/>"),
    (block("audio", type="external", external={"url": "https://x/y/"}), '<audio src="https://x/y/"/>'),
    (block("pdf", type="file", file={"url": "https://s3"}, caption=[text("C")]), f"<pdf {FILE_REF}>C</pdf>"),
    (block("file", type="external", external={"url": "https://x/a.txt?b"}, name="a.txt"), "<file https://x/a.txt?b/>"),
    (
        block("file", type="external", external={"url": "https://x/a"}, name='"b"'),
        '<file https://x/a name="&quot;b&quot;"/>',
    ),
    (block("bookmark", url="https://a b"), '<bookmark url="https://a b"/>'),
    (block("embed", url="https://a?b=c", caption=[text("C")]), "<embed https://a?b=c>C</embed>"),
    (
        block("link_to_page", type="database_id", database_id=ID),
        f'<link https://app.notion.com/p/{HEX} type="database"/>',
    ),
    (block("child_page", title="Kid"), f"<page https://app.notion.com/p/{HEX}>Kid</page>"),
    (block("synced_block", children=CHILD, synced_from=None), f"<synced {URL}>in</synced>"),
    (
        block("synced_block", synced_from={"type": "block_id", "block_id": ID}) | {"has_children": True},
        f"<synced_copy {URL}><unknown {URL}/></synced_copy>",
    ),
    (block("unsupported", block_type="button"), f"<unknown {URL} button/>"),
    (block("table", children=[row("a", "b"), row("c", "")], has_column_header=True), "a|b\n-|-\n|c||"),
    (block("table", children=[row("- a|b", "c "), row("-", "--")]), "-|-\n\\- a\\|b|c&#32;\n\\-|--"),
    (block("table", children=[row("-")]), "|-|\n|\\-|"),
    (
        block("table", children=[row("a")], has_row_header=True),
        '<table header-column="true">\n<tr>\n<td>a</td>\n</tr>\n</table>',
    ),
]


@pytest.mark.parametrize(("one", "markdown"), COMPACT, ids=[str(number) for number in range(len(COMPACT))])
def test_the_compact_form(one, markdown):
    options = RenderOptions(page_id=PAGE, compact=True, file_url=lambda block, url: FILE_REF)
    assert render([one], options=options) == markdown
    assert one["type"] == "column" or parse(markdown) == normal([one], options=options)


def test_a_table_of_pipes_ends_before_what_would_be_a_row():
    code = {"type": "paragraph", "paragraph": {"rich_text": [text("a|b", code=True)]}}
    table = block("table", children=[row("x", "y")])
    page = [code, table, code, table, table, block("divider"), table, block("divider")]
    options = RenderOptions(compact=True)
    written = "`a|b`\n\n-|-\nx|y\n\n`a|b`\n\n-|-\nx|y\n\n-|-\nx|y\n---\n-|-\nx|y\n---"
    assert render(page, options=options) == written
    assert parse(written) == normal(page, options=options)
    odd = block("table", children=[block("table_row", cells=[[text("a\\|b", code=True)], []])])
    assert render([odd], options=options).startswith("<table>")


def test_columns_of_one_line_have_no_tag_around_them_where_they_stand_apart():
    def columns(*words: str) -> Json:
        return block("column_list", children=[block("column", children=[block("paragraph", one)]) for one in words])

    long = block("column_list", children=[block("column", children=CHILD * 2), block("column", children=CHILD)])
    page = [columns("a", "b"), columns("c", "d"), block("divider"), long, columns("e", "f"), columns("g")]
    options = RenderOptions(compact=True)
    written = render(page, options=options)
    assert written.count("<columns>") == 3
    assert written.startswith("<column>a</column>\n<column>b</column>\n<columns>\n<column>c</column>\n")
    assert parse(written) == normal(page, options=options)


SHORT = [
    (mention("user", {"id": ID}, "@A [b]"), f"[@A \\[b\\]](user://{ID})"),
    (mention("user", {"id": ID}), f"<mention-user user://{ID}/>"),
    (mention("page", {"id": ID}, "T"), f"<mention https://app.notion.com/p/{HEX}>T</mention>"),
    (
        mention("database", {"id": ID}, "T"),
        f"<mention-database https://app.notion.com/p/{HEX}>T</mention-database>",
    ),
    (mention("date", {"start": "2026-01-02", "end": "2026-01-03"}), '<date 2026-01-02 end="2026-01-03"/>'),
    (
        mention("date", {"start": "2026-01-02T10:00", "time_zone": "Europe/Paris"}),
        '<date 2026-01-02 startTime="10:00" timeZone="Europe/Paris"/>',
    ),
    (mention("date", {"start": "2026-01-02T10:00:00.000+02:00"}), "<date 2026-01-02T10:00:00.000+02:00/>"),
    (text("u", underline=True, color="red_background"), "<span red_bg><u>u</u></span>"),
]


@pytest.mark.parametrize(("item", "markdown"), SHORT, ids=[str(number) for number in range(len(SHORT))])
def test_text_in_the_compact_form(item, markdown):
    options = RenderOptions(compact=True)
    page = [{"type": "paragraph", "paragraph": {"rich_text": [text("!"), item]}}]
    assert render(page, options=options) == ("\\!" if markdown[0] == "[" else "!") + markdown
    assert parse(render(page, options=options)) == normal(page, options=options)


def test_a_signed_address_is_shown_only_to_who_asks():
    image = block("image", type="file", file={"url": "https://s3/x?X-Amz-Signature=1"}, caption=[])
    assert "Amz" not in render([image])
    assert (
        render([image], options=RenderOptions(file_url=lambda one, url: url)) == "![](https://s3/x?X-Amz-Signature=1)"
    )


def test_what_was_not_read_leaves_a_tag():
    page = render_page([block("toggle", "T") | {"has_children": True}], options=IN_PAGE)
    assert page.markdown == f'<details>\n<summary>T</summary>\n\t<unknown url="{URL}"/>\n</details>'
    assert page.unknown_block_ids == (ID,)
    assert page.truncated
    assert not render_page([block("child_page", title="T") | {"has_children": True}]).truncated


def test_a_flat_tree_is_nested_and_says_what_is_missing():
    def at(depth: int, identifier: str, content: str, has_children: bool = False) -> Json:
        return block("bulleted_list_item", content) | {
            "id": identifier,
            "depth": depth,
            "parent_id": PAGE,
            "has_children": has_children,
        }

    tree: Any = {
        "blocks": [
            at(0, "a", "a", True),
            at(1, "b", "b", True),
            at(2, "c", "c"),
            at(1, "d", "d", True),
            at(0, "e", "e", True),
        ],
        "skipped": [{"block_id": "d", "reason": "object_not_found"}, {"block_id": "b", "reason": "loop"}],
        "next_cursor": "more",
    }
    page = render_page(nested(tree))
    assert page.unknown_block_ids == ("d", "e")
    shown = [line for line in page.markdown.split("\n") if "unknown" not in line]
    assert shown == ["- a", "\t- b", "\t\t- c", "\t- d", "- e"]
    assert "depth" not in str(nested(tree))


def test_nothing_is_empty_and_rendering_changes_nothing():
    page = [block("callout", "T", [block("paragraph", "x")])]
    before = repr(page)
    assert render(page) == render(page)
    assert repr(page) == before
    assert render([]) == ""

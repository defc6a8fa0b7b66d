"""Markdown as people and models write it, and the dialect's tags, as blocks."""

import sys
from typing import Any

import pytest

from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion.shaping.markdown import RenderOptions, normal, parse, postable, render

Json = dict[str, Any]
ID = "12345678-9abc-4def-8123-456789abcdef"
HEX = ID.replace("-", "")


def outline(blocks: list[Json]) -> list[Any]:
    """Kinds and texts, nested: ("quote", "text", [...])."""
    shown: list[Any] = []
    for block in blocks:
        payload = block[block["type"]]
        words = payload.get("rich_text", payload.get("caption", []))
        text = "".join(item.get("text", {}).get("content", "") for item in words)
        children = payload.get("children")
        shown.append((block["type"], text, outline(children)) if children else (block["type"], text))
    return shown


def one(markdown: str) -> Json:
    (block,) = parse(markdown)
    return block[block["type"]]


CASES = [
    ("a\nb\n\n\nc", [("paragraph", "a"), ("paragraph", "b"), ("paragraph", "c")]),
    ("# A\n##### B\n#no", [("heading_1", "A"), ("heading_4", "B"), ("paragraph", "#no")]),
    (
        "- a\n  - b\n    - c\n- d",
        [
            ("bulleted_list_item", "a", [("bulleted_list_item", "b", [("bulleted_list_item", "c")])]),
            ("bulleted_list_item", "d"),
        ],
    ),
    (
        "1. a\n   - b\n\n   text\n2. c",
        [
            ("numbered_list_item", "a", [("bulleted_list_item", "b"), ("paragraph", "text")]),
            ("numbered_list_item", "c"),
        ],
    ),
    ("* a\n\t+ b", [("bulleted_list_item", "a", [("bulleted_list_item", "b")])]),
    ("- - a", [("bulleted_list_item", "", [("bulleted_list_item", "a")])]),
    ("- # a", [("bulleted_list_item", "", [("heading_1", "a")])]),
    ("> a\n> b", [("quote", "a"), ("quote", "b")]),
    ("text\n---\n***\n___", [("paragraph", "text"), ("divider", ""), ("divider", ""), ("divider", "")]),
    ("- x\n  ```js\n  y\n    z\n  ```", [("bulleted_list_item", "x", [("code", "y\n  z")])]),
    ("~~~\n```\n~~~", [("code", "```")]),
    ("```py\nnever closed", [("code", "never closed")]),
    ("<details>\n<summary>S</summary>\n\nnot indented\n</details>", [("toggle", "S", [("paragraph", "not indented")])]),
    ("<details><summary>S</summary>x</details>", [("toggle", "S", [("paragraph", "x")])]),
    ("<details>\nx\n</details>", [("toggle", "", [("paragraph", "x")])]),
    ("<callout>a</callout>", [("callout", "a")]),
    ("<callout>\n- a\n</callout>", [("callout", "", [("bulleted_list_item", "a")])]),
    (
        "<columns><column>l</column><column>r</column></columns>",
        [("column_list", "", [("column", "", [("paragraph", "l")]), ("column", "", [("paragraph", "r")])])],
    ),
    (
        "<columns>\nstray\n<column>\nx\n</column>\n</columns>",
        [("column_list", "", [("column", "", [("paragraph", "stray")]), ("column", "", [("paragraph", "x")])])],
    ),
    ("<tabs>\n<tab>\n\tT\n\tin\n</tab>\n</tabs>", [("tab", "", [("paragraph", "T", [("paragraph", "in")])])]),
    ("$$\nx\n$$\n$$y$$", [("equation", ""), ("equation", "")]),
    ("$$\nnever closed", [("paragraph", "$$"), ("paragraph", "never closed")]),
    ("a\r\nb\rc", [("paragraph", "a"), ("paragraph", "b"), ("paragraph", "c")]),
    ("<empty-block/>", [("paragraph", "")]),
    ("", []),
]


@pytest.mark.parametrize(("markdown", "blocks"), CASES, ids=[str(number) for number in range(len(CASES))])
def test_blocks(markdown, blocks):
    assert outline(parse(markdown)) == blocks


@pytest.mark.parametrize(
    "markdown",
    [
        "<callout>\nnever closed",
        "</callout>",
        "<column>\nx\n</column>",
        "<synced_block_reference>\nx\n</synced_block_reference>",
        "<columns>\n</columns>",
        "<video>no address</video>",
        "<wizard>x</wizard>",
        "<table>\n<tr>",
        "`<table>\n`</table>",
        "![x](",
        "**open [link](",
        "<span color=red>never closed",
        '<mention-user url="nobody"/>',
        "> [!NOTE]",
        "[toc]",
        '{color="mauve"}',
    ],
)
def test_what_is_malformed_stays_text(markdown):
    read = "\n".join(item["text"]["content"] for block in parse(markdown) for item in block[block["type"]]["rich_text"])
    assert read == markdown.removeprefix("> ")


def test_a_tag_within_tags_that_do_not_match_is_text():
    read = parse("<callout>\n<details>\nx\n</callout>\n</details>")
    assert outline(read) == [("callout", "<details>", [("paragraph", "x")]), ("paragraph", "</details>")]


RICH = [
    ("**b** __b__", [("b", "bold"), (" ",), ("b", "bold")]),
    ("*i* _i_ snake_case_name", [("i", "italic"), (" ",), ("i", "italic"), (" snake_case_name",)]),
    ("***x***", [("x", "bold", "italic")]),
    ("~~s~~ `c*d*`", [("s", "strikethrough"), (" ",), ("c*d*", "code")]),
    ("**Note:**text", [("Note:", "bold"), ("text",)]),
    ("text**(note)**", [("text",), ("(note)", "bold")]),
    ("2 * 3 * 4 and f(*args, **kw)", [("2 * 3 * 4 and f(*args, **kw)",)]),
    ("<u>u</u><b>b</b>", [("u", "underline"), ("b", "bold")]),
    ('<span color="red_bg">a **b**</span>', [("a ", "red_background"), ("b", "bold", "red_background")]),
    ("a<br>b<br/>c", [("a\nb\nc",)]),
    ("&lt;b&gt; &amp;amp; &nope; \\* \\q", [("<b> &amp; &nope; * \\q",)]),
    ("costs $5 and $6, US$5", [("costs $5 and $6, US$5",)]),
]


@pytest.mark.parametrize(("markdown", "runs"), RICH, ids=[str(number) for number in range(len(RICH))])
def test_rich_text(markdown, runs):
    shown = [
        (
            item["text"]["content"],
            *sorted(name if value is True else value for name, value in item.get("annotations", {}).items()),
        )
        for item in one(markdown)["rich_text"]
    ]
    assert shown == runs


def test_links_and_images():
    assert [item["text"] for item in one("[a *b*](https://x.y/(z) 'title')")["rich_text"]] == [
        {"content": "a ", "link": {"url": "https://x.y/(z)"}},
        {"content": "b", "link": {"url": "https://x.y/(z)"}},
    ]
    assert one("<https://x.y>")["rich_text"][0]["text"]["link"] == {"url": "https://x.y"}
    assert one("[](https://x.y)")["rich_text"][0]["text"]["content"] == "https://x.y"
    assert one("![x]()")["rich_text"][0]["text"] == {"content": "x"}
    assert one("in ![alt](https://x.y) text")["rich_text"][1]["text"] == {
        "content": "alt",
        "link": {"url": "https://x.y"},
    }
    assert one('![a [b](https://c)](https://x.y "t") {color="red"}')["external"] == {"url": "https://x.y"}


def test_equations_within_text():
    items = one("a $x_1$ b $`y$z`$")["rich_text"]
    assert [item["equation"]["expression"] for item in items if item["type"] == "equation"] == ["x_1", "y$z"]


def test_mentions():
    tags = (
        f'<mention-user url="{{{{user://{ID}}}}}">Ann</mention-user><mention-page url="https://www.notion.so/A-{HEX}"/>'
    )
    dates = (
        '<mention-date start="2026-01-02" startTime="10:30" endTime="11:00" end="2026-01-02" timeZone="Asia/Tokyo"/>'
    )
    user, page, date = one(tags + dates)["rich_text"]
    assert (user["mention"], user["plain_text"]) == ({"type": "user", "user": {"id": ID}}, "@Ann")
    assert page["mention"] == {"type": "page", "page": {"id": ID}}
    assert date["mention"]["date"] == {
        "start": "2026-01-02T10:30:00",
        "end": "2026-01-02T11:00:00",
        "time_zone": "Asia/Tokyo",
    }


def test_emoji_of_the_workspace_are_known_by_name():
    (before, emoji) = parse("at 10:30:00 :party:", emojis={"party": ID})[0]["paragraph"]["rich_text"]
    assert before["text"]["content"] == "at 10:30:00 "
    assert emoji["mention"]["custom_emoji"] == {"id": ID}
    assert one(":party:")["rich_text"][0]["text"]["content"] == ":party:"


def test_pipe_tables():
    table = parse("| a | b\\|c |\n|---|:-:|\n| `x` | |\n| only |\n\nafter")[0]["table"]
    cells = [
        ["".join(i["text"]["content"] for i in cell) for cell in row["table_row"]["cells"]] for row in table["children"]
    ]
    assert cells == [["a", "b|c"], ["x", ""], ["only", ""]]
    assert (table["table_width"], table["has_column_header"], table["has_row_header"]) == (2, True, False)


def test_tables_in_tags_on_one_line_or_many():
    table = one(
        '<table header-column="true"><thead><tr><th>**a**</th><td>b</td></tr></thead>\n<tr>\n<td>x\ny</td></tr></table>'
    )
    cells = [
        ["".join(i["text"]["content"] for i in cell) for cell in row["table_row"]["cells"]] for row in table["children"]
    ]
    assert cells == [["a", "b"], ["x\ny", ""]]
    assert (table["has_column_header"], table["has_row_header"]) == (False, True)


@pytest.mark.parametrize(
    ("info", "language", "caption"),
    [
        ("py", "python", None),
        ("", "plain text", None),
        ("&#32;", "plain text", None),
        ("TSX", "typescript", None),
        ("visual basic", "visual basic", None),
        ("cypher", "plain text", "cypher"),
        ("js title=x", "javascript", None),
    ],
)
def test_languages_are_those_that_notion_knows(info, language, caption):
    code = one(f"```{info}\nx\n```")
    assert code["language"] == language
    assert [item["text"]["content"] for item in code.get("caption", [])] == ([caption] if caption else [])


def test_long_text_is_split_where_notion_wants_it():
    items = one("😀" * 1_500 + "a" * 2_000)["rich_text"]
    sizes = [len(item["text"]["content"].encode("utf-16-le")) // 2 for item in items]
    assert sum(sizes) == 5_000
    assert max(sizes) <= 2_000
    assert len(sizes) == 3


def test_tags_name_what_is_there():
    tags = [
        f'<page url="https://app.notion.com/p/{HEX}">Kid</page>',
        f'<database url="https://notion.so/{HEX}?v=1" inline="true">D</database>',
        f'<unknown url="https://app.notion.com/p/{"0" * 32}#{HEX}" alt="bookmark"/>',
        f'<synced_block url="x#{HEX}">\n\ta\n</synced_block>',
    ]
    page, database, unknown, synced = parse("\n".join(tags))
    assert (page["id"], page["child_page"]) == (ID, {"title": "Kid"})
    assert (database["id"], database["child_database"]) == (ID, {"title": "D", "is_inline": True})
    assert (unknown["id"], unknown["unsupported"]) == (ID, {"block_type": "bookmark"})
    assert synced["id"] == ID
    assert "id" not in parse("<page>New</page>")[0]


def test_a_list_that_starts_elsewhere_says_so_once():
    first, second = parse("3. a\n4. b")
    assert first["numbered_list_item"]["list_start_index"] == 3
    assert "list_start_index" not in second["numbered_list_item"]
    assert "list_start_index" not in str(parse("1. a\n1. b"))


def test_what_cannot_be_posted_is_told_apart():
    made, refused = postable(
        parse(f'3. a\n\t<unknown url="#{HEX}" alt="button"/>\n\tb\n<page>New</page>\n![](notion-file:{HEX})')
    )
    assert made == [
        {
            "object": "block",
            "type": "numbered_list_item",
            "numbered_list_item": {"rich_text": [{"type": "text", "text": {"content": "a"}}], "children": parse("b")},
        }
    ]
    assert [(one.type, one.id) for one in refused] == [("unsupported", ID), ("child_page", None), ("image", ID)]


@pytest.mark.parametrize(
    "markdown",
    [
        "- " * 3_000,
        "\n".join("\t" * depth + "- a" for depth in range(400)),
        "<callout>\n" * 400 + "</callout>\n" * 400,
        "<span>" * 2_000,
        "[" * 2_000,
        "*a_ " * 2_000,
        "`" * 3_000,
        "> " * 2_000,
        "<details>" * 500 + "x" + "</details>" * 500,
        "<column>\n" * 400 + "</column>\n" * 400,
        "> [!NOTE]\n" + "\n".join("> " * depth + "[!NOTE]" for depth in range(1, 100)),
        "<embed https://" + "a/" * 5_000 + ">",
    ],
)
def test_no_depth_is_too_deep(markdown):
    read = parse(markdown)
    assert parse(render(read)) == normal(read)
    compact = RenderOptions(compact=True)
    assert parse(render(read, options=compact)) == normal(read, options=compact)


def test_without_markdown_it_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "markdown_it", None)
    monkeypatch.delitem(sys.modules, "airbyte_agent_notion.shaping.markdown.scanner", raising=False)
    assert parse("plain words") != []
    with pytest.raises(ConfigurationError, match=r"markdown-it-py\. .*\[markdown\]"):
        parse("**bold**")


def test_alerts_are_callouts():
    note, quote = parse("> [!WARNING]\n> Mind **this**\n> - and that\n\n> said")
    assert outline([note]) == [("callout", "Mind this", [("bulleted_list_item", "and that")])]
    assert (note["callout"]["icon"], note["callout"]["color"]) == (
        {"type": "emoji", "emoji": "\u26a0\ufe0f"},
        "yellow_background",
    )
    assert outline([quote]) == [("quote", "said")]
    assert outline(parse("> \\[!NOTE\\]\n> x")) == [("quote", "[!NOTE]"), ("quote", "x")]


@pytest.mark.parametrize(
    ("markdown", "url"),
    [
        ("<embed https://a.b/>text</embed>", "https://a.b/"),
        ("<embed https://a.b/>", "https://a.b"),
        ("<embed https://a.b?c=d>", "https://a.b?c=d"),
        ('<embed src="https://a.b/">', "https://a.b/"),
        ("<embed https://a.b></embed>", "https://a.b"),
    ],
)
def test_an_address_may_stand_bare(markdown, url):
    assert one(markdown)["url"] == url


def test_a_table_may_have_no_header():
    first, second = parse("|---|---|\n| a | |\n\nx | y\n:-|-:\nb | c")
    assert [block["table"]["has_column_header"] for block in (first, second)] == [False, True]
    assert [len(block["table"]["children"]) for block in (first, second)] == [1, 2]
    assert [block["type"] for block in parse("Title\n-|-\nx")] == ["paragraph"] * 3


def test_tags_may_be_closed_at_once():
    assert outline(parse("<callout/>\n<columns><column/><column>x</column></columns>")) == [
        ("callout", ""),
        ("column_list", "", [("column", ""), ("column", "", [("paragraph", "x")])]),
    ]


def test_toggles_are_headings_only():
    assert one("# A {toggle}")["is_toggleable"] is True
    assert outline(parse("- press {toggle}\n# A \\{toggle\\}")) == [
        ("bulleted_list_item", "press {toggle}"),
        ("heading_1", "A {toggle}"),
    ]

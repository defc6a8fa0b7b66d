"""Blocks of every kind that Markdown can write, with any text in them, as Hypothesis strategies."""

from typing import Any

from hypothesis import strategies as st

from airbyte_agent_notion.shaping.markdown.dialect import COLORS, LANGUAGES

__all__ = ["IDS", "MARKUP", "blocks", "leaves", "rich_text", "texts"]

Json = dict[str, Any]
MARKUP = st.sampled_from(
    [
        *"*_~`$[](){}<>|^!#-+.:;&\\/\"'=@ \t\n\r0a1Ж。「\u00a0\u2028",
        *(
            "**",
            "***",
            "~~",
            "``",
            "```",
            "$$",
            "$`",
            "`$",
            "![",
            "](",
            "- ",
            "- [ ] ",
            "1. ",
            "# ",
            "> ",
            "---",
            "***",
        ),
        *("<br>", "<br/>", "<b>", "</b>", "<span>", "</span>", '<span color="red">', "<details>", "</details>"),
        *("<summary>", "</summary>", "<callout>", "</callout>", "<columns>", "<column>", "</column>", "</columns>"),
        *("<table>", "<tr>", "<td>", "</td>", "</tr>", "</table>", "| a | b |\n|---|---|\n", "<empty-block/>"),
        *('{color="blue"}', ' {toggle="true"}', "&amp;", "&#32;", "&lt;", "\\*", "\\\n", "\n\t", "\n  ", "    ", "~~~"),
        *("http://a.b/c", "<http://a.b>", "<mention-date", '<mention-user url="user://', '"/>', "<unknown/>", "[^x]"),
        *(
            "{toggle}",
            " {toggle}",
            "|-|-|",
            "-|-\n",
            "a|b",
            "`|`",
            "\\|",
            "<p/>",
            "<toc/>",
            "<column/>",
            "<synced>x</synced>",
        ),
        *(
            "$$x$$",
            "<page https://a.b/>",
            "<callout 💡>",
            "</synced>",
            "`</summary>`",
            "<link a:b/>",
            "> [!NOTE]",
            "`\\|`",
        ),
        *("x_y", "_x_", ":smile:", "2*3*4", "😀", "́", "\u200b", "\x00", "\x85", "</video>", "</mention-user>"),
    ]
)
texts = st.lists(st.one_of(MARKUP, MARKUP, st.text(max_size=4)), max_size=8).map("".join)
IDS = st.uuids(version=4).map(str)
FLAGS = ("bold", "italic", "strikethrough", "underline", "code")
annotations = st.fixed_dictionaries(
    {flag: st.sampled_from([False, False, True]) for flag in FLAGS},
    optional={"color": st.sampled_from(["default", *sorted(COLORS)])},
)
URLS = st.one_of(
    st.sampled_from(
        ["https://a.b/c_(d)?x=1&copy=2#e", "/0123", "mailto:a@b.c", "https://a.b/", "https://a.b/c/?d=e/", "word"]
    ),
    texts.map(lambda t: f"https://x.y/{t}"),
)


def _item(kind: str, payload: st.SearchStrategy[Any], **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({"type": st.just(kind), kind: payload, **more}, optional={"annotations": annotations})


text_items = _item(
    "text",
    st.fixed_dictionaries(
        {"content": texts}, optional={"link": st.one_of(st.none(), st.fixed_dictionaries({"url": URLS}))}
    ),
)
equation_items = _item("equation", st.fixed_dictionaries({"expression": texts}))
dates = st.fixed_dictionaries(
    {
        "start": st.sampled_from(
            ["2026-01-02", "2026-01-02T10:00:00.000+00:00", "2026-01-02T10:30:00.000+02:00", "2026-01-02T10:00"]
        )
    },
    optional={
        "end": st.sampled_from([None, "2026-02-03", "2026-02-03T11:00:00Z"]),
        "time_zone": st.sampled_from([None, "Europe/Paris", "UTC"]),
    },
)


def _mention(kind: str, value: st.SearchStrategy[Json], shown: bool = True) -> st.SearchStrategy[Json]:
    mention = st.fixed_dictionaries({"type": st.just(kind), kind: value})
    return _item("mention", mention, **({"plain_text": texts} if shown else {}))


mention_items = st.one_of(
    *(_mention(kind, st.fixed_dictionaries({"id": IDS})) for kind in ("user", "page", "database")),
    _mention("date", dates, shown=False),
    _mention(
        "template_mention",
        st.sampled_from([{"template_mention_date": "today"}, {"template_mention_user": "me"}]),
        shown=False,
    ),
    _mention("link_preview", st.just({"url": "https://p.q"})),
)
rich_text = st.lists(st.one_of(text_items, text_items, text_items, equation_items, mention_items), max_size=4)
colors = st.sampled_from(["default", "blue", "red_background"])
files = st.one_of(
    URLS.map(lambda url: {"type": "external", "external": {"url": url}}),
    IDS.map(lambda one: {"type": "file_upload", "file_upload": {"id": one}}),
)
icons = st.one_of(
    st.sampled_from(["💡", "🏳️‍🌈", "1️⃣"]).map(lambda emoji: {"type": "emoji", "emoji": emoji}),
    st.just({"type": "external", "external": {"url": 'https://i.j/k"l&amp;.png'}}),
    st.just({"type": "icon", "icon": {"name": "pizza-slice", "color": "blue"}}),
)


def _block(kind: str, *, identified: bool = False, **payload: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries(
        {"type": st.just(kind), kind: st.fixed_dictionaries(payload), **({"id": IDS} if identified else {})}
    )


def _tables() -> st.SearchStrategy[Json]:
    def table(width: int) -> st.SearchStrategy[Json]:
        row = _block("table_row", cells=st.lists(rich_text, min_size=width, max_size=width))
        rows = st.lists(row, min_size=1, max_size=3)
        return _block(
            "table",
            table_width=st.just(width),
            has_column_header=st.booleans(),
            has_row_header=st.booleans(),
            children=rows,
        )

    return st.integers(1, 3).flatmap(table)


leaves = st.one_of(
    _block(
        "code",
        rich_text=st.lists(text_items, max_size=2),
        language=st.sampled_from(sorted(LANGUAGES)),
        caption=rich_text,
    ),
    _block("equation", expression=texts),
    _block("divider"),
    _block("table_of_contents", color=colors),
    _block("image", caption=rich_text).flatmap(
        lambda block: files.map(lambda file: {**block, "image": {**block["image"], **file}})
    ),
    *(
        st.tuples(files, rich_text, st.just(kind)).map(
            lambda parts: {"type": parts[2], parts[2]: {**parts[0], "caption": parts[1]}}
        )
        for kind in ("audio", "video", "pdf")
    ),
    st.tuples(files, rich_text, texts).map(
        lambda parts: {"type": "file", "file": {**parts[0], "caption": parts[1], "name": parts[2]}}
    ),
    _block("bookmark", identified=True, url=URLS, caption=rich_text),
    _block("embed", identified=True, url=URLS, caption=rich_text),
    _block("breadcrumb", identified=True),
    _block("link_to_page", identified=True, type=st.just("page_id"), page_id=IDS),
    _block("child_page", identified=True, title=texts),
    _block("child_database", identified=True, title=texts),
    _block("unsupported", identified=True, block_type=st.just("button")),
    _tables(),
)


def _holders(children: st.SearchStrategy[list[Json]]) -> st.SearchStrategy[Json]:
    text: dict[str, Any] = {"rich_text": rich_text, "color": colors, "children": children}
    tab = _block("paragraph", rich_text=rich_text, icon=st.one_of(st.none(), icons), children=children)
    column = _block("column", children=children, width_ratio=st.sampled_from([None, 0.25, 0.1 + 0.2, 1 / 3]))
    return st.one_of(
        *(_block(kind, **text) for kind in ("paragraph", "bulleted_list_item", "quote", "toggle", "template")),
        _block("numbered_list_item", **text, list_start_index=st.sampled_from([1, 1, 7, 0])),
        _block("to_do", **text, checked=st.booleans()),
        *(_block(f"heading_{level}", **text, is_toggleable=st.just(True)) for level in range(1, 5)),
        *(_block(f"heading_{level}", rich_text=rich_text, color=colors) for level in range(1, 5)),
        _block("callout", **text, icon=st.one_of(st.none(), icons)),
        _block("synced_block", synced_from=st.none(), children=children),
        _block(
            "synced_block", synced_from=IDS.map(lambda one: {"type": "block_id", "block_id": one}), children=children
        ),
        _block("column_list", children=st.lists(column, min_size=2, max_size=3)),
        _block("tab", children=st.lists(tab, min_size=1, max_size=2)),
        _block("meeting_notes", title=rich_text, summary=children, notes=children, children=children),
    )


_LEVELS: list[st.SearchStrategy[Json]] = [st.one_of(leaves, _holders(st.just([])))]
for _ in range(2):
    _inner = st.deferred(lambda inner=_LEVELS[-1]: st.lists(inner, max_size=3))
    _LEVELS.append(st.one_of(leaves, _holders(_inner)))
blocks = st.lists(_LEVELS[-1], max_size=3)

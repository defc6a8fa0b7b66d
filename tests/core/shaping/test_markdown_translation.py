"""Editing a page through Notion's own Markdown."""

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_blocks import blocks

from airbyte_agent_notion.shaping.markdown import (
    Edited,
    Problem,
    RenderOptions,
    Translation,
    Updates,
    edit,
    normal,
    parse,
    render,
)

Json = dict[str, Any]
PAGE = "00000000-0000-4000-8000-00000000000f"
OPTIONS = RenderOptions(page_id=PAGE)
COMPACT = RenderOptions(compact=True, page_id=PAGE)
MANY = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
HEX, BLOCK = PAGE.replace("-", ""), "22222222222242228222222222222222"
ID = "22222222-2222-4222-8222-222222222222"
KEY = "33333333-3333-4333-8333-333333333333"
SIGNED = f"https://prod-files-secure.s3.us-west-2.amazonaws.com/aa/{KEY}/x.png?X-Amz-Credential=a&X-Amz-Signature=b"
REF = f"notion-file:{HEX}/{KEY.replace('-', '')}"
NOTION = f"""# Plan
Hello **x**
- a
- a
1. one
2. two
<details>
<summary>T</summary>
\tbody
\t<unknown url="https://app.notion.com/p/{HEX}#{BLOCK}" alt="bookmark"/>
</details>
![cap]({SIGNED})
<page url="https://www.notion.so/Kid-{"4" * 32}">Kid</page>
<table fit-page-width="true" header-row="true">
<tr>
<td>a</td>
<td>b</td>
</tr>
</table>
- a

"""
OURS = f"""# Plan
Hello **x**
- a
- a
1. one
2. two
<details><summary>T</summary>
body
<bookmark https://x.y>cap</bookmark>
</details>
![cap]({REF})
<page https://app.notion.com/p/{"4" * 32}>Kid</page>
a|b
-|-
- a"""
PAGE_TEXT = Translation.of(NOTION, file_ref=lambda url: REF, replaced={BLOCK: "<bookmark https://x.y>cap</bookmark>"})


def changed(old: str, new: str) -> Any:
    assert old in OURS
    result = PAGE_TEXT.updates(OURS.replace(old, new, 1))
    return (
        result if isinstance(result, Problem) else [(one["old_str"], one["new_str"]) for one in result.content_updates]
    )


def test_a_page_is_shown_in_our_dialect_without_signed_addresses():
    assert PAGE_TEXT.markdown == OURS
    assert "\n".join(one.notion for one in PAGE_TEXT.segments) == NOTION.rstrip("\n")
    assert "\n".join(one.ours for one in PAGE_TEXT.segments) == OURS


@pytest.mark.parametrize(
    ("old", "new", "updates"),
    [
        ("Hello", "Bye", [("Hello **x**", "Bye **x**")]),
        ("# Plan\n", "# Plan\nnew\n", [("# Plan", "# Plan\nnew")]),
        ("# Plan\n", "new\n# Plan\n", [("# Plan", "new\n# Plan")]),
        ("- a\n- a\n", "- a\n", [("Hello **x**\n- a", "Hello **x**")]),
        ("1. one", "1. zero\n2. one", [("1. one", "1. zero\n1. one")]),
        ("![cap]", "![**Cap**]", [(f"![cap]({SIGNED})", f"![**Cap**]({SIGNED})")]),
        (">Kid<", ">Boy<", [(NOTION.split("\n")[12], f'<page url="https://www.notion.so/Kid-{"4" * 32}">Boy</page>')]),
    ],
)
def test_an_edit_is_the_smallest_set_of_updates(old, new, updates):
    assert changed(old, new) == updates


def test_what_is_new_is_written_as_notion_takes_it():
    ((_, new),) = changed("# Plan", "# Plan {toggle}\n\ta|b\n\t-|-\n\tc|d\n\t<callout 💡>x</callout>")
    assert new.split("\n")[:3] == ['# Plan {toggle="true"}', '\t<table header-row="true">', "\t<tr>"]
    assert new.split("\n")[-3:] == ['\t<callout icon="💡">', "\t\tx", "\t</callout>"]


def test_an_edit_beside_what_is_only_shown_keeps_notions_tag():
    ((old, new),) = changed("body", "bodies")
    assert new == old.replace("body", "bodies")
    assert f'<unknown url="https://app.notion.com/p/{HEX}#{BLOCK}" alt="bookmark"/>' in new


@pytest.mark.parametrize(
    ("old", "new", "message", "block_id"),
    [
        ("https://x.y", "https://x.z", "is only shown", ID),
        ("<bookmark https://x.y>cap</bookmark>\n", "", "is only shown", ID),
        ("# Plan\n", "# Plan\n<bookmark https://x.y>cap</bookmark>\n", "cannot be written", None),
        (
            "# Plan\n",
            "# Plan\n<unknown https://app.notion.com/p/" + "5" * 32 + " button/>\n",
            "cannot be written",
            None,
        ),
        (REF, REF[:-1] + "f", "is no file of this page", None),
        ("# Plan\n", '```python {caption="x"}\na\n```\n', "cannot say", None),
    ],
    ids=["changed", "dropped", "added", "unknown", "file", "caption"],
)
def test_what_notions_markdown_cannot_write_is_a_problem(old, new, message, block_id):
    problem = changed(old, new)
    assert isinstance(problem, Problem)
    assert message in problem.message
    assert problem.block_id == block_id
    assert block_id is None or f"block_id {block_id} to change it, blocks.delete" in problem.message


@pytest.mark.parametrize(("before", "after"), [("", "a\nb"), ("\n", "- a"), ("a", ""), ("a\nb", "")])
def test_pages_that_are_empty_or_become_so_are_written_whole(before, after):
    updates = Translation.of(before).updates(after)
    assert isinstance(updates, Updates)
    assert updates.command == {"type": "replace_content", "replace_content": {"new_str": after}}


def test_nothing_is_sent_where_nothing_changes():
    assert PAGE_TEXT.updates(OURS.replace("\n- a", "\n\n* a")) == Updates()
    assert Updates().command is None


def test_old_text_is_extended_until_it_is_there_once():
    updates = Translation.of("a\na\nb\na\na").updates("a\na\nb\na\nc")
    assert isinstance(updates, Updates)
    assert updates.content_updates == ({"old_str": "b\na\na", "new_str": "b\na\nc"},)


def identified(page: list[Json], ids: "Any") -> list[Json]:
    """Blocks as a page has them: each with an id."""
    made: list[Json] = []
    for block in page:
        kind = block["type"]
        payload = dict(block[kind])
        for name in ("children", "summary", "notes"):
            if payload.get(name):
                payload[name] = identified(payload[name], ids)
        made.append({**block, kind: payload, "id": f"00000000-0000-4000-8000-{next(ids):012d}"})
    return made


edits = st.lists(
    st.tuples(st.sampled_from(["drop", "add", "swap"]), st.integers(0, 20), blocks), min_size=1, max_size=3
)


def plain(markdown: str) -> str:
    """A text whose addresses name no page."""
    options = RenderOptions(compact=True)
    return render(normal(parse(markdown), options=options), options=options)


def own(block: Json) -> str:
    """A block as text, wherever in a list it is."""
    kind = block["type"]
    return render([{**block, kind: {key: value for key, value in block[kind].items() if key != "list_start_index"}}])


@MANY
@given(blocks, blocks, edits)
def test_the_updates_make_the_text_that_was_asked_for(first, second, changes):
    page = identified(normal([*first, *second, *first], options=OPTIONS), count(1))
    text = Translation.of(render(page, options=OPTIONS))
    wanted = [(number, one.ours.strip()) for number, one in enumerate(text.segments)]
    for kind, at, other in changes:
        place = at % (len(wanted) + 1)
        new = (-1, Translation.of(render(other, options=OPTIONS)).markdown)
        wanted[place : place + (kind != "add")] = [] if kind == "drop" else [new]
    asked = "\n\n".join(one for _, one in wanted)
    updates = text.updates(asked)
    if isinstance(updates, Problem):
        assert "<unknown" in updates.message
        return
    command = updates.command
    if command is None:
        assert plain(text.markdown) == plain(asked)
        return
    for update in updates.content_updates:
        assert text.notion.count(update["old_str"]) == 1
    command[command["type"]]["allow_deleting_content"] = True
    result = edit(command, page, options=OPTIONS)
    assert isinstance(result, Edited)
    assert plain(Translation.of(result.markdown).markdown) == plain(asked)
    before, after = ([own(block) for block in some] for some in (page, parse(result.markdown)))
    unique = {at for at, _ in wanted if at >= 0 and before.count(before[at]) == after.count(before[at]) == 1}
    assert {page[at]["id"] for at in unique} <= {block.get("id") for block in result.page.blocks}


def test_a_change_in_a_table_keeps_what_we_do_not_read_of_it():
    columns = '<colgroup>\n<col color="red">\n<col>\n</colgroup>'
    table = f'<table fit-page-width="true">\n{columns}\n<tr color="blue">\n<td>a</td>\n<td>b</td>\n</tr>\n</table>'
    text = Translation.of(f"x\n{table}")
    assert text.markdown == "x\n-|-\na|b"
    updates = text.updates("x\n-|-\na|c\nd|e")
    assert isinstance(updates, Updates)
    (update,) = updates.content_updates
    assert update["old_str"] == table
    assert update["new_str"] == table.replace("b<", "c<").replace(
        "</table>", "<tr>\n<td>d</td>\n<td>e</td>\n</tr>\n</table>"
    )
    updates = text.updates("x\n|-|\n|z|")
    assert isinstance(updates, Updates)
    assert updates.content_updates[0]["new_str"] == "<table>\n<tr>\n<td>z</td>\n</tr>\n</table>"

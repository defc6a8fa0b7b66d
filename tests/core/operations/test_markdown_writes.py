"""blocks.append and pages.create with Markdown: parsed here, checked whole, sent as blocks of any number and depth."""

import re
import sys
from collections import Counter

import pytest
from sending import EMOJI, HEX, ID2, executor, parse

from airbyte_agent_notion.errors import ConfigurationError, InvalidParams, NotFound
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.shaping.markdown import RenderOptions, nested, render

GFM = """# Plan

Text with **bold**, `code` and a [link](https://example.com/a?b=1&c=2).

* one
    * inner
* two
1. first
2. second
- [x] done

> quoted

| a | b |
| - | - |
| 1 | **2** |

```python
print("<x>")
```

---
![Harbour](https://example.com/harbour.jpg)
$$
E = mc^2
$$
"""
WRITTEN = """# Plan
Text with **bold**, `code` and a [link](https://example.com/a?b=1&c=2).
- one
	- inner
- two
1. first
2. second
- [x] done
> quoted
<table header-row="true">
<tr>
<td>a</td>
<td>b</td>
</tr>
<tr>
<td>1</td>
<td>**2**</td>
</tr>
</table>
```python
print("<x>")
```
---
![Harbour](https://example.com/harbour.jpg)
$$
E = mc^2
$$"""
NOT_MADE = {"unsupported", "child_page", "child_database", "meeting_notes", "link_preview", "template", "synced_block"}
MEDIA = {"audio", "file", "image", "pdf", "video"}
SYNCED = re.compile(r"(?<=<synced )\S+(?=>)")
PAGE_TAG = f'<page url="https://app.notion.com/p/{HEX}">Other</page>'


class World:
    """A sandbox, a page in it without content, and calls that reach it."""

    def __init__(self, run):
        self.sandbox = Sandbox.sample(token="ntn_test")
        self._run = run
        home = next(page.id for page in self.sandbox.workspace.pages.values() if page.parent.kind == "workspace")
        self.home = home
        self.page = self("pages.create", {"parent": {"page_id": home}})["id"]
        self.sandbox.requests.clear()

    def __call__(self, name, params, **options):
        return self._run(executor(**options).call(parse(name, params)), self.sandbox.transport())

    def text(self, page=None):
        return self("pages.get_markdown", {"page_id": page or self.page})["markdown"]

    def tree(self, page):
        return nested(self("blocks.list_tree", {"block_id": page, "max_blocks": 10_000}))

    @property
    def writes(self):
        return [each for each in self.sandbox.requests if each.method != "GET"]


@pytest.fixture
def world(run):
    return World(run)


# --- what is written


@pytest.mark.covers("blocks.append")
def test_markdown_is_appended_as_blocks(world):
    made = world("blocks.append", {"block_id": world.page, "markdown": GFM})
    assert world.text() == WRITTEN
    assert len(world.writes) == 1
    assert "markdown" not in world.writes[0].body
    assert [each["type"] for each in made.data][:4] == [
        "heading_1",
        "paragraph",
        "bulleted_list_item",
        "bulleted_list_item",
    ]


@pytest.mark.covers("pages.create")
def test_a_page_is_created_with_markdown(world):
    page = world("pages.create", {"parent": {"page_id": world.home}, "icon": EMOJI, "markdown": GFM})
    assert page["properties"]["title"]["title"][0]["plain_text"] == "Plan"
    assert world.text(page["id"]) == WRITTEN.removeprefix("# Plan\n")
    assert len(world.writes) == 1
    assert world.writes[0].body.keys() == {"parent", "icon", "properties", "children"}


@pytest.mark.parametrize("properties", [{"title": [{"text": {"content": "Own"}}]}, {"title": "Own"}])
def test_a_title_that_is_given_leaves_the_heading_in_the_text(world, properties):
    given = {"parent": {"page_id": world.home}, "properties": properties, "markdown": "# Plan\nText"}
    page = world("pages.create", given)
    assert page["properties"]["title"]["title"][0]["plain_text"] == "Own"
    assert world.text(page["id"]) == "# Plan\nText"


def test_without_a_heading_there_is_no_title(world):
    page = world("pages.create", {"parent": {"page_id": world.home}, "markdown": "## Two\nText"})
    assert page["properties"]["title"]["title"] == []
    assert world.text(page["id"]) == "## Two\nText"


@pytest.mark.parametrize("markdown", ["", " \n\n"])
def test_a_page_of_no_text_has_none(world, markdown):
    page = world("pages.create", {"parent": {"page_id": world.home}, "markdown": markdown})
    assert world.text(page["id"]) == ""


def test_a_title_may_be_long(world):
    page = world("pages.create", {"parent": {"page_id": world.home}, "markdown": f"# {'x' * 5_000}"})
    assert [len(each["plain_text"]) for each in page["properties"]["title"]["title"]] == [2_000, 2_000, 1_000]


def test_the_place_is_kept(world):
    first = world("blocks.append", {"block_id": world.page, "markdown": "one\nthree"}).data[0]["id"]
    after = {"type": "after_block", "after_block": {"id": first}}
    world("blocks.append", {"block_id": world.page, "markdown": "two", "position": after})
    world("blocks.append", {"block_id": world.page, "markdown": "zero", "position": {"type": "start"}})
    assert world.text() == "zero\none\ntwo\nthree"


def test_500_blocks_in_6_levels(world):
    lines = [f"{'    ' * (number % 6)}- item {number}" for number in range(500)]
    world("blocks.append", {"block_id": world.page, "markdown": "\n".join(lines)})
    assert world.text() == "\n".join(line.replace("    ", "\t") for line in lines)
    created = world("pages.create", {"parent": {"page_id": world.home}, "markdown": "\n".join(lines)})
    assert world.text(created["id"]) == world.text()


def test_long_text_becomes_several_items_that_read_as_one(world):
    text = "🌊" * 5_000
    world("blocks.append", {"block_id": world.page, "markdown": text})
    assert world.text() == text


def test_what_is_read_can_be_written_and_reads_the_same(world):
    """Every page of the sample that holds nothing that only Notion makes; new synced blocks have new addresses."""
    space = world.sandbox.workspace
    outcomes = Counter(_copied(world, page.id) for page in [*space.pages.values()] if space.is_shared(page))
    assert outcomes["refused: only Notion makes it"] < 15
    assert outcomes["refused: not shared"] < 3
    assert outcomes["the same"] > 90
    assert outcomes.keys() <= {"the same", "empty", "refused: only Notion makes it", "refused: not shared"}


def _copied(world, page):
    """What becomes of a page's text that is written as a new page."""
    text = world("pages.read", {"page_id": page})["markdown"]
    given = {"parent": {"page_id": world.home}, "properties": {"title": "Copy"}, "markdown": text}
    try:
        made = world("pages.create", given)
    except InvalidParams as error:
        kinds = {each["type"] for each in error.details["unwritable"]}
        return "refused: only Notion makes it" if kinds <= {*NOT_MADE, *MEDIA} else "other"
    except NotFound as error:
        named = re.search(r"[0-9a-f-]{36}", error.message)[0].replace("-", "")
        return "refused: not shared" if named in text else "other"
    again = world("pages.read", {"page_id": made["id"]})["markdown"]
    if SYNCED.sub("", again) != SYNCED.sub("", text):
        return f"other: {page}"
    return "the same" if text else "empty"


def test_all_of_the_gallery_that_can_be_written_reads_the_same(world):
    [page] = [each for each in world("pages.list", {"query": "Block gallery"}).data if _title(each) == "Block gallery"]
    kept = [each for each in world.tree(page["id"]) if _writable(each)]
    options = RenderOptions(compact=True)
    markdown = render(kept, options=options)
    created = world(
        "pages.create", {"parent": {"page_id": world.home}, "properties": {"title": "Copy"}, "markdown": markdown}
    )
    assert render(world.tree(created["id"]), options=options) == markdown
    assert len({each["type"] for each in kept}) > 20


def _title(page):
    return "".join(each["plain_text"] for each in page["properties"].get("title", {}).get("title", []))


def _writable(block):
    kind = block["type"]
    if kind in NOT_MADE:
        return False
    return block[kind].get("type") != "file"


# --- what is refused


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "give exactly one of children, markdown"),
        ({"children": [{"divider": {}}], "markdown": "x"}, "not children and markdown"),
        ({"markdown": "  \n"}, "markdown holds no text"),
        ({"markdown": "\ud83d"}, "markdown"),
    ],
)
def test_what_is_no_append(params, said):
    with pytest.raises(InvalidParams) as caught:
        parse("blocks.append", {"block_id": HEX, **params})
    assert said in caught.value.message


def test_markdown_and_a_template_exclude_each_other():
    with pytest.raises(InvalidParams, match="markdown and template exclude each other"):
        parse("pages.create", {"parent": {"page_id": HEX}, "markdown": "x", "template": {"type": "default"}})


@pytest.mark.parametrize(
    ("markdown", "kind", "reason"),
    [
        (PAGE_TAG, "child_page", "create it with pages.create"),
        (f'<unknown url="https://app.notion.com/p/{HEX}" alt="button"/>', "unsupported", "Markdown has no words for"),
        (f"![Sketch](notion-file:{HEX}/{HEX})", "image", "a file that Notion keeps"),
        (f"- item\n\t- inner\n\t\t{PAGE_TAG}", "child_page", "create it with pages.create"),
    ],
)
@pytest.mark.parametrize("name", ["blocks.append", "pages.create"])
def test_what_cannot_be_written_is_refused_before_anything_is(world, name, markdown, kind, reason):
    place = {"block_id": world.page} if name == "blocks.append" else {"parent": {"page_id": world.home}}
    with pytest.raises(InvalidParams) as caught:
        world(name, {**place, "markdown": f"Text\n{markdown}\nMore"})
    assert caught.value.details["parameter"] == "markdown"
    [unwritable] = caught.value.details["unwritable"]
    assert unwritable["type"] == kind
    assert reason in unwritable["reason"]
    assert reason in caught.value.message
    assert not world.sandbox.requests


def test_all_that_cannot_be_written_is_listed(world):
    with pytest.raises(InvalidParams) as caught:
        world("blocks.append", {"block_id": world.page, "markdown": "\n".join([PAGE_TAG] * 12)})
    assert len(caught.value.details["unwritable"]) == 12
    assert "; and 11 more." in caught.value.message


def test_a_title_beyond_all_limits_is_refused(world):
    with pytest.raises(InvalidParams, match="the first heading of markdown, which is the title"):
        world("pages.create", {"parent": {"page_id": world.home}, "markdown": f"# {'x' * 200_001}"})
    assert not world.sandbox.requests


def test_problems_are_told_by_their_place_in_the_markdown(world):
    with pytest.raises(InvalidParams, match=r"markdown\[1\]: column_list must be created with at least 2"):
        world(
            "blocks.append",
            {"block_id": world.page, "markdown": "x\n<columns>\n\t<column>\n\t\tOne\n\t</column>\n</columns>"},
        )
    assert not world.sandbox.requests


def test_without_markdown_it_the_extra_is_named(world, monkeypatch):
    monkeypatch.setitem(sys.modules, "markdown_it", None)
    monkeypatch.delitem(sys.modules, "airbyte_agent_notion.shaping.markdown.scanner", raising=False)
    with pytest.raises(ConfigurationError, match=r"markdown-it-py\. .*\[markdown\]"):
        world("blocks.append", {"block_id": world.page, "markdown": "**x**"})
    assert not world.sandbox.requests


# --- Notion's own parameter


@pytest.mark.parametrize("more", [{"markdown_version": "v1"}, {"allow_async": False}])
def test_notion_reads_the_markdown_itself_where_that_is_asked_for(world, more):
    params = {"parent": {"page_id": ID2}, "markdown": "# Hi\nText", **more}
    operation = parse("pages.create", params)
    assert operation.request().json == {"parent": {"page_id": ID2}, "markdown": "# Hi\nText", **more}
    page = world("pages.create", {**params, "parent": {"page_id": world.home}})
    assert world.writes[-1].body["markdown"] == "# Hi\nText"
    assert world.text(page["id"]) == "Text"

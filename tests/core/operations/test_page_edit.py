"""pages.edit: one edit of the text as pages.read shows it, as one request; what stays keeps its ids."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sending import HEX, ID, executor, parse

from airbyte_agent_notion import Policy, SyncNotionConnector
from airbyte_agent_notion.brevity import MAX_TOKENS
from airbyte_agent_notion.errors import (
    AmbiguousReference,
    Conflict,
    InvalidParams,
    InvalidRequest,
    PolicyDenied,
    Recovery,
)
from airbyte_agent_notion.operation import Effect
from airbyte_agent_notion.operations.page_text.found import nearest
from airbyte_agent_notion.operations.page_text.hunks import hunks
from airbyte_agent_notion.operations.page_text.places import settled
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.testing import FakeTransport, json_response

TEXT = """Intro with **bold** words.
# Plan
- one
	- inner
- two
## Risks
Late.
# Notes {toggle}
	Hidden.
	- [ ] open
# Table
a|b
-|-
1|2
Last line."""


class World:
    """A sandbox, a page in it with some text, and calls that reach it."""

    def __init__(self, run, text=TEXT):
        self.sandbox = Sandbox.sample(token="ntn_test")
        self._run = run
        self.home = next(page.id for page in self.sandbox.workspace.pages.values() if page.parent.kind == "workspace")
        created = {"parent": {"page_id": self.home}, "properties": {"title": "Page"}, "markdown": text}
        self.page = self("pages.create", created)["id"]
        self.sandbox.requests.clear()

    def __call__(self, name, params):
        return self._run(executor().call(parse(name, params)), self.sandbox.transport())

    def edit(self, **params):
        self.sandbox.requests.clear()
        return self("pages.edit", {"page_id": self.page, **params})

    @property
    def text(self):
        return self("pages.read", {"page_id": self.page})["markdown"]

    @property
    def ids(self):
        tree = self("blocks.list_tree", {"block_id": self.page})
        return {each["id"]: each["type"] for each in tree["blocks"]}

    @property
    def sent(self):
        """Methods of the requests of the last edit."""
        return [each.method for each in self.sandbox.requests]


@pytest.fixture
def world(run):
    made = World(run)
    assert made.text == TEXT
    return made


# --- find and replace


@pytest.mark.covers("pages.edit")
def test_text_is_replaced_where_it_stands(world):
    before = world.ids
    told = world.edit(find="**bold** words", replace="*new* words")
    assert world.sent == ["GET", "PATCH"]
    assert told == {
        "object": "page_text",
        "id": world.page,
        "markdown": "Intro with *new* words.",
        "complete": True,
        "missing": [],
        "changed": True,
    }
    assert world.text == TEXT.replace("**bold** words", "*new* words")
    assert world.ids == before


@pytest.mark.parametrize(
    ("find", "replace", "part"),
    [
        ("- one\n\t- inner\n", "- one\n\t- other\n\t- more\n", "\t- other\n\t- more"),
        ("Late.", "Late.\n\nVery.", "Very."),
        ("\n## Risks\nLate.", "", ""),
        ("1|2", "1|2\n3|4", "3|4"),
        ("- [ ] open", "- [x] done", "\t- [x] done"),
        ("{toggle}", '{toggle color="red"}', '# Notes {toggle color="red"}'),
        ("Intro", "$x^2$ &", "$`x^2`$ & with **bold** words."),
    ],
)
def test_any_text_can_be_replaced(world, find, replace, part):
    told = world.edit(find=find, replace=replace)
    assert world.sent == ["GET", "PATCH"]
    assert world.text == settled(TEXT.replace(find, replace), ID)
    assert told["changed"]
    assert told["markdown"] == part
    assert "unverified" not in told


def test_every_occurrence_is_replaced_where_all_are_meant(world):
    with pytest.raises(InvalidParams) as caught:
        world.edit(find="- ", replace="* ")
    assert caught.value.message == "find stands 4 times in the page's text, in lines 3, 4, 5, 10."
    assert "all: true" in caught.value.hint
    assert world.sent == ["GET"]
    told = world.edit(find="e", replace="E", all=True)
    assert world.sent == ["GET", "PATCH"]
    assert "LatE." in world.text
    assert "e" not in re.sub(r"\{toggle\}|\{togglE\}", "", world.text)
    assert "LatE." in told["markdown"]


@pytest.mark.parametrize(
    ("find", "said"),
    [
        ("Lat.", "; the nearest line is 'Late.'"),
        ("HIDDEN.", "; the nearest line is 'Hidden.'"),
        ("- one\n\t- iner", r"; the nearest line is '- inner'"),
        ("Late.\n- one", ": its lines are there, and do not follow one another like this"),
        ("\n\n", ""),
        ("completely different and very long words", ""),
    ],
)
def test_text_that_is_not_there(world, find, said):
    with pytest.raises(InvalidParams) as caught:
        world.edit(find=find, replace="x")
    assert caught.value.message == f"find is not in the page's text{said}."
    assert "pages.read" in caught.value.hint
    assert world.sent == ["GET"]


def test_a_line_that_is_quoted_is_short():
    assert nearest("x", ["x" * 500, "y"]) == "x" * 500
    assert nearest("", ["a"]) is None
    assert nearest("zzz", ["abc", ""]) is None


# --- blocks that an edit does not name


@pytest.mark.parametrize(
    ("text", "find", "replace", "lost"),
    [
        ("# A\nalpha\n- [ ] todo\nlast", "alpha", "```\nx", "to_do 'todo'; paragraph 'last'"),
        ("x\ny\n<callout 💡>\n\tA\n\tB\n</callout>\nz", "y", "~~~\ny", "callout 'A'; paragraph 'B'; paragraph 'z'"),
        ("a\n\n---\nb", "a\n", "```\n", "divider; paragraph 'b'"),
        ("x\n```\none\ntwo\n```\ny\nz", "one", "```", "paragraph 'y'; paragraph 'z'"),
        ("a|b\n-|-\n1|2\n3|4\nend", "1|2", "# H", "table_row '3|4'"),
        ("- a\n- b\nend", "- a", "- a\n\t```", "bulleted_list_item 'b'; paragraph 'end'"),
        ("<callout 💡>\n\tA\n\tB\n</callout>\nend", "\n</callout>", "", "callout 'A'"),
        ("one\ntwo\none\nthree", "one", "```", "paragraph 'two'"),
    ],
)
def test_what_an_edit_does_not_name_is_not_swallowed(run, text, find, replace, lost):
    world = World(run, text)
    before = world.text
    with pytest.raises(InvalidParams) as caught:
        world.edit(find=find, replace=replace, all=True)
    assert caught.value.message == f"pages.edit would lose blocks that it does not name: {lost}."
    assert "section and markdown" in caught.value.hint
    assert world.sent == ["GET"]
    assert world.text == before


@pytest.mark.parametrize(
    ("text", "find", "replace", "now"),
    [
        ("x\nlast", "last", "```\nlast", "x\n```\nlast\n```"),
        ("x\ny", "x", "```\nx\n```", "```\nx\n```\ny"),
        ("a|b\n-|-\n1|2", "1|2", "1|2|3", "|a|b||\n-|-|-\n1|2|3"),
        ("- p\n\t- kid\nend", "- p", "# H", "# H\n- kid\nend"),
        ("<callout 💡>\n\tA\n\tB\n</callout>\nend", "A\nB", "C", "<callout 💡>C</callout>\nend"),
        ("<callout 💡>\n\tA\n\tB\n</callout>\nend", "<callout 💡>\nA\nB\n</callout>", "C", "C\nend"),
        ("```\none\n```\nend", "one\n```", "two\n```", "```\ntwo\n```\nend"),
        ("```\none\n```\nend", "```\none\n```\n", "", "end"),
        ("x\n```\none\n```", "x\n```", "x\n```python", "x\n```python\none\n```"),
        ("1. a\n2. b\n3. c", "1. a", "a", "a\n1. b\n2. c"),
        ("a\n---\nb", "---\n", "", "a\nb"),
        ("same\nsame\nsame", "same", "other", "other\nother\nother"),
    ],
)
def test_what_an_edit_names_may_become_anything(run, text, find, replace, now):
    world = World(run, text)
    told = world.edit(find=find, replace=replace, all=True)
    assert (world.text, told["changed"]) == (now, True)


def test_many_lost_blocks_are_a_short_text(run):
    world = World(run, "\n".join(["alpha", *(f"{number} {'海嘯警報 ' * 60}" for number in range(40))]))
    with pytest.raises(InvalidParams, match=r"and 3[789] more") as caught:
        world.edit(find="alpha", replace="```\nalpha")
    assert len(caught.value.details["blocks"]) == 40
    assert _cost(caught.value) <= MAX_TOKENS


def _cost(error):
    encoding = pytest.importorskip("bpe_openai").get_encoding("o200k_base")
    return len(encoding.encode(str(error)))


# --- sections


@pytest.mark.parametrize(
    ("section", "markdown", "text"),
    [
        ("Risks", "None left.", TEXT.replace("Late.", "None left.")),
        ("## risks", "* a\n    * b", TEXT.replace("Late.", "- a\n\t- b")),
        ("Risks", "## Chances\nMany.", TEXT.replace("## Risks\nLate.", "## Chances\nMany.")),
        ("Risks", "### Sub\nMany.", TEXT.replace("Late.", "### Sub\nMany.")),
        ("Risks", "", TEXT.replace("Late.\n", "")),
        ("Notes", "Shown.", TEXT.replace("\tHidden.\n\t- [ ] open", "\tShown.")),
        ("Plan", "Done.", TEXT.replace("- one\n\t- inner\n- two\n## Risks\nLate.", "Done.")),
        ("Plan", "# Plan B", TEXT.replace("# Plan\n- one\n\t- inner\n- two\n## Risks\nLate.", "# Plan B")),
    ],
)
def test_a_section_is_replaced(world, section, markdown, text):
    told = world.edit(section=section, markdown=markdown)
    assert world.sent == ["GET", "PATCH"]
    assert world.text == text
    assert told["changed"]
    assert len(told["markdown"]) < 40
    assert "unverified" not in told


@pytest.mark.parametrize(
    ("section", "markdown", "text"),
    [
        ("Risks", "Later.", TEXT.replace("Late.", "Late.\nLater.")),
        ("Plan", "End.", TEXT.replace("Late.", "Late.\nEnd.")),
        ("Notes", "- [ ] more\n    - deep", TEXT.replace("\t- [ ] open", "\t- [ ] open\n\t- [ ] more\n\t\t- deep")),
        ("Table", "End.", f"{TEXT}\nEnd."),
    ],
)
def test_a_section_grows_at_its_end(world, section, markdown, text):
    before = world.ids
    told = world.edit(section=section, append=markdown)
    assert world.sent == ["GET", "PATCH"]
    assert world.text == text
    assert told["changed"]
    assert before.items() <= world.ids.items()


def test_what_is_put_into_a_toggle_without_inside(run):
    world = World(run, "# Empty {toggle}")
    world.edit(section="Empty", append="Inside.")
    assert world.text == "# Empty {toggle}\n\tInside."


def test_a_section_that_is_not_there(world):
    with pytest.raises(InvalidParams, match="The page has no section 'Risk'; there are 'Risks'"):
        world.edit(section="Risk", markdown="x")
    assert world.sent == ["GET"]


def test_a_section_that_several_are_called(run):
    world = World(run, "# A\nx\n# A\ny")
    with pytest.raises(AmbiguousReference, match="'A #1'; 'A #2'"):
        world.edit(section="A", append="z")
    world.edit(section="A #2", append="z")
    assert world.text == "# A\nx\n# A\ny\nz"


LONG = "A heading that nobody would ever write down in full, " * 30


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("# Twin\nx\n" * 150, "Twin"),
        (f"# {LONG}\nx\n# {LONG}\ny", LONG),
        ("\n".join(f"# Heading {number} {LONG}\nx" for number in range(9)), f"Heading 3 {LONG[:-20]}"),
        ("\n".join(f"# {number} 警報{'海嘯' * 300}\nx" for number in range(9)), "z" * 5_000),
        ("# A\nx", "海嘯" * 900),
        ("no headings", "z" * 5_000),
    ],
    ids=["equal", "equal and long", "near", "wide", "not there", "none"],
)
def test_what_is_said_of_sections_is_short(run, text, section):
    world = World(run, text)
    for call in (
        lambda: world.edit(section=section, append="z"),
        lambda: world("pages.read", {"page_id": world.page, "section": section}),
    ):
        with pytest.raises((InvalidParams, AmbiguousReference)) as caught:
            call()
        assert _cost(caught.value) <= MAX_TOKENS


def test_the_nearest_line_is_quoted_in_short(run):
    world = World(run, "Tide 警報" + "海嘯" * 400)
    with pytest.raises(InvalidParams, match="the nearest line is 'Tide") as caught:
        world.edit(find="tide 警報", replace="x")
    assert _cost(caught.value) <= MAX_TOKENS


# --- the ends of a page


@pytest.mark.parametrize("text", [TEXT, ""])
def test_text_is_added_at_the_ends_without_reading(run, text):
    world = World(run, text)
    told = world.edit(append="* end\n    * inner")
    assert world.sent == ["PATCH"]
    assert told["markdown"] == "- end\n\t- inner"
    told = world.edit(prepend="**Start**\n| a |\n|---|\n| b |")
    assert world.sent == ["PATCH"]
    assert told["markdown"].startswith("**Start**\n")
    assert "unverified" not in told
    assert world.text.startswith("**Start**\n")
    assert world.text.endswith("- end\n\t- inner")
    assert TEXT in world.text if text else True


def test_an_edit_that_changes_nothing_is_not_sent(world):
    for params in (
        {"find": "Late.", "replace": "Late."},
        {"find": "- two", "replace": "* two"},
        {"section": "Risks", "markdown": "Late.\n"},
    ):
        told = world.edit(**params)
        assert (told["changed"], told["markdown"]) == (False, "")
        assert world.sent == ["GET"]


def gallery(world):
    [page] = [each for each in world.sandbox.workspace.pages.values() if each.icon and "🧱" in str(each.icon)]
    world.page = page.id
    return world


def test_a_file_of_the_page_can_be_shown_again(world):
    gallery(world)
    ref = re.search(r"!\[\]\((notion-file:\S+)\)", world.text)[1]
    told = world.edit(append=f"![Again]({ref})")
    assert world.sent == ["GET", "PATCH"]
    assert told["markdown"] == f"![Again]({ref})"
    assert "unverified" not in told
    assert "notion-file" not in str(world.sandbox.requests[-1].body)
    with pytest.raises(InvalidParams, match="is no file of this page"):
        world.edit(append=f"![Other](notion-file:{HEX}/{HEX})")
    assert world.sent == ["GET"]


def test_text_around_files_and_children_is_edited_and_they_stay(world):
    gallery(world)
    before, text = world.ids, world.text
    told = world.edit(find="![](notion-file:", replace="![Sketch](notion-file:")
    assert "unverified" not in told
    assert world.text == text.replace("![](", "![Sketch](")
    assert world.ids == before


@pytest.mark.parametrize("markdown", ["<bookmark https://example.com>x</bookmark>", "<breadcrumb/>"])
def test_what_notions_markdown_has_no_words_for_is_not_added(world, markdown):
    for params, sent in (
        ({"append": f"- item\n\t{markdown}"}, []),
        ({"section": "Risks", "append": markdown}, ["GET"]),
    ):
        with pytest.raises(
            InvalidParams, match=r"cannot be written as text here: add such a block with blocks\.append"
        ):
            world.edit(**params)
        assert world.sent == sent


def test_what_notions_markdown_would_lose_is_not_added(world):
    with pytest.raises(InvalidParams, match="caption"):
        world.edit(append='```python {caption="Listing"}\nx\n```')
    assert world.sent == []


def test_a_long_line_that_cannot_be_added_is_a_short_text(world):
    words = "海嘯警報" * 400
    for added in (f'```python {{caption="{words}"}}\nx\n```', f"<bookmark https://example.com>{words}</bookmark>"):
        with pytest.raises(InvalidParams) as caught:
            world.edit(append=added)
        assert _cost(caught.value) <= MAX_TOKENS


def test_what_is_only_shown_must_stay(world):
    gallery(world)
    with pytest.raises(InvalidParams, match="is only shown") as caught:
        world.edit(find="<bookmark https://brightkeel.example/blog>Our blog</bookmark>\n", replace="")
    assert "blocks.delete" in str(caught.value)
    assert "PATCH" not in world.sent


# --- child pages


def test_child_pages_stay_unless_they_are_named(world):
    gallery(world)
    tag = re.search(r"<page [^\n]*</page>\n", world.text)[0]
    child = re.search(r"[0-9a-f]{32}", tag)[0]
    with pytest.raises(InvalidParams, match="child pages or databases into the trash that drop does") as caught:
        world.edit(find=tag, replace="")
    [told] = caught.value.details["children"]
    assert (told["id"].replace("-", ""), told["type"], told["title"]) == (child, "child_page", "A page in the gallery")
    assert "PATCH" not in world.sent
    world.edit(find=tag, replace="", drop=[child])
    assert tag not in world.text
    assert world("pages.get", {"page_id": child})["in_trash"]


def test_many_children_are_a_short_text(world):
    for number in range(12):
        title = f"Child {number} {'海嘯' * 200}"
        world("pages.create", {"parent": {"page_id": world.page}, "properties": {"title": title}})
    tags = "\n".join(re.findall(r"<page [^\n]*</page>", world.text))
    with pytest.raises(InvalidParams, match=r"child_page .* more") as caught:
        world.edit(find=tags, replace="x")
    assert len(caught.value.details["children"]) == 12
    assert _cost(caught.value) <= MAX_TOKENS


def test_drop_alone_takes_nothing_away(world):
    world.edit(find="Late.", replace="Soon.", drop=[HEX])
    assert world.sent == ["GET", "PATCH"]
    assert "drop" not in str(world.sandbox.requests[-1].body)


# --- what Notion answers


def markdown(text, *unknown):
    return {
        "object": "page_markdown",
        "id": ID,
        "markdown": text,
        "truncated": bool(unknown),
        "unknown_block_ids": list(unknown),
    }


@pytest.fixture
def edit(run):
    """``edit(*answers, **params)``: what pages.edit makes of the answers, and its requests."""

    def made(*answers, **params):
        transport = FakeTransport(*(json_response(each) if isinstance(each, dict) else each for each in answers))
        told = run(executor().call(parse("pages.edit", {"page_id": HEX, **params})), transport)
        return told, transport.requests

    return made


@pytest.mark.parametrize(
    ("params", "answer", "seen"),
    [
        ({"find": "a", "replace": "b"}, "x\nb\ny", True),
        ({"find": "a", "replace": "b"}, "new\nx\nb\ny", True),
        ({"find": "a", "replace": "b"}, "x\na\ny", False),
        ({"find": "a\n", "replace": ""}, "x\ny", True),
        ({"find": "a\n", "replace": ""}, "other\ny", True),
        ({"find": "a\n", "replace": ""}, "x\na\ny", False),
    ],
)
def test_the_answer_is_looked_at(edit, params, answer, seen):
    told, requests = edit(markdown("x\na\ny"), markdown(answer), **params)
    assert ("unverified" not in told) is seen
    assert len(requests) == 2


@pytest.mark.parametrize(
    ("params", "answer", "seen"),
    [
        ({"append": "b"}, "a\nb", True),
        ({"append": "b"}, "a", False),
        ({"prepend": "b"}, "b\na", True),
        ({"prepend": "b"}, "a\nb", False),
    ],
)
def test_the_answer_to_what_is_added_is_looked_at(edit, params, answer, seen):
    told, requests = edit(markdown(answer), **params)
    assert ("unverified" not in told) is seen
    assert requests[0].json["insert_content"]["content"] == "b"


def test_a_page_that_changed_meanwhile_is_to_be_read_again(edit):
    refusal = {"object": "error", "status": 400, "code": "validation_error", "message": "old_str was not found"}
    with pytest.raises(InvalidRequest, match=r"old_str was not found\b.*changed meanwhile: read it with pages\.read"):
        edit(markdown("a"), json_response(refusal, status=400), find="a", replace="b")


def test_a_page_that_changed_meanwhile_is_not_written_anew(run):
    refused = FakeTransport(json_response(markdown("a\nb")), json_response(markdown("a\nb\nnew")))
    params = {"page_id": HEX, "find": "a\nb", "replace": ""}
    with pytest.raises(Conflict, match=r"Nothing was written\. Read it with pages\.read") as caught:
        run(executor().call(parse("pages.edit", params)), refused)
    assert caught.value.recovery is Recovery.RETRY_LATER
    assert [each.method for each in refused.requests] == ["GET", "GET"]


def test_fresh_addresses_of_files_are_no_change(edit):
    path = f"https://prod-files-secure.s3.us-west-2.amazonaws.com/{ID}/{ID}/a.png"
    first, again = (markdown(f"![]({path}?X-Amz-Expires=3600&X-Amz-Signature={each})") for each in ("ab", "cd"))
    told, requests = edit(first, again, markdown(""), find=f"![](notion-file:{HEX}/{HEX})", replace="")
    assert [each.method for each in requests] == ["GET", "GET", "PATCH"]
    assert told["changed"]


def test_a_page_that_is_not_shown_whole_is_not_emptied(edit):
    with pytest.raises(InvalidParams, match="Notion does not show all of this page"):
        edit(markdown("a", ID), find="a", replace="")


# --- parameters and effect


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "give exactly one of find, markdown, append, prepend"),
        ({"find": "a", "replace": "b", "append": "c"}, "not find and append"),
        ({"find": "a"}, "find goes with replace"),
        ({"find": "", "replace": "b"}, "find"),
        ({"replace": "b", "append": "c"}, "replace goes with find only"),
        ({"all": True, "append": "c"}, "all goes with find only"),
        ({"markdown": "x"}, "markdown goes with section only"),
        ({"section": "A"}, "give exactly one of"),
        ({"section": "A", "prepend": "x"}, "section goes with markdown or append only"),
        ({"section": "A", "find": "x", "replace": "y"}, "section goes with markdown or append only"),
        ({"append": " \n"}, "append holds no text"),
        ({"prepend": "\t"}, "prepend holds no text"),
        ({"append": "\ud83d"}, "append"),
        ({"append": "x", "drop": ["x"]}, "drop"),
    ],
)
def test_what_is_no_edit(params, said):
    with pytest.raises(InvalidParams) as caught:
        parse("pages.edit", {"page_id": HEX, **params})
    assert said in caught.value.message


@pytest.mark.parametrize(
    ("params", "effect"),
    [
        ({"find": "a", "replace": "b"}, Effect.WRITE),
        ({"find": "a", "replace": "b\nc"}, Effect.WRITE),
        ({"find": "a\nb", "replace": "c"}, Effect.DESTRUCTIVE),
        ({"find": "a", "replace": ""}, Effect.DESTRUCTIVE),
        *(
            ({"find": "secret plan", "replace": each}, Effect.DESTRUCTIVE)
            for each in (
                "<p/>",
                "<empty-block/>",
                "<p></p>",
                "\u200b",
                "&#8203;",
                "\u2800\u3164",
                "-",
                "- [ ]",
                "1.",
                "#",
                "> ",
                "```",
                "****",
                "<br>",
                "<callout/>",
                '<span color="red"></span>',
                '{color="red"}',
                "[](https://x.y)",
                "\ufe0f",
                "&nbsp;",
                "---",
            )
        ),
        ({"find": "- secret", "replace": "- \u200b"}, Effect.DESTRUCTIVE),
        ({"find": "a\nb\n", "replace": "a\nb"}, Effect.DESTRUCTIVE),
        ({"find": "1|2", "replace": "1"}, Effect.DESTRUCTIVE),
        ({"find": "<column>a</column>", "replace": "a"}, Effect.DESTRUCTIVE),
        ({"find": "a\n<p/>", "replace": "b\n<p/>"}, Effect.WRITE),
        ({"find": "- [ ]", "replace": "- [x]"}, Effect.WRITE),
        ({"find": "<p/>", "replace": "a"}, Effect.WRITE),
        ({"find": "!", "replace": "?"}, Effect.WRITE),
        ({"find": "👍", "replace": "é"}, Effect.WRITE),
        ({"find": "a", "replace": "b", "drop": [HEX]}, Effect.DESTRUCTIVE),
        ({"section": "A", "markdown": "x"}, Effect.DESTRUCTIVE),
        ({"section": "A", "append": "x"}, Effect.WRITE),
        ({"append": "x"}, Effect.WRITE),
        ({"prepend": "x"}, Effect.WRITE),
    ],
)
def test_the_effect_is_in_the_parameters(params, effect):
    assert parse("pages.edit", {"page_id": HEX, **params}).effect is effect


# --- policy and dry runs


@pytest.fixture
def shared():
    sandbox = Sandbox.sample()
    writer = SyncNotionConnector.sandbox(sandbox, policy=Policy.full())
    home = next(page.id for page in sandbox.workspace.pages.values() if page.parent.kind == "workspace")
    page = writer.pages.create(parent={"page_id": home}, properties={"title": "Page"}, markdown=TEXT)["id"]
    return sandbox, page, home


def test_a_policy_that_forbids_destroying_forbids_such_edits(shared):
    sandbox, page, _ = shared
    writer = SyncNotionConnector.sandbox(sandbox, policy=Policy.write())
    writer.pages.edit(page_id=page, find="Late.", replace="Soon.")
    writer.pages.edit(page_id=page, append="More.")
    writer.pages.edit(page_id=page, section="Plan", append="- three")
    for params in ({"find": "Soon.\n", "replace": ""}, {"section": "Plan", "markdown": "x"}):
        with pytest.raises(PolicyDenied):
            writer.pages.edit(page_id=page, **params)
    with pytest.raises(PolicyDenied):
        SyncNotionConnector.sandbox(sandbox).pages.edit(page_id=page, append="x")


def test_no_request_is_worse_than_the_effect_that_was_declared(shared):
    sandbox, page, _ = shared
    notion = SyncNotionConnector.sandbox(sandbox, policy=Policy.full())
    notion.pages.edit(page_id=page, append="<callout 💡>\n\thello\n</callout>")
    before = notion.pages.read(page_id=page)["markdown"]
    params = {"find": "<callout 💡>hello", "replace": "Say: hello"}
    assert parse("pages.edit", {"page_id": HEX, **params}).effect is Effect.WRITE
    with pytest.raises(PolicyDenied, match=r"pages\.edit is 'write' .* takes a 'destructive' request") as caught:
        notion.pages.edit(page_id=page, **params)
    assert caught.value.recovery is Recovery.FIX_ARGUMENTS
    assert "pages.update_markdown" in caught.value.hint
    assert sandbox.requests[-1].method == "GET"
    assert notion.pages.read(page_id=page)["markdown"] == before


def test_roots_hold_for_edits_and_for_what_they_name(shared):
    sandbox, page, home = shared
    inside = SyncNotionConnector.sandbox(sandbox, policy=Policy.full(roots=[page]))
    inside.pages.edit(page_id=page, append="More.")
    with pytest.raises(PolicyDenied):
        inside.pages.edit(page_id=home, append="More.")
    with pytest.raises(PolicyDenied):
        inside.pages.edit(page_id=page, append=f"<mention-page https://app.notion.com/p/{home.replace('-', '')}/>")


def test_the_gate_lets_go_what_is_named(shared):
    sandbox, page, _ = shared
    notion = SyncNotionConnector.sandbox(sandbox, policy=Policy.full())
    child = notion.pages.create(parent={"page_id": page}, properties={"title": "Child"})["id"]
    tag = re.search(r"\n<page [^\n]*</page>", notion.pages.read(page_id=page)["markdown"])[0]
    with pytest.raises(InvalidParams, match=r"child_page .* 'Child'"):
        notion.pages.edit(page_id=page, find=tag, replace="")
    writer = SyncNotionConnector.sandbox(sandbox, policy=Policy.write())
    with pytest.raises(PolicyDenied):
        writer.pages.edit(page_id=page, find=tag, replace="\nText", drop=[child])
    planned = notion.pages.edit.dry_run(page_id=page, find=tag, replace="", drop=[child])
    assert planned["requests"][0]["effect"] == "destructive"
    notion.pages.edit(page_id=page, find=tag, replace="", drop=[child])
    assert notion.pages.get(page_id=child)["in_trash"]


def test_a_dry_run_shows_the_lines_and_sends_nothing(shared):
    sandbox, page, _ = shared
    notion = SyncNotionConnector.sandbox(sandbox, policy=Policy.full(), dry_run=True)
    before = len([each for each in sandbox.requests if each.method != "GET"])
    for params, difference in (
        ({"find": "Late.", "replace": "Soon."}, {"removed": ["Late."], "added": ["Soon."]}),
        ({"append": "More."}, {"removed": [], "added": ["More."]}),
        ({"section": "Risks", "markdown": "None."}, {"removed": ["Late."], "added": ["None."]}),
    ):
        told = notion.pages.edit(page_id=page, **params)
        assert told["operation"] == "pages.edit"
        [step] = told["requests"]
        assert step["operation"] == "pages.update_markdown"
        assert step["difference"] == difference
    assert notion.pages.edit(page_id=page, find="Late.", replace="Late.")["requests"] == []
    assert len([each for each in sandbox.requests if each.method != "GET"]) == before


# --- what has changed


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("a\nb\nc", "a\nb\nc", []),
        ("a\nb\nc", "a\nx\nc", ["x"]),
        ("a\nb\nc", "a\nc", []),
        ("a\nb\nc\nd", "x\nb\nc\ny", ["x", "y"]),
        ("a", "a\nb", ["b"]),
        ("a\na", "a\na\na", ["a"]),
        ("\n".join(map(str, range(3_000))), "\n".join(map(str, range(3_000, 0, -1))), None),
    ],
)
def test_the_parts_that_have_changed(before, after, parts):
    found = hunks(before, after)
    assert found == (parts if parts is not None else [after])


lines = st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=1, max_size=12)


@given(before=lines, after=lines)
def test_what_is_not_in_the_parts_was_there_before(before, after):
    parts = hunks("\n".join(before), "\n".join(after))
    fresh = [line for part in parts for line in part.split("\n")]
    assert bool(parts) or len(after) <= len(before)
    left = list(after)
    for line in fresh:
        left.remove(line)
    assert Counter(left) <= Counter(before)
    assert parts == [] if before == after else True
    assert all(f"\n{part}\n" in "\n" + "\n".join(after) + "\n" for part in parts)

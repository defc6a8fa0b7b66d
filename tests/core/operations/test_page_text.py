"""pages.read: one request where that serves; the same text from blocks where it does not; and what it says it lacks."""

import json
import re

import pytest
from scripted_api import BASE, AgentServer, config, success
from sending import HEX, ID, executor, parse

from airbyte_agent_notion import Policy, SyncNotionConnector
from airbyte_agent_notion.errors import (
    AmbiguousReference,
    DeadlineExceeded,
    Forbidden,
    InvalidParams,
    InvalidRequest,
    NotFound,
    PolicyDenied,
    ServerError,
)
from airbyte_agent_notion.file_refs import is_signed
from airbyte_agent_notion.operation import Effect
from airbyte_agent_notion.operations import whole_trees
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.shaping.text import plain_data
from airbyte_agent_notion.testing import FakeTransport, json_response

GALLERY = "Block gallery"
OTHER = "1a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
EMPTY = {"object": "list", "results": [], "next_cursor": None, "has_more": False}


def refused(status, code="validation_error"):
    return json_response({"object": "error", "status": status, "code": code, "message": "No."}, status=status)


def markdown(text, *unknown):
    return {
        "object": "page_markdown",
        "id": ID,
        "markdown": text,
        "truncated": bool(unknown),
        "unknown_block_ids": list(unknown),
    }


def block(kind, payload, identifier=OTHER, *, has_children=False):
    return {"object": "block", "id": identifier, "type": kind, "has_children": has_children, kind: payload}


def paragraph(text, identifier=OTHER):
    words = [{"type": "text", "text": {"content": text, "link": None}, "plain_text": text}]
    return block("paragraph", {"rich_text": words}, identifier)


def unknown(identifier, alt=None):
    named = f' alt="{alt}"' if alt else ""
    return f'<unknown url="https://app.notion.com/p/{HEX}#{identifier.replace("-", "")}"{named}/>'


def uid(number):
    return f"{number:08x}-0000-4000-8000-000000000000"


@pytest.fixture
def sandbox():
    return Sandbox.sample(token="ntn_test")


@pytest.fixture
def world(run, sandbox):
    """``world(name, **params)``: a call to the sample workspace."""
    return lambda name, **params: run(executor().call(parse(name, params)), sandbox.transport())


@pytest.fixture
def read(run):
    """``read(answers, **params)``: what pages.read makes of answers by path, and the paths it has asked for.

    An answer that is a list gives one after the other.
    """

    def got(answers, **params):
        asked = []

        def reply(request):
            asked.append(request.path.removeprefix("/v1/"))
            found = answers[asked[-1]]
            found = found.pop(0) if isinstance(found, list) else found
            return json_response(found) if isinstance(found, dict) else found

        call = executor().call(parse("pages.read", {"page_id": HEX, **params}))
        return run(call, FakeTransport(reply)), asked

    return got


def pages_of(sandbox):
    space = sandbox.workspace
    return [page for page in space.pages.values() if space.is_shared(page)]


# --- one dialect from both


@pytest.mark.covers("pages.read")
def test_the_same_text_comes_from_both(world, sandbox):
    """Every page of the sample: by Notion's Markdown, and by its blocks where that is not served."""
    requests = {}
    for page in pages_of(sandbox):
        before = len(sandbox.requests)
        by_markdown = world("pages.read", page_id=page.id)
        requests[page.id] = len(sandbox.requests) - before
        sandbox.faults.add(status=403, path=f"/v1/pages/{page.id}/markdown")
        by_blocks = world("pages.read", page_id=page.id)
        assert by_markdown == by_blocks
        assert by_markdown["complete"]
        assert not is_signed(by_markdown["markdown"])
    assert len(requests) > 300
    assert list(requests.values()).count(1) == len(requests) - 2


@pytest.mark.parametrize("transcript", [True, False])
def test_a_transcript_comes_from_both(read, transcript):
    parts = {f"{name}_block_id": uid(number) for number, name in enumerate(("summary", "notes", "transcript"), 1)}
    notes = block("meeting_notes", {"title": [], "children": parts}, uid(9), has_children=True)
    holders = [block("paragraph", {"rich_text": []}, each, has_children=True) for each in parts.values()]
    blocks = {
        f"blocks/{ID}/children": {**EMPTY, "results": [notes]},
        f"blocks/{uid(9)}/children": {**EMPTY, "results": holders},
        **{
            f"blocks/{each}/children": {**EMPTY, "results": [paragraph(name, uid(number))]}
            for number, (name, each) in enumerate(parts.items(), 11)
        },
    }
    by_blocks, _ = read({f"pages/{ID}/markdown": refused(403), **blocks}, include_transcript=transcript)
    spoken = "\n\t<transcript>\n\t\ttranscript_block_id\n\t</transcript>" if transcript else ""
    summary = "\n\t<summary>\n\t\tsummary_block_id\n\t</summary>\n\t<notes>\n\t\tnotes_block_id\n\t</notes>"
    text = f"<meeting-notes>{summary}{spoken}\n</meeting-notes>"
    assert read({f"pages/{ID}/markdown": markdown(text)}, include_transcript=transcript)[0] == by_blocks
    assert ("transcript_block_id" in by_blocks["markdown"]) is transcript


def _shown(world, page):
    return world("pages.read", page_id=page)["markdown"]


def test_what_markdown_has_no_words_for_is_shown(world, sandbox):
    text = _shown(world, _gallery(world))
    for line in (
        "<bookmark https://brightkeel.example/blog>Our blog</bookmark>",
        "<embed https://maps.example/harbour",
        "github.com/brightkeel/harbour-api/pull/42",
        "Add a daily entry",
        "Check the tide table",
    ):
        assert line in text
    assert re.findall(r"<unknown [^>]*>", text) == re.findall(r"<unknown [^>]*button/>", text)
    assert len(re.findall(r"notion-file:[0-9a-f]{32}/[0-9a-f]{32}", text)) == 3


def _gallery(world):
    [page] = [each for each in world("pages.list", query=GALLERY).data if GALLERY in json.dumps(each["properties"])]
    return page["id"]


def test_reading_twice_gives_the_same(world, sandbox):
    page = _gallery(world)
    assert world("pages.read", page_id=page) == world("pages.read", page_id=page)


def test_child_pages_are_listed_and_not_entered(world):
    page = _gallery(world)
    text = _shown(world, page)
    assert "A page in the gallery</page>" in text
    assert "The end." not in text


@pytest.mark.parametrize("blocks", [0, 1, 250])
def test_long_and_deep_pages(world, sandbox, blocks):
    home = pages_of(sandbox)[0].id
    lines = ["\t" * (number % 6) + f"- item {number}" for number in range(blocks)]
    page = world("pages.create", parent={"page_id": home}, markdown="\n".join(lines))["id"]
    assert _shown(world, page) == "\n".join(lines)
    sandbox.faults.add(status=403, path=f"/v1/pages/{page}/markdown")
    assert _shown(world, page) == "\n".join(lines)


# --- parts of it

SECTIONS = 'Intro\n# One\nfirst\n## Sub\ninner\n# Two {toggle="true"}\n\thidden\n# Three\n## Sub\nlast'


@pytest.mark.parametrize(
    ("section", "text"),
    [
        ("One", "# One\nfirst\n## Sub\ninner"),
        ("# one", "# One\nfirst\n## Sub\ninner"),
        ("Two", "# Two {toggle}\n\thidden"),
        ("Three > Sub", "## Sub\nlast"),
        ("Sub #1", "## Sub\ninner"),
    ],
)
def test_one_section(read, section, text):
    told, asked = read({f"pages/{ID}/markdown": markdown(SECTIONS)}, section=section)
    assert told == {"object": "page_text", "id": ID, "markdown": text, "complete": True, "missing": []}
    assert len(asked) == 1


def test_the_outline(read):
    told, _ = read({f"pages/{ID}/markdown": markdown(SECTIONS)}, outline=True)
    assert "markdown" not in told
    assert [line.partition(" (")[0] for line in told["outline"].split("\n")] == [
        "- One",
        "  - Sub #1",
        "- Two",
        "- Three",
        "  - Sub #2",
    ]


def test_the_outline_of_a_section(read):
    told, _ = read({f"pages/{ID}/markdown": markdown(SECTIONS)}, outline=True, section="Three")
    assert [line.partition(" (")[0] for line in told["outline"].split("\n")] == ["- Three", "  - Sub"]


def test_a_section_that_is_not_there(read):
    with pytest.raises(InvalidParams) as caught:
        read({f"pages/{ID}/markdown": markdown(SECTIONS)}, section="Thre")
    assert caught.value.message == "The page has no section 'Thre'; there are 'Three'."
    assert caught.value.details == {"parameter": "section", "nearest": ["Three"]}


def test_a_section_of_a_page_without_headings(read):
    with pytest.raises(InvalidParams, match="The page has no section 'One': it has no headings"):
        read({f"pages/{ID}/markdown": markdown("Text")}, section="One")


def test_a_section_that_several_are_called(read):
    with pytest.raises(AmbiguousReference) as caught:
        read({f"pages/{ID}/markdown": markdown(SECTIONS)}, section="Sub")
    assert caught.value.details["choices"] == ["One > Sub", "Three > Sub"]
    assert "'One > Sub'; 'Three > Sub'" in caught.value.message


# --- where Notion's Markdown does not serve


@pytest.mark.parametrize(
    "refusal", [refused(400), refused(403, "restricted_resource"), refused(404, "object_not_found")]
)
def test_the_blocks_tell_the_truth(read, refusal):
    blocks = {**EMPTY, "results": [paragraph("Text")]}
    told, asked = read({f"pages/{ID}/markdown": refusal, f"blocks/{ID}/children": blocks})
    assert told == {"object": "page_text", "id": ID, "markdown": "Text", "complete": True, "missing": []}
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (404, "object_not_found", NotFound),
        (403, "restricted_resource", Forbidden),
        (400, "validation_error", InvalidRequest),
    ],
)
def test_where_the_blocks_are_refused_too_the_first_refusal_stands(read, status, code, error):
    answers = {
        f"pages/{ID}/markdown": refused(status, code),
        f"blocks/{ID}/children": refused(404, "object_not_found"),
    }
    with pytest.raises(error):
        read(answers)


def test_a_failing_server_is_no_reason_to_read_the_blocks(read):
    with pytest.raises(ServerError):
        read({f"pages/{ID}/markdown": refused(500, "internal_server_error")})


def test_a_page_that_is_not_there(world):
    with pytest.raises(NotFound):
        world("pages.read", page_id=HEX)


def test_a_database_is_no_page(world, sandbox):
    with pytest.raises(InvalidRequest, match="is a database, not a page"):
        world("pages.read", page_id=next(iter(sandbox.workspace.databases)))


def test_the_inside_of_a_block(world, sandbox):
    toggle = next(each for each in sandbox.workspace.blocks.values() if each.type == "toggle" and each.children)
    text = _shown(world, toggle.id)
    sandbox.faults.add(status=404, path=f"/v1/pages/{toggle.id}/markdown")
    assert _shown(world, toggle.id) == text != ""


# --- what Markdown has a tag for only


def test_blocks_that_are_a_tag_only_are_read_one_by_one(read):
    bookmark = block("bookmark", {"url": "https://example.com/a", "caption": []}, uid(1))
    alias = block("link_to_page", {"type": "page_id", "page_id": OTHER}, uid(2))
    text = f"Text\n- item\n\t{unknown(uid(1), 'bookmark')}\n{unknown(uid(2), 'alias')}\n{unknown(uid(3), 'button')}"
    told, asked = read(
        {f"pages/{ID}/markdown": markdown(text), f"blocks/{uid(1)}": bookmark, f"blocks/{uid(2)}": alias}
    )
    assert "<bookmark https://example.com/a" in told["markdown"]
    assert OTHER.replace("-", "") in told["markdown"]
    assert told["markdown"].count("<unknown") == 1
    assert told["complete"]
    assert len(asked) == 3


def test_many_of_them_are_read_all_at_once(read):
    blocks = [block("bookmark", {"url": f"https://example.com/{n}", "caption": []}, uid(n)) for n in range(21)]
    text = "\n".join(unknown(uid(n), "bookmark") for n in range(21))
    answers = {f"pages/{ID}/markdown": markdown(text), f"blocks/{ID}/children": {**EMPTY, "results": blocks}}
    told, asked = read(answers)
    assert [f"example.com/{n}" in line for n, line in enumerate(told["markdown"].split("\n"))] == [True] * 21
    assert told["complete"]
    assert len(asked) == 2


def test_many_of_them_that_cannot_be_read(read):
    text = "\n".join(unknown(uid(n), "bookmark") for n in range(21))
    told, _ = read({f"pages/{ID}/markdown": markdown(text), f"blocks/{ID}/children": refused(403)})
    assert told["missing"] == [uid(n) for n in range(21)]
    blocks = {**EMPTY, "results": [block("bookmark", {"url": "https://example.com/0"}, uid(0))]}
    told, _ = read({f"pages/{ID}/markdown": markdown(text), f"blocks/{ID}/children": blocks})
    assert told["missing"] == [uid(n) for n in range(1, 21)]


@pytest.mark.parametrize("refusal", [refused(404, "object_not_found"), refused(403, "restricted_resource")])
def test_one_that_cannot_be_read_is_named(read, refusal):
    text = f"Text\n{unknown(uid(1), 'bookmark')}"
    told, _ = read({f"pages/{ID}/markdown": markdown(text), f"blocks/{uid(1)}": refusal})
    assert told["missing"] == [uid(1)]
    assert not told["complete"]
    assert "bookmark/>" in told["markdown"]


def test_what_notion_does_not_show_at_all_is_not_missing(read):
    strange = block("unsupported", {"block_type": "form"}, uid(1))
    told, _ = read({f"pages/{ID}/markdown": markdown(unknown(uid(1), "form")), f"blocks/{uid(1)}": strange})
    assert told["complete"]
    assert "form/>" in told["markdown"]


def test_a_tag_in_code_is_text(read):
    text = f"```html\n{unknown(uid(1), 'bookmark')}\n```"
    told, asked = read({f"pages/{ID}/markdown": markdown(text)})
    assert told["markdown"] == text
    assert len(asked) == 1


def test_one_with_blocks_inside(read):
    template = block("template", {"rich_text": []}, uid(1), has_children=True)
    answers = {
        f"pages/{ID}/markdown": markdown(unknown(uid(1), "template")),
        f"blocks/{uid(1)}": template,
        f"blocks/{uid(1)}/children": {**EMPTY, "results": [paragraph("Inside")]},
    }
    assert "Inside" in read(answers)[0]["markdown"]


# --- what is too long for one answer


def test_what_notion_has_cut_off_is_read_by_itself(read):
    cut = block("toggle", {"rich_text": []}, uid(1), has_children=True)
    answers = {
        f"pages/{ID}/markdown": markdown(f"Text\n{unknown(uid(1))}\nMore", uid(1)),
        f"blocks/{uid(1)}": cut,
        f"blocks/{uid(1)}/children": {**EMPTY, "results": [paragraph("Inside")]},
    }
    told, _ = read(answers)
    assert told["complete"]
    assert "Inside" in told["markdown"]
    assert told["markdown"].startswith("Text\n")
    assert told["markdown"].endswith("\nMore")


@pytest.mark.parametrize("text", ["Text", f"Text\n{unknown(uid(1))}"])
def test_what_cannot_be_read_of_it_is_named(read, text):
    answers = {f"pages/{ID}/markdown": markdown(text, uid(1)), f"blocks/{uid(1)}": refused(404, "object_not_found")}
    told, _ = read(answers)
    assert (told["complete"], told["missing"]) == (False, [uid(1)])


def test_blocks_whose_inside_is_refused_are_named(read):
    toggle = block("toggle", {"rich_text": []}, uid(1), has_children=True)
    answers = {
        f"pages/{ID}/markdown": refused(400),
        f"blocks/{ID}/children": {**EMPTY, "results": [toggle, paragraph("More")]},
        f"blocks/{uid(1)}/children": refused(404, "object_not_found"),
    }
    told, _ = read(answers)
    assert (told["complete"], told["missing"]) == (False, [uid(1)])
    assert told["markdown"].endswith("More")
    assert uid(1).replace("-", "") in told["markdown"]


@pytest.mark.parametrize("most", [100, 4])
def test_a_very_long_page_is_read_piece_by_piece(read, monkeypatch, most):
    monkeypatch.setattr(whole_trees, "PIECE", 2)
    monkeypatch.setattr(whole_trees, "MAX_BLOCKS", most)
    blocks = [paragraph(f"Text {number}", uid(number)) for number in range(7)]
    answers = {f"pages/{ID}/markdown": refused(403), f"blocks/{ID}/children": {**EMPTY, "results": blocks}}
    told, _ = read(answers)
    shown = 7 if most > 7 else 4
    assert told["markdown"] == "\n".join(f"Text {number}" for number in range(shown))
    assert (told["complete"], told["missing"]) == ((True, []) if shown == 7 else (False, [ID]))


def test_where_time_is_up_between_pieces_the_rest_is_named(run, monkeypatch):
    monkeypatch.setattr(whole_trees, "PIECE", 2)
    blocks = [paragraph(f"Text {number}", uid(number)) for number in range(3)]
    answers = {
        f"pages/{ID}/markdown": Forbidden("No.", status=403),
        f"blocks/{ID}/children": {**EMPTY, "results": blocks},
    }
    told = late(run, answers, 2)
    assert (told["markdown"], told["complete"], told["missing"]) == ("Text 0\nText 1", False, [ID])


class Late:
    """Answers so many requests in time."""

    notion_version = "2026-03-11"

    def __init__(self, answers, requests):
        self.answers, self.left = answers, requests

    def call(self, operation):
        return (yield from operation.flow(self))

    def perform(self, operation):
        if not self.left:
            raise DeadlineExceeded("Time is up.")
        self.left -= 1
        found = self.answers[operation.request().path.removeprefix("/v1/")]
        if isinstance(found, Exception):
            raise found
        return found
        yield


def late(run, answers, requests):
    return run(parse("pages.read", {"page_id": HEX}).flow(Late(answers, requests)))


def test_where_time_is_up_the_rest_is_named(run):
    more = {**EMPTY, "results": [paragraph("Text")], "has_more": True, "next_cursor": "x"}
    answers = {
        f"pages/{ID}/markdown": InvalidRequest("No.", status=400),
        f"blocks/{ID}/children": more,
    }
    told = late(run, answers, 2)
    assert (told["markdown"], told["complete"], told["missing"]) == ("Text", False, [ID])
    with pytest.raises(DeadlineExceeded):
        late(run, answers, 1)
    with pytest.raises(DeadlineExceeded):
        late(run, answers, 0)


def test_where_time_is_up_for_a_block_it_is_named(run):
    toggle = block("template", {"rich_text": []}, uid(1), has_children=True)
    inside = {**EMPTY, "results": [paragraph("In", uid(2))], "has_more": True, "next_cursor": "x"}
    answers = {
        f"pages/{ID}/markdown": markdown(unknown(uid(1), "template")),
        f"blocks/{uid(1)}": toggle,
        f"blocks/{uid(1)}/children": inside,
    }
    for requests in (1, 2, 3):
        told = late(run, answers, requests)
        assert (told["complete"], told["missing"]) == (False, [uid(1)])
    assert "In" in told["markdown"]


# --- hosted


def test_a_hosted_connector_reads_and_edits_alike(connect):
    """Each primitive is a call to the server; what is made of them is the same."""
    here, there = Sandbox.sample(), Sandbox.sample()
    local = SyncNotionConnector.sandbox(here, policy=Policy.full())
    behind = SyncNotionConnector.sandbox(there, policy=Policy.full())
    server, executed = AgentServer(), []

    def execute(request):
        if not request.url.path.endswith("/execute"):
            return None
        call = json.loads(request.content)
        executed.append(f"{call['entity']}.{call['action']}")
        data = plain_data(behind.execute(call["entity"], call["action"], call["params"]))
        return success(data["data"], data["meta"]) if "meta" in data else success(data)

    server.before = execute
    hosted = connect(server, auth_config=config(), base_url=BASE, policy=Policy.full())
    page = titled_gallery(local)
    for name, params in (
        ("pages.read", {"page_id": page}),
        ("pages.read", {"page_id": page, "outline": True}),
        ("pages.edit", {"page_id": page, "find": "Ελληνικά", "replace": "**Greek**"}),
        ("pages.edit", {"page_id": page, "append": "* end"}),
        ("pages.create", {"parent": {"page_id": page}, "markdown": "# Title\n- one\n    - two"}),
        ("blocks.append", {"block_id": page, "markdown": "| a |\n|---|\n| b |"}),
        ("pages.read", {"page_id": page}),
    ):
        entity, action = name.split(".")
        result = local.execute(entity, action, params)
        assert shown_alike(hosted.execute(entity, action, params)) == shown_alike(result)
    ref = re.search(r"notion-file:[0-9a-f]{32}/[0-9a-f]{32}", local.pages.read(page_id=page)["markdown"])[0]
    assert hosted.execute("files", "get", {"file": ref})["name"] == local.files.get(file=ref)["name"]
    assert not {"pages.read", "pages.edit", "files.get"} & set(executed)


def shown_alike(result):
    """Without what is new at every request."""
    return re.sub(r'"request_id": "[^"]*"|"(url|expiry_time)": "[^"]*"', "", json.dumps(plain_data(result)))


# --- the policy


def test_it_reads_and_keeps_to_the_policy(sandbox):
    assert parse("pages.read", {"page_id": HEX}).effect is Effect.READ
    space = sandbox.workspace
    inside = next(page for page in pages_of(sandbox) if page.parent.kind == "page_id")
    outside = next(each.id for each in pages_of(sandbox) if inside.id not in {up.id for up in space.lineage(each)})
    notion = SyncNotionConnector.sandbox(Sandbox.sample(), policy=Policy.read_only(roots=[inside.id]))
    assert notion.pages.read(page_id=inside.id)["complete"]
    with pytest.raises(PolicyDenied):
        notion.pages.read(page_id=outside)


def test_a_block_that_the_policy_keeps_shut_is_missing(sandbox):
    notion = SyncNotionConnector.sandbox(Sandbox.sample(), policy=Policy.read_only(deny=["blocks.get"]))
    page = titled_gallery(notion)
    told = notion.pages.read(page_id=page)
    assert not told["complete"]
    assert told["missing"]


def titled_gallery(notion):
    return next(each["id"] for each in notion.pages.list(query=GALLERY).data if GALLERY in json.dumps(each))

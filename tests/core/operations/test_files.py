"""files.get: a file that Notion keeps, found again by its reference wherever it stands, with a fresh link."""

import json
import re
from html import unescape

import pytest
from sending import HEX, ID, executor, parse

from airbyte_agent_notion import Policy, SyncNotionConnector
from airbyte_agent_notion.errors import InvalidParams, NotFound, PolicyDenied
from airbyte_agent_notion.file_refs import file_ref
from airbyte_agent_notion.operation import Effect
from airbyte_agent_notion.operations.stored_files import kept_files
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.testing import FakeTransport, json_response

SIGNED = re.compile(r'https://[^\s")<>\\]*X-Amz[^\s")<>\\]*')
HOST = "https://prod-files-secure.s3.us-west-2.amazonaws.com"
KEY = "b" * 32
QUERY = "X-Amz-Date=20261120T090000Z&X-Amz-Expires=3600&X-Amz-Signature=x"
URL = f"{HOST}/{'a' * 8}-0000-4000-8000-000000000000/{'b' * 8}-bbbb-bbbb-bbbb-{'b' * 12}/Q3%20plan.pdf?{QUERY}"
REF = f"notion-file:{HEX}/{KEY}"
MISSING = json_response({"object": "error", "status": 404, "code": "object_not_found", "message": "No."}, status=404)
WRONG = json_response(
    {"object": "error", "status": 400, "code": "validation_error", "message": "Not a page."}, status=400
)
EMPTY = {"object": "list", "results": [], "next_cursor": None, "has_more": False}
FILE = {"type": "file", "file": {"url": URL, "expiry_time": "2026-11-20T10:00:00.000Z"}}


def markdown(text):
    return {"object": "page_markdown", "id": HEX, "markdown": text, "truncated": False, "unknown_block_ids": []}


def block(kind, payload):
    return {"object": "block", "id": KEY, "type": kind, "has_children": False, kind: payload}


def listed(*blocks):
    return {**EMPTY, "results": list(blocks)}


@pytest.fixture
def get(run):
    """``get(*answers)``: what files.get answers to them, and the paths that it has asked for."""

    def got(*answers, file=REF):
        transport = FakeTransport(*(json_response(each) if isinstance(each, dict) else each for each in answers))
        found = run(executor().call(parse("files.get", {"file": file})), transport)
        return found, [each.path for each in transport.requests]

    return got


# --- in the sample


@pytest.mark.covers("files.get")
def test_every_file_of_the_sample_is_found_again(run):
    sandbox = Sandbox.sample(token="ntn_test")

    def call(name, **params):
        return run(executor().call(parse(name, params)), sandbox.transport())

    found = set()
    space = sandbox.workspace
    for page in [call("pages.get", page_id=each.id) for each in space.pages.values() if space.is_shared(each)]:
        shown = call("pages.get_markdown", page_id=page["id"])["markdown"]
        for url in {unescape(each) for each in SIGNED.findall(shown + json.dumps(page))}:
            ref = file_ref(page["id"], url)
            file = call("files.get", file=ref)
            assert file["id"] == ref
            assert file_ref(page["id"], file["url"]) == ref
            assert file["name"] in file["url"]
            assert file["expiry_time"] == "2026-11-20T10:00:00.000Z"
            assert file["parent"] == {"type": "page_id", "page_id": page["id"]}
            found.add(file["type"])
    assert found >= {"property", "image", "pdf", "file"}


# --- where it may stand


@pytest.mark.parametrize(
    ("page", "kind", "name"),
    [
        ({"icon": FILE}, "icon", "Q3 plan.pdf"),
        ({"cover": FILE}, "cover", "Q3 plan.pdf"),
        ({"properties": {"Plan": {"type": "files", "files": [{**FILE, "name": "Plan"}]}}}, "property", "Plan"),
    ],
)
def test_in_a_page(get, page, kind, name):
    file, paths = get({"object": "page", "id": HEX, **page})
    assert file == {
        "object": "file",
        "id": REF,
        "name": name,
        "url": URL,
        "type": kind,
        "expiry_time": "2026-11-20T10:00:00.000Z",
        "parent": {"type": "page_id", "page_id": ID},
    }
    assert len(paths) == 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"Text\n![Plan]({URL})", "image"),
        (f'- item\n\t<pdf src="{URL.replace("&", "&amp;")}">Plan</pdf>', "pdf"),
        (f'<callout icon="{URL}">\n\tText\n</callout>', "icon"),
    ],
)
def test_in_the_text_of_a_page_in_two_requests(get, text, kind):
    file, paths = get({"object": "page", "id": HEX}, markdown(text))
    assert (file["type"], file["url"], file["expiry_time"]) == (kind, URL, "2026-11-20T10:00:00.000Z")
    assert len(paths) == 2


@pytest.mark.parametrize("text", [MISSING, WRONG, markdown('<unknown url="https://app.notion.com/p/x"/>')])
def test_in_the_blocks_where_the_text_does_not_show_it(get, text):
    file, paths = get({"object": "page", "id": HEX}, text, listed(block("pdf", {**FILE, "name": "Plan.pdf"})))
    assert (file["name"], file["type"], file["parent"]) == ("Plan.pdf", "pdf", {"type": "block_id", "block_id": KEY})
    assert paths[-1].endswith("/children")


@pytest.mark.parametrize(
    ("answers", "home"),
    [
        ((WRONG, {"object": "database", "id": HEX, "cover": FILE}), "database_id"),
        ((MISSING, MISSING, {"object": "data_source", "id": HEX, "icon": FILE}), "data_source_id"),
        ((MISSING, MISSING, MISSING, {**block("image", FILE), "id": HEX}), "block_id"),
        (
            (MISSING,) * 4 + ({"object": "comment", "id": HEX, "attachments": [{"category": "pdf", **FILE}]},),
            "comment_id",
        ),
    ],
)
def test_in_what_is_no_page(get, answers, home):
    file, paths = get(*answers)
    assert file["parent"] == {"type": home, home: ID}
    assert len(paths) == len(answers)


def test_inside_a_block(get):
    answers = (MISSING, MISSING, MISSING, {**block("toggle", {"rich_text": []}), "id": HEX, "has_children": True})
    file, _ = get(*answers, listed(block("image", FILE)))
    assert (file["type"], file["parent"]["block_id"]) == ("image", KEY)


def test_an_address_that_does_not_say_when_it_expires():
    odd = URL.replace("20261120T090000Z", "20269999T999999Z")
    for url in (odd, f"{HOST}/x/y.pdf?Signature=x", f"{HOST}/x/y.pdf?X-Amz-Signature=x&X-Amz-Expires=soon"):
        [file] = kept_files({"object": "page", "id": HEX, "cover": {"file": {"url": url}}}, ("page_id", HEX))
        assert "expiry_time" not in file.told(REF)


def test_what_others_keep_is_no_file_of_notions():
    cover = {"type": "external", "external": {"url": "https://example.com/x.png"}}
    assert [*kept_files({"object": "page", "id": HEX, "cover": cover}, ("page_id", HEX))] == []


# --- where it does not stand


def test_a_file_that_is_gone(get):
    with pytest.raises(NotFound, match=f"{REF} is in page {ID} no more.* Read the page again"):
        get({"object": "page", "id": HEX}, markdown("Text"), EMPTY)


def test_a_page_that_is_gone(get):
    with pytest.raises(NotFound, match=r"not there any more, or not shared\. Read the page again"):
        get(MISSING)


@pytest.mark.parametrize("file", ["", "x", URL, f"notion-file:{HEX}", f"notion-file:{HEX}/x", f"file:{HEX}/{KEY}"])
def test_what_is_no_reference(file):
    with pytest.raises(InvalidParams, match="not a reference to a file"):
        parse("files.get", {"file": file})


def test_a_reference_is_taken_in_any_case():
    operation = parse("files.get", {"file": f" {REF.upper().replace('NOTION-FILE', 'notion-file')} "})
    assert operation.file == REF
    assert operation.effect is Effect.READ


# --- roots


def test_only_files_inside_the_roots_are_given_out():
    sandbox = Sandbox.sample()
    pages = SyncNotionConnector.sandbox(sandbox).pages.list(query="").data
    files = {page["id"]: SIGNED.search(json.dumps(page)) for page in pages}
    inside, outside, *_ = (page for page, file in files.items() if file)
    notion = SyncNotionConnector.sandbox(sandbox, policy=Policy.read_only(roots=[inside]))
    ref = file_ref(inside, files[inside][0])
    assert notion.files.get(file=ref)["id"] == ref
    with pytest.raises(PolicyDenied):
        notion.files.get(file=file_ref(outside, files[outside][0]))

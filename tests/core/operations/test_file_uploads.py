"""File uploads: what each mode needs, and the form that bytes are sent in."""

from email.parser import BytesParser

import httpx
import pytest
from sending import HEX, ID, executor, parse, send

from airbyte_agent_notion.catalog import Catalog
from airbyte_agent_notion.drive import drive
from airbyte_agent_notion.errors import InvalidParams, NotAvailable
from airbyte_agent_notion.executors.hosted import HostedExecutor
from airbyte_agent_notion.models import AirbyteAuthConfig
from airbyte_agent_notion.operations import NotionSurface
from airbyte_agent_notion.testing import FakeTransport
from airbyte_agent_notion.wire.transport import HttpTransport

UPLOAD = {"object": "file_upload", "id": ID, "status": "pending"}


@pytest.mark.covers("file_uploads.create")
@pytest.mark.parametrize(
    "params",
    [
        {},
        {"mode": "single_part", "filename": "a.png", "content_type": "image/png"},
        {"mode": "multi_part", "filename": "a.mp4", "number_of_parts": 3},
        {"mode": "external_url", "external_url": "https://example.com/a.pdf", "filename": "a.pdf"},
    ],
)
def test_an_upload_is_begun(run, params):
    sent = send(run, "file_uploads.create", params, UPLOAD)
    assert (sent.line, sent.request.json, sent.result) == ("POST /v1/file_uploads", params, UPLOAD)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"mode": "multi_part"}, "mode multi_part needs filename and number_of_parts"),
        ({"mode": "multi_part", "number_of_parts": 2}, "mode multi_part needs filename"),
        ({"number_of_parts": 2}, "number_of_parts goes with mode multi_part only"),
        ({"mode": "external_url"}, "mode external_url needs external_url"),
        ({"external_url": "https://example.com"}, "external_url goes with mode external_url only"),
        ({"mode": "external_url", "external_url": "http://example.com"}, "must begin with https://"),
        ({"filename": "ü" * 451}, "at most 900 bytes, not 902"),
        ({"mode": "multi_part", "filename": "x", "number_of_parts": 0}, "number_of_parts must be at least 1"),
        ({"mode": "whole"}, "mode must be 'single_part'"),
    ],
)
def test_what_is_no_upload(params, said):
    with pytest.raises(InvalidParams) as caught:
        parse("file_uploads.create", params)
    assert said in caught.value.message


def form(request):
    head = f"Content-Type: {request.content_type}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + request.content)
    return {
        part.get_param("name", header="content-disposition"): (
            part.get_payload(decode=True),
            part.get_filename(),
            part.get("content-type"),
        )
        for part in message.get_payload()
    }


@pytest.mark.covers("file_uploads.send")
@pytest.mark.parametrize("content", [b"", b"plain", b"\r\n--\x00\xff\r\nline\n", bytes(range(256)) * 40])
def test_bytes_are_sent_as_a_form(run, content):
    params = {
        "file_upload_id": HEX,
        "file": content,
        "part_number": 2,
        "filename": 'a "b"\n.png',
        "content_type": "image/png",
    }
    sent = send(run, "file_uploads.send", params, UPLOAD)
    assert sent.line == f"POST /v1/file_uploads/{ID}/send"
    assert (sent.request.json, sent.request.query) == (None, ())
    assert form(sent.request) == {
        "part_number": (b"2", None, None),
        "file": (content, "a %22b%22%0A.png", "image/png"),
    }


def test_a_file_without_name_type_or_part():
    request = parse("file_uploads.send", {"file_upload_id": HEX, "file": b"x"}).request()
    assert form(request) == {"file": (b"x", "file", None)}


def test_the_form_is_the_same_each_time_and_its_boundary_the_files():
    one, same, other = (
        parse("file_uploads.send", {"file_upload_id": HEX, "file": file}).request() for file in (b"x", b"x", b"y")
    )
    assert (one.content, one.content_type) == (same.content, same.content_type)
    assert one.content_type != other.content_type


@pytest.mark.parametrize(
    ("given", "announced", "sent_as"),
    [
        ({}, {"filename": "a.txt", "content_type": "text/plain"}, ("a.txt", "text/plain")),
        ({"filename": "b.txt"}, {"filename": "a.txt", "content_type": "text/plain"}, ("b.txt", "text/plain")),
        ({"content_type": "a/b"}, {"filename": "a.txt", "content_type": "text/plain"}, ("a.txt", "a/b")),
        ({}, {"filename": "a.txt", "content_type": None}, ("a.txt", None)),
        ({}, {}, ("file", None)),
    ],
)
def test_a_file_is_sent_as_it_was_announced(run, given, announced, sent_as):
    params = {"file_upload_id": HEX, "file": b"hi", **given}
    look, request = send(run, "file_uploads.send", params, {**UPLOAD, **announced}, UPLOAD).requests
    assert (look.method, look.path) == ("GET", f"/v1/file_uploads/{ID}")
    assert form(request) == {"file": (b"hi", *sent_as)}


@pytest.mark.parametrize("name", ["file_uploads.send", "file_uploads.upload"])
@pytest.mark.parametrize("value", ["/etc/hostname", 3, [1], None])
def test_only_bytes_are_sent(name, value):
    params = {"file_upload_id": HEX, "file": value}
    if name == "file_uploads.upload":
        params = {"content": value, "filename": "a.txt"}
    with pytest.raises(InvalidParams) as caught:
        parse(name, params)
    if isinstance(value, str):
        assert "give bytes; file_uploads.upload takes a path" in caught.value.message


def test_what_is_sent_shows_nowhere():
    operation = parse("file_uploads.send", {"file_upload_id": HEX, "file": b"canary"})
    assert "canary" not in f"{operation!r} {operation.request()!r} {operation.params()}"


@pytest.mark.parametrize("own", [False, True])
def test_the_form_arrives_over_http(own):
    seen = []

    def handler(request):
        seen.append(request)
        return httpx.Response(200, json=UPLOAD)

    client = httpx.Client(transport=httpx.MockTransport(handler)) if own else None
    transport = HttpTransport(base_url="https://api.notion.com", timeout=65, user_agent="x", http_client=client)
    if not own:
        transport._connections = lambda: httpx.MockTransport(handler)
    told = {"filename": "a.txt", "content_type": "text/plain"}
    operation = parse("file_uploads.send", {"file_upload_id": HEX, "file": b"abc", **told})
    drive(executor().call(operation), transport)
    [request] = seen
    assert request.read() == operation.request().content
    assert request.headers["content-type"] == operation.request().content_type
    assert request.headers["content-length"] == str(len(operation.request().content))
    transport.close()


def test_sending_is_for_developers_only():
    assert "send" not in [each.spec.action for each in Catalog.of(NotionSurface).operations("file_uploads")]


def test_sending_needs_a_token_of_ones_own():
    hosted = HostedExecutor(AirbyteAuthConfig(connector_id="c", airbyte_client_id="i", airbyte_client_secret="s"))
    operation = parse("file_uploads.send", {"file_upload_id": HEX, "file": b"x"})
    transport = FakeTransport()
    with pytest.raises(NotAvailable, match=r"file_uploads\.send cannot run in hosted mode"):
        drive(hosted.call(operation), transport)
    assert transport.requests == []


@pytest.mark.covers("file_uploads.complete")
def test_an_upload_is_completed(run):
    sent = send(run, "file_uploads.complete", {"file_upload_id": HEX}, UPLOAD)
    assert (sent.line, sent.request.json) == (f"POST /v1/file_uploads/{ID}/complete", None)


@pytest.mark.covers("file_uploads.get")
def test_an_upload_is_read(run):
    sent = send(run, "file_uploads.get", {"file_upload_id": HEX}, UPLOAD)
    assert (sent.line, sent.result) == (f"GET /v1/file_uploads/{ID}", UPLOAD)


@pytest.mark.covers("file_uploads.list")
def test_uploads_are_listed(run):
    answer = {"object": "list", "results": [UPLOAD], "next_cursor": None, "has_more": False}
    sent = send(run, "file_uploads.list", {"status": "failed", "page_size": 5}, answer)
    assert sent.line == "GET /v1/file_uploads"
    assert set(sent.request.query) == {("status", "failed"), ("page_size", "5")}
    assert sent.result.data == [UPLOAD]

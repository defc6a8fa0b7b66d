"""File uploads: their life from announcement to attachment, in the sandbox's own time."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from airbyte_agent_notion.flow import Request
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.multipart import parse_multipart
from airbyte_agent_notion.sandbox.sample.markup import page_id
from airbyte_agent_notion.sandbox.state_files import RemoteFile

BOUNDARY = "c0ffee"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
NOTES = "Readings, première série\r\n--not a boundary".encode()


@dataclass
class Clock:
    moment: datetime = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def add(self, **time: float) -> None:
        self.moment += timedelta(**time)


@dataclass
class Sender:
    clock: Clock = field(default_factory=Clock)
    version: str = "2026-03-11"
    sandbox: Sandbox = field(init=False)

    def __post_init__(self) -> None:
        self.sandbox = Sandbox.sample(now=self.clock)

    @property
    def limits(self) -> Any:
        return self.sandbox.workspace.files.limits

    def raw(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.sandbox.token}", "Notion-Version": self.version}
        request = Request(method=method, path=f"/v1/{path}", json=body, headers=headers, **more)
        response = self.sandbox.handle(request)
        return response.status, json.loads(response.content)

    def ok(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        status, answer = self.raw(method, path, body, **more)
        assert status == 200, answer
        return answer

    def refused(self, method: str, path: str, body: Any = None, status: int = 400, **more: Any) -> str:
        found, answer = self.raw(method, path, body, **more)
        assert (found, answer["code"]) == (status, "object_not_found" if status == 404 else "validation_error"), answer
        return answer["message"]

    def create(self, **body: Any) -> Any:
        return self.ok("POST", "file_uploads", body)

    def form(self, content: bytes, name: str = "a.txt", kind: str | None = "text/plain", part: Any = None) -> Any:
        return {"content": form(content, name, kind, part), "content_type": FORM}

    def uploaded(self, name: str = "a.txt", kind: str = "text/plain", content: bytes = NOTES) -> str:
        upload = self.create(filename=name, content_type=kind)
        return self.ok("POST", f"file_uploads/{upload['id']}/send", **self.form(content, name, kind))["id"]


def form(content: bytes, name: str, kind: str | None, part: Any = None) -> bytes:
    lines = [f"--{BOUNDARY}", f'Content-Disposition: form-data; name="file"; filename="{name}"']
    head = "\r\n".join([*lines, *([f"Content-Type: {kind}"] if kind else []), "", ""]).encode()
    number = f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="part_number"\r\n\r\n{part}'.encode()
    return head + content + (number if part is not None else b"") + f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.fixture
def sender() -> Sender:
    return Sender()


@pytest.mark.parametrize("version", ["2025-09-03", "2026-03-11"])
def test_a_small_file_from_announcement_to_upload(version: str) -> None:
    sender = Sender(version=version)
    upload = sender.create(mode="single_part", filename="a.txt", content_type="text/plain")
    assert upload["status"] == "pending"
    assert upload["upload_url"].endswith(f"/v1/file_uploads/{upload['id']}/send")
    assert (upload["created_time"], upload["expiry_time"]) == ("2026-11-20T09:00:00.000Z", "2026-11-20T10:00:00.000Z")
    assert upload["content_length"] is None
    assert upload["created_by"] == {"id": sender.sandbox.workspace.bot_id, "type": "bot"}
    assert ("archived" in upload) is (version == "2025-09-03")
    sent = sender.ok("POST", f"file_uploads/{upload['id']}/send", **sender.form(NOTES))
    assert (sent["status"], sent["content_length"], sent["filename"]) == ("uploaded", len(NOTES), "a.txt")
    assert "upload_url" not in sent
    assert sender.ok("GET", f"file_uploads/{upload['id']}") | {"request_id": 0} == sent | {"request_id": 0}
    assert sender.sandbox.workspace.files.uploads[upload["id"]].content == NOTES
    assert sender.sandbox.requests[1].body == {
        "file": {"filename": "a.txt", "content_type": "text/plain", "size": len(NOTES)}
    }


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        ({"mode": "zip"}, "body.mode"),
        ({"filename": ""}, "body.filename"),
        ({"filename": "a.exe"}, "not supported"),
        ({"filename": "noextension"}, "not supported"),
        ({"filename": "a.txt", "content_type": "image/png"}, "does not match"),
        ({"content_type": "application/x-unknown"}, "not supported"),
        ({"filename": "é" * 449 + ".txt"}, "900 bytes"),
        ({"filename": "a.txt", "number_of_parts": 2}, "body.number_of_parts"),
        ({"filename": "a.txt", "external_url": "https://a.example/a.txt"}, "body.external_url"),
        ({"mode": "multi_part", "number_of_parts": 2}, "body.filename"),
        ({"mode": "multi_part", "filename": "a.zip"}, "body.number_of_parts"),
        ({"mode": "multi_part", "filename": "a.zip", "number_of_parts": 0}, "body.number_of_parts"),
        ({"mode": "multi_part", "filename": "a.zip", "number_of_parts": "2"}, "body.number_of_parts"),
        ({"mode": "external_url", "filename": "a.txt"}, "body.external_url"),
        ({"mode": "external_url", "filename": "a.txt", "external_url": "http://a.example/a.txt"}, "HTTPS"),
        ({"filename": "a.txt", "size": 3}, "body.size"),
    ],
)
def test_announcements_that_are_refused(sender: Sender, body: Any, meant: str) -> None:
    assert meant in sender.refused("POST", "file_uploads", body)
    assert sender.sandbox.workspace.files.uploads == {}


def test_names_and_types_complete_each_other(sender: Sender) -> None:
    assert sender.create(filename="a.PDF")["content_type"] == "application/pdf"
    assert sender.create(filename="report", content_type="application/pdf")["filename"] == "report.pdf"
    assert sender.create(filename="é" * 448 + ".txt")["filename"].startswith("é")
    bare = sender.create()
    assert (bare["filename"], bare["content_type"]) == (None, None)
    sent = sender.ok("POST", f"file_uploads/{bare['id']}/send", **sender.form(b"x", "c.csv", "text/csv; charset=utf-8"))
    assert (sent["filename"], sent["content_type"], sent["status"]) == ("c.csv", "text/csv; charset=utf-8", "uploaded")


def test_what_is_sent_must_be_what_was_announced(sender: Sender) -> None:
    path = f"file_uploads/{sender.create(filename='a.txt')['id']}/send"
    assert "announced as text/plain" in sender.refused("POST", path, **sender.form(b"x", kind="image/png"))
    assert "body.file" in sender.refused("POST", path, {"file": "x"})
    assert "body.file" in sender.refused("POST", path, content=form(b"", "a.txt", None)[:40], content_type=FORM)
    assert "body.part_number" in sender.refused("POST", path, **sender.form(b"x", part=1))
    assert "body.file" in sender.refused("POST", path, content=b"x", content_type="text/plain")
    assert sender.ok("POST", path, **sender.form(b"x", kind=None))["status"] == "uploaded"
    assert "must be pending" in sender.refused("POST", path, **sender.form(b"x"))
    missing = "00000000-0000-4000-8000-000000000000"
    assert missing in sender.refused("POST", f"file_uploads/{missing}/send", status=404, **sender.form(b"x"))
    assert missing in sender.refused("GET", f"file_uploads/{missing}", status=404)


def test_sizes_of_whole_files(sender: Sender) -> None:
    me = sender.ok("GET", "users/me")
    assert me["bot"]["workspace_limits"]["max_file_upload_size_in_bytes"] == 5 * 1024 * 1024
    assert (sender.limits.single_part, sender.limits.smallest_part) == (20 * 1024 * 1024, 5 * 1024 * 1024)
    sender.limits.whole_file = 10
    assert sender.ok("GET", "users/me")["bot"]["workspace_limits"]["max_file_upload_size_in_bytes"] == 10
    path = f"file_uploads/{sender.create(filename='a.txt')['id']}/send"
    assert "at most 10 bytes" in sender.refused("POST", path, **sender.form(b"x" * 11))
    sender.limits.single_part = 8
    assert "at most 8 bytes" in sender.refused("POST", path, **sender.form(b"x" * 10))
    assert sender.ok("POST", path, **sender.form(b"x" * 8))["content_length"] == 8


def test_a_file_in_parts(sender: Sender) -> None:
    sender.limits.smallest_part, sender.limits.largest_part, sender.limits.whole_file = 4, 6, 15
    upload = sender.create(mode="multi_part", filename="a.txt", number_of_parts=3)
    assert upload["number_of_parts"] == {"total": 3, "sent": 0}
    assert upload["complete_url"].endswith("/complete")
    send, complete = f"file_uploads/{upload['id']}/send", f"file_uploads/{upload['id']}/complete"
    assert "smaller than 4" in sender.refused("POST", send, **sender.form(b"abc", part=1))
    assert "at most 6" in sender.refused("POST", send, **sender.form(b"x" * 7, part=1))
    for number in (None, "x", 0, 4, "1.0"):
        assert "body.part_number" in sender.refused("POST", send, **sender.form(b"abcd", part=number))
    third = sender.ok("POST", send, **sender.form(b"ij", part=3))
    assert (third["status"], third["number_of_parts"]) == ("pending", {"total": 3, "sent": 1})
    sender.ok("POST", send, **sender.form(b"WXYZ", part=1))
    assert sender.ok("POST", send, **sender.form(b"abcd", part=1))["number_of_parts"]["sent"] == 2
    assert "part 2 was not sent" in sender.refused("POST", complete)
    sender.ok("POST", send, **sender.form(b"efgh", part=2))
    done = sender.ok("POST", complete)
    assert (done["status"], done["content_length"]) == ("uploaded", 10)
    assert "upload_url" not in done
    assert "complete_url" not in done
    assert sender.sandbox.workspace.files.uploads[upload["id"]].content == b"abcdefghij"
    assert "must be pending" in sender.refused("POST", complete)


def test_parts_may_be_too_much_together(sender: Sender) -> None:
    sender.limits.smallest_part, sender.limits.largest_part, sender.limits.whole_file = 1, 6, 10
    upload = sender.create(mode="multi_part", filename="a.txt", number_of_parts=2)
    for number in (1, 2):
        sender.ok("POST", f"file_uploads/{upload['id']}/send", **sender.form(b"x" * 6, part=number))
    assert "12 bytes" in sender.refused("POST", f"file_uploads/{upload['id']}/complete")
    single = sender.create(filename="a.txt")
    assert "multi_part" in sender.refused("POST", f"file_uploads/{single['id']}/complete")


def test_uploads_expire_after_an_hour_unless_they_are_attached(sender: Sender) -> None:
    announced, lost, kept = sender.create(filename="a.txt")["id"], sender.uploaded(), sender.uploaded("b.txt")
    attach(sender, kept)
    sender.clock.add(minutes=59, seconds=59)
    assert sender.ok("GET", f"file_uploads/{lost}")["status"] == "uploaded"
    sender.clock.add(seconds=1)
    for each in (announced, lost):
        gone = sender.ok("GET", f"file_uploads/{each}")
        assert (gone["status"], gone["expiry_time"]) == ("expired", None)
        assert gone["last_edited_time"] == "2026-11-20T10:00:00.000Z"
    assert sender.ok("GET", f"file_uploads/{kept}")["status"] == "uploaded"
    assert "expired" in sender.refused("POST", f"file_uploads/{announced}/send", **sender.form(b"x"))
    assert "expired" in attach_refused(sender, lost)
    attach(sender, kept)


def test_lists_newest_first_and_by_status(sender: Sender) -> None:
    first, second, third = (
        sender.create(filename="a.txt")["id"],
        sender.uploaded(),
        sender.create(filename="c.txt")["id"],
    )

    def ids(**query: str) -> list[str]:
        answer = sender.ok("GET", "file_uploads", query=tuple(query.items()))
        assert (answer["object"], answer["type"], answer["file_upload"]) == ("list", "file_upload", {})
        return [each["id"] for each in answer["results"]]

    assert ids() == [third, second, first]
    assert ids(status="pending") == [third, first]
    assert ids(status="uploaded") == [second]
    assert ids(page_size="2") == [third, second]
    cursor = sender.ok("GET", "file_uploads", query=(("page_size", "2"),))["next_cursor"]
    assert ids(page_size="2", start_cursor=cursor) == [first]
    assert "query.status" in sender.refused("GET", "file_uploads", query=(("status", "gone"),))
    sender.clock.add(hours=1)
    assert ids(status="expired") == [third, second, first]


def test_imports_end_at_a_later_look(sender: Sender) -> None:
    url = "https://files.example/data.csv"
    sender.sandbox.workspace.files.remote[url] = RemoteFile(content=b"a,b", content_type="text/csv", polls=2)
    upload = sender.create(mode="external_url", external_url=url, filename="data.csv")
    assert "upload_url" not in upload
    statuses = [sender.ok("GET", f"file_uploads/{upload['id']}")["status"] for _ in range(4)]
    assert statuses == ["pending", "pending", "uploaded", "uploaded"]
    done = sender.ok("GET", f"file_uploads/{upload['id']}")
    assert (done["content_length"], done["file_import_result"]["type"]) == (3, "success")
    assert done["file_import_result"]["imported_time"] == "2026-11-20T09:00:00.000+00:00"
    attach(sender, upload["id"])
    pending = sender.create(mode="external_url", external_url=url)
    assert pending["filename"] == "data.csv"
    assert "imported from a URL" in sender.refused(
        "POST", f"file_uploads/{pending['id']}/send", **sender.form(b"x", "data.csv", "text/csv")
    )


@pytest.mark.parametrize(
    ("remote", "kind"),
    [
        (None, "download_error"),
        (RemoteFile(broken=True, content_type="text/csv"), "download_error"),
        (RemoteFile(content_type=None), "validation_error"),
        (RemoteFile(content_type="image/png"), "validation_error"),
        (RemoteFile(content_type="text/csv", content=b"too long"), "validation_error"),
    ],
)
def test_imports_fail_and_cannot_be_used(sender: Sender, remote: RemoteFile | None, kind: str) -> None:
    url = "https://files.example/data.csv"
    if remote is not None:
        sender.sandbox.workspace.files.remote[url] = remote
    sender.limits.whole_file = 5
    identifier = sender.create(mode="external_url", external_url=url, filename="data.csv")["id"]
    answers = [sender.ok("GET", f"file_uploads/{identifier}") for _ in range(2)]
    assert answers[-1]["status"] == "failed"
    result = answers[-1]["file_import_result"]
    assert (result["type"], result["error"]["type"]) == ("error", kind)
    assert result["error"]["message"]
    assert "failed" in attach_refused(sender, identifier)


def attach(sender: Sender, identifier: str, kind: str = "file") -> Any:
    block = {"type": kind, kind: {"type": "file_upload", "file_upload": {"id": identifier}}}
    path = f"blocks/{page_id('gallery')}/children"
    return sender.ok("PATCH", path, {"children": [block]})["results"][0]


def attach_refused(sender: Sender, identifier: str, kind: str = "file", status: int = 400) -> str:
    block = {"type": kind, kind: {"type": "file_upload", "file_upload": {"id": identifier}}}
    path = f"blocks/{page_id('gallery')}/children"
    return sender.refused("PATCH", path, {"children": [block]}, status=status)


def test_attached_files_show_with_signed_urls_that_expire(sender: Sender) -> None:
    block = attach(sender, sender.uploaded("notes.txt"))
    assert (block["file"]["type"], block["file"]["name"]) == ("file", "notes.txt")
    assert block["file"]["file"]["expiry_time"] == "2026-11-20T10:00:00.000Z"
    first = block["file"]["file"]["url"]
    assert "X-Amz-Signature" in first
    sender.clock.add(hours=2)
    again = sender.ok("GET", f"blocks/{block['id']}")["file"]["file"]
    assert again["expiry_time"] == "2026-11-20T12:00:00.000Z"
    assert again["url"] != first
    assert again["url"].split("?")[0] == first.split("?")[0]


def test_files_of_the_same_name_are_different_files(sender: Sender) -> None:
    urls = {attach(sender, sender.uploaded("a.txt"))["file"]["file"]["url"].split("?")[0] for _ in range(2)}
    assert len(urls) == 2


def test_uploads_in_properties_icons_covers_and_comments(sender: Sender) -> None:
    image = sender.uploaded("logo.png", "image/png", b"png")
    given = {"type": "file_upload", "file_upload": {"id": image}}
    page = sender.ok("PATCH", f"pages/{page_id('home')}", {"icon": given, "cover": given})
    assert (page["icon"]["type"], page["cover"]["type"]) == ("file", "file")
    assert image in page["icon"]["file"]["url"]
    assert image in page["cover"]["file"]["url"]


def test_media_blocks_take_files_of_their_kind(sender: Sender) -> None:
    text, image = sender.uploaded(), sender.uploaded("logo.png", "image/png", b"png")
    assert attach(sender, image, "image")["image"]["type"] == "file"
    assert "does not fit" in attach_refused(sender, text, "image")
    assert "does not fit" in attach_refused(sender, image, "audio")
    assert "does not fit" in attach_refused(sender, image, "pdf")
    assert "does not fit" in attach_refused(sender, text, "video")
    assert attach(sender, image, "file")["file"]["name"] == "logo.png"


def test_an_embed_takes_a_page_of_html(sender: Sender) -> None:
    path = f"blocks/{page_id('gallery')}/children"
    page, text = sender.uploaded("chart.html", "text/html", b"<p>"), sender.uploaded()
    [block] = sender.ok("PATCH", path, {"children": [{"embed": {"file_upload": {"id": page}}}]})["results"]
    assert block["embed"]["type"] == "file"
    assert "does not fit" in sender.refused("PATCH", path, {"children": [{"embed": {"file_upload": {"id": text}}}]})


def test_only_uploads_that_exist_and_are_uploaded_can_be_attached(sender: Sender) -> None:
    missing = "00000000-0000-4000-8000-000000000000"
    assert missing in attach_refused(sender, missing, status=404)
    assert "pending" in attach_refused(sender, sender.create(filename="a.txt")["id"])


def test_form_data_is_taken_apart() -> None:
    raw = form(b"\x00\r\n\xff--c0ffee", 'a".txt', "text/plain", 7)
    file, number = parse_multipart(FORM, raw)
    assert (file.name, file.content, file.content_type) == ("file", b"\x00\r\n\xff--c0ffee", "text/plain")
    assert (number.name, number.content, number.filename) == ("part_number", b"7", None)
    assert parse_multipart("application/json", raw) == []
    assert parse_multipart("multipart/form-data", raw) == []
    assert parse_multipart(FORM, b"--c0ffee\r\nContent-Type: text/plain\r\n\r\nx\r\n--c0ffee--") == []


@pytest.mark.sockets
@pytest.mark.enable_socket
def test_the_served_sandbox_takes_form_data(sender: Sender) -> None:
    upload = sender.create(filename="a.txt")
    with sender.sandbox.serve() as server:
        request = urllib.request.Request(
            f"{server.url}/v1/file_uploads/{upload['id']}/send",
            data=form(NOTES, "a.txt", "text/plain"),
            headers={
                "Authorization": f"Bearer {sender.sandbox.token}",
                "Notion-Version": "2026-03-11",
                "Content-Type": FORM,
            },
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            assert json.loads(response.read())["status"] == "uploaded"
    assert sender.sandbox.workspace.files.uploads[upload["id"]].content == NOTES


def test_a_refused_request_attaches_nothing(sender: Sender) -> None:
    upload = sender.uploaded()
    good = {"type": "file", "file": {"file_upload": {"id": upload}}}
    path = f"blocks/{page_id('gallery')}/children"
    assert "children[1]" in sender.refused("PATCH", path, {"children": [good, {"type": "divider"}]})
    sender.clock.add(hours=1)
    assert sender.ok("GET", f"file_uploads/{upload}")["status"] == "expired"


def test_attachments_of_comments(sender: Sender) -> None:
    image, text = sender.uploaded("logo.png", "image/png", b"png"), sender.uploaded()
    body = {"parent": {"page_id": page_id("gallery")}, "rich_text": [{"text": {"content": "See these."}}]}
    given = [{"file_upload_id": image}, {"type": "file_upload", "file_upload_id": text}]
    comment = sender.ok("POST", "comments", {**body, "attachments": given})
    assert [each["category"] for each in comment["attachments"]] == ["image", "productivity"]
    assert image in comment["attachments"][0]["file"]["url"]
    assert "attachments" not in sender.ok("POST", "comments", body)
    assert "body.attachments" in sender.refused("POST", "comments", {**body, "attachments": given * 2})
    assert "file_upload_id" in sender.refused("POST", "comments", {**body, "attachments": [{}]})

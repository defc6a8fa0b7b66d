"""file_uploads.upload: from a path, bytes or an address; in one piece, in parts or imported; and attached."""

import os
from pathlib import Path

import pytest

from airbyte_agent_notion import NotionConnector, Policy, SyncNotionConnector
from airbyte_agent_notion.errors import InvalidParams, InvalidRequest, NotAvailable, OutcomeUnknown, UnknownAction
from airbyte_agent_notion.models import file_block, file_cover, file_icon, file_values
from airbyte_agent_notion.operations import FileUploads
from airbyte_agent_notion.operations.uploading import AT_ONCE, FREE_PLAN, UploadFile
from airbyte_agent_notion.sandbox import Sandbox
from airbyte_agent_notion.sandbox.state_files import RemoteFile
from airbyte_agent_notion.testing import FakeClock

MIB = 1024 * 1024
SEND = "/v1/file_uploads/*/send"
URL = "https://files.example/a.pdf"


@pytest.fixture
def sandbox():
    sandbox = Sandbox.sample()
    sandbox.workspace.files.limits.whole_file = 100 * MIB
    return sandbox


@pytest.fixture
def notion(sandbox):
    notion = SyncNotionConnector.sandbox(sandbox, policy=Policy.full())
    object.__setattr__(notion.runner, "clock", FakeClock())
    return notion


def steps(sandbox):
    return [each.path.rpartition("/")[2] if "file_uploads/" in each.path else each.path for each in sandbox.requests]


def stored(sandbox, upload):
    return sandbox.workspace.files.uploads[upload["id"]].content


@pytest.mark.covers("file_uploads.upload")
def test_bytes_in_one_piece(notion, sandbox):
    upload = notion.file_uploads.upload(content=b"hello", filename="a.txt")
    assert (upload["status"], upload["filename"], upload["content_type"]) == ("uploaded", "a.txt", "text/plain")
    assert stored(sandbox, upload) == b"hello"
    assert steps(sandbox) == ["/v1/file_uploads", "send"]


@pytest.mark.parametrize("told", [{}, {"filename": "a.txt"}, {"filename": "a.txt", "content_type": "text/plain"}])
def test_what_was_announced_is_sent_as_that(notion, sandbox, told):
    upload = notion.file_uploads.create(filename="a.txt")
    sent = notion.file_uploads.send(file_upload_id=upload["id"], file=b"hi", **told)
    assert (sent["status"], sent["content_type"], stored(sandbox, sent)) == ("uploaded", "text/plain", b"hi")
    assert len(sandbox.requests) == (2 if len(told) == 2 else 3)


@pytest.mark.parametrize("kind", [str, Path])
def test_a_path_in_one_piece(notion, sandbox, tmp_path, kind):
    path = tmp_path / "b.pdf"
    path.write_bytes(b"%PDF")
    upload = notion.file_uploads.upload(path=kind(path))
    assert (upload["filename"], stored(sandbox, upload)) == ("b.pdf", b"%PDF")
    named = notion.file_uploads.upload(path=path, filename="c.pdf", content_type="application/pdf")
    assert (named["filename"], named["content_type"]) == ("c.pdf", "application/pdf")


@pytest.mark.parametrize("source", ["path", "content"])
@pytest.mark.parametrize(("size", "part_size", "parts"), [(20 * MIB + 1, 10 * MIB, 3), (21 * MIB, 7 * MIB, 3)])
def test_a_large_file_goes_in_parts(notion, sandbox, tmp_path, source, size, part_size, parts):
    content = os.urandom(size)
    path = tmp_path / "large.zip"
    path.write_bytes(content)
    given = {"path": path} if source == "path" else {"content": content, "filename": "large.zip"}
    upload = notion.file_uploads.upload(**given, part_size=part_size)
    assert upload["number_of_parts"] == {"total": parts, "sent": parts}
    assert stored(sandbox, upload) == content
    assert steps(sandbox) == ["/v1/users/me", "/v1/file_uploads", *["send"] * parts, "complete"]


async def test_awaiting_it_is_the_same(sandbox):
    async with NotionConnector.sandbox(sandbox, policy=Policy.full()) as notion:
        content = bytes(range(256)) * (84 * 1024)
        upload = await notion.file_uploads.upload(content=content, filename="large.zip")
    assert stored(sandbox, upload) == content


def test_no_more_parts_are_in_memory_than_go_side_by_side(sandbox, monkeypatch):
    held, peak = 0, 0
    read, send = UploadFile._read, SyncNotionConnector

    class Counted(bytes):
        pass

    def counted(upload, start, size):
        nonlocal held, peak
        held += 1
        peak = max(peak, held)
        return read(upload, start, size)

    monkeypatch.setattr(UploadFile, "_read", counted)
    transport = sandbox.transport()
    real = transport.send

    def sent(request):
        nonlocal held
        response = real(request)
        held -= request.path.endswith("/send")
        return response

    notion = send.sandbox(sandbox, policy=Policy.full())
    monkeypatch.setattr(notion.runner.transport, "send", sent)
    notion.file_uploads.upload(content=bytes(60 * MIB), filename="large.zip", part_size=5 * MIB)
    assert 1 < peak <= AT_ONCE
    assert held == 0


def test_what_is_larger_than_the_workspace_takes_is_refused_before_it_is_sent(notion, sandbox):
    sandbox.workspace.files.limits.whole_file = FREE_PLAN
    with pytest.raises(InvalidParams, match="has 5,242,881 bytes; this workspace takes 5,242,880"):
        notion.file_uploads.upload(content=bytes(FREE_PLAN + 1), filename="a.zip")
    assert steps(sandbox) == ["/v1/users/me"]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", ["", "/*/send", "/*/complete"])
@pytest.mark.parametrize("size", [1, 21 * MIB])
@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 503}, {"status": 429, "retry_after": 1}])
def test_a_step_that_fails_or_is_lost_is_made_sure_of(notion, sandbox, after, step, size, fault):
    if fault.get("status") == 429 and after:
        pytest.skip("429 says that nothing was done")
    content = os.urandom(size)
    sandbox.faults.add(
        method="POST", path=f"/v1/file_uploads{step}" if step else "/v1/file_uploads", after=after, **fault
    )
    upload = notion.file_uploads.upload(content=content, filename="a.zip")
    assert upload["status"] == "uploaded"
    assert stored(sandbox, upload) == content


def test_a_step_that_stays_lost_is_told(notion, sandbox):
    sandbox.faults.add(method="POST", path=SEND, drop=True, times=9)
    with pytest.raises(OutcomeUnknown):
        notion.file_uploads.upload(content=b"x", filename="a.txt")
    assert steps(sandbox).count("send") == 3


def test_a_refusal_is_notions(notion):
    with pytest.raises(InvalidRequest, match="extension"):
        notion.file_uploads.upload(content=b"x", filename="a.unheard-of")


@pytest.mark.parametrize("polls", [0, 1, 7])
def test_an_address_is_imported_and_waited_for(notion, sandbox, polls):
    sandbox.workspace.files.remote[URL] = RemoteFile(content=b"%PDF", content_type="application/pdf", polls=polls)
    upload = notion.file_uploads.upload(url=URL)
    assert (upload["status"], upload["filename"]) == ("uploaded", "a.pdf")
    assert upload["file_import_result"]["type"] == "success"
    assert notion.runner.clock.sleeps == [1, 1, 2, 3, 5, 5, 5, 5][: polls + 1]


def test_an_import_that_fails_says_why(notion):
    with pytest.raises(InvalidRequest, match=r"could not import the file: .*404") as caught:
        notion.file_uploads.upload(url=URL)
    assert caught.value.code == "file_import_failed"
    assert caught.value.details["error"]["code"] == "file_not_found"


def test_an_import_that_takes_too_long_is_named(notion, sandbox):
    sandbox.workspace.files.remote[URL] = RemoteFile(content_type="application/pdf", polls=10_000)
    with pytest.raises(OutcomeUnknown, match="still imports the file as upload") as caught:
        notion.file_uploads.upload(url=URL)
    assert notion.file_uploads.get(file_upload_id=caught.value.details["file_upload_id"])["status"] == "pending"


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "give exactly one of path, content, url"),
        ({"path": "x", "url": URL}, "not path and url"),
        ({"content": b"x"}, "content needs a filename"),
        ({"content": b"x", "filename": "a.zip", "part_size": 1}, "part_size"),
        ({"path": "/nowhere/at/all.pdf"}, "/nowhere/at/all.pdf cannot be read: No such file"),
        ({"path": "/"}, "it is a directory"),
    ],
)
def test_bad_parameters_are_refused_before_anything_is_sent(notion, sandbox, params, said):
    with pytest.raises(InvalidParams, match=said):
        notion.file_uploads.upload(**params)
    assert sandbox.requests == []


def test_a_file_that_shrinks_meanwhile_is_told(notion, tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_bytes(b"12345")
    size = UploadFile._size
    monkeypatch.setattr(UploadFile, "_size", lambda upload: size(upload) + 1)
    with pytest.raises(InvalidParams, match="became shorter"):
        notion.file_uploads.upload(path=path)


def test_no_model_reaches_it(notion, tmp_path):
    with pytest.raises(UnknownAction):
        notion.execute("file_uploads", "upload", {"path": "/etc/passwd"})
    assert UploadFile in FileUploads.operations()
    assert (
        "upload"
        not in next(each for each in notion.list_entities() if each["entity_name"] == "file_uploads")[
            "available_actions"
        ]
    )


def test_its_bytes_and_secrets_show_nowhere():
    upload = UploadFile(content=b"canary", filename="a.txt")
    assert "canary" not in repr(upload)
    assert "content" not in upload.params()


def test_a_dry_run_sends_nothing_and_ends(notion, sandbox, tmp_path):
    for params in ({"content": b"x", "filename": "a.txt"}, {"url": URL}):
        upload = UploadFile(**params)
        planned = notion.runner.run(upload, dry_run=True)
        assert planned["requests"][0]["operation"] == "file_uploads.create"
    assert sandbox.requests == []


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("image/png", "image"),
        ("video/mp4", "video"),
        ("audio/mpeg", "audio"),
        ("application/pdf", "pdf"),
        ("text/plain; charset=utf-8", "file"),
        (None, "file"),
    ],
)
def test_a_file_as_a_block(content_type, kind):
    upload = {"object": "file_upload", "id": "1", "content_type": content_type}
    reference = {"type": "file_upload", "file_upload": {"id": "1"}}
    assert file_block(upload) == {"type": kind, kind: reference}
    assert file_block(upload, caption="C", kind="file")["file"]["caption"][0]["text"] == {"content": "C"}


def test_a_file_is_attached_everywhere(notion):
    image = notion.file_uploads.upload(content=b"x", filename="a.png")
    people = next(each for each in notion.data_sources.list.iterate() if each["title"][0]["plain_text"] == "People")
    row = notion.pages.create(
        parent={"data_source_id": people["id"]},
        properties={"Name": "Ada", "Badge photo": image},
        icon=file_icon(image),
        cover=file_cover(image),
        children=[file_block(image, caption="Ada")],
    )
    assert [each["name"] for each in row["properties"]["Badge photo"]["files"]] == ["a.png"]
    assert (row["icon"]["type"], row["cover"]["type"]) == ("file", "file")
    assert notion.blocks.list(block_id=row["id"]).data[0]["type"] == "image"
    again = notion.pages.update(page_id=row["id"], properties={"Badge photo": file_values(image, image)})
    assert len(again["properties"]["Badge photo"]["files"]) == 2


def test_hosted_connectors_say_that_they_cannot(connect):
    from airbyte_agent_notion import AirbyteAuthConfig

    auth = AirbyteAuthConfig(airbyte_client_id="a", airbyte_client_secret="b", connector_id="c")
    caller = connect(lambda request: None, auth_config=auth, policy=Policy.full())
    with pytest.raises(NotAvailable):
        caller.do(lambda notion: notion.file_uploads.send(file_upload_id="1" * 32, file=b"x"))

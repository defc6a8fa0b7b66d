"""POST file_uploads, their parts and their completion; GET file_uploads, one or all."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from ..context import Context
from ..filetypes import content_type_of, extension_for, extension_of
from ..multipart import Part, named
from ..narrow import as_string, one_of, required
from ..problems import UNDEFINED, invalid, malformed, not_present
from ..render.uploads import upload_json
from ..routing import Route
from ..state_files import FileUpload
from ..uploads import LIFETIME, poll_import, same_type, settle

__all__ = ["ROUTES"]

MODES = ("single_part", "multi_part", "external_url")
STATUSES = ("pending", "uploaded", "expired", "failed")


def create_upload(context: Context) -> dict[str, Any]:
    """Announce a file: its mode, name, type, number of parts, or where to import it from."""
    context.allow(body=("mode", "filename", "content_type", "number_of_parts", "external_url"))
    body = dict(context.body)
    mode = one_of(body.get("mode", "single_part"), "body.mode", MODES)
    now = context.workspace.now()
    url = _external_url(body, mode)
    filename, content_type = _name_and_type(context, body, mode, url)
    upload = FileUpload(
        id=context.workspace.new_id(),
        mode="multi_part" if mode == "multi_part" else "external_url" if url is not None else "single_part",
        filename=filename,
        content_type=content_type,
        created=now,
        edited=now,
        created_by=context.workspace.bot_id,
        expires=now + LIFETIME,
        parts_total=_number_of_parts(context, body, mode),
        url=url,
    )
    context.workspace.files.uploads[upload.id] = upload
    return upload_json(context.workspace, context.version, upload)


def _external_url(body: dict[str, Any], mode: str) -> str | None:
    if mode != "external_url":
        if "external_url" in body:
            raise not_present("body.external_url", body["external_url"])
        return None
    url = as_string(required(body, "external_url", "body"), "body.external_url", limit=2000)
    if not re.match(r"https://[^\s/]+", url):
        raise invalid(f"body failed validation: body.external_url should be a valid HTTPS URL, instead was `{url}`.")
    return url


def _number_of_parts(context: Context, body: dict[str, Any], mode: str) -> int | None:
    if mode != "multi_part":
        if "number_of_parts" in body:
            raise not_present("body.number_of_parts", body["number_of_parts"])
        return None
    number = required(body, "number_of_parts", "body")
    if not isinstance(number, int) or isinstance(number, bool):
        raise malformed("body.number_of_parts", "a number", number)
    most = context.workspace.files.limits.most_parts
    if not 1 <= number <= most:
        raise malformed("body.number_of_parts", f"≥ `1` and ≤ `{most}`", number)
    return number


def _name_and_type(context: Context, body: dict[str, Any], mode: str, url: str | None) -> tuple[str | None, str | None]:
    given = body.get("content_type")
    content_type = None if given is None else as_string(given, "body.content_type", empty=False)
    if content_type is not None and extension_for(content_type) is None:
        raise invalid(f"Content type {content_type} is not supported.")
    filename = body.get("filename")
    if filename is None and mode == "multi_part":
        raise malformed("body.filename", "defined", UNDEFINED)
    if filename is None and url is not None:
        filename = unquote(urlsplit(url).path.rsplit("/", 1)[-1]) or None
    if filename is None:
        return None, content_type
    return _checked(context, as_string(filename, "body.filename", empty=False), content_type)


def _checked(context: Context, filename: str, content_type: str | None) -> tuple[str, str]:
    """Name and content type, each completed by the other; a 400 if they do not agree."""
    if not extension_of(filename) and content_type is not None:
        filename = f"{filename}.{extension_for(content_type)}"
    limit = context.workspace.files.limits.filename
    if len(filename.encode()) > limit:
        raise invalid(f"body failed validation: body.filename should be at most {limit} bytes long.")
    extension = extension_of(filename)
    if content_type_of(extension) is None:
        raise invalid(f"The extension of {filename} is not supported.")
    found = content_type_of(extension, content_type)
    if found is None:
        raise invalid(f"Content type {content_type} does not match the extension of {filename}.")
    return filename, found


def send_upload(context: Context) -> dict[str, Any]:
    """Take a whole file, or one of its parts; a part may be sent again."""
    upload = _waiting(context, "send")
    part = named(context.parts, "file")
    if part is None or part.filename is None:
        raise malformed("body.file", "a file in multipart/form-data", UNDEFINED)
    if upload.mode == "external_url":
        raise invalid(f"File upload {upload.id} is imported from a URL: nothing can be sent to it.")
    _check_type(context, upload, part)
    if upload.mode == "single_part":
        _take_whole(context, upload, part)
    else:
        _take_part(context, upload, part)
    upload.edited = context.workspace.now()
    return upload_json(context.workspace, context.version, upload)


def _check_type(context: Context, upload: FileUpload, part: Part) -> None:
    sent = part.content_type or content_type_of(extension_of(part.filename or "")) or "application/octet-stream"
    if upload.filename is None:
        name = part.filename or ""
        upload.filename, found = _checked(context, name, upload.content_type or sent)
        upload.content_type = found
    if upload.content_type is not None and not same_type(upload.content_type, sent):
        raise invalid(f"The file was sent as {sent}, but announced as {upload.content_type}.")


def _take_whole(context: Context, upload: FileUpload, part: Part) -> None:
    number = named(context.parts, "part_number")
    if number is not None:
        raise not_present("body.part_number", number.content.decode(errors="replace"))
    limits = context.workspace.files.limits
    _at_most(len(part.content), min(limits.single_part, limits.whole_file))
    upload.content = part.content
    upload.status = "uploaded"


def _take_part(context: Context, upload: FileUpload, part: Part) -> None:
    number, limits = _part_number(context, upload), context.workspace.files.limits
    _at_most(len(part.content), limits.largest_part)
    if len(part.content) < limits.smallest_part and number != upload.parts_total:
        raise invalid(f"Part {number} is smaller than {limits.smallest_part} bytes, and is not the last one.")
    upload.parts[number] = part.content


def _part_number(context: Context, upload: FileUpload) -> int:
    part, total = named(context.parts, "part_number"), upload.parts_total or 0
    text = None if part is None else part.content.decode(errors="replace")
    if text is None or not re.fullmatch(r"[0-9]{1,4}", text):
        raise malformed("body.part_number", "a string of a number", UNDEFINED if text is None else text)
    if not 1 <= int(text) <= total:
        raise malformed("body.part_number", f"between `1` and `{total}`", text)
    return int(text)


def _at_most(size: int, limit: int) -> None:
    if size > limit:
        raise invalid(f"The file is {size} bytes long; at most {limit} bytes are allowed.")


def complete_upload(context: Context) -> dict[str, Any]:
    """Put the parts together, once all have come."""
    context.allow()
    upload = _waiting(context, "complete")
    if upload.mode != "multi_part":
        raise invalid(f"File upload {upload.id} has mode {upload.mode}: only multi_part uploads are completed.")
    missing = [str(number) for number in range(1, (upload.parts_total or 0) + 1) if number not in upload.parts]
    if missing:
        raise invalid(f"File upload {upload.id} cannot be completed: part {', '.join(missing)} was not sent.")
    content = b"".join(upload.parts[number] for number in sorted(upload.parts))
    _at_most(len(content), context.workspace.files.limits.whole_file)
    upload.content = content
    upload.status, upload.edited = "uploaded", context.workspace.now()
    return upload_json(context.workspace, context.version, upload)


def get_upload(context: Context) -> dict[str, Any]:
    """One upload; a look at an import takes it one step further."""
    context.allow()
    upload = _found(context)
    poll_import(context.workspace, upload)
    return upload_json(context.workspace, context.version, upload)


def list_uploads(context: Context) -> dict[str, Any]:
    """All uploads of the connection, newest first, or those of one status."""
    context.allow(query=("status", "start_cursor", "page_size"))
    status = context.one("status")
    if status is not None:
        one_of(status, "query.status", STATUSES)
    uploads = [settle(context.workspace, each) for each in reversed(context.workspace.files.uploads.values())]
    wanted = [each for each in uploads if status in (None, each.status)]
    return context.listing(
        "file_upload",
        wanted,
        lambda each: upload_json(context.workspace, context.version, each),
        lambda each: each.id,
    )


def _found(context: Context) -> FileUpload:
    identifier = context.path["file_upload_id"]
    upload = context.workspace.files.uploads.get(identifier)
    if upload is None:
        raise context.missing("file_upload", identifier)
    return settle(context.workspace, upload)


def _waiting(context: Context, what: str) -> FileUpload:
    upload = _found(context)
    if upload.status != "pending":
        raise invalid(f"File upload {upload.id} has status {upload.status}: to {what} it, it must be pending.")
    return upload


ROUTES = (
    Route(method="POST", path="/v1/file_uploads", handler=create_upload, capability="insert_content"),
    Route(method="GET", path="/v1/file_uploads", handler=list_uploads, capability="insert_content"),
    Route(method="GET", path="/v1/file_uploads/{file_upload_id}", handler=get_upload, capability="insert_content"),
    Route(
        method="POST", path="/v1/file_uploads/{file_upload_id}/send", handler=send_upload, capability="insert_content"
    ),
    Route(
        method="POST",
        path="/v1/file_uploads/{file_upload_id}/complete",
        handler=complete_upload,
        capability="insert_content",
    ),
)

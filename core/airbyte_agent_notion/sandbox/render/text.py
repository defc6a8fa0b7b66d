"""Rich text, users, files and icons as JSON."""

from __future__ import annotations

import hashlib
from datetime import UTC, timedelta
from typing import Any
from urllib.parse import quote

from ..filetypes import category
from ..ids import derived_id, undashed
from ..state import DateValue, FileValue, Icon, RichText, Span, User
from ..workspace import Workspace, span_text

__all__ = ["attachment_json", "date_json", "file_json", "icon_json", "rich_text_json", "user_json", "user_reference"]

MARKS = ("bold", "italic", "strikethrough", "underline", "code")
FILE_HOST = "https://files.notion-sandbox.example"
EXPIRES_SECONDS = 3600


def rich_text_json(workspace: Workspace, text: RichText) -> list[dict[str, Any]]:
    """A rich-text array."""
    return [_span(workspace, span) for span in text]


def _span(workspace: Workspace, span: Span) -> dict[str, Any]:
    kind = span.kind if span.kind in ("text", "equation") else "mention"
    return {
        "type": kind,
        kind: _payload(workspace, span),
        "annotations": {**{mark: mark in span.marks for mark in MARKS}, "color": span.color},
        "plain_text": span_text(workspace, span.kind, span.text, span.target, span.date),
        "href": _href(span),
    }


def _payload(workspace: Workspace, span: Span) -> dict[str, Any]:
    if span.kind == "text":
        return {"content": span.text, "link": None if span.link is None else {"url": span.link}}
    if span.kind == "equation":
        return {"expression": span.text}
    if span.kind == "date":
        return {"type": "date", "date": date_json(span.date)}
    if span.kind == "user":
        user = workspace.users.get(span.target or "")
        return {"type": "user", "user": user_json(workspace, user) if user else user_reference(span.target or "")}
    if span.kind.startswith("template_mention"):
        return {"type": "template_mention", "template_mention": {"type": span.kind, span.kind: span.text}}
    return {"type": span.kind, span.kind: {"id": span.target}}


def _href(span: Span) -> str | None:
    if span.kind in ("page", "database"):
        return f"https://app.notion.com/p/{undashed(span.target or '')}"
    return span.link


def date_json(value: DateValue | None) -> dict[str, Any] | None:
    """A date value; Notion gives out no time zone names."""
    return None if value is None else {"start": value.start, "end": value.end, "time_zone": None}


def user_reference(identifier: str) -> dict[str, Any]:
    """The short form of a user."""
    return {"object": "user", "id": identifier}


def user_json(workspace: Workspace, user: User) -> dict[str, Any]:
    """The full form of a user. Bots of other connections keep their details to themselves."""
    body = {**user_reference(user.id), "name": user.name, "avatar_url": user.avatar_url, "type": user.kind}
    if user.kind == "person":
        return {**body, "person": {} if user.email is None else {"email": user.email}}
    if user.id != workspace.bot_id:
        return {**body, "bot": {}}
    own = {
        "owner": {"type": "workspace", "workspace": True},
        "workspace_name": workspace.name,
        "workspace_id": workspace.id,
        "workspace_limits": {"max_file_upload_size_in_bytes": workspace.files.limits.whole_file},
    }
    return {**body, "bot": own}


def file_json(workspace: Workspace, file: FileValue) -> dict[str, Any]:
    """``type`` and payload of a file; a hosted one gets a URL that expires an hour from now."""
    if file.url is not None:
        return {"type": "external", "external": {"url": file.url}}
    now = workspace.now().astimezone(UTC)
    path = f"{workspace.id}/{file.upload or derived_id('file', file.name)}/{quote(file.name)}"
    signature = hashlib.sha256(f"{path}{now.isoformat()}".encode()).hexdigest()
    query = (
        f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={now.strftime('%Y%m%dT%H%M%SZ')}"
        f"&X-Amz-Expires={EXPIRES_SECONDS}&X-Amz-Signature={signature}&X-Amz-SignedHeaders=host"
    )
    expiry = (now + timedelta(seconds=EXPIRES_SECONDS)).strftime(
        "%Y-%m-%dT%H:%M:%S."
    ) + f"{now.microsecond // 1000:03}Z"
    return {"type": "file", "file": {"url": f"{FILE_HOST}/{path}?{query}", "expiry_time": expiry}}


def attachment_json(workspace: Workspace, file: FileValue) -> dict[str, Any]:
    """A file that came with a comment."""
    kind = category(file.name)
    shown = kind if kind in ("audio", "image", "pdf", "video") else "productivity"
    return {"category": shown, "file": file_json(workspace, file).get("file")}


def icon_json(workspace: Workspace, icon: Icon | None) -> dict[str, Any] | None:
    """An icon; a custom emoji that was removed from the workspace is none."""
    if icon is None:
        return None
    if icon.kind == "file":
        return file_json(workspace, FileValue(name=icon.value, upload=icon.upload))
    if icon.kind == "custom_emoji":
        return _custom_emoji(workspace, icon.value)
    payloads: dict[str, Any] = {
        "emoji": icon.value,
        "icon": {"name": icon.value, "color": icon.color},
        "external": {"url": icon.value},
    }
    return {"type": icon.kind, icon.kind: payloads[icon.kind]}


def _custom_emoji(workspace: Workspace, identifier: str) -> dict[str, Any] | None:
    emoji = workspace.emojis.get(identifier)
    if emoji is None:
        return None
    return {"type": "custom_emoji", "custom_emoji": {"id": emoji.id, "name": emoji.name, "url": emoji.url}}

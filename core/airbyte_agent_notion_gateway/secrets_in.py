"""Credentials as callers send them: every fault is named by its field, and no value is repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from airbyte_agent_notion.models import (
    NotionAccessTokenAuthConfig,
    NotionOauth20AuthConfig,
    NotionOAuthCredentials,
)

from .problems import FieldError, refused_fields
from .store import Credentials

__all__ = ["parsed_app", "parsed_credentials"]

_LONGEST, _LONGEST_ID = 4_096, 255
_OAUTH = ("client_id", "client_secret", "access_token")
_OFFER = "Give token, or client_id, client_secret, access_token and, if there is one, refresh_token."


def parsed_credentials(given: Any, *, field: str = "credentials") -> Credentials:
    """A token, or an OAuth grant; raises Problem (422) naming every field that is wrong."""
    fields = _object(given, field, _OFFER)
    if "token" in fields or not any(name in fields for name in (*_OAUTH, "refresh_token")):
        values = _values(fields, field, required=("token",), header=("token",))
        return NotionAccessTokenAuthConfig(token=values["token"])
    values = _values(fields, field, required=_OAUTH, optional=("refresh_token",), header=("access_token",))
    return NotionOauth20AuthConfig(
        client_id=values["client_id"],
        client_secret=values["client_secret"],
        access_token=values["access_token"],
        refresh_token=values.get("refresh_token"),
    )


def parsed_app(given: Any, *, field: str = "configuration") -> NotionOAuthCredentials:
    """An OAuth app; raises Problem (422) naming every field that is wrong."""
    names = ("client_id", "client_secret")
    values = _values(_object(given, field, "Give client_id and client_secret."), field, required=names)
    return NotionOAuthCredentials(client_id=values["client_id"], client_secret=values["client_secret"])


def _object(given: Any, field: str, offer: str) -> Mapping[str, Any]:
    if not isinstance(given, dict) or not given:
        said = "is required" if given in (None, {}) else "must be an object"
        raise refused_fields([FieldError(field=field, message=f"{said}. {offer}", error_code="validation_error")])
    return cast("dict[str, Any]", given)


def _values(
    fields: Mapping[str, Any],
    field: str,
    *,
    required: Sequence[str],
    optional: Sequence[str] = (),
    header: Sequence[str] = (),
) -> dict[str, str]:
    known = (*required, *optional)
    faults = {name: "is not a field beside the others." for name in fields if name not in known}
    for name in known:
        longest = _LONGEST_ID if name == "client_id" else _LONGEST
        said = _fault(fields.get(name), header=name in header, longest=longest)
        if said is not None and (name in required or fields.get(name) is not None):
            faults[name] = said
    if faults:
        raise refused_fields(
            [
                FieldError(field=f"{field}.{name}"[:100], message=said, error_code="validation_error")
                for name, said in faults.items()
            ]
        )
    return {name: fields[name].strip() for name in known if fields.get(name) is not None}


def _fault(value: Any, *, header: bool, longest: int) -> str | None:
    """What is wrong with a value, without the value."""
    if value is None:
        return "is required."
    if not isinstance(value, str):
        return "must be a string."
    text = value.strip()
    if not text:
        return "must not be empty."
    if len(text) > longest:
        return f"must not be longer than {longest:,} characters."
    # A secret stands in a header, as it is or in base64; the database takes no half of an emoji and no NUL.
    if header and not all("!" <= character <= "~" for character in text):
        return "holds white space or characters that cannot stand in an HTTP header; copy it again."
    if any(character < " " or character == "\x7f" or "\ud800" <= character <= "\udfff" for character in text):
        return "holds characters that cannot be stored; copy it again."
    return None

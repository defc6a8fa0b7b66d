"""Headers that authenticate a request to Notion."""

from __future__ import annotations

import logging

from pydantic import SecretStr

from ..flow import Response
from ..models.credentials import NotionAccessTokenAuthConfig, NotionOauth20AuthConfig

__all__ = ["NotionCredentials", "bearer", "notion_headers", "without_token"]

NotionCredentials = NotionAccessTokenAuthConfig | NotionOauth20AuthConfig

_log = logging.getLogger("airbyte_agent_notion")
_KNOWN_PREFIXES = ("ntn_", "secret_")


def bearer(credentials: NotionCredentials) -> SecretStr:
    """The bearer token of either open-source credential.

    Notion calls its tokens opaque, so an unknown prefix is sent all the same.
    """
    if isinstance(credentials, NotionOauth20AuthConfig):
        return credentials.access_token
    if not credentials.token.get_secret_value().startswith(_KNOWN_PREFIXES):
        _log.debug("The Notion token starts with neither %s; it is sent as it is.", " nor ".join(_KNOWN_PREFIXES))
    return credentials.token


def without_token(response: Response, token: SecretStr) -> Response:
    """A refusal without the token, which a proxy may have echoed: it ends up in errors, logs and models."""
    secret = token.get_secret_value()
    return Response(
        status=response.status,
        headers={name: value.replace(secret, "***") for name, value in response.headers.items()},
        content=response.content.replace(secret.encode(), b"***"),
    )


def notion_headers(token: SecretStr, notion_version: str) -> dict[str, str]:
    """What every call to Notion carries."""
    return {"authorization": f"Bearer {token.get_secret_value()}", "notion-version": notion_version}

"""Which addresses a browser may be sent back to."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from airbyte_agent_notion.errors import InvalidParams

__all__ = ["checked_redirect_url", "is_loopback", "is_loopback_url"]

MAX_LENGTH = 2_000


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_loopback_url(url: str) -> bool:
    """Whether a URL's host is loopback; False for what is no URL."""
    parts = _split(url)
    return parts is not None and is_loopback(parts.hostname or "")


def checked_redirect_url(url: str) -> str:
    """The URL as it stands, if a browser may be sent there with a connector's id.

    Raises:
        InvalidParams: it is not absolute, is not https (http is for loopback hosts), has a fragment or credentials, or
            is longer than 2,000 characters.
    """
    parts = _split(url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise _refusal("is not an absolute http(s) address")
    if len(url) > MAX_LENGTH:
        raise _refusal(f"is longer than {MAX_LENGTH:,} characters")
    if "#" in url:
        raise _refusal("has a fragment")
    if "@" in parts.netloc:
        raise _refusal("holds credentials")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise _refusal("is not https")
    return url


def _split(url: str) -> SplitResult | None:
    # Browsers read a backslash as a slash: what stands behind it would be another host to them than to us.
    if "\\" in url or not all("!" <= character <= "~" for character in url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError for one that is none
    except ValueError:
        return None
    return parts


def _refusal(what: str) -> InvalidParams:
    return InvalidParams(
        f"The redirect URL {what}.",
        hint="Give one like https://app.example/oauth/callback; http is for loopback hosts only.",
        details={"field": "redirect_url"},
    )

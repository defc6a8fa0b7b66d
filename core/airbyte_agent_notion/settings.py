"""Settings of one connector: argument, else environment, else default. Nothing is read at import."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from urllib.parse import urlsplit

from .errors import ConfigurationError

__all__ = ["AGENT_API_BASE_URL", "DEFAULT_NOTION_VERSION", "NOTION_BASE_URL", "NOTION_VERSIONS", "Settings"]

NOTION_BASE_URL = "https://api.notion.com"
AGENT_API_BASE_URL = "https://api.airbyte.ai"
NOTION_VERSIONS = ("2026-03-11", "2025-09-03")
DEFAULT_NOTION_VERSION = NOTION_VERSIONS[0]
MIN_TIMEOUT = 65.0
"""Notion gives up on a request after 55 to 60 s, so that a shorter wait would lose its answer."""

DEFAULT_DEADLINE = 300.0
DEFAULT_REQUESTS_PER_MINUTE = 180
"""The per-connection budget of Notion's plans up to Plus."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where requests go and how."""

    base_url: str = NOTION_BASE_URL
    notion_version: str = DEFAULT_NOTION_VERSION
    timeout: float = MIN_TIMEOUT
    """Seconds to wait for a response to begin, and between its parts."""
    deadline: float = DEFAULT_DEADLINE
    """Seconds that one call may take in all, waiting included."""
    requests_per_minute: int = DEFAULT_REQUESTS_PER_MINUTE
    """Requests in any 60 s."""

    @classmethod
    def resolve(
        cls,
        *,
        base_url: str | None = None,
        notion_version: str | None = None,
        timeout: float | None = None,
        deadline: float | None = None,
        requests_per_minute: int | None = None,
        hosted: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> Settings:
        """Settings from arguments, then the environment, then defaults; raises ConfigurationError.

        ``base_url`` comes from NOTION_BASE_URL and ``timeout`` is 65 s; in hosted mode from AIRBYTE_API_BASE_URL, and
        300 s, for the server may wait for Notion's limits.
        """
        given = os.environ if environ is None else environ
        variable, default = (
            ("AIRBYTE_API_BASE_URL", AGENT_API_BASE_URL) if hosted else ("NOTION_BASE_URL", NOTION_BASE_URL)
        )
        return cls(
            base_url=_checked_url(base_url or given.get(variable) or default),
            notion_version=_checked_version(notion_version or DEFAULT_NOTION_VERSION),
            timeout=_checked_seconds(
                "timeout", (DEFAULT_DEADLINE if hosted else MIN_TIMEOUT) if timeout is None else timeout
            ),
            deadline=_checked_seconds("deadline", DEFAULT_DEADLINE if deadline is None else deadline),
            requests_per_minute=_checked_budget(requests_per_minute),
        )


def _checked_url(url: str) -> str:
    refusal = ConfigurationError("base_url is not an http(s) address.", hint=f"An example is {NOTION_BASE_URL}.")
    try:
        text = url.strip()
        parts = urlsplit(text)
        _ = parts.port  # raises ValueError for one that is none
    except (ValueError, AttributeError):
        raise refusal from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise refusal
    if not all("!" <= character <= "~" for character in text):
        raise refusal
    if parts.username or parts.password:
        raise ConfigurationError("base_url must not hold credentials.", hint="Give them as auth_config.")
    return text.rstrip("/")


def _checked_version(version: str) -> str:
    if version not in NOTION_VERSIONS:
        raise ConfigurationError(
            f"Notion-Version {version!r} is not supported.", hint=f"Choose one of {', '.join(NOTION_VERSIONS)}."
        )
    return version


def _checked_seconds(name: str, seconds: float) -> float:
    number = isinstance(seconds, (int, float)) and not isinstance(seconds, bool)  # pyright: ignore[reportUnnecessaryIsInstance]
    if not number or not 0 < seconds < inf:
        raise ConfigurationError(f"{name} must be a positive number of seconds.")
    return float(seconds)


def _checked_budget(requests: int | None) -> int:
    if requests is None:
        return DEFAULT_REQUESTS_PER_MINUTE
    whole = isinstance(requests, int) and not isinstance(requests, bool)  # pyright: ignore[reportUnnecessaryIsInstance]
    if not whole or requests < 1:
        raise ConfigurationError("requests_per_minute must be a whole number of at least 1.")
    return requests

"""The routing table: which handler serves which method and path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import unquote

from .context import Context
from .ids import parse_id
from .problems import Problem, malformed

__all__ = ["CAPABILITIES", "Handler", "Match", "Route", "match", "path_ids"]

Handler: TypeAlias = Callable[[Context], dict[str, Any]]

CAPABILITIES = frozenset(
    {"read_content", "update_content", "insert_content", "read_comments", "insert_comments", "user_information"}
)
"""What a connection can be allowed to do."""
NOT_UUIDS = frozenset({"property_id", "task_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One endpoint. ``path`` is a pattern such as ``/v1/pages/{page_id}``."""

    method: str
    path: str
    handler: Handler
    capability: str | None = None
    """What the connection must be allowed to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A route with the path parameters as sent, percent-decoded once."""

    route: Route
    parameters: dict[str, str]


def match(routes: Sequence[Route], method: str, path: str) -> Match:
    """The route of a request; raises Notion's 400 if there is none. Earlier routes win."""
    parts = path.split("/")
    for route in routes:
        parameters = _parameters(route.path.split("/"), parts) if route.method == method.upper() else None
        if parameters is not None:
            return Match(route=route, parameters=parameters)
    raise Problem(400, "invalid_request_url", "Invalid request URL.")


def _parameters(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    if len(pattern) != len(parts):
        return None
    found: dict[str, str] = {}
    for expected, part in zip(pattern, parts, strict=True):
        if expected.startswith("{") and part:
            found[expected.strip("{}")] = unquote(part)
        elif expected != part:
            return None
    return found


def path_ids(parameters: dict[str, str]) -> dict[str, str]:
    """The path parameters with ids brought into dashed form; a malformed id is a 400."""
    ids: dict[str, str] = {}
    for name, value in parameters.items():
        parsed = value if name in NOT_UUIDS else parse_id(value)
        if parsed is None:
            raise malformed(f"path.{name}", "a valid uuid", value)
        ids[name] = parsed
    return ids

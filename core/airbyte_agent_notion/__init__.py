"""Notion for AI agents: one tool, ``notion_execute(entity, action, params)``, and typed methods behind it.

An independent implementation, affiliated with neither Airbyte nor Notion.
"""

from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from .answers import Answers
    from .connector import NotionConnector, SyncNotionConnector
    from .consent import ConsentOutcome
    from .errors import NotionAgentError
    from .health import CheckResult
    from .listing import ListResult
    from .models.credentials import (
        AirbyteAuthConfig,
        NotionAccessTokenAuthConfig,
        NotionOauth20AuthConfig,
        NotionOAuthCredentials,
    )
    from .operation import Effect
    from .policy import Policy
    from .tools import Outcome, Tool, Toolset

__all__ = [
    "AirbyteAuthConfig",
    "Answers",
    "CheckResult",
    "ConsentOutcome",
    "Effect",
    "ListResult",
    "NotionAccessTokenAuthConfig",
    "NotionAgentError",
    "NotionConnector",
    "NotionOAuthCredentials",
    "NotionOauth20AuthConfig",
    "Outcome",
    "Policy",
    "SyncNotionConnector",
    "Tool",
    "Toolset",
    "__version__",
]

_HOMES = {
    "answers": ("Answers",),
    "connector": ("NotionConnector", "SyncNotionConnector"),
    "consent": ("ConsentOutcome",),
    "errors": ("NotionAgentError",),
    "health": ("CheckResult",),
    "models.credentials": (
        "AirbyteAuthConfig",
        "NotionAccessTokenAuthConfig",
        "NotionOAuthCredentials",
        "NotionOauth20AuthConfig",
    ),
    "listing": ("ListResult",),
    "operation": ("Effect",),
    "policy": ("Policy",),
    "tools": ("Outcome", "Tool", "Toolset"),
}
"""Where each name lives. They are imported when first asked for: Pydantic and httpx take most of a second to load."""


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            value = globals()[name] = getattr(import_module(f".{module}", __name__), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__

"""Notion for AI agents: one tool, ``notion_execute(entity, action, params)``, and typed methods behind it.

An independent implementation, affiliated with neither Airbyte nor Notion.
"""

from ._version import __version__
from .connector import CheckResult, NotionConnector, SyncNotionConnector
from .errors import NotionAgentError
from .models.credentials import (
    AirbyteAuthConfig,
    NotionAccessTokenAuthConfig,
    NotionOauth20AuthConfig,
    NotionOAuthCredentials,
)
from .operation import Effect, ListResult
from .policy import Policy
from .tools import Outcome, Tool, Toolset

__all__ = [
    "AirbyteAuthConfig",
    "CheckResult",
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

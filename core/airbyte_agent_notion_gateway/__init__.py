"""The Agent API on one's own server: credentials stay here, and agents execute by connector.

``airbyte-agent-notion gateway`` starts it; ``create_app(settings)`` gives the ASGI application to a server of your own.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .app import create_app
    from .settings import GatewaySettings

__all__ = ["GatewaySettings", "create_app"]

_HOMES = {"GatewaySettings": "settings", "create_app": "app"}
"""Where each name lives. They are imported when first asked for: FastAPI and SQLAlchemy take a second to load."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    return value


def __dir__() -> list[str]:
    return __all__

"""Adapters by name: any installed distribution can bring one through an entry point.

    [project.entry-points."airbyte_agent_notion.adapters"]
    my-framework = "my_package.notion:ADAPTER"

The adapters of this package are registered the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from .errors import ConfigurationError
from .tools import HasRunner

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["GROUP", "Adapter", "MissingFramework", "available", "load"]

GROUP = "airbyte_agent_notion.adapters"
"""The entry-point group."""

_OWN_EXTRAS = frozenset({"pydantic-ai", "langchain", "llama-index"})


class Adapter(Protocol):
    """What an entry point names: a connector's tools as the framework's own."""

    @property
    def name(self) -> str:
        """The name that the adapter is registered under."""
        ...

    def tools(self, connector: HasRunner, *, per_operation: bool = False) -> list[Any]:
        """The single ``notion_execute``, or one tool per operation; ready for the framework's agents."""
        ...


class MissingFramework(ConfigurationError, ImportError):
    """The framework that an adapter serves cannot be imported."""

    code = "missing_framework"

    def __init__(self, adapter: str, error: ImportError) -> None:
        own = f'In a checkout of this project: python -m pip install ".[{adapter}]".'
        super().__init__(
            f"The {adapter} adapter needs a framework that cannot be imported: {error}.",
            hint=own if adapter in _OWN_EXTRAS else f"Install what the {adapter} adapter asks for.",
            details={"adapter": adapter},
        )


def available() -> list[str]:
    """Names of the adapters that are installed, whether their frameworks are or not."""
    return sorted(_registered())


def load(name: str) -> Adapter:
    """The adapter of that name.

    Raises:
        MissingFramework: its framework is not installed; the error says what to install.
        ConfigurationError: there is no such adapter, or what its entry point names is none.
    """
    registered = _registered()
    if name not in registered:
        raise _unknown(name, sorted(registered))
    try:
        adapter = registered[name].load()
    except MissingFramework:
        raise
    except ImportError as error:
        raise MissingFramework(name, error) from error
    if not isinstance(getattr(adapter, "name", None), str) or not callable(getattr(adapter, "tools", None)):
        raise ConfigurationError(
            f"The entry point {name!r} names no adapter.",
            hint="An adapter has a name and tools(connector, *, per_operation).",
            code="invalid_adapter",
        )
    return cast("Adapter", adapter)


def _registered() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points

    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _unknown(name: str, known: list[str]) -> ConfigurationError:
    from difflib import get_close_matches

    near = get_close_matches(name.lower().replace("_", "-"), known, n=2, cutoff=0.5)
    installed = f"Installed are {', '.join(known)}." if known else "None is installed."
    meant = f"Did you mean {' or '.join(repr(item) for item in near)}? " if near else ""
    return ConfigurationError(
        f"There is no adapter {name!r}.", hint=meant + installed, code="unknown_adapter", details={"adapters": known}
    )

"""All that an adapter may see: tools as data, and a toolset that calls them and answers an ``Outcome``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .engine import Runner
from .errors import NotionAgentError
from .flow import Flow
from .operation import Effect, Operation
from .repair import dispatch_arguments
from .schema import dispatch_description, dispatch_schema, operation_description, operation_schema, tool_name
from .shaping.text import error_text, plain_data, result_text

__all__ = ["EXECUTE", "HasRunner", "Outcome", "Tool", "Toolset"]

EXECUTE = "notion_execute"


class HasRunner(Protocol):
    """A connector, async or blocking."""

    @property
    def runner(self) -> Runner:
        """The connector's engine and transport."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A tool as data."""

    name: str
    """At most 64 letters, digits and underscores."""
    description: str
    """One line, at most 1,024 characters."""
    parameters: Mapping[str, Any]
    """JSON Schema of the arguments, fit for every provider; not to be changed."""
    effect: Effect
    """The worst that a call of it can do under the connector's policy."""

    @property
    def read_only(self) -> bool:
        """Whether no call changes the workspace."""
        return self.effect is Effect.READ

    @property
    def destructive(self) -> bool:
        """Whether a call may remove content."""
        return self.effect is Effect.DESTRUCTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a call ended. ``text`` is for the model in every case."""

    text: str
    data: Any = None
    """The result as JSON data, a list as ``{data, meta}``; None after an error."""
    error: NotionAgentError | None = None

    @property
    def ok(self) -> bool:
        """Whether there was no error."""
        return self.error is None

    def __str__(self) -> str:
        return self.text


class Toolset:
    """The tools of a connector of either kind, callable blocking and awaiting.

    Args:
        connector: NotionConnector or SyncNotionConnector.
        per_operation: one tool per operation (``notion_pages_get``) in place of the single ``notion_execute``.
    """

    def __init__(self, connector: HasRunner, *, per_operation: bool = False) -> None:
        self._runner = connector.runner
        self._calls: dict[str, Callable[[Mapping[str, Any]], Flow[Any]]] = {}
        self._tools: dict[str, Tool] = {}
        offered = self._runner.engine.offered()
        if not per_operation:
            self._add(_execute_tool(offered), self._dispatch)
            return
        for operation in offered:
            self._add(_operation_tool(operation), _bind(self._single, operation))

    @property
    def tools(self) -> list[Tool]:
        """What the connector's policy lets a model call."""
        return list(self._tools.values())

    def call(self, name: str, arguments: Mapping[str, Any]) -> Outcome:
        """Call a tool, blocking. Our errors come back as an Outcome; a tool name that is none is a KeyError."""
        try:
            return _success(self._runner.drive(self._calls[name](arguments)))
        except NotionAgentError as error:
            return _failure(error)

    async def acall(self, name: str, arguments: Mapping[str, Any]) -> Outcome:
        """Call a tool, awaiting; as ``call``."""
        try:
            return _success(await self._runner.adrive(self._calls[name](arguments)))
        except NotionAgentError as error:
            return _failure(error)

    def _add(self, tool: Tool, call: Callable[[Mapping[str, Any]], Flow[Any]]) -> None:
        self._tools[tool.name] = tool
        self._calls[tool.name] = call

    def _dispatch(self, arguments: Mapping[str, Any]) -> Flow[Any]:
        entity, action, params = dispatch_arguments(arguments)
        return (yield from self._runner.engine.execute(entity, action, params))

    def _single(self, operation: type[Operation[Any]], arguments: Mapping[str, Any]) -> Flow[Any]:
        engine = self._runner.engine
        return (yield from engine.call(engine.parse(operation, dict(arguments))))


def _bind(
    call: Callable[[type[Operation[Any]], Mapping[str, Any]], Flow[Any]], operation: type[Operation[Any]]
) -> Callable[[Mapping[str, Any]], Flow[Any]]:
    return lambda arguments: call(operation, arguments)


def _execute_tool(operations: list[type[Operation[Any]]]) -> Tool:
    order = list(Effect)
    return Tool(
        name=EXECUTE,
        description=dispatch_description(operations),
        parameters=dispatch_schema(operations),
        effect=max((operation.spec.effect for operation in operations), key=order.index, default=Effect.READ),
    )


def _operation_tool(operation: type[Operation[Any]]) -> Tool:
    return Tool(
        name=tool_name(operation),
        description=operation_description(operation),
        parameters=operation_schema(operation),
        effect=operation.spec.effect,
    )


def _success(result: Any) -> Outcome:
    return Outcome(text=result_text(result), data=plain_data(result))


def _failure(error: NotionAgentError) -> Outcome:
    return Outcome(text=error_text(error), error=error)

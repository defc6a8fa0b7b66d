"""All that an adapter may see: tools as data, and a toolset that calls them and answers an ``Outcome``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast

from .approval import Approve, Ask, PendingCall, needs_approval, nobody_asked, refusal, removes_content, verdict
from .changes import changed
from .engine import Engine, Runner
from .errors import ConfigurationError, NotionAgentError
from .flow import Flow, call
from .models.dry_runs import Changed
from .narrowing import list_of
from .operation import Effect, Operation
from .repair import dispatch_arguments
from .schema import dispatch_description, dispatch_schema, operation_description, operation_schema, tool_name
from .shaping.text import error_text, plain_data, result_text

__all__ = [
    "EXECUTE",
    "Approve",
    "Ask",
    "HasRunner",
    "Outcome",
    "PendingCall",
    "Tool",
    "Toolset",
    "bare",
    "needs_approval",
    "removes_content",
    "verdict",
]

EXECUTE = "notion_execute"


class HasRunner(Protocol):
    """A connector, async or blocking; or a Toolset, whose options are kept."""

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
    changed: Changed | None = None
    """What a write has changed; None after reads, dry runs and errors."""

    @property
    def ok(self) -> bool:
        """Whether there was no error."""
        return self.error is None

    def __str__(self) -> str:
        return self.text


class Toolset:
    """The tools of a connector of either kind, callable blocking and awaiting.

    Args:
        connector: NotionConnector or SyncNotionConnector; or a Toolset, whose options hold where none is given here.
        per_operation: one tool per operation (``notion_pages_get``) in place of the single ``notion_execute``.
        dry_run: calls that would change the workspace send nothing that writes, and answer what they would send and
            change: a ``DryRun``. Policy, roots and parameters are checked as usual; reads run.
        approve: which calls need a person's approval, e.g. ``needs_approval`` or ``removes_content``.
        ask: asks the person: a plain or async function of a PendingCall that returns True, False or a reason. Without
            it whoever calls the toolset asks, where ``requires_approval`` says so, as the adapters do; a call that is
            not said to be ``approved`` is refused.
        tag: stands in each audit record of this toolset's calls, e.g. whose conversation it is.

    Raises:
        ConfigurationError: ``ask`` is given and ``approve`` is not.
    """

    def __init__(
        self,
        connector: HasRunner,
        *,
        per_operation: bool | None = None,
        dry_run: bool | None = None,
        approve: Approve | None = None,
        ask: Ask | None = None,
        tag: str | None = None,
    ) -> None:
        base = connector if isinstance(connector, Toolset) else None
        self._approve = approve or (base.approve if base else None)
        self._ask = ask or (base.ask if base else None)
        if self._ask is not None and self._approve is None:
            raise ConfigurationError(
                "ask is given, and nothing says for which calls.", hint="Give approve=needs_approval as well."
            )
        self._per_operation = per_operation if per_operation is not None else bool(base and base.per_operation)
        self._runner = connector.runner
        if dry_run is not None or tag is not None:
            self._runner = replace(self._runner, engine=_engine(self._runner.engine, dry_run, tag))
        self._operations: dict[str, Callable[[Mapping[str, Any]], Operation[Any]]] = {}
        self._tools: dict[str, Tool] = {}
        offered = self._runner.engine.offered()
        if not self._per_operation:
            self._add(_execute_tool(offered), self._dispatched)
            return
        for operation in offered:
            self._add(_operation_tool(operation), _bind(self._single, operation))

    @property
    def runner(self) -> Runner:
        """The connector's engine and transport, with this toolset's options."""
        return self._runner

    @property
    def per_operation(self) -> bool:
        """Whether there is one tool per operation."""
        return self._per_operation

    @property
    def approve(self) -> Approve | None:
        """Which calls need approval; None if none does."""
        return self._approve

    @property
    def ask(self) -> Ask | None:
        """What asks for it; None if the caller does."""
        return self._ask

    @property
    def tools(self) -> list[Tool]:
        """What the connector's policy lets a model call."""
        return list(self._tools.values())

    def call(self, name: str, arguments: Mapping[str, Any], *, approved: bool = False) -> Outcome:
        """Call a tool, blocking. Our errors come back as an Outcome; a tool name that is none is a KeyError.

        Args:
            name: the tool's.
            arguments: as the model sent them.
            approved: a person has approved this very call.
        """
        try:
            return self._runner.drive(self._called(name, arguments, approved=approved))
        except NotionAgentError as error:
            return _failure(error)

    async def acall(self, name: str, arguments: Mapping[str, Any], *, approved: bool = False) -> Outcome:
        """Call a tool, awaiting; as ``call``."""
        try:
            return await self._runner.adrive(self._called(name, arguments, approved=approved))
        except NotionAgentError as error:
            return _failure(error)

    def pending(self, name: str, arguments: Mapping[str, Any]) -> PendingCall | None:
        """The call, if whoever makes it must have it approved first. Sends nothing, and answers the same every time.

        None also where ``ask`` will ask, in a dry run, and for a call that will be refused anyway.
        """
        return None if self._ask is not None else self._waiting(name, arguments)

    def requires_approval(self, name: str, arguments: Mapping[str, Any]) -> bool:
        """Whether whoever makes the call must have it approved first; see ``pending``."""
        return self.pending(name, arguments) is not None

    def refused(self, name: str, arguments: Mapping[str, Any], reason: str = "") -> Outcome:
        """What a call that was not approved is answered with.

        Args:
            name: the tool's.
            arguments: the call's.
            reason: the person's, in words fit for a model; may be empty.
        """
        waiting = self._waiting(name, arguments)
        known = (waiting.name, waiting.effect) if waiting else (name, self._tools[name].effect)
        return _failure(refusal(*known, reason))

    def _waiting(self, name: str, arguments: Mapping[str, Any]) -> PendingCall | None:
        if self._approve is None or self._runner.engine.dry_run:
            return None
        try:
            operation = self._operations[name](arguments)
            self._runner.engine.policy.check(operation.spec, operation.effect)
        except NotionAgentError:
            return None
        pending = PendingCall.of(operation)
        return pending if pending.needs(self._approve) else None

    def _called(self, name: str, arguments: Mapping[str, Any], *, approved: bool) -> Flow[Outcome]:
        make, engine = self._operations[name], self._runner.engine
        if not approved or self._ask is not None:
            yield from self._asked(self._waiting(name, arguments))
        operation = yield from engine.admitted(lambda: make(arguments))
        result = yield from engine.call(operation)
        return Outcome(text=result_text(result), data=plain_data(result), changed=changed(operation, result))

    def _asked(self, waiting: PendingCall | None) -> Flow[None]:
        """Ask about a call that needs approval; a refusal is raised, and recorded in the audit."""
        if waiting is None:
            return
        ask = self._ask
        if ask is None:
            yield from self._runner.engine.denied(nobody_asked(waiting))
        else:
            reason = verdict((yield from call(lambda: ask(waiting))))
            if reason is not None:
                yield from self._runner.engine.denied(refusal(waiting.name, waiting.effect, reason))

    def _add(self, tool: Tool, make: Callable[[Mapping[str, Any]], Operation[Any]]) -> None:
        self._tools[tool.name] = tool
        self._operations[tool.name] = make

    def _dispatched(self, arguments: Mapping[str, Any]) -> Operation[Any]:
        return self._runner.engine.named(*dispatch_arguments(arguments))

    def _single(self, operation: type[Operation[Any]], arguments: Mapping[str, Any]) -> Operation[Any]:
        return self._runner.engine.parse(operation, dict(arguments))


def bare(schema: Any) -> Any:
    """A schema whose free-form objects do without ``additionalProperties``, which some converters refuse."""
    if isinstance(schema, Mapping):
        given = cast("Mapping[str, Any]", schema)
        return {key: bare(value) for key, value in given.items() if key != "additionalProperties"}
    return [bare(item) for item in list_of(cast("object", schema))] if isinstance(schema, list) else schema


def _engine(engine: Engine, dry_run: bool | None, tag: str | None) -> Engine:
    rules = engine.rules if tag is None else replace(engine.rules, trail=replace(engine.rules.trail, tag=tag))
    return replace(engine, rules=rules, dry_run=engine.dry_run if dry_run is None else dry_run)


def _bind(
    make: Callable[[type[Operation[Any]], Mapping[str, Any]], Operation[Any]], operation: type[Operation[Any]]
) -> Callable[[Mapping[str, Any]], Operation[Any]]:
    return lambda arguments: make(operation, arguments)


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


def _failure(error: NotionAgentError) -> Outcome:
    return Outcome(text=error_text(error), error=error)

"""All that an adapter may see: tools as data, and a toolset that calls them and answers an ``Outcome``."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol, TypeAlias, cast
from weakref import WeakKeyDictionary

from .answers import Answers
from .approval import Approve, Ask, PendingCall, needs_approval, nobody_asked, refusal, removes_content, verdict
from .calling import Calling, Outcome, Prepared
from .conversation import Conversation
from .engine import Engine, Runner
from .errors import ConfigurationError, NotionAgentError, UnknownHandle
from .flow import Flow, call
from .narrowing import list_of
from .operation import Effect, Operation
from .operations.users import GetUser
from .schema import dispatch_description, dispatch_schema, operation_description, operation_schema, tool_name

__all__ = [
    "EXECUTE",
    "Answers",
    "Approve",
    "Ask",
    "HasRunner",
    "Outcome",
    "PendingCall",
    "Tool",
    "Toolset",
    "Toolsets",
    "bare",
    "needs_approval",
    "removes_content",
    "verdict",
]

EXECUTE = "notion_execute"
_ASKED: ContextVar[frozenset[Conversation]] = ContextVar("asked", default=frozenset())
_SOMEBODY = "00000000-0000-4000-8000-000000000000"


_Prepare: TypeAlias = Callable[[Calling, Mapping[str, Any]], Prepared]


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


class Toolset:
    """The tools of a connector of either kind, callable blocking and awaiting: those of one conversation with a model.

    Args:
        connector: NotionConnector or SyncNotionConnector; or a Toolset, whose options and conversation hold where none
            is given here.
        per_operation: one tool per operation (``notion_pages_get``) in place of the single ``notion_execute``.
        dry_run: calls that would change the workspace send nothing that writes, and answer what they would send and
            change: a ``DryRun``. Policy, roots and parameters are checked as usual; reads run.
        approve: which calls need a person's approval, e.g. ``needs_approval`` or ``removes_content``.
        ask: asks the person: a plain or async function of a PendingCall that returns True, False or a reason. Without
            it whoever calls the toolset asks, where ``requires_approval`` says so, as the adapters do; a call that is
            not said to be ``approved`` is refused.
        tag: stands in each audit record of this toolset's calls, e.g. whose conversation it is.
        answers: how results are written; by default as the connector was built.

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
        answers: Answers | None = None,
    ) -> None:
        base = connector if isinstance(connector, Toolset) else None
        self._approve = approve or (base.approve if base else None)
        self._ask = ask or (base.ask if base else None)
        if self._ask is not None and self._approve is None:
            raise ConfigurationError(
                "ask is given, and nothing says for which calls.", hint="Give approve=needs_approval as well."
            )
        self._per_operation = per_operation if per_operation is not None else bool(base and base.per_operation)
        runner = connector.runner
        engine = runner.engine if dry_run is None and tag is None else _engine(runner.engine, dry_run, tag)
        self._runner = replace(runner, engine=engine, answers=answers or runner.answers)
        conversation = base.conversation if base else Conversation(runner.clock.now)
        self._calling = Calling(
            engine=engine, offer=engine.offer, conversation=conversation, answers=self._runner.answers
        )
        self._prepare: dict[str, _Prepare] = {}
        self._tools: dict[str, Tool] = {}
        offered = engine.offered()
        if not self._per_operation:
            self._add(_execute_tool(offered), Calling.prepared)
            return
        for operation in offered:
            self._add(_operation_tool(operation), partial(_single, operation))

    def session(self) -> Toolset:
        """The same tools for another conversation: with handles and continuations of its own."""
        fresh = Toolset(self)
        fresh._calling = replace(self._calling, conversation=Conversation(self._runner.clock.now))
        return fresh

    @property
    def conversation(self) -> Conversation:
        """The handles and continuations that its calls share."""
        return self._calling.conversation

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
            return self._failed(error)

    async def acall(self, name: str, arguments: Mapping[str, Any], *, approved: bool = False) -> Outcome:
        """Call a tool, awaiting; as ``call``."""
        try:
            return await self._runner.adrive(self._called(name, arguments, approved=approved))
        except NotionAgentError as error:
            return self._failed(error)

    @contextmanager
    def asked(self) -> Generator[None]:
        """Within it, in this task or thread, calls have passed whoever asks: ``pending``, and an answer if needed."""
        before = _ASKED.set(_ASKED.get() | {self.conversation})
        try:
            yield
        finally:
            _ASKED.reset(before)

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
        return self._failed(refusal(*known, reason))

    def _failed(self, error: NotionAgentError) -> Outcome:
        return Outcome(text=self._calling.failed(error), error=error)

    def _waiting(self, name: str, arguments: Mapping[str, Any]) -> PendingCall | None:
        if self._approve is None or self._runner.engine.dry_run:
            return None
        try:
            prepared = self._prepare[name](self._calling, arguments)
            operation = self._calling.operation(prepared)
        except UnknownHandle as unknown:
            return self._unsure(self._calling.assumed(arguments, unknown))
        except NotionAgentError:
            return None
        return self._unsure(self._calling.assumed_title(prepared)) if operation is None else self._in_need(operation)

    def _unsure(self, call: PendingCall | None) -> PendingCall | None:
        """A call that is not yet known whole, if a person must approve it: another call may make it known."""
        return call if call is not None and self._approve is not None and call.needs(self._approve) else None

    def _in_need(self, operation: Operation[Any] | None) -> PendingCall | None:
        """The call, if a person must approve it."""
        if self._approve is None or self._runner.engine.dry_run or operation is None:
            return None
        try:
            self._runner.engine.policy.check(operation.spec, operation.effect)
        except NotionAgentError:
            return None
        pending = PendingCall.of(operation)
        return pending if pending.needs(self._approve) else None

    def _called(self, name: str, arguments: Mapping[str, Any], *, approved: bool) -> Flow[Outcome]:
        prepare, calling, engine = self._prepare[name], self._calling, self._runner.engine
        approved = approved or self.conversation in _ASKED.get()
        prepared = yield from engine.admitted(lambda: prepare(calling, arguments))
        if prepared.text is not None:
            return Outcome(text=prepared.text, data={"text": prepared.text})
        operation = calling.operation(prepared)
        if operation is None:
            look_up = engine.call if approved else self._looked_up
            operation = yield from calling.located(prepared, look_up)
        assert operation is not None
        if not approved or self._ask is not None:
            yield from self._asked(self._in_need(operation))
        naming = self._approve is None or self._in_need(GetUser(user_id=_SOMEBODY)) is None
        return (yield from calling.run(operation, prepared.answers, naming=naming))

    def _looked_up(self, operation: Operation[Any]) -> Flow[Any]:
        yield from self._asked(self._in_need(operation))
        return (yield from self._runner.engine.call(operation))

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

    def _add(self, tool: Tool, prepare: _Prepare) -> None:
        self._tools[tool.name] = tool
        self._prepare[tool.name] = prepare


class Toolsets:
    """One Toolset for each connector, so that the steps of a run share a conversation. Options are Toolset's."""

    def __init__(self, **options: Any) -> None:
        self._options = options
        self._made: WeakKeyDictionary[HasRunner, Toolset] = WeakKeyDictionary()

    def of(self, connector: HasRunner) -> Toolset:
        """The connector's toolset, or the one that is given, with the options."""
        if connector not in self._made:
            self._made[connector] = Toolset(connector, **self._options)
        return self._made[connector]


def bare(schema: Any) -> Any:
    """A schema whose free-form objects do without ``additionalProperties``, which some converters refuse."""
    if isinstance(schema, Mapping):
        given = cast("Mapping[str, Any]", schema)
        return {key: bare(value) for key, value in given.items() if key != "additionalProperties"}
    return [bare(item) for item in list_of(cast("object", schema))] if isinstance(schema, list) else schema


def _engine(engine: Engine, dry_run: bool | None, tag: str | None) -> Engine:
    rules = engine.rules if tag is None else replace(engine.rules, trail=replace(engine.rules.trail, tag=tag))
    return replace(engine, rules=rules, dry_run=engine.dry_run if dry_run is None else dry_run)


def _single(kind: type[Operation[Any]], calling: Calling, arguments: Mapping[str, Any]) -> Prepared:
    return calling.single(kind, arguments)


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

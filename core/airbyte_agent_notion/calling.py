"""A tool call from what a model sent to its Outcome: understood, run, and written within the budget; as flows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .answers import Answers, taken_off
from .approval import PendingCall
from .changes import changed
from .conversation import Conversation, FollowUp
from .engine import Engine
from .errors import InvalidParams, NotionAgentError, UnknownHandle
from .flow import Flow, gather
from .mending import mended, resolved, titled
from .models.dry_runs import Changed
from .naming import FullRefs, ShortRefs
from .offer import Offer
from .operation import Effect, Operation
from .operations.users import GetUser
from .repair import params_object
from .shaping.shape import shape, unnamed
from .shaping.shaped import Format, Refs, Shaped
from .shaping.text import encodable, plain_data

__all__ = ["Calling", "Outcome", "Prepared", "Understanding", "executed", "looked_up", "more_in"]

AnyOperation = type[Operation[Any]]

MAX_LOOKED_UP = 20
"""Users whose names one answer asks Notion for."""
AT_ONCE = 8
NO_CALL = FollowUp(entity="", action="", params={})


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A call as it was understood. Nothing was sent for it."""

    answers: Answers
    text: str | None = None
    """The answer, where nothing has to run for it."""
    kind: AnyOperation | None = None
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What a model sends and is sent in one conversation. Whether a call may run is not asked here."""

    offer: Offer
    conversation: Conversation
    answers: Answers

    def prepared(self, arguments: Mapping[str, Any]) -> Prepared:
        """A call of ``notion_execute``; raises InvalidCall."""
        going_on = self._going_on(arguments)
        if going_on is not None:
            return going_on
        description = self.offer.description(arguments)
        if description is not None:
            return Prepared(answers=self.answers, text=self._said(description))
        return self._understood(*self.offer.understood(arguments))

    def single(self, kind: AnyOperation, arguments: Mapping[str, Any]) -> Prepared:
        """A call of one operation's own tool; raises InvalidCall."""
        return self._going_on(arguments) or self._understood(kind, dict(arguments))

    def text(self, operation: Operation[Any], result: Any, answers: Answers) -> str:
        """A result as text within the budget."""
        if isinstance(result, str):
            return self.conversation.answer(Shaped(body=result, source="answer"), NO_CALL, answers)
        refs: Refs = ShortRefs(self.conversation) if answers.handles else FullRefs(self.conversation.names)
        shaped = shape(operation, result, format=answers.format, refs=refs)
        spec = operation.spec
        given = {**operation.params(), "format": answers.format}
        call = FollowUp(entity=spec.entity, action=spec.action, params=given)
        return self.conversation.answer(shaped, call, answers)

    def failed(self, error: NotionAgentError) -> str:
        """An error's text."""
        return self.conversation.error(error, self.answers)

    def _admit(self, kind: AnyOperation) -> None:
        """Raise PolicyDenied where the operation may not run."""

    def _said(self, text: str) -> str:
        return self.conversation.answer(Shaped(body=text), NO_CALL, self.answers)

    def _going_on(self, arguments: Mapping[str, Any]) -> Prepared | None:
        """The call that goes on where an answer was cut, if this is one."""
        handle = more_in(arguments)
        if handle is None:
            return None
        found = self.conversation.more(handle, self.answers)
        if isinstance(found, str):
            return Prepared(answers=self.answers, text=found)
        return self._understood(self.offer.catalog.find(found.entity, found.action), found.params)

    def _understood(self, kind: AnyOperation, params: Mapping[str, Any]) -> Prepared:
        self._admit(kind)
        rest, answers = taken_off(params, self.answers)
        made = mended(kind, rest)
        try:
            given = self.conversation.expanded(made, answers)
        except UnknownHandle as unknown:
            unknown.kind, unknown.params = kind, made
            raise
        return Prepared(answers=answers, kind=kind, params=given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calling(Understanding):
    """Calls of one conversation, which the engine's policy allows by name, and what runs them."""

    engine: Engine

    def operation(self, prepared: Prepared) -> Operation[Any] | None:
        """What the call would run; None if nothing, or if titles have to be looked up first.

        Raises:
            InvalidCall, PolicyDenied: it would not.
        """
        kind = prepared.kind
        if kind is None or titled(kind, prepared.params):
            return None
        return self.engine.parse(kind, dict(prepared.params))

    def located(self, prepared: Prepared, run: Callable[[Operation[Any]], Flow[Any]]) -> Flow[Operation[Any] | None]:
        """The call with ids in place of titles, which ``run`` looks up."""
        if prepared.kind is None:
            return None
        found = yield from resolved(prepared.kind, prepared.params, run)
        return self.operation(replace(prepared, params=found))

    def _admit(self, kind: AnyOperation) -> None:
        self.engine.policy.check(kind.spec, kind.spec.effect)

    def assumed(self, arguments: Mapping[str, Any], unknown: UnknownHandle) -> PendingCall:
        """What a call may turn out to be that names something that this conversation does not know, at its worst."""
        kind = unknown.kind
        if kind is None:  # A continuation goes on with a list.
            return PendingCall(entity="", action="more", params=dict(arguments), effect=Effect.READ)
        effect = Effect.READ if kind.spec.effect is Effect.READ else Effect.DESTRUCTIVE
        return PendingCall(entity=kind.spec.entity, action=kind.spec.action, params=dict(unknown.params), effect=effect)

    def assumed_title(self, prepared: Prepared) -> PendingCall | None:
        """A call with a title, where that will be looked up; what writes takes none."""
        kind = prepared.kind
        if kind is None or kind.spec.effect is not Effect.READ:
            return None
        params = dict(prepared.params)
        return PendingCall(entity=kind.spec.entity, action=kind.spec.action, params=params, effect=Effect.READ)

    def run(self, operation: Operation[Any], answers: Answers, *, naming: bool = True) -> Flow[Outcome]:
        """Run the operation, and write what it answers; with ``naming`` users' names are looked up."""
        result = yield from self.engine.call(operation)
        if naming:
            names = yield from looked_up(self.engine, unnamed(result), self.conversation.names)
            self.conversation.names.update(names)
        text = self.text(operation, result, answers)
        return Outcome(text=text, data=plain_data(result), changed=changed(operation, result))


def more_in(arguments: Mapping[str, Any]) -> object:
    """The continuation that a call asks for, in its parameters or beside them; None if it asks for none."""
    found = arguments.get("more")
    if not found:
        try:
            found = params_object(arguments.get("params")).get("more")
        except InvalidParams:
            return None
    return found or None


def looked_up(engine: Engine, users: Iterable[str], known: Mapping[str, str | None]) -> Flow[dict[str, str | None]]:
    """Names of users that are not known yet; None for those that Notion does not tell."""
    unknown = sorted(user for user in users if user not in known)[:MAX_LOOKED_UP]
    if not unknown or not engine.policy.offers(GetUser.spec):
        return {}
    found = yield from gather([_name(engine, user) for user in unknown], limit=AT_ONCE)
    return dict(zip(unknown, found, strict=True))


def _name(engine: Engine, user: str) -> Flow[str | None]:
    try:
        found = yield from engine.call(GetUser(user_id=user))
    except NotionAgentError:
        return None
    return found.get("name")


def executed(
    engine: Engine,
    entity: object,
    action: object,
    params: object,
    *,
    dry_run: bool | None = None,
    format: Format | None = None,
) -> Flow[Any]:
    """A call by name: data, or with ``format`` text with whole ids, without fence and budget; ``describe`` is text."""
    description = engine.offer.description({"entity": entity, "action": action, "params": params})
    if description is not None:
        return description
    operation = yield from engine.named(entity, action, params)
    result = yield from engine.call(operation, dry_run=dry_run)
    if format is None:
        return result
    names = yield from looked_up(engine, unnamed(result), {})
    shaped = shape(operation, result, format=format, refs=FullRefs(names))
    return encodable("\n".join(part for part in (shaped.body, shaped.said) if part))

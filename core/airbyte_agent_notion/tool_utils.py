"""``@NotionConnector.tool_utils``: makes a developer's own ``notion_execute`` function fit for any framework."""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, ParamSpec, cast, overload

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from .answers import Answers
from .calling import Prepared, Understanding
from .catalog import Catalog
from .conversation import Conversation
from .errors import ConfigurationError, InvalidParams, NotionAgentError
from .offer import Offer
from .operation import Operation
from .policy import Policy
from .schema import MAX_DESCRIPTION, dispatch_description, dispatch_schema
from .shaping.text import result_text

__all__ = ["ToolDecorator", "ToolUtils"]

P = ParamSpec("P")

_OURS = ("entity", "action", "params")
_EXTRA = "other_params"


@dataclass(frozen=True, slots=True)
class ToolDecorator:
    """Decorates a function of ``entity``, ``action`` and ``params`` that calls ``connector.execute``.

    Used bare (``@NotionConnector.tool_utils``) or with options (``@NotionConnector.tool_utils(policy=...)``), on async
    and plain functions, below the framework's own decorator. The decorated function

    - keeps its name; its docstring becomes ours behind the developer's own text, one line of at most 1,024 characters;
    - advertises string enums and a free-form ``params`` object, and takes whatever a model sends;
    - returns text: the result as a Toolset writes it, or what is wrong with the call and how to mend it. Errors of this
      package never leave it, other exceptions do. Handles and continuations are the function's own, for as long as it
      lives.
    """

    catalog: Catalog
    policy: Policy
    answers: Answers = field(default_factory=Answers)

    @overload
    def __call__(self, function: Callable[P, Any], /) -> Callable[P, Any]: ...
    @overload
    def __call__(
        self,
        /,
        *,
        policy: Policy | None = None,
        on_error: Callable[[NotionAgentError], str] | None = None,
        answers: Answers | None = None,
        passes_on: bool = False,
    ) -> _Decorate: ...
    def __call__(
        self,
        function: Callable[..., Any] | None = None,
        /,
        *,
        policy: Policy | None = None,
        on_error: Callable[[NotionAgentError], str] | None = None,
        answers: Answers | None = None,
        passes_on: bool = False,
    ) -> Any:
        """Decorate, or take options and return the decorator.

        Args:
            function: the function, where used bare.
            policy: whose operations to describe; by default the connector's, on the class the read-only ones.
            on_error: turns an error into the text that the model gets, or raises a framework's own exception.
            answers: how results are written; by default as the connector says.
            passes_on: the function calls a Toolset, which understands calls and writes answers itself: it gets them as
                the model sent them, and its text is the answer.
        """
        offer = Offer(catalog=self.catalog, policy=policy or self.policy)
        decorate = _Decorate(offer, answers or self.answers, on_error, passes_on)
        return decorate if function is None else decorate(function)


@dataclass(frozen=True, slots=True)
class _Decorate:
    offer: Offer
    answers: Answers
    on_error: Callable[[NotionAgentError], str] | None
    passes_on: bool

    def __call__(self, function: Callable[P, Any], /) -> Callable[P, Any]:
        """Decorate the function; what it returns answers with text, awaited if the function is async."""
        signature = inspect.signature(function)
        missing = [name for name in _OURS if name not in signature.parameters]
        if missing:
            raise ConfigurationError(
                f"tool_utils: {function.__name__} has no parameter {', '.join(missing)}.",
                hint="It must take entity, action and params.",
            )
        wrap = self._awaiting if inspect.iscoroutinefunction(function) else self._blocking
        understanding = Understanding(offer=self.offer, conversation=Conversation(time.monotonic), answers=self.answers)
        wrapper = wrap(function, understanding)
        functools.update_wrapper(wrapper, function)
        vars(wrapper).pop("__wrapped__")  # Frameworks would follow it to the unprepared signature.
        offered = self.offer.operations()
        advertised = _advertise(signature, dispatch_schema(offered))
        wrapper.__doc__ = _description(function, dispatch_description(offered))
        cast("Any", wrapper).__signature__ = advertised
        wrapper.__annotations__ = {name: item.annotation for name, item in advertised.parameters.items()}
        wrapper.__annotations__["return"] = str
        return wrapper

    def _awaiting(
        self, function: Callable[..., Awaitable[Any]], understanding: Understanding
    ) -> Callable[..., Coroutine[Any, Any, str]]:
        names = list(inspect.signature(function).parameters)

        async def wrapper(*args: Any, **kwargs: Any) -> str:
            try:
                given = self._read(_Sent.of(names, args, kwargs), understanding)
                return given.text if given.text is not None else given.answer(await function(**given.arguments))
            except NotionAgentError as error:
                return self._failed(error, understanding)

        return wrapper

    def _blocking(self, function: Callable[..., Any], understanding: Understanding) -> Callable[..., str]:
        names = list(inspect.signature(function).parameters)

        def wrapper(*args: Any, **kwargs: Any) -> str:
            try:
                given = self._read(_Sent.of(names, args, kwargs), understanding)
                return given.text if given.text is not None else given.answer(function(**given.arguments))
            except NotionAgentError as error:
                return self._failed(error, understanding)

        return wrapper

    def _read(self, sent: _Sent, understanding: Understanding) -> _Sent | _Understood:
        if self.passes_on:
            return sent
        return _Understood(sent=sent, understanding=understanding, prepared=understanding.prepared(sent.given))

    def _failed(self, error: NotionAgentError, understanding: Understanding) -> str:
        text = understanding.failed(error)
        return text if self.on_error is None else self.on_error(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """A call of the developer's function as the model sent it."""

    own: Mapping[str, Any]
    """Arguments that are the developer's."""
    given: Mapping[str, Any]
    text = None

    @classmethod
    def of(cls, names: list[str], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> _Sent:
        given = {**dict(zip(names, args, strict=False)), **kwargs}
        others = given.pop(_EXTRA, None)
        own = {name: given.pop(name) for name in names if name in given and name not in _OURS}
        if isinstance(others, Mapping):
            given.update(cast("Mapping[str, Any]", others))
        return cls(own=own, given=given)

    @property
    def arguments(self) -> dict[str, Any]:
        """What the function is called with: what stands beside its parameters is put into ``params``."""
        beside = {name: value for name, value in self.given.items() if name not in _OURS}
        params = self.given.get("params")
        if beside:
            params = beside if params is None else {**beside, "params": params}
        return {**self.own, **{name: self.given.get(name) for name in _OURS}, "params": params}

    def answer(self, result: Any) -> str:
        """What the function returned."""
        return result_text(result)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Understood:
    """A call of the developer's function, as it was understood."""

    sent: _Sent
    understanding: Understanding
    prepared: Prepared

    @property
    def text(self) -> str | None:
        """The answer, where the function has nothing to do."""
        return self.prepared.text

    @property
    def arguments(self) -> dict[str, Any]:
        """What the function is called with."""
        spec = self._kind.spec
        return {**self.sent.own, "entity": spec.entity, "action": spec.action, "params": dict(self.prepared.params)}

    def answer(self, result: Any) -> str:
        """What the function returned, as text."""
        try:
            operation = Catalog.parse(self._kind, self.prepared.params)
        except InvalidParams:  # Titles, which the function's connector has looked up.
            operation = self._kind.model_construct(**self.prepared.params)
        return self.understanding.text(operation, result, self.prepared.answers)

    @property
    def _kind(self) -> type[Operation[Any]]:
        assert self.prepared.kind is not None
        return self.prepared.kind


class ToolUtils:
    """Descriptor: on a connector class it documents the read-only surface, on an instance that connector's policy."""

    @overload
    def __get__(self, instance: None, owner: Any) -> ToolDecorator: ...
    @overload
    def __get__(self, instance: object, owner: Any) -> ToolDecorator: ...
    def __get__(self, instance: Any, owner: Any) -> ToolDecorator:
        """The decorator for a class or an instance."""
        if instance is None:
            return ToolDecorator(Catalog.of(owner), Policy.read_only())
        engine = instance.runner.engine
        return ToolDecorator(engine.catalog, engine.policy, instance.runner.answers)


def _advertise(signature: inspect.Signature, schema: Mapping[str, Any]) -> inspect.Signature:
    """The function's signature with our three parameters open to anything, and any further key admitted."""
    parameters: list[inspect.Parameter] = []
    for name, parameter in signature.parameters.items():
        if name in _OURS:
            kind = _advertised_type(name, schema["properties"][name])
            default = None if name == "params" else ""
            parameters.append(parameter.replace(kind=_KEYWORD, annotation=kind, default=default))
        elif parameter.kind not in {inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}:
            moved = any(earlier.kind is _KEYWORD for earlier in parameters)
            parameters.append(parameter.replace(kind=_KEYWORD) if moved else parameter)
    parameters.append(inspect.Parameter(_EXTRA, inspect.Parameter.VAR_KEYWORD, annotation=Any))
    return inspect.Signature(parameters, return_annotation=str)


_KEYWORD = inspect.Parameter.KEYWORD_ONLY


class _Advertised:
    """Validates nothing and shows as ``schema``, also to frameworks that read nothing but the class."""

    schema: ClassVar[Mapping[str, Any]]

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.any_schema()

    @classmethod
    def __get_pydantic_json_schema__(cls, _any: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return dict(cls.schema)


def _advertised_type(name: str, schema: Mapping[str, Any]) -> type:
    # Some frameworks print the annotation into the description: keep its name short.
    return type(name.capitalize(), (_Advertised,), {"schema": schema, "__module__": "builtins"})


def _description(function: Callable[..., Any], ours: str) -> str:
    own = " ".join((function.__doc__ or "").split())
    whole = f"{own} {ours}".strip()
    if len(whole) > MAX_DESCRIPTION:
        raise ConfigurationError(
            f"tool_utils: the docstring of {function.__name__} has {len(own)} characters; "
            f"{MAX_DESCRIPTION - len(ours) - 1} are free beside the tool's own description.",
            hint="Shorten it: models and frameworks take at most 1,024 characters in all.",
        )
    return whole

"""``@NotionConnector.tool_utils``: makes a developer's own ``notion_execute`` function fit for any framework."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, ParamSpec, cast, overload

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from .catalog import Catalog
from .errors import ConfigurationError, NotionAgentError
from .policy import Policy
from .repair import dispatch_arguments
from .schema import MAX_DESCRIPTION, dispatch_description, dispatch_schema
from .shaping.text import error_text, result_text

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
    - returns text: the result as JSON, or what is wrong with the call and how to mend it. Errors of this package never
      leave it, other exceptions do.
    """

    catalog: Catalog
    policy: Policy

    @overload
    def __call__(self, function: Callable[P, Any], /) -> Callable[P, Any]: ...
    @overload
    def __call__(
        self, /, *, policy: Policy | None = None, on_error: Callable[[NotionAgentError], str] | None = None
    ) -> _Decorate: ...
    def __call__(
        self,
        function: Callable[..., Any] | None = None,
        /,
        *,
        policy: Policy | None = None,
        on_error: Callable[[NotionAgentError], str] | None = None,
    ) -> Any:
        """Decorate, or take options and return the decorator.

        Args:
            function: the function, where used bare.
            policy: whose operations to describe; by default the connector's, on the class the read-only ones.
            on_error: turns an error into the text that the model gets, or raises a framework's own exception.
        """
        decorate = _Decorate(self.catalog, policy or self.policy, on_error or error_text)
        return decorate if function is None else decorate(function)


@dataclass(frozen=True, slots=True)
class _Decorate:
    catalog: Catalog
    policy: Policy
    on_error: Callable[[NotionAgentError], str]

    def __call__(self, function: Callable[P, Any], /) -> Callable[P, Any]:
        """Decorate the function; what it returns answers with text, awaited if the function is async."""
        signature = inspect.signature(function)
        missing = [name for name in _OURS if name not in signature.parameters]
        if missing:
            raise ConfigurationError(
                f"tool_utils: {function.__name__} has no parameter {', '.join(missing)}.",
                hint="It must take entity, action and params.",
            )
        wrapper = self._awaiting(function) if inspect.iscoroutinefunction(function) else self._blocking(function)
        functools.update_wrapper(wrapper, function)
        vars(wrapper).pop("__wrapped__")  # Frameworks would follow it to the unprepared signature.
        offered = [item for item in self.catalog.operations() if self.policy.offers(item.spec)]
        advertised = _advertise(signature, dispatch_schema(offered))
        wrapper.__doc__ = _description(function, dispatch_description(offered))
        cast("Any", wrapper).__signature__ = advertised
        wrapper.__annotations__ = {name: item.annotation for name, item in advertised.parameters.items()}
        wrapper.__annotations__["return"] = str
        return wrapper

    def _awaiting(self, function: Callable[..., Awaitable[Any]]) -> Callable[..., Coroutine[Any, Any, str]]:
        names = list(inspect.signature(function).parameters)

        async def wrapper(*args: Any, **kwargs: Any) -> str:
            try:
                return result_text(await function(**_arranged(names, args, kwargs)))
            except NotionAgentError as error:
                return self.on_error(error)

        return wrapper

    def _blocking(self, function: Callable[..., Any]) -> Callable[..., str]:
        names = list(inspect.signature(function).parameters)

        def wrapper(*args: Any, **kwargs: Any) -> str:
            try:
                return result_text(function(**_arranged(names, args, kwargs)))
            except NotionAgentError as error:
                return self.on_error(error)

        return wrapper


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
        return ToolDecorator(engine.catalog, engine.policy)


def _arranged(names: list[str], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The function's own arguments from whatever a framework passed on."""
    given = {**dict(zip(names, args, strict=False)), **kwargs}
    others = given.pop(_EXTRA, None)
    own = {name: given.pop(name) for name in names if name in given and name not in _OURS}
    if isinstance(others, Mapping):
        given.update(cast("Mapping[str, Any]", others))
    entity, action, params = dispatch_arguments(given)
    return {**own, "entity": entity, "action": action, "params": params}


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

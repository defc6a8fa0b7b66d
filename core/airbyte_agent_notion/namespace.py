"""Typed namespaces from operation classes: ``notion.pages.get(page_id=...)`` on both connectors from one declaration.

    class Pages(Namespace[M]):
        get = method(GetPage)

``method`` is a descriptor whose ``ParamSpec`` carries the operation's own signature, so that a type checker knows
parameters and result, awaitable or plain, without generated code.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, Generic, ParamSpec, Protocol, Self, TypeVar, cast, get_origin, get_type_hints, overload

from .listing import ListOperation, ListResult
from .models.dry_runs import DryRun
from .operation import Operation

__all__ = [
    "Async",
    "AsyncListMethod",
    "AsyncMethod",
    "BoundMethod",
    "M",
    "Method",
    "Mode",
    "Namespace",
    "Runner",
    "Surface",
    "Sync",
    "SyncListMethod",
    "SyncMethod",
    "method",
]

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
_B = TypeVar("_B", bound="BoundMethod[..., Any]")


class Mode:
    """Marks how a namespace's methods are called."""


class Async(Mode):
    """Methods are awaited."""


class Sync(Mode):
    """Methods block."""


M = TypeVar("M", bound=Mode)


class Runner(Protocol):
    """What a namespace calls its operations through."""

    def parse(self, operation: type[Operation[Any]], params: dict[str, Any]) -> Operation[Any]:
        """Validate keyword arguments into an operation; raises InvalidParams."""
        ...

    def run(self, operation: Operation[R], *, dry_run: bool | None = None) -> R:
        """Run it blocking; in a dry run a write answers a DryRun."""
        ...

    def arun(self, operation: Operation[R], *, dry_run: bool | None = None) -> Coroutine[Any, Any, R]:
        """Run it awaiting; in a dry run a write answers a DryRun."""
        ...


class Namespace(Generic[M]):
    """The operations of one entity."""

    def __init__(self, runner: Runner, mode: type[Mode]) -> None:
        self.runner = runner
        self.mode = mode

    @classmethod
    def operations(cls) -> list[type[Operation[Any]]]:
        """The operation classes declared here and in base classes, in order of declaration."""
        found: dict[str, type[Operation[Any]]] = {}
        for base in reversed(cls.__mro__):
            for name, value in vars(base).items():
                if isinstance(value, _Declared):
                    found[name] = value.operation
        return list(found.values())


class Surface(Namespace[M]):
    """All namespaces of a connector: one annotated attribute each, filled when the surface is built."""

    def __init__(self, runner: Runner, mode: type[Mode]) -> None:
        super().__init__(runner, mode)
        for name, namespace in self.namespaces().items():
            setattr(self, name, namespace(runner, mode))

    @classmethod
    def namespaces(cls) -> dict[str, type[Namespace[Any]]]:
        """The namespace classes by attribute name, in order of declaration."""
        origins = {name: get_origin(hint) or hint for name, hint in get_type_hints(cls).items()}
        return {name: kind for name, kind in origins.items() if isinstance(kind, type) and issubclass(kind, Namespace)}


class BoundMethod(Generic[P, R]):
    """An operation bound to a connector."""

    def __init__(self, operation: type[Operation[Any]], runner: Runner) -> None:
        self.operation = operation
        self._runner = runner
        self.__doc__ = operation.__doc__

    def __repr__(self) -> str:
        return f"<{self.operation.spec.name}>"

    def _parse(self, *args: Any, **kwargs: Any) -> Operation[R]:
        if args:
            raise TypeError(f"{self.operation.spec.name} takes keyword arguments only")
        return self._runner.parse(self.operation, kwargs)


class AsyncMethod(BoundMethod[P, R]):
    """Awaited call."""

    async def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the operation."""
        return await self._runner.arun(self._parse(*args, **kwargs))

    async def dry_run(self, *args: P.args, **kwargs: P.kwargs) -> DryRun:
        """What the operation would send and change. Nothing that writes is sent; a read runs and answers its result."""
        return cast("DryRun", await self._runner.arun(self._parse(*args, **kwargs), dry_run=True))


class SyncMethod(BoundMethod[P, R]):
    """Blocking call."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the operation."""
        return self._runner.run(self._parse(*args, **kwargs))

    def dry_run(self, *args: P.args, **kwargs: P.kwargs) -> DryRun:
        """What the operation would send and change. Nothing that writes is sent; a read runs and answers its result."""
        return cast("DryRun", self._runner.run(self._parse(*args, **kwargs), dry_run=True))


class AsyncListMethod(BoundMethod[P, ListResult[T]]):
    """Awaited call for one page, and an iterator over all items."""

    async def __call__(self, *args: P.args, **kwargs: P.kwargs) -> ListResult[T]:
        """Fetch one page."""
        return await self._runner.arun(self._parse(*args, **kwargs))

    async def iterate(self, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[T]:
        """Every item from ``start_cursor`` to the end of the list, fetching page by page as they are consumed.

        Raises:
            IncompleteResult: Notion lists no more although there is more; all it did list was delivered.
        """
        paging = cast("ListOperation[T]", self._parse(*args, **kwargs)).paging()
        while paging.upcoming is not None:
            for item in paging.take(await self._runner.arun(paging.upcoming)):
                yield item


class SyncListMethod(BoundMethod[P, ListResult[T]]):
    """Blocking call for one page, and an iterator over all items."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> ListResult[T]:
        """Fetch one page."""
        return self._runner.run(self._parse(*args, **kwargs))

    def iterate(self, *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        """Every item from ``start_cursor`` to the end of the list, fetching page by page as they are consumed.

        Raises:
            IncompleteResult: Notion lists no more although there is more; all it did list was delivered.
        """
        paging = cast("ListOperation[T]", self._parse(*args, **kwargs)).paging()
        while paging.upcoming is not None:
            yield from paging.take(self._runner.run(paging.upcoming))


class _Declared:
    """An operation declared on a namespace."""

    def __init__(self, operation: type[Operation[Any]]) -> None:
        self.operation = operation
        self.__doc__ = operation.__doc__

    def _bind(self, instance: Namespace[Any] | None, awaited: type[_B], blocking: type[_B]) -> _B | Self:
        if instance is None:
            return self
        return (awaited if instance.mode is Async else blocking)(self.operation, instance.runner)


class Method(_Declared, Generic[P, R]):
    """Descriptor of one operation on a namespace."""

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: Namespace[Async], owner: type) -> AsyncMethod[P, R]: ...
    @overload
    def __get__(self, instance: Namespace[Sync], owner: type) -> SyncMethod[P, R]: ...
    def __get__(self, instance: Namespace[Any] | None, owner: type) -> object:
        """Bind to the namespace's connector."""
        return self._bind(instance, AsyncMethod[P, R], SyncMethod[P, R])


class ListMethod(_Declared, Generic[P, T]):
    """Descriptor of a list operation."""

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: Namespace[Async], owner: type) -> AsyncListMethod[P, T]: ...
    @overload
    def __get__(self, instance: Namespace[Sync], owner: type) -> SyncListMethod[P, T]: ...
    def __get__(self, instance: Namespace[Any] | None, owner: type) -> object:
        """Bind to the namespace's connector."""
        return self._bind(instance, AsyncListMethod[P, T], SyncListMethod[P, T])


@overload
def method(  # type: ignore[overload-overlap]
    operation: Callable[P, ListOperation[T]],  # pyright: ignore[reportOverlappingOverload]
) -> ListMethod[P, T]: ...
@overload
def method(operation: Callable[P, Operation[R]]) -> Method[P, R]: ...
def method(operation: Any) -> Any:
    """Declare an operation on a namespace."""
    kind: Any = ListMethod if issubclass(operation, ListOperation) else Method
    return kind(operation)

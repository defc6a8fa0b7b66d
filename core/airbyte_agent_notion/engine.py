"""A call's way, as flows: repair, policy by name, parse, policy by content, execute. ``Runner`` drives them."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from .catalog import Catalog
from .drive import adrive, drive
from .flow import Flow
from .operation import Api, Operation
from .policy import Policy
from .ports import SYSTEM_CLOCK, Clock, Transport
from .repair import params_object

__all__ = ["Engine", "Runner"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What may be called, under which policy, and where it runs."""

    catalog: Catalog
    policy: Policy
    executor: Api

    def offered(self) -> list[type[Operation[Any]]]:
        """The operations that the policy allows."""
        return [operation for operation in self.catalog.operations() if self.policy.allows(operation.spec.effect)]

    def parse(self, operation: type[Operation[Any]], params: dict[str, Any]) -> Operation[Any]:
        """Policy by name, then validation."""
        self.policy.check(operation.spec, operation.spec.effect)
        return self.catalog.parse(operation, params)

    def call(self, operation: Operation[T]) -> Flow[T]:
        """Policy by content, then execution."""
        self.policy.check(operation.spec, operation.effect)
        return self.executor.call(operation)

    def execute(self, entity: object, action: object, params: object) -> Flow[Any]:
        """A call by name."""
        operation = self.catalog.find(entity, action)
        return (yield from self.call(self.parse(operation, params_object(params))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """An engine with its transport: runs the same flows blocking or awaiting."""

    engine: Engine
    transport: Transport
    clock: Clock = SYSTEM_CLOCK

    def parse(self, operation: type[Operation[Any]], params: dict[str, Any]) -> Operation[Any]:
        """Keyword arguments to an operation; raises InvalidParams or PolicyDenied."""
        return self.engine.parse(operation, params)

    def run(self, operation: Operation[T]) -> T:
        """Run an operation, blocking."""
        return self.drive(self.engine.call(operation))

    def arun(self, operation: Operation[T]) -> Coroutine[Any, Any, T]:
        """Run an operation, awaiting."""
        return self.adrive(self.engine.call(operation))

    def drive(self, flow: Flow[T]) -> T:
        """Run any flow, blocking."""
        return drive(flow, self.transport, clock=self.clock)

    def adrive(self, flow: Flow[T]) -> Coroutine[Any, Any, T]:
        """Run any flow, awaiting."""
        return adrive(flow, self.transport, clock=self.clock)

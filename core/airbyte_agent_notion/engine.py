"""A call's way, as flows: repair, policy by name, parse, policy by content, roots, execute. ``Runner`` drives them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from .answers import Answers
from .audit import Subject
from .catalog import Catalog
from .drive import adrive, drive
from .errors import PolicyDenied
from .flow import Flow
from .gate import Gated, Rules
from .mending import mended, resolved, titled
from .offer import Offer
from .operation import Api, Effect, Operation
from .policy import Policy
from .ports import SYSTEM_CLOCK, Clock, Transport

__all__ = ["Engine", "Runner"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What may be called, under which policy, and where it runs."""

    catalog: Catalog
    policy: Policy
    executor: Api
    rules: Rules = field(default=cast("Rules", None))
    """By default the policy's own, with nothing used up."""
    dry_run: bool = False
    """Whether calls that write send nothing, and answer what they would send."""

    def __post_init__(self) -> None:
        if self.rules is None:  # pyright: ignore[reportUnnecessaryComparison]
            object.__setattr__(self, "rules", Rules.of(self.policy))

    @property
    def offer(self) -> Offer:
        """What may be called by name."""
        return Offer(catalog=self.catalog, policy=self.policy)

    def offered(self, entity: str | None = None) -> list[type[Operation[Any]]]:
        """The operations that the policy allows, all or one entity's; raises UnknownEntity."""
        return self.offer.operations(entity)

    def parse(self, operation: type[Operation[Any]], params: dict[str, Any]) -> Operation[Any]:
        """Policy by name, then validation."""
        self.policy.check(operation.spec, operation.spec.effect)
        return self.catalog.parse(operation, params)

    def call(self, operation: Operation[T], *, dry_run: bool | None = None) -> Flow[T]:
        """Policy by content, then execution, within the roots and the number of writes; recorded in the audit."""
        gated = Gated(operation, self.rules, dry_run=self.dry_run if dry_run is None else dry_run)
        return self.rules.trail.recorded(gated.subject, self._gated(operation, gated))

    def named(self, entity: object, action: object, params: object) -> Flow[Operation[Any]]:
        """The operation of a call by name. What is no id where one belongs is looked up as a title, for reads.

        Raises:
            InvalidCall, PolicyDenied: the call is wrong, or not allowed.
        """
        kind, given = self.offer.understood({"entity": entity, "action": action, "params": params})
        yield from self.admitted(lambda: self.policy.check(kind.spec, kind.spec.effect))
        mended_params = mended(kind, given)
        if titled(kind, mended_params):
            mended_params = yield from resolved(kind, mended_params, self.call)
        return (yield from self.admitted(lambda: self.parse(kind, mended_params)))

    def admitted(self, make: Callable[[], T]) -> Flow[T]:
        """What is made; that the policy refuses it by name is recorded in the audit."""
        try:
            return make()
        except PolicyDenied as refusal:
            yield from self.denied(refusal)
            raise

    def denied(self, refusal: PolicyDenied) -> Flow[None]:
        """Raise a refusal that comes before the call, and record it."""
        told = refusal.details
        subject = Subject(operation=str(told["operation"]), effect=Effect(told["effect"]), targets=[], made=[])
        yield from self.rules.trail.recorded(subject, _raised(refusal))

    def _gated(self, operation: Operation[T], gated: Gated[T]) -> Flow[T]:
        self.policy.check(operation.spec, operation.effect)
        return (yield from self.executor.call(gated.as_operation()))


def _raised(error: Exception) -> Flow[None]:
    yield from ()
    raise error


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """An engine with its transport: runs the same flows blocking or awaiting."""

    engine: Engine
    transport: Transport
    clock: Clock = SYSTEM_CLOCK
    answers: Answers = field(default_factory=Answers)
    """How results are written for models."""

    def parse(self, operation: type[Operation[Any]], params: dict[str, Any]) -> Operation[Any]:
        """Keyword arguments to an operation; raises InvalidParams or PolicyDenied."""
        return self.engine.parse(operation, params)

    def run(self, operation: Operation[T], *, dry_run: bool | None = None) -> T:
        """Run an operation, blocking."""
        return self.drive(self.engine.call(operation, dry_run=dry_run))

    def arun(self, operation: Operation[T], *, dry_run: bool | None = None) -> Coroutine[Any, Any, T]:
        """Run an operation, awaiting."""
        return self.adrive(self.engine.call(operation, dry_run=dry_run))

    def drive(self, flow: Flow[T]) -> T:
        """Run any flow, blocking."""
        return drive(flow, self.transport, clock=self.clock)

    def adrive(self, flow: Flow[T]) -> Coroutine[Any, Any, T]:
        """Run any flow, awaiting."""
        return adrive(flow, self.transport, clock=self.clock)

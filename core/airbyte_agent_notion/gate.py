"""The gate between an operation and the executor: every request of a call passes it, also those of composites."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from .audit import Subject, Trail
from .boundary import LEFT_OUT, Boundary
from .changes import check_shown, unverified
from .dropping import check_dropping
from .dry_run import Plan
from .errors import InvalidResponse, NotionAgentError, OutcomeUnknown, PolicyDenied, Recovery
from .flow import Flow
from .named_ids import named_ids
from .narrowing import list_of, object_of
from .operation import Api, Effect, JsonObject, Operation, Spec
from .policy import Budget, Policy

__all__ = ["Gated", "Rules"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for all calls of a connector."""

    policy: Policy
    boundary: Boundary
    budget: Budget
    trail: Trail = field(default_factory=Trail)

    @classmethod
    def of(cls, policy: Policy, trail: Trail | None = None) -> Rules:
        """A policy's rules, with nothing used up yet."""
        boundary, budget = Boundary(policy.roots), Budget(policy.max_writes)
        return cls(policy=policy, boundary=boundary, budget=budget, trail=trail or Trail())


class Gated(Generic[T]):
    """One call: what an executor is given in place of its operation.

    Args:
        operation: what is to run.
        rules: what it must keep to.
        dry_run: send nothing that writes, and answer what would be sent.
    """

    def __init__(self, operation: Operation[T], rules: Rules, *, dry_run: bool = False) -> None:
        self._operation = operation
        self._rules = rules
        self._dry_run = dry_run
        self.subject = _subject(operation, rules)

    @property
    def spec(self) -> Spec:
        """The operation's."""
        return self._operation.spec

    def as_operation(self) -> Operation[T]:
        """Executors ask an operation for its flow only."""
        return cast("Operation[T]", self)

    def flow(self, api: Api) -> Flow[T]:
        """Run the operation with an api that keeps to the rules.

        Raises:
            PolicyDenied: the policy, or the roots, forbid a step of it.
        """
        plan = Plan() if self._dry_run else None
        gate = _Gate(api, self._rules, self._operation, self.subject, plan)
        result = yield from self._operation.flow(gate)
        if plan is not None and (plan.steps or self._operation.effect is not Effect.READ):
            self.subject.planned = True
            return cast("T", plan.told(self._operation))
        return cast("T", gate.marked(result))


class _Gate:
    """The api that an operation's flow sees."""

    def __init__(self, api: Api, rules: Rules, operation: Operation[Any], subject: Subject, plan: Plan | None) -> None:
        self._api = api
        self._rules = rules
        self._operation = operation
        self._subject = subject
        self._plan = plan
        self._visit = rules.boundary.visit(api)
        self.notion_version = api.notion_version

    def call(self, operation: Operation[T]) -> Flow[T]:
        """An operation as a step of this call."""
        return operation.flow(self)

    def wait(self, seconds: float) -> Flow[None]:
        """Let time pass within this call."""
        return self._api.wait(seconds)

    def perform(self, operation: Operation[Any]) -> Flow[JsonObject]:
        """One request, if the rules allow it."""
        self._rules.policy.check_step(operation)
        self._check_declared(operation)
        yield from self._visit.admit(operation)
        if operation.effect is Effect.READ:
            return (yield from self._read(operation))
        yield from check_dropping(operation, self)
        if self._plan is not None:
            answer = yield from self._plan.add(operation, self)
            self._visit.new |= self._plan.made
            return answer
        if operation is self._operation:
            return (yield from self._write(operation, self._subject))
        subject = _subject(operation, self._rules, within=self._operation.spec.name)
        return (yield from self._rules.trail.recorded(subject, self._write(operation, subject)))

    def _check_declared(self, step: Operation[Any]) -> None:
        """No step does worse than the call has said of itself, for that is what was approved."""
        declared, spec = self._operation.effect, self._operation.spec
        if _WORSE.index(step.effect) <= _WORSE.index(declared):
            return
        raise PolicyDenied(
            f"{spec.name} is {declared.value!r} by its parameters, but here it takes a {step.effect.value!r} request "
            f"({step.spec.name}). It was not sent.",
            hint=f"Give an edit that takes nothing away; or, if content is to go, call {step.spec.name} itself.",
            recovery=Recovery.FIX_ARGUMENTS,
            details={"operation": spec.name, "step": step.spec.name, "effect": step.effect.value},
        )

    def marked(self, result: Any) -> Any:
        """A result with what the rules say of it: ``left_out`` where a composite's reads lost items, ``unverified``
        where a write's effect cannot be seen yet.
        """
        if not isinstance(result, dict):
            return result
        given = object_of(cast("object", result))
        if self._visit.left_out and "left_out" not in given:
            given = {**given, "left_out": LEFT_OUT}
        reason = unverified(self._operation, given)
        return {**given, "unverified": reason} if reason else given

    def _read(self, operation: Operation[Any]) -> Flow[JsonObject]:
        assumed = self._plan.assumed(operation) if self._plan is not None else None
        if assumed is not None:
            return assumed
        stamp = yield from self._visit.stamp()
        answer = yield from self._api.perform(operation)
        self._note(answer, self._subject)
        return (yield from self._visit.filtered(operation, answer, stamp))

    def _write(self, operation: Operation[Any], subject: Subject) -> Flow[JsonObject]:
        self._rules.budget.take(operation.spec)
        answer: JsonObject = {}
        try:
            answer = yield from self._api.perform(operation)
        except NotionAgentError as error:
            # Of an answer that is none of Notion's it is not known what was done.
            if not isinstance(error, (OutcomeUnknown, InvalidResponse)):
                self._rules.budget.give_back()
            raise
        finally:
            self._visit.settle(operation, answer)
        self._note(answer, subject)
        self._note(answer, self._subject)
        check_shown(operation, answer)
        return answer

    def _note(self, answer: JsonObject, subject: Subject) -> None:
        request_id = answer.get("request_id")
        subject.request_id = request_id if isinstance(request_id, str) else subject.request_id
        if subject.effect is not Effect.READ:
            made = [object_of(each) for each in list_of(answer.get("results", [answer]))]
            subject.made += [each["id"] for each in made if isinstance(each.get("id"), str)]


def _subject(operation: Operation[Any], rules: Rules, *, within: str | None = None) -> Subject:
    # Looking for ids takes as long as the content is; without a sink no one asks.
    named = (each.id for each in named_ids(operation.params())) if rules.trail.sink is not None else ()
    return Subject(
        operation=operation.spec.name,
        effect=operation.effect,
        targets=[each for each in named if len(each) <= MAX_ID],
        made=[],
        within=within,
    )


MAX_ID = 100
_WORSE = (Effect.READ, Effect.WRITE, Effect.DESTRUCTIVE)
"""Effects, the worst last."""

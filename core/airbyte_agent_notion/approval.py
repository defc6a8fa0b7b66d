"""A person's word before a call runs: which calls need it, and what an answer means."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeAlias

from .errors import PolicyDenied
from .operation import Effect, JsonObject, Operation

__all__ = [
    "Answer",
    "Approve",
    "Ask",
    "PendingCall",
    "needs_approval",
    "nobody_asked",
    "refusal",
    "removes_content",
    "verdict",
]

Approve: TypeAlias = Callable[[str, str, JsonObject, Effect], bool]
"""Whether a call needs approval: a function of entity, action, parameters and effect. It is asked again when a paused
run goes on: let it depend on nothing else.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingCall:
    """A call that waits for approval. It was checked already: it would run."""

    entity: str
    action: str
    params: JsonObject
    """Normalised: ids as Notion writes them, nothing that was left out."""
    effect: Effect

    @classmethod
    def of(cls, operation: Operation[Any]) -> PendingCall:
        """The call that an operation is."""
        spec = operation.spec
        return cls(entity=spec.entity, action=spec.action, params=operation.params(), effect=operation.effect)

    @property
    def name(self) -> str:
        """``entity.action``."""
        return f"{self.entity}.{self.action}"

    @property
    def question(self) -> str:
        """What to ask the person, on one line of at most 500 characters."""
        written = json.dumps(self.params, ensure_ascii=False)
        # What cannot be seen is not hidden from whoever is asked.
        params = "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in written)
        return f"Allow {self.name} ({self.effect.value}) with {params[:400]}{'...' if len(params) > 400 else ''}?"

    @property
    def key(self) -> str:
        """The same for the same call, whatever it was written like."""
        said = json.dumps([self.name, self.params], sort_keys=True)
        return sha256(said.encode()).hexdigest()[:32]

    @property
    def request(self) -> JsonObject:
        """What a framework's request for input holds: ``prefix`` (the question), ``call_id``, ``call``, ``params``."""
        return {"prefix": self.question, "call_id": self.key, "call": self.name, "params": self.params}

    def needs(self, approve: Approve) -> bool:
        """Whether it needs approval."""
        return bool(approve(self.entity, self.action, self.params, self.effect))


Answer: TypeAlias = bool | str | None
"""True, or a word for yes, approves; anything else refuses, and text says why."""

Ask: TypeAlias = Callable[[PendingCall], Answer | Awaitable[Answer]]
"""Asks a person; async functions where the toolset is called awaiting."""

_YES = frozenset({"approve", "approved", "ok", "okay", "true", "y", "yes"})


def needs_approval(entity: str, action: str, params: JsonObject, effect: Effect) -> bool:  # noqa: ARG001
    """All calls that change the workspace, and those that remove content."""
    return effect is not Effect.READ


def removes_content(entity: str, action: str, params: JsonObject, effect: Effect) -> bool:  # noqa: ARG001
    """Only calls that remove content."""
    return effect is Effect.DESTRUCTIVE


def verdict(answer: object) -> str | None:
    """None if the answer approves, else the reason that it gives, which may be empty."""
    if answer is True:
        return None
    if not isinstance(answer, str):
        return ""
    text = answer.strip()
    return None if text.lower().rstrip("!.") in _YES else text


def nobody_asked(pending: PendingCall) -> PolicyDenied:
    """What a call is answered with that needs approval where no one asks for it."""
    return PolicyDenied(
        f"{pending.name} needs a person's approval, and nothing here asks for it. Nothing was sent.",
        hint="Do not repeat it. The developer must let the framework ask, as its adapter says, or give the Toolset "
        "ask=.",
        code="approval_required",
        details={"operation": pending.name, "effect": pending.effect.value},
    )


def refusal(name: str, effect: Effect, reason: str = "") -> PolicyDenied:
    """What a call that was not approved is answered with."""
    because = f": {reason.rstrip('.')}" if reason and reason.lower() not in {"no", "n"} else ""
    return PolicyDenied(
        f"{name} was not approved{because}. Nothing was sent.",
        hint="Do not repeat it. Go on without it, or ask the user what to do instead.",
        code="not_approved",
        details={"operation": name, "effect": effect.value},
    )

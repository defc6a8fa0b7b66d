"""Which operations may run. A connector is read-only unless its policy says another."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import PolicyDenied
from .operation import Effect, Spec

__all__ = ["Policy"]


@dataclass(frozen=True, slots=True)
class Policy:
    """The effects that calls may have."""

    effects: frozenset[Effect] = frozenset({Effect.READ})

    @classmethod
    def read_only(cls) -> Policy:
        """Reading only; the default."""
        return cls()

    @classmethod
    def write(cls) -> Policy:
        """Reading and changing, but nothing that removes content."""
        return cls(frozenset({Effect.READ, Effect.WRITE}))

    @classmethod
    def full(cls) -> Policy:
        """Everything, removing content included."""
        return cls(frozenset(Effect))

    def allows(self, effect: Effect) -> bool:
        """Whether a call with this effect may run."""
        return effect in self.effects

    def check(self, spec: Spec, effect: Effect) -> None:
        """Raise PolicyDenied, saying how to allow it, unless a call with this effect may run."""
        if self.allows(effect):
            return
        needed = "Policy.full()" if effect is Effect.DESTRUCTIVE else "Policy.write()"
        raise PolicyDenied(
            f"{spec.name} is not allowed here: its effect is {effect.value!r}, the policy allows "
            f"{', '.join(sorted(self.effects))}. Nothing was sent.",
            hint=f"Do not retry. The developer can allow it by building the connector with policy={needed}.",
            details={"operation": spec.name, "effect": effect.value},
        )

"""What a policy lets be called by name, however a model writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .catalog import Catalog
from .describe import described
from .mending import called, describes
from .operation import Operation
from .policy import Policy

__all__ = ["Offer"]

AnyOperation = type[Operation[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A catalogue under a policy."""

    catalog: Catalog
    policy: Policy

    def operations(self, entity: str | None = None) -> list[AnyOperation]:
        """The operations that the policy allows, all or one entity's; raises UnknownEntity."""
        return [each for each in self.catalog.operations(entity) if self.policy.offers(each.spec)]

    def understood(self, arguments: Mapping[str, Any]) -> tuple[AnyOperation, dict[str, Any]]:
        """The operation that a call names, allowed or not, and its parameters.

        Args:
            arguments: ``entity``, ``action`` and ``params``, as a model sent them.

        Raises:
            InvalidCall: there is no such operation; the error names those that are allowed.
        """
        return called(arguments, self.catalog, offers=self.policy.offers)

    def description(self, arguments: Mapping[str, Any]) -> str | None:
        """The answer to a call of the action ``describe``, which every entity has; None for any other call."""
        about = describes(arguments, self.catalog)
        if about is None:
            return None
        entity, action = about
        if not entity:
            entities = dict.fromkeys(each.spec.entity for each in self.operations())
            return "\n".join(f"{each}: {self.catalog.description(each)}" for each in entities)
        return described(entity, self.operations(), action, about=self.catalog.description(entity))

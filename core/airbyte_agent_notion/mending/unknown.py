"""The refusal of a call that means no operation, or several: with the nearest."""

from __future__ import annotations

from ..brevity import MAX_TOKENS, quoted, tokens
from ..catalog import Catalog, signature
from ..errors import InvalidCall, UnknownAction, UnknownEntity
from .arguments import Call
from .likely import nearest_operations
from .names import Names

__all__ = ["unknown"]


def unknown(call: Call, offered: Catalog) -> InvalidCall:
    """The refusal, which names the nearest operations."""
    names, entity, action = Names(offered), call.entity, call.action
    known = names.entity(entity) if isinstance(entity, str) else None
    near = nearest_operations(call, names) if action or not known else []
    if not near:
        try:
            offered.find(known or entity, action)
        except (UnknownEntity, UnknownAction) as error:
            return error
    shown = [signature(each, short=True) for each in near[:MAX_NEAR]]
    kind = UnknownAction if known else UnknownEntity
    details = {"entity": known, "actions": list(offered.entity(known))} if known else {"entities": offered.entities}
    said = _said(entity, action, known)
    meant = f"Did you mean {' or '.join(shown)}?"
    rest = f'All: {{"entity": "{known or near[0].spec.entity}", "action": "describe"}}.'
    every = "" if known else f"Entities: {', '.join(offered.entities)}. "
    if tokens(f"{said} {meant} {every}{rest}") > MAX_TOKENS:
        every = ""
    return kind(said, hint=f"{meant} {every}{rest}", details=details)


MAX_NEAR = 3
"""Operations that an error names."""


def _said(entity: object, action: object, known: str | None) -> str:
    if known:
        return f"{known} has no action {quoted(action)}."
    if isinstance(entity, str) and entity:
        return f"There is no entity {quoted(entity)}."
    return f"{quoted(action)} needs an entity." if action else "An entity is required."

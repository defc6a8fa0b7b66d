"""From what a model sent to entity, action and parameters. Frameworks pass calls on unchecked, so that every bad call
is answered here and in one way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from .errors import InvalidParams

__all__ = ["dispatch_arguments", "params_object"]


def params_object(value: object) -> dict[str, Any]:
    """Parameters given as an object, as JSON text of one, or as nothing; raises InvalidParams."""
    if value is None or value == "":
        return {}
    if isinstance(value, str):
        try:
            parsed: object = json.loads(value)
        except (ValueError, RecursionError):
            raise InvalidParams("params is text that is not JSON.", hint=_HINT) from None
        return {} if parsed is None else _mapping(parsed)
    return _mapping(value)


def dispatch_arguments(arguments: Mapping[str, Any]) -> tuple[object, object, dict[str, Any]]:
    """Entity, action and parameters from a call of ``notion_execute``.

    Parameters that stand beside ``params`` are moved into it; one that stands in both is refused.
    """
    params = params_object(arguments.get("params"))
    beside = {name: value for name, value in arguments.items() if name not in {"entity", "action", "params"}}
    doubled = sorted(name for name in beside if name in params)
    if doubled:
        raise InvalidParams(f"{', '.join(doubled)} given twice: in params and beside it.", hint=_HINT)
    return arguments.get("entity"), arguments.get("action"), {**params, **beside}


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidParams(f"params must be an object, not {type(value).__name__}.", hint=_HINT)
    return {str(name): item for name, item in cast("Mapping[object, Any]", value).items()}


_HINT = 'Give params as a JSON object, e.g. {"page_id": "..."}.'

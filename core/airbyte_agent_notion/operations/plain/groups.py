"""Groups of conditions within the two levels that Notion takes."""

from collections.abc import Iterable
from itertools import product
from math import prod

from ...operation import JsonObject
from ..shapes import items_of
from .columns import Unfit

__all__ = ["all_of", "any_of"]

MAX_PARTS = 100


def all_of(parts: Iterable[JsonObject]) -> JsonObject:
    """The filter that holds where all of these do."""
    return _joined("and", parts)


def any_of(parts: Iterable[JsonObject]) -> JsonObject:
    """The filter that holds where one of these does."""
    return _joined("or", parts)


def _joined(name: str, parts: Iterable[JsonObject]) -> JsonObject:
    """One group, on at most two levels: groups of the same kind are merged, deeper ones multiplied out.

    Raises:
        Unfit: that would be more parts than Notion takes.
    """
    flat: list[JsonObject] = [inner for part in parts if part for inner in part.get(name, [part])]
    if len(flat) == 1:
        return flat[0]
    if any(_levels(part) > 1 for part in flat):
        return {"or": _multiplied(name, flat)}
    return {name: flat} if flat else {}


def _multiplied(name: str, parts: list[JsonObject]) -> list[JsonObject]:
    """The alternatives that a group of deep parts comes to, each a condition or a plain conjunction."""
    alternatives = [_alternatives(part) for part in parts]
    if name == "or":
        return [_conjunction(each) for choices in alternatives for each in choices]
    if prod(map(len, alternatives)) > MAX_PARTS:
        raise Unfit("is nested too deeply for Notion, which takes groups within groups and no more: write it flatter")
    return [_conjunction([leaf for each in choice for leaf in each]) for choice in product(*alternatives)]


def _alternatives(part: JsonObject) -> list[list[JsonObject]]:
    """A part as alternatives, each a list of conditions that must all hold."""
    if "or" in part:
        return [leaves for each in part["or"] for leaves in _alternatives(each)]
    if "and" in part:
        return [[leaf for each in choice for leaf in each] for choice in product(*map(_alternatives, part["and"]))]
    return [[part]]


def _conjunction(leaves: list[JsonObject]) -> JsonObject:
    return leaves[0] if len(leaves) == 1 else {"and": leaves}


def _levels(part: JsonObject) -> int:
    inner = items_of(part.get("and") or part.get("or"))
    return 1 + max((_levels(each) for each in inner), default=0) if "and" in part or "or" in part else 0

"""The filter grammar of data source queries: validated whole, then applied row by row (reference: part 4.1)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from .comparables import comparable, of_moment
from .compute import Rolled, computed_rollup, result_kind, rolled_property
from .narrow import as_array, as_object, only
from .operators import KINDS, Test, build
from .problems import UNDEFINED, Problem, invalid, malformed, not_present
from .state import DataSource, Page, Property
from .workspace import Workspace

__all__ = ["FilterCompiler", "Keep"]

Keep: TypeAlias = Callable[[Page], bool]

TEXTS = frozenset({"title", "rich_text", "url", "email", "phone_number"})
SERVES: Mapping[str, Collection[str]] = {
    "rich_text": TEXTS,
    "people": ("created_by", "last_edited_by"),
    "date": ("created_time", "last_edited_time"),
}
"""Kinds that also fit properties of other types."""
TIMESTAMPS = ("created_time", "last_edited_time")
MAX_NESTING = 2
QUANTIFIERS = ("any", "every", "none")
FORMULA_KINDS = {"string": "rich_text", "number": "number", "checkbox": "checkbox", "date": "date"}
ROLLUP_KINDS = (
    "rich_text",
    "number",
    "checkbox",
    "select",
    "multi_select",
    "relation",
    "date",
    "people",
    "files",
    "status",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterCompiler:
    """Turns a filter into a predicate over the rows of one data source."""

    workspace: Workspace
    source: DataSource

    def compile(self, raw: Any, *, where: str = "body.filter", depth: int = 0) -> Keep:
        """The predicate of a filter. Raises a 400 if it is malformed or does not fit the schema."""
        body = as_object(raw, where)
        group = next((each for each in ("and", "or") if each in body), None)
        return self._leaf(body, where) if group is None else self._group(group, body, where, depth)

    def _group(self, name: str, body: dict[str, Any], where: str, depth: int) -> Keep:
        parts = body[name]
        if len(body) != 1:
            raise malformed(where, f"an object with only `{name}`", body)
        if depth >= MAX_NESTING:
            raise not_present(f"{where}.{name}", parts)
        if not as_array(parts, f"{where}.{name}"):
            raise malformed(f"{where}.{name}", "a non-empty array", parts)
        keeps = [
            self.compile(part, where=f"{where}.{name}[{index}]", depth=depth + 1) for index, part in enumerate(parts)
        ]
        join = all if name == "and" else any
        return lambda page: join(keep(page) for keep in keeps)

    def _leaf(self, body: dict[str, Any], where: str) -> Keep:
        if "timestamp" in body:
            return self._timestamp(body, where)
        kinds = [key for key in body if key not in ("property", "type")]
        if not isinstance(body.get("property"), str):
            raise malformed(f"{where}.property", "a string", body.get("property", UNDEFINED))
        if len(kinds) != 1:
            raise malformed(where, "an object with `property` and one kind of condition", body)
        prop = self.source.find(body["property"])
        if prop is None:
            raise invalid(f"Could not find property with name or id: {body['property']}")
        return self._condition(prop, kinds[0], body[kinds[0]], f"{where}.{kinds[0]}")

    def _timestamp(self, body: dict[str, Any], where: str) -> Keep:
        name = body["timestamp"]
        if name not in TIMESTAMPS:
            raise malformed(f"{where}.timestamp", '`"created_time"` or `"last_edited_time"`', name)
        if set(body) != {"timestamp", name}:
            raise malformed(where, f"an object with `timestamp` and `{name}`", body)
        test = self._test(name, body[name], f"{where}.{name}")
        stamp = Property(id=name, name=name, type=name)
        return lambda page: test(comparable(self.workspace, page, stamp))

    def _condition(self, prop: Property, kind: str, condition: Any, where: str) -> Keep:
        if kind not in KINDS and kind not in ("formula", "rollup"):
            raise not_present(where, condition)
        if not _fits(prop.type, kind):
            raise mismatch(prop, kind)
        if kind == "formula":
            return self._formula(prop, condition, where)
        if kind == "rollup":
            return self._rollup(prop, condition, where)
        test = self._test(kind, condition, where)
        return lambda page: test(comparable(self.workspace, page, prop))

    def _test(self, kind: str, condition: Any, where: str) -> Test:
        return build(kind, condition, where=where, today=self.workspace.now().date())

    def _formula(self, prop: Property, condition: Any, where: str) -> Keep:
        kind, inner = _single(condition, where, tuple(FORMULA_KINDS))
        result = "checkbox" if prop.formula and prop.formula.kind == "boolean" else prop.formula and prop.formula.kind
        if kind != result:
            raise invalid(f"data source property {prop.name} is a formula of {result}, not of {kind}")
        test = self._test(FORMULA_KINDS[kind], inner, f"{where}.{kind}")
        return lambda page: test(comparable(self.workspace, page, prop))

    def _rollup(self, prop: Property, condition: Any, where: str) -> Keep:
        name, inner = _single(condition, where, (*QUANTIFIERS, "number", "date"))
        if (name if name in ("number", "date") else "array") != (prop.rollup and result_kind(prop.rollup)):
            raise mismatch(prop, f"rollup.{name}")
        if name in ("number", "date"):
            test = self._test(name, inner, f"{where}.{name}")
            return lambda page: test(_scalar(name, computed_rollup(self.workspace, page, prop)))
        kind, leaf = _single(inner, f"{where}.{name}", ROLLUP_KINDS)
        rolled = rolled_property(self.workspace, self.source.properties, prop)
        if rolled is None or not _fits(_plain_type(rolled), kind):
            raise mismatch(rolled or prop, kind)
        test = self._test(kind, leaf, f"{where}.{name}.{kind}")
        return lambda page: _quantified(name, self._rolled(page, prop, test))

    def _rolled(self, page: Page, prop: Property, test: Test) -> Sequence[bool]:
        rolled = computed_rollup(self.workspace, page, prop)
        source = rolled.source
        return [] if source is None else [test(comparable(self.workspace, row, source)) for row, _ in rolled.items]


def mismatch(prop: Property, kind: str) -> Problem:
    """400: the filter's kind is not the property's."""
    return invalid(f"data source property {prop.name} is of type {prop.type}, which does not match filter {kind}")


def _fits(actual: str, kind: str) -> bool:
    # Each kind has its own name; rich_text serves every text-like one (recorded), people and date theirs (documented).
    return kind == actual or actual in SERVES.get(kind, ())


def _plain_type(prop: Property) -> str:
    """The type that decides which filter fits; of a formula, its result's."""
    if prop.formula is None:
        return prop.type
    return {"boolean": "checkbox", "string": "rich_text"}.get(prop.formula.kind, prop.formula.kind)


def _single(condition: Any, where: str, allowed: Sequence[str]) -> tuple[str, Any]:
    body = as_object(condition, where)
    only(body, where, *allowed)
    if len(body) != 1:
        raise malformed(where, "an object with exactly one of " + ", ".join(allowed), condition)
    [(name, inner)] = body.items()
    return name, inner


def _scalar(name: str, rolled: Rolled) -> Any:
    return rolled.number if name == "number" else of_moment(rolled.date)


def _quantified(name: str, results: Sequence[bool]) -> bool:
    # "every" fails on a row without related rows, "none" holds (recorded).
    return {"any": any(results), "every": bool(results) and all(results), "none": not any(results)}[name]

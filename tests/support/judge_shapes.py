"""The shapes of Notion's objects, collected from recordings, and whether an object of the sandbox has one of them.

An object agrees if every key that its type and version always has is there, none is unknown, and the kind of each value
was recorded; null matches any kind. Types with fewer than five samples are listed, not scored.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ENOUGH", "Collected", "Verdict", "kind_of", "shapes"]

ENOUGH = 5
KINDS = {str: "string", int: "number", float: "number", bool: "boolean", list: "array", dict: "object"}
PARENTS = ("page_id", "block_id", "database_id", "data_source_id", "workspace")
NAMED = ("page", "database", "data_source", "block", "comment", "file_upload", "view", "view_query", "error")


def kind_of(value: Any) -> str:
    """The JSON kind of a value."""
    return KINDS.get(type(value), "null")


def shapes(value: Any, *, top: bool = True) -> Iterator[tuple[str, dict[str, Any]]]:
    """Type and content of every object within an answer."""
    if isinstance(value, list):
        for each in value:
            yield from shapes(each, top=False)
    if not isinstance(value, dict):
        return
    body = {key: each for key, each in value.items() if not (top and key == "request_id")}
    yield from _own(body)
    for key, each in body.items():
        if key == "properties" and body.get("object") in ("page", "data_source"):
            continue
        yield from shapes(each, top=False)


def _own(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    kind = body.get("object")
    held = str(body.get("type"))
    if kind == "list":
        yield f"list of {held}", {"<type>" if key == held else key: each for key, each in body.items()}
    elif kind == "user":
        yield f"user {held}" if "type" in body else "user reference", body
    elif kind == "property_item":
        yield f"property_item {held}", body
    elif kind == "block":
        yield "block", {"<type>" if key == held else key: each for key, each in body.items()}
        yield f"block {held}", _file_aside(body.get(held) or {})
    elif kind in NAMED and set(body) == {"object", "id"}:
        yield f"{kind} reference", body
    elif kind in NAMED:
        yield str(kind) if kind != "view" or "name" in body else "view in part", body
    elif "plain_text" in body:
        yield f"rich text {held}", body
    elif held in PARENTS and "id" not in body:
        yield f"parent {held}", body
    elif {"start", "end", "time_zone"} <= body.keys():
        yield "date", body
    elif {"bold", "italic"} <= body.keys():
        yield "annotations", body
    for name, each in (body.get("properties") or {}).items() if kind in ("page", "data_source") else ():
        yield from _property(str(kind), name, each)


def _file_aside(payload: dict[str, Any]) -> dict[str, Any]:
    """A payload in which hosted and external files are one shape."""
    held = payload.get("type")
    return {"<file>" if key == held and key in ("file", "external") else key: each for key, each in payload.items()}


def _property(owner: str, name: str, entry: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    kind = entry["type"]
    payload = entry[kind]
    if owner == "page":
        yield f"value {kind}", entry
        if kind in ("formula", "rollup"):
            yield f"{kind} {payload['type']}", payload
        elif kind in ("select", "status", "place", "unique_id", "verification") and payload:
            yield f"content of {kind}", payload
    else:
        variant = f" {payload.get('type')}" if kind == "relation" else ""
        yield "schema entry", {"<type>" if key == kind else key: each for key, each in entry.items()}
        yield f"schema {kind}{variant}", payload
        for option in payload.get("options", []):
            yield "schema option", option
        for group in payload.get("groups", []):
            yield "schema group", group
    yield from shapes(payload, top=False)


@dataclass
class Recorded:
    """What was recorded of one type."""

    samples: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, body: dict[str, Any]) -> None:
        """Take note of one more sample."""
        self.samples += 1
        self.seen.update(body.keys())
        for key, each in body.items():
            self.kinds[key].add(kind_of(each))

    def complaints(self, body: dict[str, Any]) -> Iterator[str]:
        """Why an object does not agree."""
        for key, count in self.seen.items():
            if count == self.samples and key not in body:
                yield f"{key} is always there, and missing"
        for key, each in body.items():
            kinds = self.kinds.get(key)
            if kinds is None:
                yield f"{key} is never there"
            elif kind_of(each) != "null" and kinds != {"null"} and kind_of(each) not in kinds:
                yield f"{key} is {kind_of(each)}, recorded as {' or '.join(sorted(kinds))}"


@dataclass
class Verdict:
    """How the objects of one type and version agree."""

    name: str
    version: str
    samples: int
    judged: int = 0
    agreed: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def scored(self) -> bool:
        """Whether there are enough samples."""
        return self.samples >= ENOUGH


class Collected:
    """The recorded shapes, by version and type."""

    def __init__(self, answers: Iterable[tuple[str, Any]]) -> None:
        self.types: dict[tuple[str, str], Recorded] = defaultdict(Recorded)
        for version, answer in answers:
            for name, body in shapes(answer):
                self.types[version, name].add(body)

    def judge(self, answers: Iterable[tuple[str, Any]]) -> list[Verdict]:
        """Compare the sandbox's answers, pairs of version and body, object by object."""
        verdicts: dict[tuple[str, str], Verdict] = {}
        for version, answer in answers:
            for name, body in shapes(answer):
                recorded = self.types.get((version, name), Recorded())
                verdict = verdicts.setdefault((version, name), Verdict(name, version, recorded.samples))
                complaints = list(recorded.complaints(body)) if recorded.samples else ["the type was never recorded"]
                verdict.judged += 1
                verdict.agreed += not complaints
                verdict.reasons.update(complaints)
        return [verdicts[key] for key in sorted(verdicts)]

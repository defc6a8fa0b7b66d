"""Dates as they are written: days, moments and ranges."""

import re
from datetime import UTC, date, datetime
from typing import cast

from ...operation import JsonObject
from ..shapes import object_of
from .columns import Unfit
from .names import told

__all__ = ["date_value", "is_moment", "moment_of", "range_of"]

_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?")
_KEYS = frozenset({"start", "end", "time_zone"})
WANTED = "write 2026-12-31, 2026-12-31T14:00:00+01:00, or a range as {'start': ..., 'end': ...}"


def is_moment(text: object) -> bool:
    """Whether it is a day or a moment as Notion takes it."""
    try:
        moment_of(text)
    except Unfit:
        return False
    return True


def moment_of(value: object) -> str:
    """A day or moment in ISO 8601; raises Unfit."""
    text = value.strip() if isinstance(value, str) else ""
    if not _SHAPE.fullmatch(text):
        raise Unfit(f"{told(value)} is no date; {WANTED}")
    try:
        _exact(text)
    except ValueError:
        raise Unfit(f"{told(value)} is no day or moment that exists") from None
    return text.replace(" ", "T")


def range_of(value: object) -> tuple[str, str] | None:
    """Both ends of ``start/end`` or of an object with ``start`` and ``end``; None for a single date."""
    if isinstance(value, str) and value.count("/") == 1 and all(is_moment(each) for each in value.split("/")):
        start, end = value.split("/")
        return moment_of(start), moment_of(end)
    if isinstance(value, dict):
        given = cast("JsonObject", value)
        if given.get("start") is not None and given.get("end") is not None:
            return moment_of(given["start"]), moment_of(given["end"])
    return None


def date_value(value: object) -> JsonObject:
    """What Notion takes for a date: ``{start, end?, time_zone?}``; raises Unfit."""
    given = object_of(value)
    strange = [str(key) for key in given if key not in _KEYS]
    if strange:
        raise Unfit(f"a date has no {', '.join(strange)}; {WANTED}")
    ends = range_of(given or value)
    if ends is None:
        found: JsonObject = {"start": moment_of(given.get("start") if given else value)}
    else:
        found = {"start": ends[0], "end": ends[1]}
        if _exact(ends[1]) < _exact(ends[0]):
            raise Unfit(f"the end {ends[1]} is before the start {ends[0]}")
    zone = given.get("time_zone")
    return found if zone is None else {**found, "time_zone": zone}


def _exact(text: str) -> datetime:
    if len(text) == len("2026-12-31"):
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""Dates as they are sent: checked, and brought to the form in which Notion gives them out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ..moments import exact, parse
from ..narrow import as_object, as_string, only, required
from ..problems import invalid, malformed
from ..state import DateValue

__all__ = ["date_value"]


def date_value(value: Any, where: str) -> DateValue:
    """A date or a range.

    Times are kept to the minute (recorded). With ``time_zone`` the clock is read in that zone, whatever offset was
    sent; the zone's name is not kept.
    """
    body = as_object(value, where)
    only(body, where, "start", "end", "time_zone")
    zone = _zone(body.get("time_zone"), f"{where}.time_zone")
    start = _moment(required(body, "start", where), f"{where}.start", zone)
    if body.get("end") is None:
        return DateValue(start=start)
    end = _moment(body["end"], f"{where}.end", zone)
    if _exact(end) < _exact(start):
        raise invalid(f"body failed validation: {where}.end should not be before {where}.start.")
    return DateValue(start=start, end=end)


def _zone(value: Any, where: str) -> ZoneInfo | None:
    if value is None:
        return None
    name = as_string(value, where)
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise malformed(where, "a valid time zone", value) from None


def _moment(value: Any, where: str, zone: ZoneInfo | None) -> str:
    text = as_string(value, where)
    if parse(text) is None:
        raise malformed(where, "a valid ISO 8601 date string", value)
    if "T" not in text:
        return text
    moment = datetime.fromisoformat(text)
    if zone is not None:
        moment = moment.replace(tzinfo=zone)
    elif moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.replace(second=0, microsecond=0).isoformat(timespec="milliseconds")


def _exact(text: str) -> datetime:
    return exact(parse(text) or datetime.min.date())

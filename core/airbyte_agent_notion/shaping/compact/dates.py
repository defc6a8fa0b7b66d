"""Days and moments as they are accepted back, and no longer than that takes."""

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["day", "minute", "moment", "period"]

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::00(?:\.0+)?)?(Z|\+00:?00|[+-]\d\d:?\d\d)?")
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)")


def moment(text: str) -> str:
    """A moment without seconds where there are none; UTC is ``Z``."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return text
    zone = found.group(2) or ""
    return found.group(1) + ("Z" if zone in {"+00:00", "+0000"} else zone)


def period(date: Mapping[str, Any]) -> str:
    """``2026-12-01``, ``2026-12-01/2026-12-03``; the time zone behind it where one is named."""
    start, end, zone = date.get("start"), date.get("end"), date.get("time_zone")
    text = moment(str(start)) if start else ""
    text = f"{text}/{moment(str(end))}" if end else text
    return f"{text} {zone}" if zone and text else text


def minute(stamp: object) -> str:
    """When something was changed, to the minute."""
    found = _STAMP.match(stamp) if isinstance(stamp, str) else None
    return f"{found.group(0)}Z" if found else ""


def day(stamp: object) -> str:
    """When something was changed, to the day."""
    found = _STAMP.match(stamp) if isinstance(stamp, str) else None
    return found.group(1) if found else ""

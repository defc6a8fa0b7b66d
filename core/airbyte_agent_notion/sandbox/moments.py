"""Dates: reading ISO 8601, comparing days with times, and the ranges that relative filters name."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

__all__ = ["RELATIVE_DAYS", "day_of", "exact", "months_from", "parse", "range_of", "to_millisecond", "to_minute"]


# Python reads more forms (week dates, no dashes) than Notion takes.
_SHAPE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9:]+)?)?")


def parse(text: str) -> date | datetime | None:
    """A day, or a moment in UTC; None if the text is neither. A moment without offset counts as UTC."""
    if not _SHAPE.fullmatch(text):
        return None
    try:
        if "T" not in text:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def day_of(moment: date | datetime) -> date:
    """The day of a moment, in UTC; a day is itself."""
    return moment.date() if isinstance(moment, datetime) else moment


def exact(moment: date | datetime) -> datetime:
    """A moment; the first one of a day."""
    if isinstance(moment, datetime):
        return moment
    return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)


def months_from(day: date, months: int) -> date:
    """The same day some months on (or back), or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


RELATIVE_DAYS: dict[str, Callable[[date], date]] = {
    "today": lambda day: day,
    "tomorrow": lambda day: day + timedelta(days=1),
    "yesterday": lambda day: day - timedelta(days=1),
    "one_week_ago": lambda day: day - timedelta(weeks=1),
    "one_week_from_now": lambda day: day + timedelta(weeks=1),
    "one_month_ago": lambda day: months_from(day, -1),
    "one_month_from_now": lambda day: months_from(day, 1),
}
"""Words that stand for a day in a date filter."""


def range_of(word: str, today: date) -> tuple[date, date] | None:
    """First and last day of a relative range such as ``past_week``; None if there is no such range.

    Past and next ranges end, or begin, today; a week begins on Sunday.
    """
    sunday = today - timedelta(days=(today.weekday() + 1) % 7)
    ranges = {
        "this_week": (sunday, sunday + timedelta(days=6)),
        "past_week": (today - timedelta(weeks=1), today),
        "past_month": (months_from(today, -1), today),
        "past_year": (months_from(today, -12), today),
        "next_week": (today, today + timedelta(weeks=1)),
        "next_month": (today, months_from(today, 1)),
        "next_year": (today, months_from(today, 12)),
    }
    return ranges.get(word)


def to_minute(moment: datetime) -> str:
    """How pages, blocks, comments and data sources give out times: truncated to the minute."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:00.000Z")


def to_millisecond(moment: datetime) -> str:
    """How databases give out times."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")

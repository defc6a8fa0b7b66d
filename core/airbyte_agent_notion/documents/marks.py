"""How far a source was read: what is kept between two runs.

A pass goes from the most recently edited page to the least recently edited one. Whatever is edited meanwhile is edited
later than where the pass began, and so belongs to the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..errors import ConfigurationError, InvalidResponse

__all__ = ["MINUTE", "Mark", "Window", "as_text", "minute_of"]

MINUTE = timedelta(minutes=1)
"""Notion tells times of edits by the minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which edits a pass is about; None is no limit."""

    since: datetime | None = None
    until: datetime | None = None
    """The last minute of it."""

    def holds(self, edited: datetime) -> bool:
        """Whether something edited then belongs to it."""
        return not self.is_past(edited) and (self.until is None or edited <= self.until)

    def is_past(self, edited: datetime) -> bool:
        """Whether that is before it all."""
        return self.since is not None and edited < self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a source has handed out: everything edited before ``newest``, but for the rest of a pass broken off."""

    newest: datetime
    left_off: datetime | None = None
    """In a pass broken off: the minute that it was at."""
    since: datetime | None = None
    """Where that pass was to end; None at the very beginning."""

    def __str__(self) -> str:
        if self.left_off is None:
            return as_text(self.newest)
        return "/".join((as_text(self.newest), as_text(self.left_off), as_text(self.since) if self.since else ""))

    @classmethod
    def parse(cls, given: datetime | str) -> Mark:
        """A moment, ISO text of one, or what a mark was written as; raises ConfigurationError."""
        if isinstance(given, datetime):
            return cls(newest=_minute(given))
        try:
            newest, left_off, since = [*given.split("/"), "", ""][: max(3, given.count("/") + 1)]
            if not left_off:
                return cls(newest=_minute(datetime.fromisoformat(newest)))
            last = _minute(datetime.fromisoformat(since)) if since else None
            return cls(newest=_parsed(newest), left_off=_parsed(left_off), since=last)
        except (AttributeError, ValueError):
            raise ConfigurationError(
                f"since={given!r} is no moment.", hint='Give a datetime, ISO text or what state was, e.g. "2026-11-20".'
            ) from None

    def complete_to(self, overlap: timedelta) -> datetime | None:
        """From when on to read where the order is not that of the edits; None for everything."""
        return self.since if self.left_off is not None else self.newest - overlap

    def windows(self, overlap: timedelta) -> Iterator[tuple[Window, datetime | None]]:
        """The passes that are due, each with where it began if it is the rest of one."""
        if self.left_off is not None:
            yield Window(since=self.since, until=self.left_off), self.newest
        yield Window(since=self.newest - overlap), None


def as_text(moment: datetime) -> str:
    """As Notion writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:00.000Z")


def minute_of(edited: object) -> datetime:
    """The minute of a ``last_edited_time``; raises InvalidResponse."""
    try:
        return _parsed(str(edited))
    except ValueError:
        raise InvalidResponse("A page's last_edited_time is no moment in time.") from None


def _parsed(text: str) -> datetime:
    return _minute(datetime.fromisoformat(text))


def _minute(moment: datetime) -> datetime:
    moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.replace(second=0, microsecond=0)

"""``NotionDocuments``: what is to be read, and the two ways of reading it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, TypeVar, cast

from typing_extensions import TypedDict, Unpack

from ..errors import ConfigurationError, NotionAgentError
from ..operation import Operation
from ..operations.page_reads import GetPage
from ..operations.row_query import QueryDataSource
from ..tools import HasRunner
from .document import NotionDocument, Skipped
from .listings import Listing
from .marks import MINUTE, Mark
from .queries import Hits, Rows
from .reading import Reader
from .sources import Handed, Pages, Source, State, Steps

__all__ = ["NotionDocuments", "Options", "Since"]

T = TypeVar("T", bound=Operation[Any])

Since: TypeAlias = datetime | str | Mapping[str, str]


class Options(TypedDict, total=False):
    """What NotionDocuments takes beside the connector; all may be left out."""

    pages: Sequence[str] | str
    """Ids or URLs of pages."""
    recursive: bool
    """Also the pages below these, at every depth; rows of databases among them are not: name those as data_sources."""
    data_sources: Sequence[str] | str
    """Ids or URLs of data sources, or of databases with one: each row is a document."""
    filter: Mapping[str, Any] | None
    """Which rows, as data_sources.query takes it."""
    sorts: Any
    """Their order, as data_sources.query takes it. Costs a resumption within the data source: it begins anew."""
    content: bool
    """False leaves the text of pages out; of rows the properties remain."""
    query: str | None
    """Without pages and data_sources: only pages with these words in the title, of all that the connection can see."""
    since: Since | None
    """Only what was edited then or later: a datetime, ISO text, or the ``state`` of the same sources and filter."""
    overlap: timedelta
    """How far before ``since`` to begin; a minute by default. Searches may lag: a day makes up for that."""


class NotionDocuments:
    """Pages and rows as documents, each of them whole, read page by page as they are consumed.

    ``for document in NotionDocuments(notion, data_sources=[...], since=state).lazy()``. Without ``pages`` and
    ``data_sources`` it is all pages and rows that the connection can see. Either connector does both ``lazy`` and
    ``alazy``; policy, roots and rate limits are the connector's.

    The most recently edited come first. Every run begins anew from ``since``, and is the only one at its time. Nothing
    is lost between runs: store ``state`` (JSON data) when a run has ended, however it ended, and give it as ``since``
    to the next. Documents may come again: those edited in the last minute before, after an interruption those of the
    minute it was at, and what is in two sources. Pages in the trash, and what is not shared any more, simply do not
    come: Notion lists neither. A search, unlike a data source, may lack what was changed moments ago.

    Args:
        connector: a connector of either kind, or a Toolset.
        now: the present moment; by default this machine's clock.
        options: see Options.

    Raises:
        ConfigurationError: ``since`` is no moment, or options exclude each other.
        InvalidParams: an id or the filter is wrong.
        PolicyDenied: the connector may not read.
    """

    def __init__(
        self, connector: HasRunner, *, now: Callable[[], datetime] | None = None, **options: Unpack[Options]
    ) -> None:
        _check(options)
        self._runner = connector.runner
        self._options = options
        self._now = now or (lambda: datetime.now(UTC))
        self._pages = tuple(self._parsed(GetPage, page_id=each).page_id for each in _items(options.get("pages")))
        given = {name: value for name, value in options.items() if name in {"filter", "sorts"} and value}
        wanted = _items(options.get("data_sources"))
        self._tables = [self._parsed(QueryDataSource, data_source_id=each, **given) for each in wanted]
        self._hits = None if self._pages or self._tables else Hits(query=options.get("query"))
        self._begin()

    @property
    def state(self) -> dict[str, str]:
        """How far each source is, to be given as ``since``; a document counts once the next one is asked for."""
        return {key: str(mark) for key, mark in self._state.items()}

    @property
    def skipped(self) -> list[Skipped]:
        """Pages that this run could not read. The state of a list goes past them: once they are shared again, name them
        as ``pages``.
        """
        return list(self._reader.skipped)

    def lazy(self) -> Iterator[NotionDocument]:
        """The documents, blocking.

        Raises:
            NotionAgentError: what cannot be passed over; ``details`` say how many ``documents`` were handed out and
                what ``state`` is.
        """
        self._begin()
        count = 0
        for step in self._steps():
            try:
                found = self._runner.drive(step)
            except NotionAgentError as error:
                self._tell(error, count)
                raise
            for each in found:
                yield each.document
                count += self._handed(each)

    async def alazy(self) -> AsyncIterator[NotionDocument]:
        """The documents, awaiting; raises as ``lazy``."""
        self._begin()
        count = 0
        for step in self._steps():
            try:
                found = await self._runner.adrive(step)
            except NotionAgentError as error:
                self._tell(error, count)
                raise
            for each in found:
                yield each.document
                count += self._handed(each)

    def _begin(self) -> None:
        self._reader = Reader(engine=self._runner.engine, content=self._options.get("content", True))
        since = self._options.get("since")
        keys = [
            *self._pages,
            *(each.data_source_id for each in self._tables),
            *([self._hits.key] if self._hits else []),
        ]
        moments = since if isinstance(since, Mapping) else {} if since is None else dict.fromkeys(keys, since)
        self._state: State = {key: Mark.parse(moment) for key, moment in moments.items()}

    def _steps(self) -> Steps:
        for source in self._sources():
            yield from source.steps(self._state)

    def _sources(self) -> Iterator[Source]:
        engine, reader, overlap = self._runner.engine, self._reader, self._options.get("overlap", MINUTE)
        if self._pages:
            recursive = self._options.get("recursive", False)
            yield Pages(ids=self._pages, reader=reader, overlap=overlap, now=self._now, recursive=recursive)
        for table in self._tables:
            now = self._now if table.sorts else None
            yield Listing(query=Rows(query=table), engine=engine, reader=reader, overlap=overlap, now=now)
        if self._hits:
            yield Listing(query=self._hits, engine=engine, reader=reader, overlap=overlap)

    def _parsed(self, operation: type[T], **params: Any) -> T:
        return cast("T", self._runner.parse(operation, params))

    def _handed(self, handed: Handed) -> int:
        if handed.mark is not None:
            self._state[handed.key] = handed.mark
        return 1

    def _tell(self, error: NotionAgentError, count: int) -> None:
        error.details |= {"documents": count, "state": self.state}


def _items(given: Sequence[str] | str | None) -> list[str]:
    found = [given] if isinstance(given, str) else list(given or ())
    return list(dict.fromkeys(found))


def _check(options: Options) -> None:
    unknown = sorted(set(options) - set(Options.__annotations__))
    if unknown:
        raise ConfigurationError(f"There is no option {unknown[0]!r}.", hint=f"There are {', '.join(_ALL)}.")
    for name, needed in _NEEDS.items():
        if options.get(name) and not options.get(needed):
            raise ConfigurationError(f"{name} is given without {needed}.")
    if options.get("query") and (options.get("pages") or options.get("data_sources")):
        raise ConfigurationError("query is given beside pages or data_sources.", hint="It is for all pages together.")


_ALL = tuple(Options.__annotations__)
_NEEDS = {"recursive": "pages", "filter": "data_sources", "sorts": "data_sources"}

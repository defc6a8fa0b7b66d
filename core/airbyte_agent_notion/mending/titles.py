"""Titles where ids are wanted: looked up for a read, answered with the candidates for a write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeAlias, cast

from ..brevity import MAX_TOKENS, brief, fitting, quoted, tokens
from ..errors import AmbiguousReference, Forbidden, InvalidParams, InvalidRequest, NotFound, PolicyDenied
from ..flow import Flow
from ..narrowing import object_of
from ..operation import Effect, JsonObject, Operation
from ..operations.references import Choice, ambiguous, parent_hint
from ..operations.resolve import Resolve, summarised
from ..operations.schema_reads import GetDataSource
from ..operations.search import Search
from .ids import sort_of
from .near import SURE, WORTH, idle, likeness, nearest_first, told_words
from .shapes import shapes_of

__all__ = ["Run", "resolved", "titled"]

AnyOperation = type[Operation[Any]]
Run: TypeAlias = Callable[[Operation[Any]], Flow[Any]]
"""Runs an operation as a call of its own, within policy and roots."""

_KINDS: Mapping[str, tuple[str, ...]] = {
    "page_id": ("page",),
    "block_id": ("page",),
    "template_id": ("page",),
    "data_source_id": ("data_source",),
    "database_id": ("data_source",),
    "parent": ("page", "data_source"),
}
"""What a title may belong to. A database is found by the title of its data source."""
MOST = 3
"""Candidates that an error shows."""
MAX_SEARCHES = 3
"""Pages of hits, of 100 each, in which candidates are looked for."""


def titled(_: AnyOperation, params: Mapping[str, Any]) -> list[str]:
    """The parameters that hold a title in place of an id, as paths (``page_id``, ``parent.page_id``). No I/O."""
    return list(_titles(params))


def resolved(operation: AnyOperation, params: Mapping[str, Any], run: Run) -> Flow[dict[str, Any]]:
    """The parameters with ids for titles, which are looked up for an operation that reads.

    Raises:
        InvalidParams: the operation writes; the candidates are named with their ids, and nothing was sent.
        AmbiguousReference: several objects have the title.
        NotFound: none has it; the nearest are named.
    """
    found = dict(params)
    for path, title in _titles(params).items():
        kinds = _kinds(operation, path)
        if operation.spec.effect is not Effect.READ:
            yield from _refuse_title(operation, path, title, kinds, run)
        if "." in path:
            raise _give_id(operation, path, title, "is a title; an id is wanted")
        found[path] = yield from _found(operation, path, title, kinds, run)
    return found


def _titles(params: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in params.items():
        inner = {f"{name}.{key}": item for key, item in object_of(value).items()} if name in _HOLDERS else {}
        inner = inner or {name: value}
        for path, item in inner.items():
            if path.rpartition(".")[2] in _KINDS and isinstance(item, str) and sort_of(item) == "title":
                found[path] = item.strip()
    return found


_HOLDERS = frozenset({"parent", "template"})


def _kinds(operation: AnyOperation, path: str) -> tuple[str, ...]:
    known = _KINDS[path.rpartition(".")[2]]
    return tuple(each for each in known if path != "parent" or f"{each}_id" in shapes_of(operation)["parent"].keys)


def _found(operation: AnyOperation, path: str, title: str, kinds: tuple[str, ...], run: Run) -> Flow[str]:
    try:
        hit = object_of((yield from run(Resolve(reference=title))))
    except AmbiguousReference as several:
        fitting_ones = [each for each in _choices(several) if each["object"] in kinds]
        if len(fitting_ones) != 1:
            choices = fitting_ones or _choices(several)
            raise ambiguous(f"{len(choices)} objects have the title {quoted(title)}", choices) from None
        hit = cast("JsonObject", fitting_ones[0])
    except (PolicyDenied, Forbidden) as refusal:
        raise _give_id(operation, path, title, f"titles cannot be looked up here ({refusal.code})") from None
    except NotFound:
        raise (yield from _none(title, path, kinds, run)) from None
    if hit.get("object") not in kinds or hit.get("complete") is False:
        raise _other(operation, path, title, hit)
    if path.rpartition(".")[2] == "database_id":
        source: Any = yield from run(GetDataSource(data_source_id=hit["id"]))
        database = object_of(object_of(source).get("parent")).get("database_id")
        if not isinstance(database, str):
            raise _other(operation, path, title, hit)
        return database
    return str(hit["id"])


def _refuse_title(operation: AnyOperation, path: str, title: str, kinds: tuple[str, ...], run: Run) -> Flow[None]:
    hits: list[JsonObject] = []
    cut = False
    if not idle(title):
        with suppress(PolicyDenied, Forbidden, InvalidRequest, NotFound):
            hits, cut = yield from _hits(title, run)
    exact = [hit for hit in hits if _same(_title(hit), title)]
    own = [_choice(hit, path) for hit in exact if hit["object"] in kinds]
    if exact and not own:
        raise _other(operation, path, title, object_of(summarised(exact[0])))
    least = SURE if operation.spec.effect is Effect.DESTRUCTIVE else WORTH
    near = nearest_first(title, [(_title(hit), hit) for hit in hits if hit["object"] in kinds], least=least)
    why = "is a title; what writes takes an id"
    raise _give_id(operation, path, title, why, own or [_choice(hit, path) for hit in near], cut=cut)


def _give_id(
    operation: AnyOperation,
    path: str,
    title: str,
    why: str,
    choices: Sequence[Choice] = (),
    *,
    cut: bool = False,
) -> InvalidParams:
    said = f"{operation.spec.name}: {path} {quoted(title)} {why}."
    exact = bool(choices) and _same(choices[0]["title"], title)
    if exact:
        before, after = "Call again with the id", f"{' There may be more of that title.' if cut else ''}"
    else:
        before, after = "None has just that title; near", f" {_LOOK}"
    room = MAX_TOKENS - tokens(f"{said} {before}: .{after}")
    shown = fitting([_candidate(each, title, whole=path == "parent") for each in choices], room, most=MOST)
    return InvalidParams(
        said,
        hint=f"{before}: {shown}.{after}" if choices else f"Call again with the id. {_LOOK}",
        details={"operation": operation.spec.name, "parameters": {path: why}, "choices": list(choices)},
    )


_LOOK = "search.search finds ids by a word or two of the title."


def _candidate(choice: Choice, title: str, *, whole: bool) -> str:
    """A candidate's id, and its title if that is another; for a parent in the form that is to be sent."""
    given = f'{{"{choice["object"]}_id": "{choice["id"]}"}}' if whole else choice["id"]
    return given if _same(choice["title"], title) else f"{brief(repr(choice['title']), 10)} {given}"


def _other(operation: AnyOperation, path: str, title: str, hit: JsonObject) -> InvalidParams:
    identifier, kind = str(hit.get("id")), str(hit.get("object"))
    if hit.get("complete") is False:
        why = f"may be the title of several; one {kind} is {identifier}"
    else:
        why = f"is the title of a {kind.replace('_', ' ')}: {identifier}"
    return InvalidParams(
        f"{operation.spec.name}: {path} {quoted(title)} {why}.",
        hint=f'Call again with {{"{kind}_id": "{identifier}"}}, or with the id of a page.'
        if path.startswith("parent")
        else "Call again with an id of the right kind; search.search finds them.",
        details={"operation": operation.spec.name, "parameters": {path: why}, "choices": [hit]},
    )


def _none(title: str, path: str, kinds: tuple[str, ...], run: Run) -> Flow[NotFound]:
    hits: list[JsonObject] = []
    words = told_words(title)
    if words:
        with suppress(PolicyDenied, Forbidden, InvalidRequest, NotFound):
            hits, _ = yield from _hits(max(words, key=len), run)
    ordered = nearest_first(title, [(_title(hit), hit) for hit in hits if hit["object"] in kinds])
    choices = [_choice(hit, path) for hit in ordered]
    near = [_candidate(each, title, whole=False) for each in choices]
    return NotFound(
        f"Nothing has exactly the title {quoted(title)}.",
        status=404,
        hint=f"Near: {fitting(near, 60, most=2)}.{'' if likeness(title, choices[0]['title']) >= SURE else f' {_LOOK}'}"
        if near
        else f"{_LOOK} What is not shared with this connection is not found.",
        details={"choices": choices},
    )


def _hits(query: str, run: Run) -> Flow[tuple[list[JsonObject], bool]]:
    """What a search finds, and whether there was more."""
    found: list[JsonObject] = []
    cursor: str | None = None
    for _ in range(MAX_SEARCHES):
        listed: Any = yield from run(Search(query=query, page_size=100, start_cursor=cursor))
        found += [object_of(each) for each in listed.data if isinstance(object_of(each).get("id"), str)]
        meta = getattr(listed, "meta", None)
        cursor = meta.next_cursor if meta is not None and meta.has_more else None
        if cursor is None:
            return found, False
    return found, True


def _choices(several: AmbiguousReference) -> list[Choice]:
    return cast("list[Choice]", several.details.get("choices") or [])


def _choice(hit: JsonObject, path: str) -> Choice:
    """A hit as a choice; where a database is wanted, the one that a data source belongs to."""
    parent = object_of(hit.get("parent"))
    of = parent.get("database_id") if path.rpartition(".")[2] == "database_id" else None
    kind, identifier = ("database", of) if isinstance(of, str) else (hit["object"], hit["id"])
    return Choice(object=kind, id=identifier, title=_title(hit), parent=parent_hint(parent or None))


def _title(hit: JsonObject) -> str:
    return summarised(hit)["title"]


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()

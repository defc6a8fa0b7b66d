"""Roots: calls reach only what lies at or below some pages and tables. Where something lies is read from Notion.

Users, custom emojis and the connection's own file uploads lie nowhere: they are read whatever the roots. What a page or
table inside shows of the outside by itself (titles in its mentions, ids in its relations, values of its rollups) is its
own content and stays; no call can add to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from .errors import InvalidRequest, NotFound, PolicyDenied, Recovery
from .fields import parse_id
from .flow import Flow, gather
from .named_ids import Kind, in_workspace, named_ids
from .narrowing import list_of, object_of
from .operation import Api, Effect, JsonObject, Operation
from .operations.blocks import GetBlock
from .operations.comments import GetComment
from .operations.containers import GetDatabase
from .operations.data_sources import GetDataSource
from .operations.pages import GetPage
from .operations.views import GetView
from .places import Parents, Place, Places, Stamp, parents_of

__all__ = ["LEFT_OUT", "Boundary", "Visit"]

FRESH_FOR = 60.0
"""Seconds for which a reading call trusts what was read of an object's place."""
MAX_DEPTH = 200
AT_ONCE = 8

LEFT_OUT = "Items outside the allowed roots are left out."
"""What ``left_out`` says in the ``meta`` of a list, or in an object that holds one."""

_READ: Mapping[str, Callable[[str], Operation[Any]]] = {
    "page": lambda identifier: GetPage(page_id=identifier),
    "block": lambda identifier: GetBlock(block_id=identifier),
    "database": lambda identifier: GetDatabase(database_id=identifier),
    "data_source": lambda identifier: GetDataSource(data_source_id=identifier),
    "view": lambda identifier: GetView(view_id=identifier),
    "comment": lambda identifier: GetComment(comment_id=identifier),
}
_TREE = ("page", "block", "database", "data_source")
_ORDER: Mapping[Kind, tuple[str, ...]] = {
    "page": _TREE,
    "block": ("block", "page", "database", "data_source"),
    "database": ("database", "data_source", "page", "block"),
    "data_source": ("data_source", "database", "page", "block"),
    "view": ("view",),
    "comment": ("comment",),
    "any": (*_TREE, "view", "comment"),
}
"""As what an id is read, the likeliest first."""
_UNBOUND = frozenset({"users", "custom_emojis", "file_uploads"})
"""What belongs to the workspace or the connection and lies nowhere: its lists are answered whole."""
_ROWS_OF_A_VIEW = frozenset({"views.query", "views.get_query_results"})
"""Bare ids of rows, which lie in the view's table: that was checked with the view."""
_PLACED = frozenset({"page", "block", "database", "data_source", "view", "comment"})


class Boundary(Places):
    """Knows what lies below the roots. One for all calls of a connector; thread-safe.

    Args:
        roots: ids, as Notion writes them; without any there is no boundary.
    """

    def __init__(self, roots: Iterable[str]) -> None:
        super().__init__()
        self.roots = frozenset(roots)

    def __bool__(self) -> bool:
        return bool(self.roots)

    def visit(self, api: Api) -> Visit:
        """The checks of one call, whose requests go through ``api``."""
        return Visit(self, api)


class Visit:
    """One call's checks. What a writing call relies on is read anew, once."""

    def __init__(self, boundary: Boundary, api: Api) -> None:
        self._boundary = boundary
        self._api = api
        self._began: Stamp | None = None
        self.new: set[str] = set()
        """Ids of what this call has made, or in a dry run would make: they lie where it put them."""
        self.left_out = False
        """Whether items were left out of an answer."""

    def admit(self, operation: Operation[Any]) -> Flow[None]:
        """Raise PolicyDenied unless all that a primitive operation names lies inside."""
        if not self._boundary:
            return
        params = operation.params()
        named = named_ids(params)
        since = yield from self._since(operation.effect)
        creates = operation.spec.action == "create" and operation.spec.entity in {"pages", "databases"}
        if in_workspace(params) or (creates and "parent" not in params):
            raise self._denied(operation, "parent")
        inside = yield from gather([self._inside(each.id, each.kind, since) for each in named], limit=AT_ONCE)
        for each, within in zip(named, inside, strict=True):
            if not within:
                raise self._denied(operation, each.where, each.kind)
        yield from self._check_columns(operation, params, since)

    def settle(self, operation: Operation[Any], answer: JsonObject) -> None:
        """After a write: forget places that it may have changed, and note what it has made."""
        if not self._boundary:
            return
        params = operation.params()
        if "parent" in params or operation.spec.action == "move":
            self._boundary.forget(each.id for each in named_ids(params))
        self._note(answer)
        if operation.spec.action in {"create", "append"}:
            items = [object_of(each) for each in list_of(answer.get("results", [answer]))]
            self.new.update(parse_id(each["id"]) for each in items if each.get("object") in _PLACED)

    def stamp(self) -> Flow[Stamp]:
        """To be taken before a request whose answer is to be ``filtered``."""
        return (yield from self._boundary.stamp()) if self._boundary else Stamp(0, 0.0)

    def filtered(self, operation: Operation[Any], answer: JsonObject, stamp: Stamp) -> Flow[JsonObject]:
        """The answer without items that lie outside; ``left_out`` in it says that there were some."""
        if not self._boundary:
            return answer
        self._note(answer)
        if operation.spec.entity in _UNBOUND:
            return answer
        key = str(getattr(operation, "items_key", "results"))
        items = answer.get(key)
        if not isinstance(items, list) or operation.spec.name in _ROWS_OF_A_VIEW:
            return answer
        given = list_of(answer[key])
        self._learn(given, stamp)
        since = yield from self._since(Effect.READ)
        inside = yield from gather([self._item_inside(each, since) for each in given], limit=AT_ONCE)
        kept = [each for each, within in zip(given, inside, strict=True) if within]
        if len(kept) == len(given):
            return answer
        self.left_out = True
        return {**answer, key: kept, "left_out": LEFT_OUT}

    def _since(self, effect: Effect) -> Flow[Stamp]:
        """What was read after that is good enough."""
        stamp = yield from self._boundary.stamp()
        if effect is Effect.READ:
            return Stamp(0, stamp.moment - FRESH_FOR)
        if self._began is None:
            self._began = stamp
        return Stamp(self._began.number, stamp.moment - FRESH_FOR)

    def _inside(self, identifier: str, kind: Kind, since: Stamp, below: tuple[str, ...] = ()) -> Flow[bool]:
        """Whether something is a root or lies below one, along every line of parents."""
        if kind in {"task", "query"}:
            return self._boundary.began(identifier)
        if identifier in self._boundary.roots or identifier in self.new:
            return True
        if identifier in below or len(below) > MAX_DEPTH:
            return False
        place = yield from self._place(identifier, kind, since)
        parents = yield from self._without_home(place.parents, since)
        for parent, its_kind in parents:
            if not (yield from self._inside(parent, its_kind, since, (*below, identifier))):
                return False
        return bool(place.parents)

    def _without_home(self, parents: Parents, since: Stamp) -> Flow[Parents]:
        """A view's parents: of one that its own table's database has as a tab, the table alone."""
        if len(parents) < 2:
            return parents
        (source, kind), (database, _) = parents
        table = yield from self._place(source, kind, since)
        return parents[:1] if database in {each for each, _ in table.parents} else parents

    def _place(self, identifier: str, kind: Kind, since: Stamp) -> Flow[Place]:
        if kind == "discussion":
            return (yield from self._of_discussion(identifier, since))
        return (yield from self._boundary.once(identifier, lambda: self._read(identifier, kind), since))

    def _of_discussion(self, identifier: str, since: Stamp) -> Flow[Place]:
        """A discussion has no endpoint: it lies where a comment does that was listed before and still is in it."""
        comment = self._boundary.comment_of(identifier)
        if comment is None:
            return Place((), since)
        return (yield from self._boundary.once(comment, lambda: self._read(comment, "comment", identifier), since))

    def _read(self, identifier: str, kind: Kind, discussion: str | None = None) -> Flow[Place]:
        """Read the object, as one kind after the other; what is none that can be seen has no place."""
        stamp = yield from self._boundary.stamp()
        for each in _ORDER[kind]:
            try:
                found = yield from self._api.perform(_READ[each](identifier))
            except (NotFound, InvalidRequest) as refusal:
                if isinstance(refusal, InvalidRequest) and refusal.code != InvalidRequest.code:
                    raise
                continue
            if discussion is not None and found.get("discussion_id") != discussion:
                break
            self._learn_above(found, stamp)
            return Place(tuple(parents_of(found)), stamp)
        return Place((), stamp)

    def _item_inside(self, item: Any, since: Stamp) -> Flow[bool]:
        given = object_of(item)
        kind, identifier = given.get("object"), given.get("id")
        if kind == "property_item" or (kind is None and "is_default" in given):
            return True  # Of an object that was checked: a property's item, or a template.
        if kind not in _PLACED or not isinstance(identifier, str):
            return False
        return (yield from self._inside(parse_id(identifier), cast("Kind", kind), since))

    def _learn(self, items: Iterable[Any], stamp: Stamp) -> None:
        """Take the places that the items of an answer tell themselves."""
        for item in items:
            given = object_of(item)
            parents = tuple(parents_of(given))
            if parents and isinstance(given.get("id"), str):
                self._boundary.learn(parse_id(given["id"]), Place(parents, stamp))
                self._learn_above(given, stamp)

    def _learn_above(self, found: JsonObject, stamp: Stamp) -> None:
        """A row names its table's database, and a table the place of its database: that spares reading them."""
        parent = object_of(found.get("parent"))
        if found.get("object") == "page" and {"data_source_id", "database_id"} <= parent.keys():
            place = Place(((parse_id(parent["database_id"]), "database"),), stamp)
            self._boundary.learn(parse_id(parent["data_source_id"]), place)
        above = tuple(parents_of({"parent": found.get("database_parent")}))
        if above and isinstance(parent.get("database_id"), str):
            self._boundary.learn(parse_id(parent["database_id"]), Place(above, stamp))

    def _note(self, answer: JsonObject) -> None:
        self._boundary.remember(answer)
        for each in list_of(answer.get("results")):
            self._boundary.remember(object_of(each))

    def _check_columns(self, operation: Operation[Any], params: JsonObject, since: Stamp) -> Flow[None]:
        """A rollup or formula shows what its relations lead to: none in a table that has one leading outside."""
        identifier = params.get("data_source_id")
        columns = params.get("properties")
        if operation.effect is Effect.READ or not isinstance(identifier, str) or not isinstance(columns, dict):
            return
        written = [object_of(each) for each in cast("dict[str, Any]", columns).values()]
        if not any({"rollup", "formula"} & {*each, str(each.get("type"))} for each in written):
            return
        source = yield from self._api.call(GetDataSource(data_source_id=identifier))
        targets = list(_related(cast("JsonObject", source)))
        inside = yield from gather([self._inside(each, "data_source", since) for each in targets], limit=AT_ONCE)
        if not all(inside):
            raise self._denied(operation, "properties")

    def _denied(self, operation: Operation[Any], where: str, kind: Kind = "any") -> PolicyDenied:
        roots = sorted(self._boundary.roots)
        shown = ", ".join(roots[:5]) + (f" and {len(roots) - 5} more" if len(roots) > 5 else "")
        hint = f"Allowed is what lies at or below {shown}: take ids from search.search, or from reading these."
        if kind == "discussion":
            hint = f"List the comments of the page or block first: comments.list. {hint}"
        if kind == "query":
            hint = f"Begin a query of the view first: views.query. {hint}"
        return PolicyDenied(
            f"{operation.spec.name}: {where} names nothing inside the allowed roots. Nothing was changed.",
            hint=hint,
            recovery=Recovery.FIX_ARGUMENTS,
            details={"operation": operation.spec.name, "parameter": where, "roots": roots},
        )


def _related(source: JsonObject) -> Iterator[str]:
    for column in cast("dict[str, JsonObject]", source.get("properties") or {}).values():
        target = object_of(column.get("relation")).get("data_source_id")
        if isinstance(target, str):
            yield parse_id(target)

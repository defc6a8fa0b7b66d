"""The small form in which people write a workspace down: pages with blocks, databases with rows (see ``load_form``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ...errors import ConfigurationError
from ..ids import derived_id, parse_id
from ..state_views import CustomEmoji
from ..workspace import Workspace
from .loader import Loader
from .pieces import as_list, as_map
from .rows import Names, row_properties, schema_properties

__all__ = ["load_form"]

KEYS = ("workspace", "users", "emojis", "pages", "databases", "objects", "shared")
PAGE = ("id", "title", "icon", "cover", "shared", "blocks", "pages", "databases")
DATABASE = ("id", "title", "description", "icon", "inline", "shared", "data_source_id", "properties", "rows")
ROW = ("id", "icon", "cover", "properties", "blocks")
DEFAULT_COLUMNS = {"Name": "title"}


def load_form(workspace: Workspace, data: Mapping[str, Any]) -> None:
    """Fill a workspace.

    ``{"users": [{"name", "email"?, "id"?, "bot"?, "guest"?}], "pages": [page], "databases": [database]}``, where

    - a page is ``{"title", "id"?, "icon"?, "cover"?, "shared"?, "blocks": [...], "pages": [...], "databases": [...]}``;
    - a block is a string (a paragraph), or a block as the API takes or gives it, whose rich text may be a string and
      whose ``children`` may stand in it or beside it;
    - a database is ``{"title", "properties": {name: type or schema}, "rows": [...]}`` with ``id``, ``data_source_id``,
      ``description``, ``icon``, ``inline`` if needed; options may be mere names, and a relation's ``data_source`` is
      the title of the database that it points to;
    - a row is ``{name: value}``, with plain values: options, people and related rows by name, dates as "2026-12-01" or
      "2026-12-01/2026-12-05"; or ``{"properties": {name: value}, "blocks": [...], "id"?, "icon"?}``.

    ``objects`` are whole objects as Notion gives them out; that is what a dump consists of.

    Raises:
        ConfigurationError: An unknown key, or a name that nothing has.
    """
    _only(data, "the workspace", KEYS)
    facts = as_map(data.get("workspace"))
    workspace.name = str(facts.get("name", workspace.name))
    loader, made_up = Loader(workspace), workspace.bot_id
    form = _Form(workspace, loader)
    for each in map(as_map, as_list(data.get("users"))):
        form.user(each)
    workspace.id = str(facts.get("id", workspace.id))
    workspace.bot_id = str(facts.get("bot_id", workspace.bot_id))
    if workspace.bot_id != made_up:
        workspace.users.pop(made_up, None)
    for each in map(as_map, as_list(data.get("emojis"))):
        made = CustomEmoji(id=str(each["id"]), name=str(each["name"]), url=str(each["url"]))
        workspace.emojis[made.id] = made
    objects = [as_map(each) for each in as_list(data.get("objects"))]
    for each in objects:
        # Rows keep their order, though some are named by others before their turn.
        if each.get("object") == "page":
            loader.page_stub(str(each["id"]))
    for each in objects:
        loader.load(each)
    form.write(as_list(data.get("pages")), as_list(data.get("databases")))
    if "shared" in data:
        workspace.shared = {str(each) for each in as_list(data["shared"])}


def _only(body: Mapping[str, Any], what: str, keys: Sequence[str]) -> None:
    unknown = [key for key in body if key not in keys]
    if unknown:
        raise ConfigurationError(f"{unknown[0]!r} means nothing in {what}.", hint=f"Known keys: {', '.join(keys)}.")


class _Form:
    def __init__(self, workspace: Workspace, loader: Loader) -> None:
        self.workspace = workspace
        self.loader = loader
        self.names = Names(workspace)

    def user(self, body: Mapping[str, Any]) -> None:
        """A user, in the small form or as given out."""
        kind = str(body.get("type", "bot" if body.get("bot") is True else "person"))
        person = body.get("person", {"email": body.get("email")} if body.get("email") else {})
        known = {key: body[key] for key in ("avatar_url", "guest", "bot") if key in body}
        identifier = str(body.get("id") or derived_id("seed user", str(body["name"])))
        self.loader.user({**known, "id": identifier, "name": body["name"], "type": kind, "person": person})

    def write(self, pages: Sequence[Any], databases: Sequence[Any]) -> None:
        """Pages and databases; ids first, so that rows may name each other."""
        for index, each in enumerate(databases):
            self._name_rows(as_map(each), f"/{index}")
        for index, each in enumerate(pages):
            self._name_page(as_map(each), f"/{index}")
        for index, each in enumerate(databases):
            self._database(as_map(each), f"/{index}", {"workspace": True})
        for index, each in enumerate(pages):
            self._page(as_map(each), f"/{index}", {"workspace": True})
        self.names.finish()

    def _name_page(self, body: Mapping[str, Any], path: str) -> None:
        for index, each in enumerate(as_list(body.get("databases"))):
            self._name_rows(as_map(each), f"{path}/{index}")
        for index, each in enumerate(as_list(body.get("pages"))):
            self._name_page(as_map(each), f"{path}/{index}")

    def _name_rows(self, body: Mapping[str, Any], path: str) -> None:
        source = _id(body.get("data_source_id"), "source", path)
        self.names.sources[str(body.get("title", ""))] = source
        schema = schema_properties(as_map(body.get("properties", DEFAULT_COLUMNS)))
        title = next((name for name, each in schema.items() if "title" in each), None)
        if title is None:
            raise ConfigurationError(
                f"The database {body.get('title')!r} has no title column.", hint='Add one, e.g. {"Name": "title"}.'
            )
        for index, each in enumerate(as_list(body.get("rows"))):
            row = _row(as_map(each))
            value = row["properties"].get(title)
            self.names.rows[source, value if isinstance(value, str) else ""] = _id(
                row.get("id"), "row", path, str(index)
            )

    def _page(self, body: Mapping[str, Any], path: str, parent: Mapping[str, Any]) -> None:
        _only(body, "a page", PAGE)
        identifier = _id(body.get("id"), "page", path)
        properties = {"title": {"id": "title", "type": "title", "title": body.get("title", "")}}
        looks: dict[str, Any] = {key: body[key] for key in ("icon", "cover") if key in body}
        self.loader.page({"id": identifier, "parent": parent, "properties": properties, **self._now(), **looks})
        if body.get("shared") is False:
            self.workspace.shared.discard(identifier)
        home = {"page_id": identifier}
        self._blocks(as_list(body.get("blocks")), path, home)
        for index, each in enumerate(as_list(body.get("databases"))):
            self._database(as_map(each), f"{path}/{index}", home)
        for index, each in enumerate(as_list(body.get("pages"))):
            self._page(as_map(each), f"{path}/{index}", home)

    def _blocks(self, blocks: Sequence[Any], path: str, parent: Mapping[str, Any]) -> None:
        for index, each in enumerate(blocks):
            where = f"{path}/b{index}"
            body = {"type": "paragraph", "paragraph": {"rich_text": each}} if isinstance(each, str) else as_map(each)
            kind = str(body.get("type") or next((key for key in body if key not in ("id", "children")), ""))
            payload = as_map(body.get(kind))
            if not kind or not isinstance(body.get(kind, {}), dict):
                raise ConfigurationError(
                    f"A block is not understood: {body}.", hint='Write it as {"to_do": {"rich_text": "Buy milk"}}.'
                )
            identifier = _id(body.get("id"), "block", where)
            own = {**BLANK.get(kind, {}), **{key: value for key, value in payload.items() if key != "children"}}
            self.loader.block({**self._now(), "id": identifier, "type": kind, kind: own, "parent": parent})
            children = [*as_list(payload.get("children")), *as_list(body.get("children"))]
            self._blocks(children, where, {"block_id": identifier})

    def _database(self, body: Mapping[str, Any], path: str, parent: Mapping[str, Any]) -> None:
        _only(body, "a database", DATABASE)
        identifier, source = _id(body.get("id"), "database", path), _id(body.get("data_source_id"), "source", path)
        looks: dict[str, Any] = {key: body[key] for key in ("title", "description", "icon") if key in body}
        inline = {"is_inline": body.get("inline", False)}
        self.loader.database({"id": identifier, "parent": parent, **inline, **self._now(), **looks})
        if body.get("shared") is False:
            self.workspace.shared.discard(identifier)
        schema = schema_properties(as_map(body.get("properties", DEFAULT_COLUMNS)))
        home = {"database_id": identifier}
        columns = {name: self.names.schema(each) for name, each in schema.items()}
        self.loader.data_source({"id": source, "parent": home, "properties": columns, **inline, **self._now(), **looks})
        for index, each in enumerate(as_list(body.get("rows"))):
            self._put_row(as_map(each), source, path, index)

    def _put_row(self, body: Mapping[str, Any], source: str, path: str, index: int) -> None:
        row = _row(body)
        _only(row, "a row", ROW)
        identifier = _id(row.get("id"), "row", path, str(index))
        columns = self.workspace.sources[source].properties
        properties = row_properties(self.names, columns, row["properties"])
        looks: dict[str, Any] = {key: row[key] for key in ("icon", "cover") if key in row}
        parent = {"data_source_id": source}
        self.loader.page({"id": identifier, "parent": parent, "properties": properties, **self._now(), **looks})
        self._blocks(as_list(row.get("blocks")), f"{path}/{index}", {"page_id": identifier})

    def _now(self) -> dict[str, Any]:
        now: datetime = self.workspace.now()
        user = {"id": self.workspace.bot_id}
        times = {"created_time": now.isoformat(), "last_edited_time": now.isoformat()}
        return {**times, "created_by": user, "last_edited_by": user}


TEXT = {"rich_text": "", "color": "default"}
BLANK: Mapping[str, Mapping[str, Any]] = {
    "paragraph": TEXT,
    "bulleted_list_item": TEXT,
    "numbered_list_item": TEXT,
    "quote": TEXT,
    "toggle": TEXT,
    "callout": TEXT,
    "to_do": {**TEXT, "checked": False},
    **{f"heading_{level}": {**TEXT, "is_toggleable": False} for level in (1, 2, 3, 4)},
    "code": {"rich_text": "", "caption": [], "language": "plain text"},
    "table_of_contents": {"color": "default"},
    "table": {"has_column_header": False, "has_row_header": False},
    **{kind: {"caption": []} for kind in ("bookmark", "embed", "image", "video", "audio", "pdf", "file")},
}
"""What a payload has that is not written down."""


def _id(given: Any, *seed: str) -> str:
    """The id that was written down, dashed; or one that follows from where the thing stands."""
    if given is None:
        return derived_id("seed", *seed)
    parsed = parse_id(str(given))
    if parsed is None:
        raise ConfigurationError(f"{given!r} is no id.", hint="Write a UUID, or leave the id out.")
    return parsed


def _row(body: Mapping[str, Any]) -> dict[str, Any]:
    """A row in the long form."""
    return dict(body) if isinstance(body.get("properties"), dict) else {"properties": body}

"""People by name or e-mail, rows by title: looked up once for a call, and never guessed."""

from collections.abc import Sequence
from typing import Any, cast

from ...brevity import fitting
from ...errors import Forbidden, InvalidRequest, NotFound
from ...fields import is_notion_url, parse_id, url_ids
from ...flow import Flow
from ...listing import Paging
from ...operation import Api, JsonObject
from ..references import plain_text
from ..row_read import ReadRows
from ..users import ListUsers
from .columns import Unfit
from .names import did_you_mean, folded, matching, shown, there_are, told

__all__ = ["Lookups"]

MAX_CANDIDATES = 10
ROOM = 60
"""Tokens for them."""
ALIKE = 5
"""Titles of rows that are shown where none has the one wanted."""


class Lookups:
    """What one call looks up.

    Args:
        api: what reads.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self._users: list[JsonObject] | None = None
        self._rows: dict[tuple[str, str], str] = {}

    def person(self, said: str) -> Flow[str]:
        """The id of a person or bot: given as such, or as a name or e-mail address; raises Unfit."""
        identifier = _id_of(said)
        if identifier is not None:
            return identifier
        users = yield from self._all_users()
        if "@" in said:
            found = [user for user in users if folded(_email(user)) == folded(said)]
        else:
            found = matching(said, users, _name)
        return _only_user(said, found, users)

    def row(self, source_id: str | None, said: str) -> Flow[str]:
        """The id of a page: given as such or as a URL, or as the title of one row of a data source; raises Unfit."""
        identifier = _id_of(said)
        if identifier is not None:
            return identifier
        if source_id is None:
            raise Unfit(
                f"{told(said)} is no id; the related data source is not known here, so give ids or URLs of pages"
            )
        if (source_id, said) not in self._rows:
            self._rows[source_id, said] = yield from self._by_title(source_id, said)
        return self._rows[source_id, said]

    def _all_users(self) -> Flow[list[JsonObject]]:
        if self._users is None:
            paging, users = Paging[Any](ListUsers(page_size=100)), list[JsonObject]()
            try:
                while paging.upcoming is not None:
                    page = yield from self._api.call(paging.upcoming)
                    users += paging.take(page)
            except (Forbidden, InvalidRequest) as refusal:
                raise Unfit(
                    f"people cannot be looked up by name with this token ({refusal.code}); give user ids"
                ) from refusal
            self._users = users
        return self._users

    def _by_title(self, source_id: str, title: str) -> Flow[str]:
        try:
            rows = yield from self._read(source_id, {"equals": title}, size=100)
        except (NotFound, Forbidden) as refusal:
            raise Unfit(
                f"the related data source {source_id} cannot be read ({refusal.code}), so that no title can be looked "
                "up; give ids or URLs of pages"
            ) from refusal
        found = matching(title, rows, _title)
        if len(found) == 1:
            return str(found[0]["id"])
        if found:
            choices = fitting([str(row["id"]) for row in found[:MAX_CANDIDATES]], ROOM, separator=", ")
            raise Unfit(
                f"{len(found)} rows have the title {told(title)}: {choices}; give the id of the one that is meant"
            )
        longest = max(title.split(), key=len, default=title)
        alike = yield from self._read(source_id, {"contains": longest}, size=ALIKE)
        near = f" Alike: {shown(_title(row) for row in alike)}" if alike else ""
        raise Unfit(f"no row of the related data source has the title {told(title)}.{near}")

    def _read(self, source_id: str, condition: JsonObject, *, size: int) -> Flow[Sequence[JsonObject]]:
        titled = {"property": "title", "title": condition}
        listed = yield from self._api.call(ReadRows(data_source_id=source_id, filter=titled, page_size=size))
        return cast("list[JsonObject]", [each for each in listed.data if each.get("object") == "page"])


def _id_of(said: str) -> str | None:
    text = said.strip()
    if is_notion_url(text):
        ids = url_ids(text)
        try:
            return parse_id(ids.peeked or ids.path or "")
        except ValueError:
            raise Unfit(f"{told(said)} is a Notion URL without the id of a page") from None
    try:
        return parse_id(text)
    except ValueError:
        return None


def _only_user(said: str, found: Sequence[JsonObject], users: Sequence[JsonObject]) -> str:
    if len(found) == 1:
        return str(found[0]["id"])
    if found:
        choices = fitting([_described(user) for user in found[:MAX_CANDIDATES]], ROOM, separator=", ")
        raise Unfit(f"{len(found)} users are called {told(said)}: {choices}; give the id or e-mail address of one")
    known = [name for user in users if (name := _email(user) if "@" in said else _name(user))]
    part = [_name(user) for user in users if folded(said) in folded(_name(user)).split()]
    hint = f"; did you mean {shown(part)}?" if part else did_you_mean(said, known)
    raise Unfit(f"there is no user {told(said)}{hint} {there_are(known, seen='users.list')} (guests are not listed)")


def _described(user: JsonObject) -> str:
    return " ".join(part for part in (_name(user), _email(user), str(user["id"])) if part)


def _name(user: JsonObject) -> str:
    return str(user.get("name") or "")


def _email(user: JsonObject) -> str:
    person = user.get("person")
    return str(cast("JsonObject", person).get("email") or "") if isinstance(person, dict) else ""


def _title(row: JsonObject) -> str:
    values = cast("dict[str, JsonObject]", row.get("properties") or {})
    return next((plain_text(each.get("title")) for each in values.values() if each.get("type") == "title"), "")

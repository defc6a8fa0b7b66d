"""Names as models spell them: their words, and the verbs that mean one of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ..operation import Effect

__all__ = ["DESCRIBE", "ENTITIES", "VERBS", "Verb", "key", "meanings", "singular", "words"]

MAX_NAME = 100
"""Characters of a name that are looked at."""

Verb = tuple[str, ...]
"""Our actions that a verb may mean, best first; the first that an entity has."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_FILLING = frozenset({"a", "an", "api", "execute", "notion", "of", "operation", "the", "tool"})


_IRREGULAR = {"children": "child", "ids": "id", "people": "person"}


def words(text: str) -> list[str]:
    """The words of a name, in the singular: of ``getPages``, ``get_page``, ``pages.get`` and ``Get pages`` alike."""
    return [singular(word.lower()) for word in _WORD.findall(text[:MAX_NAME])]


def key(text: str | Iterable[str]) -> str:
    """A name without case, number, separators and words that say nothing."""
    found = words(text) if isinstance(text, str) else list(text)
    return "".join([word for word in found if word not in _FILLING] or found)


def singular(word: str) -> str:
    """A word without its plural's ending; a guess that treats all spellings of one name alike."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > len("ties"):
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) and len(word) > len("bus") else word


def meanings(entity: str, verb: str, effect: Effect) -> Verb:
    """The actions of this effect that a verb may mean of this entity."""
    own = VERBS[effect].get(entity, {})
    return own.get(verb) or VERBS[effect][""].get(verb, ())


def _table(given: Mapping[str, str]) -> dict[str, Verb]:
    """From actions and what else they are called to what each name means."""
    found: dict[str, Verb] = {}
    for actions, others in given.items():
        for other in others.split():
            found[key(other)] = tuple(actions.split())
    return found


def _tables(given: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, Verb]]:
    return {entity: _table(verbs) for entity, verbs in given.items()}


_GET = "retrieve fetch show view open load read find_by_id get_by_id get_detail detail get_info info look_up display"
_ALL = "all get_all fetch_all list_all retrieve_all show_all enumerate browse index ls"
_TEXT = (
    "read content text markdown body get_content get_text get_body read_content fetch_content retrieve_content "
    "to_markdown read_markdown read_text fetch_markdown show_content view_content get_full_text full_text"
)
_ROWS = (
    "run_query list_row get_row row filter list_entry get_entry query_row query_entry filter_row list_record "
    "get_record query_record list_page get_page_list rows_query"
)
_TABLE = {"get": "schema get_schema retrieve_schema fetch_schema column get_column list_column", "query": _ROWS}

VERBS: Mapping[Effect, Mapping[str, Mapping[str, Verb]]] = {
    Effect.READ: _tables(
        {
            "": {"get": _GET, "list": _ALL},
            "pages": {
                "read get_markdown": _TEXT,
                "list": "search find look_for",
                "get_property": "property read_property retrieve_property fetch_property property_item "
                "get_property_item retrieve_property_item",
            },
            "data_sources": {**_TABLE, "list_templates": "template get_template"},
            "databases": _TABLE,
            "blocks": {
                "list": "child get_child list_child retrieve_child fetch_child read_child",
                "list_tree": "tree get_tree read_tree fetch_tree list_recursive list_recursively",
            },
            "users": {
                "get_me": "me whoami who_am_i current self get_self retrieve_self get_current get_current_user myself "
                "bot get_bot retrieve_bot",
            },
            "search": {
                "search": "find query look_for look_up run get list all list_all",
                "resolve": "resolve_reference resolve_title resolve_url identify find_by_title get_by_title",
            },
            "comments": {"list": "read_all retrieve_for_page get_for_page list_for_page"},
            "views": {"query": "run run_query", "get_query_results": "result get_result query_result"},
        }
    ),
    Effect.WRITE: _tables(
        {
            "": {
                "create": "new add insert make",
                "update": "edit modify change patch",
                "restore": "unarchive untrash undelete un_archive un_trash un_delete recover",
                "move": "relocate reparent move_to",
            },
            "pages": {
                "update": "edit modify change patch update_property edit_property rename",
                "edit update_markdown": "edit_content edit_text edit_markdown update_content update_text edit_body",
                "create": "new add insert make",
            },
            "blocks": {
                "append": "create new add insert append_child add_child insert_child create_child append_block "
                "append_content add_content insert_content append_to add_to",
            },
            "comments": {"create": "new add insert make reply post write post_reply"},
            "file_uploads": {"create": "new add make begin start", "complete": "finish"},
        }
    ),
    Effect.DESTRUCTIVE: _tables({"": {"delete": "remove trash archive destroy del move_to_trash put_in_trash"}}),
}
"""Verbs by the effect of what they mean, then by entity; an empty one for all."""

ENTITIES: Mapping[str, Verb] = {
    key(other): tuple(entities.split())
    for entities, others in {
        "pages data_sources": "row record entry",
        "pages": "document doc item article",
        "data_sources": "table collection spreadsheet",
        "databases": "db",
        "users": "person member workspace_user",
        "comments": "discussion thread",
        "blocks": "block_child child paragraph page_block",
        "views": "database_view",
        "file_uploads": "upload",
        "custom_emojis": "emoji",
        "meeting_notes": "meeting transcript",
        "search": "find",
    }.items()
    for other in others.split()
}
"""What else entities are called, likeliest first. Taken for reading only."""

DESCRIBE: Sequence[str] = ("describe", "help", "schema")
"""Words, in the singular, for the action that describes an entity."""

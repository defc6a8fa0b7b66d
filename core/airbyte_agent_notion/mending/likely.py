"""Which operations a call that names none may have meant: by the words' meaning, their letters and the parameters."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from ..operation import Operation
from .aliases import named_like
from .arguments import Call
from .names import NO_ENTITY, Names
from .shapes import accepted
from .words import ENTITIES, key, words

__all__ = ["MOST", "nearest_operations", "takes"]

AnyOperation = type[Operation[Any]]

MOST = 3
ENOUGH = 1.5
"""What an operation must score to be named."""
ALONE = 3.0
"""The same where the call has an entity alone, which is then a verb or both together."""
ALIKE = 0.6

_VERBS: Mapping[str, tuple[str, ...]] = {
    key(other): tuple(actions.split())
    for actions, others in {
        "delete": "rm erase drop clear discard kill purge wipe",
        "update": "set put save assign upsert rename set_property set_title write_property mark tag lock",
        "append edit update create": "write write_content put_content push attach extend",
        "edit update_markdown update": "replace rewrite set_content set_text set_markdown find_and_replace",
        "create": "post publish register copy duplicate clone add_row insert_row append_row build generate send",
        "move": "change_parent set_parent transfer",
        "list list_tree": "get_all_child list_all_child get_descendant walk crawl scan",
        "query": "select where run execute search_row find_row count aggregate",
        "get list": "pull check see inspect lookup",
        "restore": "revive bring_back undo",
        "create send": "upload upload_file",
    }.items()
    for other in others.split()
}
"""What other verbs may mean, likeliest first. Named only: no call is taken for one of these."""

_ENTITIES: Mapping[str, tuple[str, ...]] = {
    key(other): tuple(entities.split())
    for entities, others in {
        "comments": "remark note annotation reply feedback message",
        "blocks pages": "content text body element section paragraph",
        "views databases": "board kanban gallery timeline calendar chart",
        "file_uploads files": "attachment media image asset picture",
        "pages": "folder note_page subpage child_page wiki",
        "data_sources databases": "sheet grid dataset property column schema field template",
        "pages data_sources": "task todo issue ticket project",
        "users": "people bot account member author",
        "search": "lookup finder query",
    }.items()
    for other in others.split()
}
"""What other nouns may mean, in the same way."""

_RELATED = {
    "pages": ("data_sources", "blocks"),
    "databases": ("data_sources",),
    "data_sources": ("databases", "pages"),
    "blocks": ("pages",),
}
"""Where an action may be that an entity has not."""


def nearest_operations(call: Call, names: Names) -> list[AnyOperation]:
    """Operations that may have been meant, likeliest first."""
    texts = [each for each in (call.entity, call.action) if isinstance(each, str) and key(each) not in NO_ENTITY]
    if not texts:
        return []
    joined = {each.spec.name for text in texts for each in names.joined(text)}
    known = names.entity(call.entity) if isinstance(call.entity, str) else None
    noun = texts[0] if call.action and isinstance(call.entity, str) and key(call.entity) not in NO_ENTITY else ""
    verb = texts[-1]
    enough = ENOUGH if call.action else ALONE
    given = call.loose()
    ranked: list[tuple[float, int]] = []
    every = names.catalog.operations()
    for number, each in enumerate(every):
        score = _noun(each, noun, known, names) + _verb(each, verb, names) + (3 if each.spec.name in joined else 0)
        swapped = names.entity(verb) == each.spec.entity and _verb(each, noun, names) > 0
        score += 3 if swapped else 0
        if score >= enough:
            ranked.append((score + _fit(each, given), -number))
    return [every[-number] for _, number in sorted(ranked, reverse=True)[:MOST]]


def takes(operation: AnyOperation, name: str, value: object) -> bool:
    """Whether an operation has a parameter of this name, or one that goes by it too."""
    return (
        name in operation.model_fields or name in accepted(operation) or named_like(name, value, operation) is not None
    )


def _noun(operation: AnyOperation, noun: str, known: str | None, names: Names) -> float:
    entity = operation.spec.entity
    if known:
        return 3.0 if entity == known else 0.5 if entity in _RELATED.get(known, ()) else 0.0
    meant = [*ENTITIES.get(key(noun), ()), *_ENTITIES.get(key(noun), ())] if noun else []
    if entity in meant:
        return 3.0 - 0.2 * meant.index(entity)
    ratio = _ratio(key(noun), key(entity))
    return 2 * ratio if ratio >= ALIKE or names.like_entity(noun) == entity else 0.0


def _verb(operation: AnyOperation, verb: str, names: Names) -> float:
    if not verb:
        return 0.0
    spec = operation.spec
    if names.verb(spec.entity, verb) is operation:
        return 3.0
    meant = _VERBS.get(key(verb), ())
    if spec.action in meant:
        return 2.8 - 0.2 * meant.index(spec.action)
    own = words(spec.action)
    said = words(verb)
    if said and (said[0] == own[0] or spec.action in _VERBS.get(said[0], ())):
        return 1.5
    ratio = _ratio(key(verb), key(spec.action))
    return ratio if ratio >= ALIKE else 0.0


def _fit(operation: AnyOperation, given: Mapping[str, Any]) -> float:
    """How well the parameters given are this operation's: an id counts most."""
    if not given:
        return 0.0
    score, found = 0.0, set[str]()
    for name, value in given.items():
        ours = name if name in operation.model_fields else named_like(name, value, operation)
        if ours is None and name not in accepted(operation):
            score -= 1.0
            continue
        found.add(ours or name)
        score += 1.2 if name.endswith("_id") and ours == name else 0.3 if name.endswith("_id") else 0.6
    missing = [name for name, item in operation.model_fields.items() if item.is_required() and name not in found]
    return score - 0.8 * len(missing)


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio() if one and other else 0.0

"""Misuses of names: of parameters, entities and actions, and of where the parameters stand."""

import json

from misuse_draft import Fix, camel, id_kind, kind, misspell, spelled_action
from misuse_ground import Intent

_OTHER_NAMES = {
    "page_id": "id pageId page pageID page-id page_uuid PageId pageid",
    "data_source_id": "id dataSourceId data_source datasource_id dataSourceID data-source-id collection_id table_id",
    "database_id": "id databaseId database db_id databaseID",
    "block_id": "id blockId block parent_id page_id pageId",
    "comment_id": "id commentId comment",
    "view_id": "id viewId view",
    "user_id": "id userId user person_id",
    "file_upload_id": "id fileUploadId upload_id file_id",
    "query": "q search search_query text keyword term searchQuery title",
    "page_size": "limit pageSize size max_results count per_page num_results top page-size",
    "filter": "filters where conditions filter_by",
    "sorts": "sort order_by sortBy ordering sort_by",
    "children": "blocks content block_children items",
    "properties": "props fields property_values values columns",
    "rich_text": "text content body message richText comment",
    "markdown": "content body md text",
    "reference": "query title name url id ref",
    "property_id": "property propertyId property_name",
    "parent": "parent_page location parentPage",
    "in_trash": "archived trashed inTrash is_trashed",
    "is_locked": "locked isLocked lock",
    "name": "title view_name label",
    "max_blocks": "limit maxBlocks max",
    "filename": "file_name name fileName",
    "limit": "page_size max count",
    "initial_data_source": "schema initialDataSource",
}


@kind("another name of a parameter", weight=6)
def _alias(d):
    name = d.free(lambda name, _: name in _OTHER_NAMES)
    if name is None:
        return None
    others = [each for each in _OTHER_NAMES[name].split() if each not in d.known and each not in d.params]
    if not others:
        return None
    d.rename(name, d.pick(others))
    return Fix.of(name)


@kind("slip in a parameter's name", weight=3)
def _slip(d):
    name = d.free(lambda name, _: len(name) > 3)
    if name is None:
        return None
    wrong = misspell(d.random, name)
    if wrong in d.known or wrong in d.params:
        return None
    d.rename(name, wrong)
    return Fix.of(name)


@kind("parameter's name in another case")
def _case(d):
    name = d.free()
    if name is None:
        return None
    wrong = d.pick(
        [name.upper(), name.title(), camel(name), name.replace("_", "-"), name.replace("_", " "), f" {name}"]
    )
    if wrong in d.params or wrong in d.known:
        return None
    d.rename(name, wrong)
    return Fix.of(name)


@kind("idle parameter too many")
def _idle(d):
    name = d.pick(
        ["reason", "verbose", "request_id", "thought", "user_intent", "timezone", "notion_version", "explanation"]
    )
    d.put(name, d.pick(["The user asked for it.", True, "Europe/Lisbon", "2022-06-28"]))
    return Fix.of(name)


@kind("parameter that would change the meaning", weight=2)
def _meaningful(d):
    if d.intent.write:
        name, value = d.pick([("dry_run", True), ("preview", True), ("only_if_empty", True), ("confirm", False)])
    else:
        name, value = d.pick(
            [
                ("created_by", "Ines Carvalho"),
                ("last_edited_after", "2026-10-01"),
                ("in_workspace", "Other"),
                ("author", "nobody@example.com"),
            ]
        )
    d.put(name, value)
    d.lost()
    return Fix.of(name)


@kind("required parameter missing", weight=2)
def _missing(d):
    required = [name for name in d.params if d.known.get(name, {}).get("required") and name not in d.spent]
    if not required:
        return None
    name = d.pick(required)
    if d.random.random() < 0.5:
        del d.params[name]
    else:
        d.params[name] = d.pick([None, ""])
    d.spent.add(name)
    d.lost()
    return Fix.of(name)


_VERBS = {
    "list": "list_all find index all browse getAll fetch_all enumerate",
    "get": "retrieve fetch show view load open",
    "create": "add new insert make post",
    "update": "edit modify patch set change put",
    "delete": "remove trash destroy erase rm",
    "restore": "undelete recover untrash unarchive",
    "append": "add_children append_children insert_blocks write add",
    "query": "filter select find_rows search_rows rows",
    "search": "find lookup search_all",
    "resolve": "lookup find_id locate",
    "get_me": "me whoami self current_user",
    "move": "relocate change_parent reparent",
    "list_tree": "tree list_recursive get_all_children",
    "get_markdown": "markdown as_markdown to_markdown",
    "get_property": "property read_property",
    "list_templates": "templates",
    "update_markdown": "edit_markdown set_markdown write_markdown",
}
_THINGS = {
    "pages": "document doc docs note wiki_page",
    "data_sources": "table tables datasource collection collections dataset",
    "databases": "db dbs notion_database",
    "blocks": "content block_children paragraphs",
    "comments": "discussion discussions remarks",
    "users": "people person members member accounts",
    "search": "find lookup workspace_search",
    "views": "table_view board",
    "file_uploads": "files upload uploads attachment",
}


def _singular(word):
    return word.removesuffix("s")


def _fix_names(d):
    return Fix.of((d.intent.entity, _singular(d.intent.entity)), spelled_action(d.intent.entity, d.intent.action))


@kind("entity or action in another form", "names", weight=4)
def _forms(d):
    entity, action = d.entity, d.action
    one = _singular(entity)
    forms = [one, one.upper(), one.capitalize(), entity.upper(), entity.title(), camel(entity), camel(one)]
    forms += [
        entity.replace("_", " "),
        entity.replace("_", "-"),
        entity.replace("_", ""),
        f"{entity} ",
        f"notion_{entity}",
    ]
    d.entity = d.pick([*forms, entity, entity])
    actions = [action.upper(), action.capitalize(), camel(action), action.replace("_", "-"), action.replace("_", " ")]
    d.action = d.pick([*actions, f" {action}", action, action])
    return None if (d.entity, d.action) == (entity, action) else _fix_names(d)


@kind("entity and action in one word", "names", weight=4)
def _joined(d):
    entity, action, one = d.entity, d.action, _singular(d.entity)
    whole = d.pick(
        [
            *(f"{entity}{mark}{action}" for mark in "._/ :-"),
            *(f"{action}{mark}{one}" for mark in "_- "),
            *(f"{action}{mark}{entity}" for mark in "_ "),
            f"{one}.{action}",
            f"notion_{entity}_{action}",
            f"notion_{action}_{one}",
            f"notion.{entity}.{action}",
            camel(f"{action}_{one}"),
            f"API-{action}-{one}",
        ]
    )
    d.entity, d.action = d.pick(
        [(whole, action), (entity, whole), (whole, None), (None, whole), (whole, ""), (one, whole)]
    )
    return _fix_names(d)


@kind("entity and action in each other's place", "names")
def _swapped(d):
    if d.entity == d.action:
        return None
    d.entity, d.action = d.action, d.pick([d.entity, _singular(d.entity)])
    return _fix_names(d)


@kind("another verb", "names", weight=4)
def _verb(d):
    there = d.ground.known[d.intent.entity]
    verbs = [each for each in _VERBS.get(d.action, "").split() if each not in there]
    if not verbs:
        return None
    right, d.action = d.action, d.pick(verbs)
    if d.entity == "pages" and right in {"get", "get_markdown"}:
        d.accept += [Intent("pages", "read", {"page_id": each.params["page_id"]}) for each in d.accept]
        return Fix.of(("pages", "page"), spelled_action("pages", right) + spelled_action("pages", "read"))
    return _fix_names(d)


@kind("another word for the entity", "names", weight=2)
def _thing(d):
    words = [each for each in _THINGS.get(d.entity, "").split() if each not in d.ground.known]
    if not words:
        return None
    d.entity = d.pick(words)
    return Fix.of(d.intent.entity)


@kind("slip in entity or action", "names", weight=3)
def _name_slip(d):
    if d.random.random() < 0.5:
        wrong = misspell(d.random, d.entity)
        if wrong in d.ground.known:
            return None
        d.entity = wrong
        return Fix.of(d.intent.entity)
    wrong = misspell(d.random, d.action)
    if wrong in d.ground.known[d.intent.entity]:
        return None
    d.action = wrong
    return _fix_names(d)


@kind("action that only another entity has", "names")
def _elsewhere(d):
    moved = {
        ("data_sources", "list"): ("databases", "list"),
        ("pages", "list"): ("pages", "search"),
        ("blocks", "append"): ("pages", "append"),
        ("data_sources", "query"): ("pages", "query"),
        ("blocks", "list"): ("pages", "list_children"),
        ("users", "get_me"): ("users", "me"),
    }
    there = moved.get((d.entity, d.action))
    if there is None or there[1] in d.ground.known[there[0]]:
        return None
    d.entity, d.action = there
    return _fix_names(d)


@kind("archive, which is two things", "names")
def _archive(d):
    if d.intent.action != "delete" or d.intent.entity not in {"pages", "databases"}:
        return None
    d.action = "archive"
    return Fix.of((*spelled_action(d.intent.entity, "delete"), "is_archived"))


@kind("entity that is not there", "names")
def _no_entity(d):
    """Where only all entities can be listed, custom_emojis stands for the list."""
    d.entity = d.pick(["tickets", "calendar", "channels", "repositories", "zzz", "", "notion"])
    if d.intent.write and d.entity:
        d.lost()
    return Fix.of((f"{d.intent.entity}.{d.intent.action}", "custom_emojis"))


_PACKS = ["parameters", "arguments", "args", "input", "body", "data", "kwargs", "payload", "param", "Params", "options"]
_FIX_PACK = Fix.of("params", ("object", "JSON", "{"))


@kind("params as JSON text", "packing", weight=5)
def _params_text(d):
    text = json.dumps(d.params, ensure_ascii=d.random.random() < 0.5)
    forms = [text, text, json.dumps(text), f" {text} ", f"```json\n{text}\n```", json.dumps(d.params, indent=2)]
    d.arguments = {**d.named, "params": d.pick(forms)}
    return _FIX_PACK


@kind("params as Python text", "packing")
def _params_repr(d):
    if not d.params:
        return None
    d.arguments = {**d.named, "params": d.pick([repr(d.params), json.dumps(d.params)[:-1] + ",}"])}
    return _FIX_PACK


@kind("params as text cut off", "packing")
def _params_cut(d):
    if not d.params:
        return None
    d.arguments = {**d.named, "params": json.dumps(d.params)[: -d.pick([1, 2, 3])]}
    return _FIX_PACK


@kind("parameters beside entity and action", "packing", weight=4)
def _top(d):
    if not d.params or set(d.params) & {"entity", "action", "params"}:
        return None
    names = list(d.params)
    above = set(names) if d.random.random() < 0.7 else {d.pick(names)}
    held = {name: d.params[name] for name in names if name not in above}
    empty = d.pick([{}, {"params": {}}, {"params": None}, {"params": ""}])
    d.arguments = {**d.named, **{each: d.params[each] for each in names if each in above}}
    d.arguments.update({"params": held} if held else empty)
    return _FIX_PACK


@kind("params under another key", "packing", weight=3)
def _other_key(d):
    if not d.params:
        return None
    key = d.pick(_PACKS)
    d.arguments = {**d.named, key: d.pick([d.params, d.params, json.dumps(d.params)])}
    return _FIX_PACK


@kind("params within params", "packing", weight=2)
def _nested(d):
    forms = [
        {"params": d.params},
        {"params": json.dumps(d.params)},
        {"entity": d.entity, "action": d.action, "params": d.params},
        {"parameters": d.params},
        {**d.named, **d.params},
    ]
    d.arguments = {**d.named, "params": d.pick(forms)}
    return _FIX_PACK


@kind("everything within one key or text", "packing", weight=2)
def _whole(d):
    inside = {**d.named, "params": d.params}
    text = json.dumps(inside)
    d.arguments = d.pick(
        [
            {"params": inside},
            {"input": inside},
            {"arguments": text},
            {"params": text},
            {"__arg1": text},
            {"input": text},
        ]
    )
    return Fix.of("entity", "action")


@kind("params in a list", "packing")
def _params_list(d):
    d.arguments = {**d.named, "params": [d.params]}
    return _FIX_PACK


@kind("idle key beside entity and action", "packing")
def _beside(d):
    key, value = d.pick(
        [("thought", "I should look."), ("id", "call_1"), ("reasoning", ""), ("tool", "notion_execute")]
    )
    if key in d.known or (key == "id" and any(map(id_kind, d.known))):
        return None
    d.arguments = {**d.named, "params": d.params, key: value}
    return Fix.of(key)

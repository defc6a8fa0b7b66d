"""Misuses of what stands in parameters: values, columns, blocks, parents."""

import json

from misuse_draft import Fix, camel, is_id, kind, misspell
from misuse_ground import COLUMNS, FINDERS, STATUSES
from misuse_ids import address


@kind("nested argument as JSON text", weight=3)
def _stringified(d):
    name = d.free(lambda _, value: isinstance(value, dict | list))
    if name is None:
        return None
    text = json.dumps(d.params[name])
    d.put(name, d.pick([text, text, json.dumps(text), f" {text}\n"]))
    return Fix.of(name, ("object", "list", "array", "{", "["))


@kind("part of a nested argument as JSON text")
def _stringified_within(d):
    name = d.free(
        lambda _, value: isinstance(value, dict) and any(isinstance(each, dict | list) for each in value.values())
    )
    if name is None:
        items = d.free(lambda _, value: isinstance(value, list) and value and isinstance(value[0], dict))
        if items is None:
            return None
        d.put(items, [json.dumps(each) for each in d.params[items]])
        return Fix.of(items, ("object", "{"))
    value = d.params[name]
    d.put(name, {key: json.dumps(each) if isinstance(each, dict | list) else each for key, each in value.items()})
    return Fix.of(name, ("object", "list", "array", "{", "["))


@kind("number as text", weight=2)
def _number_text(d):
    name = d.free(lambda _, value: type(value) is int)
    if name is None:
        return None
    d.put(name, d.pick([str(d.params[name]), f" {d.params[name]} ", f"{d.params[name]}.0", float(d.params[name])]))
    return Fix.of(name, ("integer", "number"))


@kind("truth value as text", weight=2)
def _truth_text(d):
    name = d.free(lambda _, value: type(value) is bool)
    if name is None:
        return None
    d.put(name, d.pick({True: ["true", "True", "TRUE", 1], False: ["false", "False", "FALSE", 0]}[d.params[name]]))
    return Fix.of(name, ("true", "false", "boolean"))


@kind("an item in place of a list", weight=2)
def _unlisted(d):
    name = d.free(lambda _, value: isinstance(value, list) and len(value) == 1)
    if name is None:
        return None
    d.put(name, d.params[name][0])
    return Fix.of(name, ("list", "array", "["))


@kind("a list in place of a value")
def _listed(d):
    name = d.free(lambda name, value: isinstance(value, str | int) and name not in {"query", "reference"})
    if name is None:
        return None
    d.put(name, [d.params[name]])
    return Fix.of(name)


@kind("plain text in place of rich text")
def _plain(d):
    name = d.free(lambda name, _: name in {"rich_text", "title"})
    if name is None:
        return None
    words = d.params[name][0]["text"]["content"]
    d.put(name, d.pick([words, [words], {"content": words}, [{"content": words}], {"text": words}]))
    return Fix.of(name, ("content", "[{", "list"))


@kind("id in an object")
def _id_object(d):
    name = d.free(is_id)
    if name is None:
        return None
    value = d.params[name]
    d.put(name, d.pick([{"id": value}, {name: value}, {"type": name, name: value}]))
    return Fix.of(name, ("string", "id"))


_WORDS = frozenset({"query", "name", "title", "description", "markdown", "rich_text", "filename", "content_type"})
_WORDS |= {"find", "replace", "append", "prepend", "section"}
"""Parameters whose value is a person's words: "" and "None" may be meant."""


@kind("null for what may be left out")
def _nulls(d):
    free = [
        each
        for each, about in d.known.items()
        if not about["required"] and each not in d.params and "null" not in about["description"].lower()
    ]
    if not free:
        return None
    for each in d.random.sample(free, min(len(free), d.pick([1, 2, 5]))):
        blanks = [None, None, ""] if each not in _WORDS else [None]
        d.put(each, d.pick([*blanks, "null", "None"] if each not in _WORDS else blanks))
    return Fix.of(free)


@kind("empty where null would remove")
def _blank(d):
    known = [each for each in d.known if each in {"icon", "cover", "filter", "sorts"} and each not in d.params]
    if not known or d.intent.action != "update":
        return None
    name = d.pick(known)
    d.put(name, d.pick(["", "none", "unchanged"]))
    return Fix.of(name)


@kind("page_size out of range")
def _range(d):
    if "page_size" not in d.known or "page_size" in d.spent:
        return None
    size = d.pick([0, -1, 101, 200, 1000, "500", 10**9])
    d.put("page_size", size)
    if int(size) > 100:
        d.otherwise(page_size=100)
    else:
        d.lost()
    return Fix.of("page_size", ("100", "1"))


@kind("page_size that is no number")
def _no_number(d):
    if "page_size" not in d.known or "page_size" in d.spent:
        return None
    d.put("page_size", d.pick(["all", "max", "ten", True, [10, 20], {"value": 10}, "10-20", 2.5]))
    d.lost()
    return Fix.of("page_size", ("integer", "number", "100"))


@kind("cursor that is none")
def _cursor(d):
    if "start_cursor" not in d.known:
        return None
    d.put(
        "start_cursor", d.pick(["abc", "2", 2, "page2", "next", "eyJwIjoyfQ==", "11111111-1111-4111-8111-111111111111"])
    )
    d.lost()
    return Fix.of("start_cursor", ("next_cursor", "leave", "without", "omit"))


def _columns(d):
    """Parameters that name columns of the tasks, and are as they were."""
    if (
        d.intent.params.get("data_source_id") != d.ground.source["Tasks"]
        and "Task" not in d.intent.params.get("properties", {})
        and d.intent.params.get("page_id") not in set(d.ground.tasks)
    ):
        return None
    return d.free(lambda name, value: name in {"filter", "properties"} and isinstance(value, dict))


def _swap_key(held, old, new):
    return {new if key == old else key: value for key, value in held.items()}


@kind("column in another case or with a slip")
def _column(d):
    name = _columns(d)
    if name is None:
        return None
    column = d.pick(list(d.params[name]))
    wrong = d.pick(
        [column.lower(), column.upper(), misspell(d.random, column), f"{column} ", column.replace(" ", "_").lower()]
    )
    d.put(name, _swap_key(d.params[name], column, wrong))
    return Fix.of(column)


@kind("column that is not there")
def _no_column(d):
    name = _columns(d)
    if name is None:
        return None
    held = d.params[name]
    d.put(name, _swap_key(held, d.pick(list(held)), d.pick(["Budget code", "Sprint", "Customer", "zzz"])))
    d.lost()
    return Fix.of(COLUMNS)


@kind("option in another case or with a slip")
def _option(d):
    name = _columns(d)
    if name is None or "Status" not in d.params[name]:
        return None
    option = d.params[name]["Status"]
    wrong = d.pick([option.lower(), option.upper(), misspell(d.random, option), f" {option}", option.replace(" ", "_")])
    d.put(name, {**d.params[name], "Status": wrong})
    return Fix.of(option)


@kind("option that is not there")
def _no_option(d):
    name = _columns(d)
    if name is None or "Status" not in d.params[name]:
        return None
    d.put(name, {**d.params[name], "Status": d.pick(["Shipped", "Won't fix", "42", "Archived"])})
    d.lost()
    return Fix.of(("Status", "filter.Status", "properties.Status"), STATUSES)


@kind("value in another form", weight=2)
def _value(d):
    name = _columns(d)
    if name != "properties":
        return None
    held = dict(d.params[name])
    forms = {
        "Status": lambda v: d.pick([{"name": v}, {"status": v}, [v], {"select": {"name": v}}]),
        "Estimate": lambda v: d.pick([str(v), f"{v}.0", {"value": v}, [v]]),
        "Needs approval": lambda v: d.pick(["true", "True", "yes", 1, "__YES__"]),
        "Due": lambda v: d.pick([{"start": v}, {"start": v, "end": None}, [v], {"date": v}]),
        "Task": lambda v: d.pick([[v], {"title": v}, {"text": v}, [{"content": v}]]),
    }
    column = d.pick([each for each in held if each in forms])
    held[column] = forms[column](held[column])
    d.put(name, held)
    return Fix.of(column)


@kind("date in words")
def _date(d):
    name = _columns(d)
    if name != "properties" or "Due" not in d.params[name]:
        return None
    d.put(name, {**d.params[name], "Due": d.pick(["next Friday", "end of May", "12/31", "Q3", "31.12.26"])})
    d.lost()
    return Fix.of("Due", ("2026-12-01", "YYYY-MM-DD", "ISO", "2026-12-31", "2026-01-31"))


@kind("filter in another language")
def _filter(d):
    if "filter" not in d.params or "filter" in d.spent or "data_source_id" not in d.known:
        return None
    wrong = d.pick(["Status = Done", "Status == 'Done'", "Done", ["Status", "=", "Done"], 'prop("Status") == "Done"'])
    d.put("filter", wrong)
    d.otherwise(filter={"Status": "Done"})
    return Fix.of("filter", ("{", "object"))


@kind("filter operator that is not there")
def _operator(d):
    if "data_source_id" not in d.known or d.intent.action != "query" or "filter" in d.spent:
        return None
    d.put("filter", {"Due": {d.pick(["greater_than", "gt", "later_than", ">", "$gt"]): "2025-01-01"}})
    d.otherwise(filter={"Due": {"after": "2025-01-01"}})
    return Fix.of("Due", "after")


@kind("sort in another form")
def _sort(d):
    if d.free(lambda name, _: name == "sorts") is None:
        return None
    forms = ["-Due", "Due desc", {"Due": "desc"}, [{"Due": "DESC"}], [{"property": "Due", "direction": "desc"}]]
    d.put(
        "sorts", d.pick([*forms, [["Due", "descending"]], [{"field": "Due", "order": "descending"}], "Due:descending"])
    )
    return Fix.of("sorts", ("descending", "[{", "list"))


@kind("Markdown where blocks belong", weight=2)
def _markdown(d):
    name = d.free(lambda name, _: name == "children")
    if name is None:
        return None
    words = [each["paragraph"]["rich_text"][0]["text"]["content"] for each in d.params[name]]
    text = "\n\n".join(words)
    d.put(
        name,
        d.pick(
            [
                text,
                words,
                [{"type": "paragraph", "text": each} for each in words],
                [{"paragraph": each} for each in words],
            ]
        ),
    )
    return Fix.of(("markdown", "rich_text", "children.0"))


@kind("parent in another form", weight=3)
def _parent(d):
    name = d.free(lambda name, value: name == "parent" and isinstance(value, dict))
    if name is None:
        return None
    (key, identifier), *_ = d.params[name].items()
    which = key[:-3]
    title = d.ground.titles[identifier]
    forms = [
        identifier,
        identifier.replace("-", ""),
        address(d, identifier)[1] if which != "data_source" else identifier,
        {"id": identifier},
        {which: identifier},
        {"type": key, "id": identifier},
        {"type": which, key: identifier},
        {camel(key): identifier},
        {"id": identifier, "object": which},
        [{key: identifier}],
        title,
        {key: title},
        {key: {"id": identifier}},
    ]
    d.put(name, d.pick(forms))
    return Fix.of("parent", (key, identifier))


@kind("parent's key beside the others")
def _flat_parent(d):
    name = d.free(lambda name, value: name == "parent" and isinstance(value, dict))
    if name is None:
        return None
    (key, identifier), *_ = d.params[name].items()
    flat = d.pick(["parent_id", f"parent_{key}", key, "parentId"])
    if flat in d.params or flat in d.known:
        return None
    d.rename(name, flat)
    d.put(flat, identifier)
    return Fix.of("parent")


@kind("parent of another kind")
def _wrong_parent(d):
    name = d.free(lambda name, value: name == "parent" and isinstance(value, dict))
    if name is None:
        return None
    (key, identifier), *_ = d.params[name].items()
    other = d.pick([each for each in ("page_id", "data_source_id", "database_id") if each != key])
    d.put(name, {other: identifier})
    return Fix.of((key, *FINDERS[other[:-3]]))

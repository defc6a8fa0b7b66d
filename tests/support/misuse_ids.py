"""Misuses of ids: their forms, titles in their place, ids of nothing and of something else."""

from uuid import UUID

from misuse_draft import Fix, id_kind, is_id, kind
from misuse_ground import FINDERS, Intent


def address(d, identifier):
    """A Notion URL of an object, in one of the forms that people paste."""
    digits, view = identifier.replace("-", ""), f"{d.random.getrandbits(128):032x}"
    title = "-".join(d.ground.titles.get(identifier, "Some page").split()) or "Page"
    title = "".join(each for each in title if each.isascii() and (each.isalnum() or each == "-")) or "Page"
    return [
        f"https://www.notion.so/{digits}",
        f"https://www.notion.so/brightkeel/{title}-{digits}",
        f"https://www.notion.so/{title}-{digits}?pvs=4",
        f"https://app.notion.com/p/{digits}",
        f"https://app.notion.com/p/{title}-{digits}?source=copy_link",
        f"https://brightkeel.notion.site/{title}-{digits}",
        f"notion.so/{title}-{digits}",
        f"www.notion.so/{digits}",
        f"http://notion.so/{digits}/",
        f"https://www.notion.so/{identifier}",
        f"notion://www.notion.so/{title}-{digits}",
        *([f"https://www.notion.so/brightkeel/{digits}?v={view}"] if identifier in d.ground.database.values() else []),
    ]


@kind("URL in place of an id", weight=5)
def _url(d):
    name = d.free(lambda name, value: is_id(name, value) and id_kind(name) in {"page", "block", "database"})
    if name is None or d.params[name] in d.ground.blocks:
        return None
    identifier = d.params[name]
    d.put(name, d.pick(address(d, identifier)))
    return Fix.of(name, identifier)


@kind("id in another spelling", weight=4)
def _spelling(d):
    name = d.free(is_id)
    if name is None:
        return None
    value = d.params[name]
    digits = value.replace("-", "")
    d.put(name, d.pick([digits, value.upper(), digits.upper(), f" {value} ", f"{value}\n", f"{{{value}}}"]))
    return Fix.of(name, value)


@kind("id in quotes or brackets", weight=2)
def _quoted(d):
    name = d.free(is_id)
    if name is None:
        return None
    value = d.params[name]
    forms = [f'"{value}"', f"'{value}'", f"<{value}>", f"`{value}`", f"[{value}]", f"id: {value}", f"{value}."]
    if id_kind(name) == "page":
        forms += [
            f"[{d.ground.titles.get(value, 'x')}]({address(d, value)[0]})",
            f"page:{value}",
            f"<{address(d, value)[0]}>",
        ]
    d.put(name, d.pick(forms))
    return Fix.of(name, (value, "32 hex", "id"))


@kind("title in place of an id", weight=5)
def _title(d):
    name = d.free(lambda name, value: is_id(name, value) and d.ground.titles.get(value))
    if name is None or d.intent.action == "restore" or d.params[name] == d.ground.trashed_page:
        return None
    identifier = d.params[name]
    title = d.ground.titles[identifier]
    d.put(name, d.pick([title, title, title, title.lower(), f" {title} ", f'"{title}"']))
    return Fix.of(name, (identifier, *FINDERS[id_kind(name)]))


@kind("title that several pages bear", weight=2)
def _twin(d):
    name = d.free(lambda name, value: is_id(name, value) and id_kind(name) in {"page", "block"})
    if name is None:
        return None
    said = d.pick(["Retro notes", "retro notes", "Leaflet", "Calibrate Atlas unit", "Calibrate Atlas unit 1"])
    d.put(name, said)
    d.lost()
    bearers = [each for each, title in d.ground.titles.items() if title.lower().startswith(said.lower())]
    return Fix.of((*bearers, *FINDERS["page"]))


@kind("title that nothing bears")
def _nameless(d):
    name = d.free(is_id)
    if name is None:
        return None
    d.put(name, d.pick(["Quarterly numbers 2031", "my page", "the current page", "root", "workspace", "self"]))
    d.lost()
    return Fix.of(FINDERS[id_kind(name)])


@kind("id of nothing", weight=2)
def _unknown(d):
    name = d.free(is_id)
    if name is None:
        return None
    value = d.params[name]
    made_up = str(UUID(int=d.random.getrandbits(128), version=4))
    digits = value.replace("-", "")
    forms = [
        made_up,
        made_up,
        made_up.replace("-", ""),
        value[:-1],
        digits[:-1],
        digits + "0",
        value[:8],
        f"{value[:-3]}...",
    ]
    d.put(name, d.pick(forms))
    d.lost()
    return Fix.of(FINDERS[id_kind(name)])


@kind("stand-in for an id")
def _placeholder(d):
    name = d.free(is_id)
    if name is None:
        return None
    d.put(
        name,
        d.pick(
            [f"<{name}>", f"your_{name}", name.upper(), "...", "123", 123, "{{" + name + "}}", "xxxxxxxx", f"${name}"]
        ),
    )
    d.lost()
    return Fix.of(FINDERS[id_kind(name)])


@kind("handle of nothing", weight=2)
def _handle(d):
    name = d.free(is_id)
    if name is None:
        return None
    number = d.pick(["000000000", "123456789", "999999999", f"{d.random.randrange(10**9):09}"])
    d.put(name, d.pick(["p", "p", "b", "ds", "db", "u", "c", "v", "x"]) + number)
    d.lost()
    return Fix.of(FINDERS[id_kind(name)])


@kind("handle in another form", weight=3)
def _handle_form(d):
    name = d.free(lambda name, value: is_id(name, value) and value in d.ground.handles)
    if name is None:
        return None
    value = d.params[name]
    handle = d.ground.handles[value]
    d.put(name, d.pick([handle, handle, handle.upper(), f" {handle} ", f"<{handle}>", f'"{handle}"', f"@{handle}"]))
    return Fix.of(name, value)


@kind("handle with a slip", weight=2)
def _handle_slip(d):
    name = d.free(lambda name, value: is_id(name, value) and value in d.ground.handles)
    if name is None:
        return None
    handle = d.ground.handles[d.params[name]]
    last = str((int(handle[-1]) + 1) % 10)
    d.put(name, d.pick([handle[:-1] + last, handle[:-1], handle + "0", "v" + handle.lstrip("pdsu")]))
    d.lost()
    return Fix.of(FINDERS[id_kind(name)])


@kind("id of another kind of object", weight=2)
def _other_kind(d):
    name = d.free(is_id)
    if name is None or id_kind(name) not in {"page", "data_source", "user", "view", "comment", "database"}:
        return None
    ground, wanted = d.ground, id_kind(name)
    found = {
        "page": d.pick(ground.docs),
        "data_source": ground.source["Tasks"],
        "database": ground.database["Work"],
        "user": d.pick(ground.users),
        "view": d.pick(ground.views),
        "comment": d.pick(ground.comments),
    }
    given = d.pick([each for each in found if each != wanted])
    if (wanted, given) == ("data_source", "database"):
        d.put(name, found["database"])
        d.lost()
        return Fix.of((ground.source["Tasks"], ground.source["Projects"]))
    if (wanted, given) == ("database", "data_source"):
        d.accept = (
            []
            if d.intent.write
            else [Intent(d.intent.entity, d.intent.action, {**d.intent.params, name: found["database"]})]
        )
        if d.intent.action == "query":
            d.accept = []
    else:
        d.lost()
    d.put(name, found[given])
    names = (given, f"{given}s", given.replace("_", " "), f"{given.replace('_', ' ')}s", f"{given}_id")
    return Fix.of((*names, *FINDERS[wanted]))

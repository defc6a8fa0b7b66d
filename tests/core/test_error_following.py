"""A scripted model that goes by the error texts alone mends nineteen of twenty kinds of bad call in one retry."""

from functools import partial

import pytest
from error_follower import Follower
from misuse import Ground
from misuse_state import put_back

from airbyte_agent_notion import Toolset

NEEDED = 19


def _call(entity, action, **params):
    return {"entity": entity, "action": action, "params": params}


def _text(words):
    return [{"text": {"content": words}}]


_BLOCK = [{"divider": {}}]


def _unknown_entity(g):
    yield _call("pagess", "get", page_id=g.docs[0])
    yield _call("data_tables", "list")
    yield _call("block_items", "list", block_id=g.docs[1])
    yield _call("user_accounts", "list")
    yield _call("comment_threads", "list", block_id=g.docs[0])


def _unknown_action(g):
    yield _call("pages", "get_page_info", page_id=g.docs[0])
    yield _call("pages", "get_title", page_id=g.docs[0])
    yield _call("blocks", "list_deep", block_id=g.docs[1])
    yield _call("data_sources", "run_query", data_source_id=g.source["Tasks"])
    yield _call("users", "list_everyone")


def _misspelt(g):
    yield _call("pages", "get", pgae_idd=g.docs[0])
    yield _call("pages", "list", qeury="Atlas")
    yield _call("data_sources", "query", data_source_id=g.source["Tasks"], fliter={"Status": "Done"})
    yield _call("blocks", "list", blokc_id=g.docs[0], page_sizee=2)
    yield _call("pages", "create", prent={"page_id": g.docs[0]}, propertes={"title": "New"})


def _missing(g):
    yield _call("pages", "get")
    yield _call("data_sources", "query", filter={"Status": "Done"})
    yield _call("comments", "list")
    yield _call("blocks", "list", target=g.docs[1])
    yield _call("users", "get")


def _wrong_type(g):
    yield _call("pages", "list", page_size="ten")
    yield _call("data_sources", "query", data_source_id=g.source["Tasks"], filter="Status is Done")
    yield _call("blocks", "append", block_id=g.docs[0], children={"kind": "text", "words": "Hello"})
    yield _call("pages", "get", page_id=g.docs[0], complete="maybe")
    yield _call("data_sources", "query", data_source_id=g.source["Tasks"], sorts="Due downwards")


def _wrong_option(g):
    tasks = g.source["Tasks"]
    yield _call("data_sources", "query", data_source_id=tasks, filter={"Status": "Finished off"})
    yield _call("data_sources", "query", data_source_id=tasks, filter={"Priority": "Urgent"})
    yield _call("pages", "create", parent={"data_source_id": tasks}, properties={"Task": "New", "Status": "Stuck"})
    yield _call("pages", "update", page_id=g.tasks[0], properties={"Status": "Under review"})
    yield _call("data_sources", "query", data_source_id=g.source["Projects"], filter={"Stage": "Running"})


def _filter_column(g):
    tasks = g.source["Tasks"]
    yield _call("data_sources", "query", data_source_id=tasks, filter={"Task status": "Done"})
    yield _call("data_sources", "query", data_source_id=tasks, filter={"Due date": {"before": "2026-12-01"}})
    yield _call("data_sources", "query", data_source_id=tasks, sorts=[{"Deadline": "ascending"}])
    yield _call("data_sources", "query", data_source_id=tasks, filter={"Prio": "High"})
    yield _call("databases", "query", database_id=g.database["People"], filter={"Teams": "Sales"})


def _value_column(g):
    parent = {"data_source_id": g.source["Tasks"]}
    yield _call("pages", "create", parent=parent, properties={"Title": "New", "Status": "Done"})
    yield _call("pages", "create", parent=parent, properties={"Task": "New", "Due date": "2026-12-01"})
    yield _call("pages", "update", page_id=g.tasks[0], properties={"Task status": "Done"})
    yield _call("pages", "update", page_id=g.tasks[1], properties={"Estimation": 3})
    yield _call("pages", "create", parent={"page_id": g.docs[0]}, properties={"Heading": "New"})


def _ambiguous_title(g):
    yield _call("pages", "delete", page_id="Retro notes")
    yield _call("pages", "update", page_id="Retro notes", is_locked=True)
    yield _call("pages", "move", page_id="Retro notes", parent={"page_id": g.docs[0]})
    yield _call("blocks", "append", block_id="Retro notes", children=_BLOCK)
    yield _call("pages", "create", parent={"page_id": "Retro notes"}, properties={"title": "New"})


def _other_kind(g):
    yield _call("pages", "get", page_id=g.source["Tasks"])
    yield _call("data_sources", "get", data_source_id=g.docs[0])
    yield _call("pages", "get", page_id=g.users[0])
    yield _call("databases", "get", database_id=g.docs[1])
    yield _call("data_sources", "query", data_source_id=g.tasks[0])


def _unknown_handle(g):
    yield _call("pages", "get", page_id="p000000000")
    yield _call("data_sources", "query", data_source_id="ds000000001")
    yield _call("blocks", "list", block_id="b123456789")
    yield _call("users", "get", user_id="u987654321")
    yield _call("pages", "delete", page_id="p111111111")


def _unknown_id(g):
    made_up = "3f2a7c1e-5b8d-4e6f-9a0b-1c2d3e4f5a6b"
    yield _call("pages", "get", page_id=made_up)
    yield _call("data_sources", "get", data_source_id=made_up)
    yield _call("blocks", "list", block_id=made_up)
    yield _call("users", "get", user_id=made_up)
    yield _call("pages", "create", parent={"page_id": made_up}, properties={"title": "New"})


def _cursor(g):
    yield _call("pages", "list", start_cursor="page2")
    yield _call("users", "list", start_cursor="2")
    yield _call("blocks", "list", block_id=g.docs[0], start_cursor="next")
    yield _call("data_sources", "query", data_source_id=g.source["Tasks"], start_cursor="abc")
    yield _call("search", "search", query="Atlas", start_cursor="xyz")


def _size(g):
    yield _call("pages", "list", page_size=0)
    yield _call("users", "list", page_size=-5)
    yield _call("blocks", "list", block_id=g.docs[0], page_size=1000)
    yield _call("data_sources", "query", data_source_id=g.source["Tasks"], page_size=500)
    yield _call("blocks", "list_tree", block_id=g.docs[0], max_blocks=10**6)


def _parent(g):
    page, title = g.docs[0], {"title": "New"}
    yield _call("pages", "create", parent={"id": page}, properties=title)
    yield _call("pages", "create", parent={"page_uuid": page}, properties=title)
    yield _call("pages", "move", page_id=g.leaves[0], parent={"target": page})
    yield _call("databases", "create", parent=[page], title=_text("New"))
    yield _call("comments", "create", parent={"kind": "page", "value": page}, markdown="Yes.")


def _several_sources(g):
    work = g.database["Work"]
    yield _call("data_sources", "query", data_source_id=work)
    yield _call("databases", "query", database_id=work)
    yield _call("data_sources", "get", data_source_id=work)
    yield _call("pages", "create", parent={"database_id": work}, properties={})
    yield _call("data_sources", "list_templates", data_source_id=work)


def _combination(g):
    page = {"page_id": g.docs[0]}
    yield _call("pages", "create", parent=page, properties={"title": "New"}, markdown="x", children=_BLOCK)
    yield _call("comments", "create", parent=page, markdown="x", rich_text=_text("x"))
    yield _call("comments", "create", parent=page, discussion_id=g.threads[0], markdown="x")
    yield _call("comments", "update", comment_id=g.comments[0], markdown="x", rich_text=_text("x"))
    yield _call("views", "list", database_id=g.database["Work"], data_source_id=g.source["Tasks"])


def _operator(g):
    query = partial(_call, "data_sources", "query", data_source_id=g.source["Tasks"])
    yield query(filter={"Due": {"greater_than": "2026-01-01"}})
    yield query(filter={"Due": {"is_after": "2026-01-01"}})
    yield query(filter={"Estimate": {"more_than": 3}})
    yield query(filter={"Task": {"contain": "Atlas"}})
    yield query(filter={"Status": {"is": "Done"}})


def _too_many(g):
    yield _call("pages", "get", page_id=g.docs[0], depth=2)
    yield _call("pages", "list", created_by="Ines Carvalho")
    yield _call("blocks", "list", block_id=g.docs[0], recursive=True)
    yield _call("pages", "delete", page_id=g.leaves[0], force=True)
    yield _call("users", "list", role="admin")


def _slip_in_title(g):
    yield _call("pages", "get", page_id="Company handbok")
    yield _call("pages", "delete", page_id="Leaflet Ambr")
    yield _call("blocks", "list", block_id="Remote wrok")
    yield _call("data_sources", "query", data_source_id="Taskss")
    yield _call("search", "resolve", reference="Atlas launch plann")


KINDS = {
    "unknown entity": _unknown_entity,
    "unknown action": _unknown_action,
    "misspelt parameter": _misspelt,
    "missing parameter": _missing,
    "wrong type": _wrong_type,
    "wrong option": _wrong_option,
    "unknown column in a filter": _filter_column,
    "unknown column in values": _value_column,
    "ambiguous title for a write": _ambiguous_title,
    "id of another kind": _other_kind,
    "unknown handle": _unknown_handle,
    "unknown id": _unknown_id,
    "bad cursor": _cursor,
    "number out of range": _size,
    "parent in a wrong form": _parent,
    "several data sources": _several_sources,
    "forbidden combination": _combination,
    "operator of another type": _operator,
    "parameter too many": _too_many,
    "slip in a title": _slip_in_title,
}


def attempts(toolset=Toolset):
    """Of each kind, whether each of its calls was mended, and what was said."""
    ground = Ground()
    found = {}
    for name, make in KINDS.items():
        found[name] = [_attempt(ground, toolset(ground.notion), each) for each in make(ground)]
    return found


def _attempt(ground, tools, call):
    def send(arguments):
        outcome = tools.call("notion_execute", arguments)
        return outcome.ok, outcome.text

    try:
        return Follower(send).run(call)
    finally:
        put_back(ground)


def table(found):
    """Kinds with how many of their calls were mended, and the conversations of those that were not."""
    lines = []
    for name, tried in found.items():
        lines.append(f"{sum(ok for ok, _ in tried)} of {len(tried)}  {name}")
        lines += [f"       {sent} -> {text[:400]}" for ok, told in tried if not ok for sent, text in told]
    return "\n".join(lines)


def test_nineteen_of_twenty_kinds_are_mended_by_the_error_alone():
    found = attempts()
    assert len(found) == 20
    assert all(len(tried) >= 5 for tried in found.values())
    mended = [name for name, tried in found.items() if all(ok for ok, _ in tried)]
    assert len(mended) >= NEEDED, table(found)


class _Mute(Toolset):
    """A toolset whose errors say only that there was one."""

    def call(self, name, arguments, *, approved=False):
        outcome = super().call(name, arguments, approved=approved)
        return outcome if outcome.ok else type(outcome)(text="Error: the call failed.", error=outcome.error)


def test_without_the_texts_next_to_nothing_is_mended():
    found = attempts(_Mute)
    first = [tried[0] for tried in found.values() if len(tried[0][1]) > 1]
    assert not any(ok for ok, _ in first), table(found)


@pytest.mark.parametrize(
    ("call", "text", "expected"),
    [
        (_call("cups", "get"), "There is no 'cups'. Did you mean 'cup'?", _call("cup", "get")),
        (_call("a", "b", kolor=1), "b: no parameter 'kolor'. Signature: a.b(color).", _call("a", "b", color=1)),
        (_call("a", "b", n=900), "n must be 1 to 50.", _call("a", "b", n=50)),
        (_call("a", "b", at="x1"), 'at wants {"ref": "..."}', _call("a", "b", at={"ref": "x1"})),
        (
            _call("a", "b", size="huge"),
            "size 'huge' is none. There are: 'small', 'large'.",
            _call("a", "b", size="large"),
        ),
        (_call("a", "b", x=1, y=2), "x and y exclude each other.", _call("a", "b", x=1)),
        (_call("a", "b", c="zz"), "c is not known: leave c out.", _call("a", "b")),
        (_call("a", "b", c="zz"), "c: use d.e(f) instead.", _call("d", "e", f="zz")),
    ],
    ids=["meant", "signature", "range", "example", "list", "exclude", "leave", "instead"],
)
def test_what_the_follower_takes_from_a_text(call, text, expected):
    assert Follower(lambda arguments: (False, text)).mended(call, text) == expected


def test_it_looks_an_id_up_where_the_text_says_how():
    sent = []

    def send(arguments):
        sent.append(arguments)
        return True, "k111111111 Cup\nk222222222 Red plate"

    mended = Follower(send).mended(_call("plates", "get", plate_id="red plate"), "plate_id: find it with plates.list.")
    assert mended == _call("plates", "get", plate_id="k222222222")
    assert sent[0] == _call("plates", "list", query="red plate")

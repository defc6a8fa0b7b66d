"""Which operation a call means, however it is spelled; and that nothing is guessed into a write."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airbyte_agent_notion.catalog import Catalog
from airbyte_agent_notion.errors import InvalidCall, InvalidParams, NotionAgentError, UnknownAction, UnknownEntity
from airbyte_agent_notion.mending import called, describes
from airbyte_agent_notion.operation import Effect
from airbyte_agent_notion.operations import NotionSurface
from airbyte_agent_notion.policy import Policy

CATALOG = Catalog.of(NotionSurface)
NAMES = [operation.spec.name for operation in CATALOG.operations()]
HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"


def meant(**arguments):
    operation, params = called(arguments, CATALOG)
    return operation.spec.name, params


def refused(kind=InvalidCall, **arguments):
    with pytest.raises(kind) as caught:
        called(arguments, CATALOG)
    return caught.value


def test_the_exact_names():
    for name in NAMES:
        entity, action = name.split(".")
        assert meant(entity=entity, action=action) == (name, {})


def spellings(name):
    entity, action = name.split(".")
    singular = entity.removesuffix("s")
    words = action.split("_")
    camel = words[0] + "".join(word.title() for word in words[1:])
    yield {"entity": entity.upper(), "action": action.upper()}
    yield {"entity": singular, "action": action}
    yield {"entity": singular.replace("_", " "), "action": action.replace("_", "-")}
    yield {"entity": singular.title().replace("_", ""), "action": camel}
    yield {"entity": entity, "action": name}
    yield {"entity": f" {entity} ", "action": f"{action}\n"}
    yield {"entity": name}
    yield {"entity": name, "action": action}
    yield {"action": name}
    yield {"action": f"notion_{entity}_{action}"}
    yield {"action": f"{entity}/{action}"}
    yield {"entity": [entity], "action": [action]}
    yield {"Entity": entity, "Action": action}
    yield {"params": {"entity": entity, "action": action}}
    yield {"arguments": json.dumps({"entity": entity, "action": action})}


@pytest.mark.parametrize("name", NAMES)
def test_every_operation_in_any_spelling(name):
    for arguments in spellings(name):
        assert meant(**arguments) == (name, {}), arguments


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("search.")])
def test_the_action_before_the_entity(name):
    entity, action = name.split(".")
    singular = entity[:-1]
    for joined in (f"{action}_{singular}", f"{action}_{entity}", f"{action} {singular}"):
        # Where that is an action too, the entity says which is meant.
        assert meant(entity=entity, action=joined)[0] == name


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"action": "get_page"}, "pages.get"),
        ({"action": "getPage"}, "pages.get"),
        ({"action": "pagesget"}, "pages.get"),
        ({"action": "API-get-self", "entity": "users"}, "users.get_me"),
        ({"action": "API-get-block-children"}, "blocks.list"),
        ({"action": "append_block_children"}, "blocks.append"),
        ({"action": "notion_retrieve_page"}, "pages.get"),
        ({"action": "query_database"}, "databases.query"),
        ({"action": "create_page"}, "pages.create"),
        ({"action": "move"}, "pages.move"),
        ({"entity": "search", "query": "x"}, "search.search"),
        ({"action": "search"}, "search.search"),
        ({"entity": "notion", "action": "search"}, "search.search"),
        ({"entity": "pages", "operation": "get"}, "pages.get"),
        ({"resource": "pages", "method": "get"}, "pages.get"),
        ({"entity": '["pages"]', "action": "get"}, "pages.get"),
        ({"entity": "pages", "action": "get", "params": {"params": "{}", "page_id": HEX}}, "pages.get"),
    ],
)
def test_joined_and_swapped_names(arguments, name):
    assert meant(**arguments)[0] == name


@pytest.mark.parametrize(
    ("entity", "action", "name"),
    [
        ("pages", "retrieve", "pages.get"),
        ("pages", "fetch", "pages.get"),
        ("pages", "show", "pages.get"),
        ("pages", "find", "pages.list"),
        ("pages", "read", "pages.read"),
        ("pages", "content", "pages.read"),
        ("pages", "new", "pages.create"),
        ("pages", "modify", "pages.update"),
        ("pages", "remove", "pages.delete"),
        ("pages", "trash", "pages.delete"),
        ("pages", "archive", "pages.delete"),
        ("pages", "unarchive", "pages.restore"),
        ("pages", "untrash", "pages.restore"),
        ("blocks", "add", "blocks.append"),
        ("blocks", "children", "blocks.list"),
        ("comments", "reply", "comments.create"),
        ("users", "me", "users.get_me"),
        ("users", "whoami", "users.get_me"),
        ("databases", "rows", "databases.query"),
        ("search", "find", "search.search"),
    ],
)
def test_verbs_that_mean_the_same(entity, action, name):
    assert meant(entity=entity, action=action)[0] == name


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"entity": "pagse", "action": "get"}, "pages.get"),
        ({"entity": "pages", "action": "lst"}, "pages.list"),
        ({"entity": "datasorces", "action": "query"}, "data_sources.query"),
        ({"entity": "rows", "action": "query", "data_source_id": HEX}, "data_sources.query"),
        ({"entity": "documents", "action": "get"}, "pages.get"),
        ({"entity": "people", "action": "list"}, "users.list"),
        ({"action": "get", "page_id": HEX}, "pages.get"),
        ({"action": "list", "params": {"database_id": HEX}}, "views.list"),
        ({"entity": "pages", "action": "query", "database_id": HEX}, "databases.query"),
    ],
)
def test_what_reads_may_be_misspelt(arguments, name):
    assert meant(**arguments)[0] == name


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        ({"entity": "pages", "action": "delet"}, "pages.delete(page_id)"),
        ({"entity": "pagse", "action": "delete"}, "pages.delete(page_id)"),
        ({"entity": "pages", "action": "creat"}, "pages.create(...)"),
        ({"entity": "rows", "action": "create"}, "pages.create(...)"),
        ({"entity": "pages", "action": "blocks.append"}, "blocks.append(block_id, ...)"),
        ({"action": "delete", "page_id": HEX}, "pages.delete(page_id)"),
        ({"entity": "documents", "action": "remove"}, "pages.delete(page_id)"),
        ({"entity": "pages.get", "action": "delete"}, "pages.get(page_id, ...)"),
        ({"entity": "databases", "action": "list"}, "data_sources.list(...)"),
        ({"entity": "pages", "action": "query"}, "data_sources.query(data_source_id, ...)"),
    ],
)
def test_what_is_not_sure_is_answered_with_the_nearest(arguments, near):
    error = refused(**arguments)
    assert f"Did you mean {near}" in error.hint or f" or {near}" in error.hint
    assert '"action": "describe"' in error.hint


@pytest.mark.parametrize("name", ["[pages, views]", "pages, get", '["pages", "views"]', 5, {"a": 1}, ["a", "b"]])
def test_a_name_that_is_none(name):
    refused(UnknownEntity, entity=name, action="get")
    refused(UnknownAction, entity="pages", action=name)


def test_what_is_near_nothing_names_the_entities():
    assert "Entities: pages, data_sources" in refused(UnknownEntity).hint
    assert "Entities: pages" in refused(UnknownEntity, entity="xyzzy", action="frobnicate").hint
    assert "There are: list, get" in refused(UnknownAction, entity="pages").hint


def test_errors_name_only_what_is_offered():
    with pytest.raises(UnknownAction) as caught:
        called({"entity": "pages", "action": "delet"}, CATALOG, offers=Policy.read_only().offers)
    assert "pages.delete" not in str(caught.value)
    assert "delete" not in caught.value.details["actions"]
    assert called({"entity": "pages", "action": "delete"}, CATALOG, offers=Policy.read_only().offers)


def test_what_is_hidden_is_not_taken_for_something_else():
    # "remove" means a write that is not offered: it must not fall through to a read.
    operation, _ = called({"entity": "pages", "action": "remove"}, CATALOG, offers=Policy.read_only().offers)
    assert operation.spec.name == "pages.delete"


@pytest.mark.parametrize(
    "params",
    [
        {"page_id": HEX},
        json.dumps({"page_id": HEX}),
        json.dumps(json.dumps({"page_id": HEX})),
        json.dumps(json.dumps(json.dumps({"page_id": HEX}))),
        str({"page_id": HEX}),
        f"```json\n{json.dumps({'page_id': HEX})}\n```",
        {"params": {"page_id": HEX}},
        {"arguments": json.dumps({"params": {"page_id": HEX}})},
        [{"page_id": HEX}],
        HEX,
    ],
)
def test_parameters_however_they_are_packed(params):
    for wrapper in ("params", "parameters", "args", "arguments", "input", "Params"):
        assert meant(**{"entity": "pages", "action": "get", wrapper: params}) == ("pages.get", {"page_id": HEX})


def test_a_text_alone_is_the_query_of_a_search():
    assert meant(entity="search", action="search", params="road map") == ("search.search", {"query": "road map"})


def test_parameters_beside_params():
    assert meant(entity="pages", action="get", page_id=HEX, params='{"complete": true}')[1] == {
        "page_id": HEX,
        "complete": True,
    }
    assert refused(InvalidParams, entity="pages", action="get", page_id="a", params={"page_id": "b"})
    assert refused(InvalidParams, entity="pages", action="get", params={"entity": "blocks"})


@pytest.mark.parametrize("params", ["{broken", "page_id=x", "[1, 2]", '{"page_id": "a", "page_id": "b"}'])
def test_what_is_no_object_is_refused(params):
    assert "JSON object" in refused(InvalidParams, entity="pages", action="get", params=params).hint


@pytest.mark.parametrize(
    ("arguments", "about"),
    [
        ({"entity": "pages", "action": "describe"}, ("pages", None)),
        ({"entity": "page", "action": "Help"}, ("pages", None)),
        ({"entity": "PAGES", "action": "schema"}, ("pages", None)),
        ({"entity": "pages.get", "action": "describe"}, ("pages", "get")),
        ({"entity": "pages", "action": "describe_get"}, ("pages", "get")),
        ({"entity": "pages", "action": "describe", "params": {"action": "update"}}, ("pages", "update")),
        ({"action": "describe_pages"}, ("pages", None)),
        ({"action": "pages.describe"}, ("pages", None)),
        ({"action": "describe"}, ("", None)),
        ({"action": "describe", "entity": "pagesget"}, ("pages", "get")),
        ({"entity": "pages", "action": "describe", "params": "{broken"}, ("pages", None)),
        ({"entity": "rows", "action": "describe"}, ("pages", None)),
        ({"entity": "data_sources", "action": "schema", "data_source_id": HEX}, None),
        ({"entity": "pages", "action": "get"}, None),
        ({"entity": "data_sources", "action": "get_schema"}, None),
        ({}, None),
    ],
)
def test_what_is_to_be_described(arguments, about):
    assert describes(arguments, CATALOG) == about


def test_what_there_is_not_cannot_be_described():
    with pytest.raises(UnknownEntity):
        describes({"entity": "xyzzy", "action": "describe"}, CATALOG)


TEXTS = st.text(max_size=30) | st.sampled_from([*CATALOG.entities, *NAMES, *(name.split(".")[1] for name in NAMES)])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(VALUES | st.dictionaries(st.sampled_from(["entity", "action", "params", "page_id", "input"]), VALUES))
def test_any_call_is_understood_or_refused(arguments):
    for form in (arguments, json.dumps(arguments)):
        with contextlib.suppress(NotionAgentError):
            operation, params = called(form, CATALOG)
            assert operation in CATALOG.operations()
            assert isinstance(params, dict)
        with contextlib.suppress(NotionAgentError):
            assert describes(form, CATALOG) is None or len(describes(form, CATALOG)) == 2


@st.composite
def misspelt(draw):
    """A name with one letter changed, left out, doubled or put in."""
    entity, action = draw(st.sampled_from(NAMES)).split(".")
    which, letter = draw(st.booleans()), draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    name = action if which else entity
    at = draw(st.integers(0, len(name) - 1))
    changed = draw(
        st.sampled_from(
            [name[:at] + letter + name[at + 1 :], name[:at] + name[at + 1 :], name[:at] + letter + name[at:]]
        )
    )
    return {"entity": entity if which else changed, "action": changed if which else action}


@settings(max_examples=500, deadline=None)
@given(misspelt())
def test_a_misspelt_name_never_becomes_a_write(arguments):
    try:
        operation, _ = called(arguments, CATALOG)
    except InvalidCall:
        return
    if operation.spec.effect is not Effect.READ:
        # It was the name itself, with other separators or in another number.
        assert squashed(f"{arguments['entity']}{arguments['action']}") == squashed(operation.spec.name)


def squashed(name):
    return name.replace("_", "").replace(".", "").replace("s", "")

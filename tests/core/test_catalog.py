"""A wrong name or parameter is answered with what there is."""

import json

import pytest

from airbyte_agent_notion import SyncNotionConnector
from airbyte_agent_notion.catalog import Catalog, example, signature, summary
from airbyte_agent_notion.errors import InvalidParams, Recovery, UnknownAction, UnknownEntity
from airbyte_agent_notion.operations import NotionSurface
from airbyte_agent_notion.operations.data_sources import QueryDataSource
from airbyte_agent_notion.operations.pages import GetPage
from airbyte_agent_notion.policy import Policy

HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
ENTITIES = [
    "pages",
    "data_sources",
    "databases",
    "blocks",
    "comments",
    "views",
    "file_uploads",
    "files",
    "meeting_notes",
    "custom_emojis",
    "async_tasks",
    "users",
    "search",
]


@pytest.fixture
def catalog():
    return Catalog.of(NotionSurface)


def test_entities_and_operations_stand_in_order(catalog):
    assert catalog.entities == ENTITIES
    actions = [operation.spec.action for operation in catalog.operations("data_sources")]
    assert actions == ["list", "get", "query", "list_templates", "create", "update", "delete", "restore"]
    assert len(catalog.operations()) >= 57
    assert catalog.find("pages", "get") is GetPage


def test_every_entity_is_described_in_one_sentence(catalog):
    for entity in ENTITIES:
        assert catalog.description(entity).count(".") == 1
    assert catalog.description("search") == "Search pages and data sources by title, most recently edited first."


@pytest.mark.parametrize(
    ("entity", "near"),
    [
        ("page", "'pages'"),
        ("PAGES", "'pages'"),
        ("datasources", "'data_sources' or 'databases'"),
        ("database", "'databases' or 'data_sources'"),
        ("block", "'blocks'"),
    ],
)
def test_an_unknown_entity_names_the_nearest(catalog, entity, near):
    with pytest.raises(UnknownEntity) as caught:
        catalog.find(entity, "get")
    error = caught.value
    assert error.hint == f"Did you mean {near}?"
    assert (error.code, error.recovery) == ("unknown_entity", Recovery.FIX_ARGUMENTS)
    assert error.details == {"entities": ENTITIES}


@pytest.mark.parametrize("entity", [None, "", 7, ["pages"], {"pages": 1}, "zzzzzz", b"pages"])
def test_an_entity_near_nothing_is_unknown(catalog, entity):
    with pytest.raises(UnknownEntity) as caught:
        catalog.find(entity, "get")
    assert "Did you mean" not in str(caught.value)
    assert all(name in caught.value.hint for name in ENTITIES)
    with pytest.raises(UnknownEntity):
        catalog.operations(entity) if entity is not None else catalog.description("")


@pytest.mark.parametrize(
    ("action", "near"),
    [("lst", "pages.list(...)"), ("GET", "pages.get(page_id, ...)"), ("gets", "pages.get(page_id, ...)")],
)
def test_an_unknown_action_names_the_nearest(catalog, action, near):
    with pytest.raises(UnknownAction) as caught:
        catalog.find("pages", action)
    error = caught.value
    assert error.hint == f'Did you mean {near}? All: {{"entity": "pages", "action": "describe"}}.'
    assert (error.code, error.recovery) == ("unknown_action", Recovery.FIX_ARGUMENTS)
    actions = [operation.spec.action for operation in catalog.operations("pages")]
    assert error.details == {"entity": "pages", "actions": actions}


def test_an_action_of_another_entity_is_named(catalog):
    with pytest.raises(UnknownAction, match="'query' exists for data_sources"):
        catalog.find("pages", "query")


@pytest.mark.parametrize("action", [None, 7, ["get"], {"get": 1}, {"get"}, "", "x" * 10_000])
def test_an_action_near_nothing_is_unknown(catalog, action):
    with pytest.raises(UnknownAction) as caught:
        catalog.find("pages", action)
    assert len(str(caught.value)) < 400


def test_a_name_is_shown_shortened_and_escaped(catalog):
    with pytest.raises(UnknownEntity) as caught:
        catalog.find("a\nb\x00\ud800" + "x" * 10_000, "get")
    assert len(caught.value.message) < 120
    str(caught.value).encode()


def refusal(operation, params):
    with pytest.raises(InvalidParams) as caught:
        Catalog.parse(operation, params)
    return caught.value


def test_a_missing_parameter_is_named_with_the_signature():
    error = refusal(GetPage, {})
    assert str(error) == (
        "pages.get: page_id is required; pages.list has them. "
        "Signature: pages.get(page_id, filter_properties?, complete?)."
    )  # fmt: skip
    assert (error.code, error.recovery) == ("invalid_params", Recovery.FIX_ARGUMENTS)
    assert error.details == {
        "operation": "pages.get",
        "parameters": {"page_id": "page_id is required; pages.list has them"},
    }


def test_an_unknown_parameter_names_the_nearest():
    error = refusal(GetPage, {"page_ids": HEX})
    assert "there is no parameter 'page_ids'; did you mean 'page_id'?" in error.message
    assert "page_id is required" not in error.message
    assert "did you mean" not in refusal(GetPage, {"page_id": HEX, "zzz": 1}).message


def test_every_problem_is_named_at_once_and_no_value_is_echoed():
    secret = "canary-value"
    error = refusal(
        QueryDataSource,
        {
            "data_source_id": secret,
            "filter": secret,
            "sorts": [[secret], {"property": "x"}],
            "filter_properties": [{"x": secret}],
            "is_archived": secret,
            "result_type": secret,
            "page_size": secret,
            "start_cursor": "",
            "made_up": secret,
        },
    )
    wrong = {
        "data_source_id", "filter", "sorts.0", "filter_properties.0", "is_archived", "result_type", "page_size",
        "start_cursor", "made_up",
    }  # fmt: skip
    assert set(error.details["parameters"]) == wrong
    assert sum(name in error.message for name in wrong) >= 3
    assert error.message.endswith("more.")
    assert secret not in json.dumps(error.to_dict())
    assert secret not in str(error)
    assert error.__cause__ is None
    assert error.__context__ is None


def test_a_long_parameter_name_is_shortened():
    assert len(refusal(GetPage, {"x" * 10_000: 1}).message) < 300


@pytest.mark.parametrize("value", ["yes", 1, "true", True])
def test_a_boolean_in_other_words_is_taken(value):
    assert Catalog.parse(QueryDataSource, {"data_source_id": HEX, "is_archived": value}).is_archived is True


@pytest.mark.parametrize("value", ["20", 20, 20.0])
def test_a_number_in_other_words_is_taken(value):
    assert Catalog.parse(QueryDataSource, {"data_source_id": HEX, "page_size": value}).page_size == 20


def test_the_parameters_given_are_not_changed():
    params = {"page_id": HEX, "filter_properties": None}
    Catalog.parse(GetPage, params)
    assert params == {"page_id": HEX, "filter_properties": None}


def test_the_errors_reach_the_caller_of_a_connector(connect):
    caller = connect(lambda request: pytest.fail("nothing may be sent"))
    with pytest.raises(UnknownEntity):
        caller.execute("xyzzy", "get", {})
    with pytest.raises(UnknownAction):
        caller.execute("pages", "frobnicate", {})
    with pytest.raises(UnknownAction):
        caller.execute("pages", ["get", "list"], {})
    with pytest.raises(InvalidParams):
        caller.do(lambda notion: notion.pages.get(page="x"))
    with pytest.raises(UnknownEntity):
        SyncNotionConnector.sandbox().entity_schema("page")


@pytest.mark.parametrize(
    ("operation", "params", "said"),
    [
        (QueryDataSource, {"filter": 1}, 'filter must be an object, e.g. {"Status": "Done", '),
        (QueryDataSource, {"sorts": 1}, 'sorts must be a list, e.g. [{"Due": "descending"}'),
        (QueryDataSource, {"page_size": 0}, "page_size must be at least 1"),
        (QueryDataSource, {"page_size": 101}, "page_size must be at most 100; follow next_cursor for more"),
        (QueryDataSource, {"page_size": "x"}, "page_size must be a whole number"),
        (QueryDataSource, {"start_cursor": ""}, "start_cursor must not be empty"),
        (QueryDataSource, {"start_cursor": 1}, "start_cursor must be text"),
        (QueryDataSource, {"is_archived": "x"}, "is_archived must be true or false"),
        (QueryDataSource, {"result_type": "x"}, "result_type must be 'page' or 'data_source'"),
        (QueryDataSource, {"filters": {}}, "there is no parameter 'filters'; did you mean 'filter'"),
        (QueryDataSource, {"data_source_id": "x"}, "not a Notion id; give 32 hex digits"),
    ],
)
def test_problems_are_said_in_our_words(operation, params, said):
    error = refusal(operation, {"data_source_id": HEX, **params})
    assert said in error.message
    assert "nput should be" not in str(error)


def test_an_example_is_the_first_object_or_array_of_a_description():
    assert example('E.g. {"a": [1]} or [2]') == '{"a": [1]}'
    assert example("[1] first") == "[1]"
    assert example("none] {") == ""


def test_only_some_operations():
    few = Catalog.of(NotionSurface).only(Policy.read_only().offers)
    assert "pages.delete" not in [operation.spec.name for operation in few.operations()]
    assert few.entity("pages")["get"] is GetPage
    assert few.entity("nothing") == {}


def test_signature_puts_the_required_first():
    assert signature(QueryDataSource).startswith("data_sources.query(data_source_id, ")
    assert signature(GetPage) == "pages.get(page_id, filter_properties?, complete?)"
    assert signature(GetPage, short=True) == "pages.get(page_id, ...)"


def test_summary():
    class Plain:
        pass

    Plain.__doc__ = None
    assert summary(Plain) == ""
    Plain.__doc__ = "One\n    line. Two."
    assert summary(Plain) == "One line."


def test_a_catalog_without_descriptions_uses_the_operations(catalog):
    assert Catalog([GetPage]).description("pages") == "Get a page's properties and metadata."

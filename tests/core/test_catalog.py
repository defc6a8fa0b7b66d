"""A wrong name or parameter is answered with what there is."""

import json

import pytest

from airbyte_agent_notion import SyncNotionConnector
from airbyte_agent_notion.catalog import Catalog, signature, summary
from airbyte_agent_notion.errors import InvalidParams, Recovery, UnknownAction, UnknownEntity
from airbyte_agent_notion.operations import NotionSurface
from airbyte_agent_notion.operations.data_sources import QueryDataSource
from airbyte_agent_notion.operations.pages import GetPage

HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
ENTITIES = [
    "pages",
    "data_sources",
    "databases",
    "blocks",
    "comments",
    "views",
    "file_uploads",
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
    assert len(catalog.operations()) == 57
    assert catalog.find("pages", "get") is GetPage


def test_every_entity_is_described_in_one_sentence(catalog):
    for entity in ENTITIES:
        assert catalog.description(entity).count(".") == 1
    assert catalog.description("search") == "Search pages and data sources by title, most recently edited first."


@pytest.mark.parametrize(
    ("entity", "near"),
    [
        ("page", "pages"),
        ("PAGES", "pages"),
        ("datasources", "data_sources"),
        ("database", "databases"),
        ("block", "blocks"),
    ],
)
def test_an_unknown_entity_names_the_nearest_and_all(catalog, entity, near):
    with pytest.raises(UnknownEntity) as caught:
        catalog.find(entity, "get")
    error = caught.value
    assert f"Did you mean {near!r}?" in error.hint
    assert all(name in error.hint for name in ENTITIES)
    assert "data_sources: list, get, query" in error.hint
    assert (error.code, error.recovery) == ("unknown_entity", Recovery.FIX_ARGUMENTS)
    assert error.details == {"entities": ENTITIES}


@pytest.mark.parametrize("entity", [None, "", 7, ["pages"], {"pages": 1}, "zzzzzz", b"pages"])
def test_an_entity_near_nothing_is_unknown(catalog, entity):
    with pytest.raises(UnknownEntity) as caught:
        catalog.find(entity, "get")
    assert "Did you mean" not in str(caught.value)
    with pytest.raises(UnknownEntity):
        catalog.operations(entity) if entity is not None else catalog.description("")


@pytest.mark.parametrize(
    ("action", "near", "signed"),
    [
        ("lst", "list", "pages.list(query?, sort?, start_cursor?, page_size?)"),
        ("GET", "get", "pages.get(page_id, filter_properties?, complete?)"),
        ("gets", "get", "pages.get(page_id, filter_properties?, complete?)"),
    ],
)
def test_an_unknown_action_names_the_nearest_and_what_all_require(catalog, action, near, signed):
    with pytest.raises(UnknownAction) as caught:
        catalog.find("pages", action)
    error = caught.value
    assert error.hint.startswith(f"Did you mean {near!r}? {signed}. Actions of pages: pages.list(), pages.get(page_id)")
    assert "pages.move(page_id, parent)" in error.hint
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
        "pages.get: page_id is required. Signature: pages.get(page_id, filter_properties?, complete?)."
    )  # fmt: skip
    assert (error.code, error.recovery) == ("invalid_params", Recovery.FIX_ARGUMENTS)
    assert error.details == {"operation": "pages.get", "parameters": {"page_id": "page_id is required"}}


def test_an_unknown_parameter_names_the_nearest():
    error = refusal(GetPage, {"page_ids": HEX})
    assert "there is no parameter 'page_ids'; did you mean 'page_id'?" in error.message
    assert "page_id is required" in error.message
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
    assert all(name in error.message for name in wrong)
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
        caller.execute("page", "get", {})
    with pytest.raises(UnknownAction):
        caller.execute("pages", "fetch", {})
    with pytest.raises(UnknownAction):
        caller.execute("pages", ["get"], {})
    with pytest.raises(InvalidParams):
        caller.do(lambda notion: notion.pages.get(page="x"))
    with pytest.raises(UnknownEntity):
        SyncNotionConnector.sandbox().entity_schema("page")


def test_signature_puts_the_required_first():
    assert signature(QueryDataSource).startswith("data_sources.query(data_source_id, ")
    assert signature(GetPage) == "pages.get(page_id, filter_properties?, complete?)"


def test_summary():
    class Plain:
        pass

    Plain.__doc__ = None
    assert summary(Plain) == ""
    Plain.__doc__ = "One\n    line. Two."
    assert summary(Plain) == "One line."


def test_a_catalog_without_descriptions_uses_the_operations(catalog):
    assert Catalog([GetPage]).description("pages") == "Get a page's properties and metadata."

"""Whatever a model sends is either understood or answered."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airbyte_agent_notion.errors import InvalidParams
from airbyte_agent_notion.repair import dispatch_arguments, params_object


@pytest.mark.parametrize("value", [None, "", {}, "{}", "null", " null "])
def test_no_parameters(value):
    assert params_object(value) == {}


@pytest.mark.parametrize("value", [{"page_id": "x"}, '{"page_id": "x"}', '\n{ "page_id" : "x" }\n'])
def test_an_object_or_its_text(value):
    assert params_object(value) == {"page_id": "x"}


def test_names_become_text():
    assert params_object({1: 2}) == {"1": 2}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("page_id=x", "params is text that is not JSON"),
        ("{'page_id': 'x'}", "params is text that is not JSON"),
        ("[" * 100_000, "params is text that is not JSON"),
        ("[]", "params must be an object, not list"),
        ("7", "params must be an object, not int"),
        ('"{}"', "params must be an object, not str"),
        ([], "params must be an object, not list"),
        (7, "params must be an object, not int"),
        (False, "params must be an object, not bool"),
        (b"{}", "params must be an object, not bytes"),
    ],
)
def test_what_is_no_object_is_refused(value, said):
    with pytest.raises(InvalidParams) as caught:
        params_object(value)
    assert caught.value.message == f"{said}."
    assert "JSON object" in caught.value.hint
    assert caught.value.__cause__ is None


def test_the_object_given_is_copied():
    given_params = {"a": 1}
    params_object(given_params)["b"] = 2
    assert given_params == {"a": 1}


def test_dispatch_arguments():
    assert dispatch_arguments({"entity": "pages", "action": "get", "params": {"a": 1}}) == ("pages", "get", {"a": 1})
    assert dispatch_arguments({}) == (None, None, {})


def test_parameters_beside_params_are_moved_into_it():
    arguments = {"entity": "pages", "action": "get", "page_id": "x", "params": '{"a": 1}'}
    assert dispatch_arguments(arguments) == ("pages", "get", {"a": 1, "page_id": "x"})
    assert arguments["page_id"] == "x"


def test_a_parameter_in_both_places_is_refused():
    with pytest.raises(InvalidParams, match="b, page_id given twice"):
        dispatch_arguments({"params": {"page_id": "x", "b": 1, "c": 1}, "page_id": "y", "b": 1})


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), _more := lambda inner: (
    st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)))  # fmt: skip
def test_anything_is_understood_or_refused(value):
    for form in (value, json.dumps(value)):
        with contextlib.suppress(InvalidParams):
            assert isinstance(params_object(form), dict)


@given(st.text())
def test_any_text_is_understood_or_refused(text):
    try:
        understood = params_object(text)
    except InvalidParams:
        return
    assert isinstance(understood, dict)

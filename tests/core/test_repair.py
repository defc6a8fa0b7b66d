"""Whatever a model sends is either understood or answered."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airbyte_agent_notion.errors import InvalidParams
from airbyte_agent_notion.repair import container, merged, opened, params_object


@pytest.mark.parametrize("value", [None, "", {}, "{}", "null", " null "])
def test_no_parameters(value):
    assert params_object(value) == {}


@pytest.mark.parametrize("value", [{"page_id": "x"}, '{"page_id": "x"}', '\n{ "page_id" : "x" }\n'])
def test_an_object_or_its_text(value):
    assert params_object(value) == {"page_id": "x"}


def test_names_become_text():
    assert params_object({1: 2}) == {"1": 2}


@pytest.mark.parametrize(
    "text",
    [
        '{"page_id": "x", "n": [1, true, null]}',
        "{'page_id': 'x', 'n': [1, True, None]}",
        "{'page_id': 'x', 'n': (1, true, null)}",
        "{page_id: 'x', n: [1, true, undefined],}",
        '```json\n{"page_id": "x", "n": [1, true, null]}\n```',
        '```\n{"page_id": "x", "n": [1, true, null]}```',
        '[{"page_id": "x", "n": [1, true, null]}]',
    ],
)
def test_an_object_in_any_notation(text):
    for _ in range(4):
        assert params_object(text) == {"page_id": "x", "n": [1, True, None]}
        text = json.dumps(text)


def test_a_text_encoded_too_often_stays_one():
    text = "{}"
    for _ in range(9):
        text = json.dumps(text)
    assert container(text) == text


def test_escapes_are_kept():
    assert params_object(r"{'a': 'x\ny', 'b': 'C:\dir', 'c': '\d+'}") == {"a": "x\ny", "b": r"C:\dir", "c": r"\d+"}
    assert params_object("{'a': -1.5}") == {"a": -1.5}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("page_id=x", "params is text that is not JSON"),
        ("{'page_id': open('x')}", "params is text that is not JSON"),
        ("{'page_id': f'{x}'}", "params is text that is not JSON"),
        ("{**x}", "params is text that is not JSON"),
        ("{1: 2}", "params is text that is not JSON"),
        ("{'a': b'x'}", "params is text that is not JSON"),
        ("{'a': -'x'}", "params is text that is not JSON"),
        ("[" * 100_000, "params is text that is not JSON"),
        ("{'a':" * 5_000, "params is text that is not JSON"),
        ("{'a': '" + "x" * 60_000, "params is text that is not JSON"),
        ('{"a": 1, "a": 2}', "params is text that is not clear: it gives 'a' twice"),
        ("{'a': 1, 'a': True}", "params is text that is not clear: it gives 'a' twice"),
        ("[]", "params must be an object, not a list"),
        ("[{}, {}]", "params must be an object, not a list"),
        ("7", "params must be an object, not a number"),
        ('"x"', "params must be an object, not text"),
        ("false", "params must be an object, not true or false"),
        ([], "params must be an object, not a list"),
        (7, "params must be an object, not a number"),
        (False, "params must be an object, not true or false"),
        (b"{}", "params must be an object, not a bytes"),
    ],
)
def test_what_is_no_object_is_refused(value, said):
    with pytest.raises(InvalidParams) as caught:
        params_object(value)
    assert caught.value.message == f"{said}."
    assert "JSON object" in caught.value.hint
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("text", ["", "Hi", "[ ] task", "{x", '"', "[1, 2", "7", "true", '"quoted"', "x" * 100])
def test_text_that_holds_no_object_or_array_stays(text):
    assert container(text) is text


def test_what_a_text_holds():
    assert container('"[1]"') == [1]
    assert container("[{'a': 1}]") == [{"a": 1}]
    assert container(5) == 5
    assert opened('"\\"x\\""') == "x"


def test_the_object_given_is_copied():
    given_params = {"a": 1}
    params_object(given_params)["b"] = 2
    assert given_params == {"a": 1}


def test_parameters_beside_params_are_moved_into_it():
    params, beside = {"a": 1}, {"page_id": "x"}
    assert merged(params, beside) == {"a": 1, "page_id": "x"}
    assert (params, beside) == ({"a": 1}, {"page_id": "x"})


def test_a_parameter_in_both_places_is_refused():
    with pytest.raises(InvalidParams, match="b, page_id given twice"):
        merged({"page_id": "x", "b": 1, "c": 1}, {"page_id": "y", "b": True, "c": 1})
    assert merged({"b": 1}, {"b": 1}) == {"b": 1}


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), _more := lambda inner: (
    st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)))  # fmt: skip
def test_anything_is_understood_or_refused(value):
    for form in (value, json.dumps(value), json.dumps(json.dumps(value)), repr(value)):
        with contextlib.suppress(InvalidParams):
            assert isinstance(params_object(form), dict)


@given(st.text())
def test_any_text_is_understood_or_refused(text):
    try:
        understood = params_object(text)
    except InvalidParams:
        return
    assert isinstance(understood, dict)

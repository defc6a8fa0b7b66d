"""Results and errors as text fit for a model."""

import json

import pytest

from airbyte_agent_notion.errors import (
    InvalidParams,
    NotFound,
    PolicyDenied,
    RateLimited,
    Recovery,
    TransportError,
    Unauthorized,
)
from airbyte_agent_notion.listing import ListMeta, ListResult
from airbyte_agent_notion.shaping.text import error_text, plain_data, result_text

LIST = ListResult(data=[{"id": "ü\u2028"}], meta=ListMeta(next_cursor="c", has_more=True))


def test_results_are_compact_json():
    assert result_text({"a": [1, None, True], "b": "ü"}) == '{"a":[1,null,true],"b":"ü"}'
    assert json.loads(result_text(LIST)) == LIST.to_dict()
    assert plain_data(LIST) == LIST.to_dict()
    assert plain_data({"a": 1}) == {"a": 1}
    assert result_text(None) == "null"


def test_text_stays_text():
    assert result_text("already text") == "already text"


def test_what_is_no_json_becomes_text():
    assert result_text({"a": object}).startswith('{"a":"<class')


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (InvalidParams("No id.", hint="Give one."), "Error (invalid_params): No id. Give one."),
        (NotFound("Gone.", status=404, hint="Look."), "Error (object_not_found): Gone. Look."),
        (RateLimited("Slow.", retry_after=3), "Error (rate_limited): Slow. Wait 3 s and call again."),
        (
            PolicyDenied("Not here."),
            "Error (not_allowed): Not here. Calling again will not help; a person must mend it.",
        ),
        (
            Unauthorized("Bad token.", status=401),
            "Error (unauthorized): Bad token. Calling again will not help: a person must supply a valid Notion token.",
        ),
        (
            TransportError("Broke.", recovery=Recovery.VERIFY_FIRST),
            "Error (transport_error): Broke. The change may have been made: read before repeating.",
        ),
    ],
)
def test_errors_say_what_to_do(error, text):
    assert error_text(error) == text


@pytest.mark.parametrize("recovery", Recovery)
def test_every_recovery_has_its_word(recovery):
    assert error_text(TransportError("x", recovery=recovery)).startswith("Error (transport_error): x")


def test_half_an_emoji_is_shown_as_replaced() -> None:
    text = result_text({"a": "\ud83d cut", "b": "\U0001f600"})
    assert text == '{"a":"\ufffd cut","b":"\U0001f600"}'
    assert text.encode()

"""One tree of errors, each with code, recovery, hint and safe details, that survives copying and pickling."""

import copy
import inspect
import json
import pickle

import pytest

from airbyte_agent_notion import errors
from airbyte_agent_notion.errors import (
    ApiError,
    ConfigurationError,
    InvalidParams,
    NotFound,
    NotionAgentError,
    RateLimited,
    Recovery,
)

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, NotionAgentError)]


def build(kind, **more):
    return kind("What went wrong.", **({"status": 418} if issubclass(kind, ApiError) else {}), **more)


def test_all_names_every_error_and_nothing_else():
    assert sorted(errors.__all__) == errors.__all__
    assert set(errors.__all__) == {kind.__name__ for kind in KINDS} | {"Recovery"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_has_the_same_face(kind):
    error = build(kind, hint="Do this.", details={"a": 1}, request_id="r")
    assert str(error) == "What went wrong. Do this."
    assert isinstance(error.recovery, Recovery)
    data = error.to_dict()
    assert json.loads(json.dumps(data)) == data
    assert data["error"] == error.code
    assert data["message"] == "What went wrong."
    assert data["hint"] == "Do this."
    assert data["recovery"] == error.recovery.value
    assert data["details"] == {"a": 1}
    assert data["request_id"] == "r"
    assert not issubclass(kind, RuntimeError)


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_has_defaults(kind):
    error = build(kind)
    assert str(error).startswith("What went wrong.")
    assert error.details == {}
    assert {"details", "request_id"}.isdisjoint(error.to_dict())
    assert str(build(kind, hint="")) == "What went wrong."
    changed = build(kind, code="other", recovery=Recovery.VERIFY_FIRST)
    assert (changed.code, changed.recovery) == ("other", Recovery.VERIFY_FIRST)
    assert build(kind).code == error.code != "other"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
def test_every_error_survives_copying_and_pickling(kind, again):
    error = build(kind, hint="Do this.", code="c", recovery=Recovery.VERIFY_FIRST, details={"a": [1]}, request_id="r")
    other = again(error)
    assert type(other) is kind
    assert (str(other), repr(other), other.args) == (str(error), repr(error), error.args)
    assert other.to_dict() == error.to_dict()
    assert vars(other) == vars(error)


def test_codes_are_stable():
    assert {kind.__name__: kind.code for kind in KINDS} == {
        "AmbiguousReference": "ambiguous_reference",
        "ApiError": "api_error",
        "ConfigurationError": "configuration_error",
        "Conflict": "conflict_error",
        "ConnectionFailed": "connection_failed",
        "ConnectorClosed": "connector_closed",
        "DeadlineExceeded": "deadline_exceeded",
        "Forbidden": "restricted_resource",
        "IncompleteResult": "incomplete_result",
        "InvalidCall": "invalid_call",
        "InvalidParams": "invalid_params",
        "InvalidRequest": "validation_error",
        "InvalidResponse": "invalid_response",
        "NotAvailable": "not_available",
        "NotFound": "object_not_found",
        "NotionAgentError": "error",
        "OutcomeUnknown": "outcome_unknown",
        "PartialWrite": "partial_write",
        "PolicyDenied": "not_allowed",
        "RateLimited": "rate_limited",
        "RequestTimedOut": "timeout",
        "ServerError": "internal_server_error",
        "TransportError": "transport_error",
        "Unauthorized": "unauthorized",
        "UnknownAction": "unknown_action",
        "UnknownEntity": "unknown_entity",
        "UnknownHandle": "unknown_handle",
    }


def test_a_configuration_error_is_a_value_error():
    assert issubclass(ConfigurationError, ValueError)


def test_a_rate_limit_says_how_long_to_wait():
    assert RateLimited("Slow.", retry_after=2.0).hint == "Wait 2 s and call again."
    assert RateLimited("Slow.").hint == "Wait and call again."
    assert RateLimited("Slow.", retry_after=2.0, hint="x").hint == "x"
    assert RateLimited("Slow.", retry_after=7).retry_after == 7
    assert RateLimited("Slow.").status == 429


def test_a_status_is_in_the_data():
    assert NotFound("Gone.", status=404).to_dict()["status"] == 404


def test_details_are_a_copy():
    details = {"a": 1}
    error = InvalidParams("x", details=details)
    error.details["b"] = 2
    assert details == {"a": 1}

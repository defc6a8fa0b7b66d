"""Every error this package raises, in one tree.

    NotionAgentError
    ├── ConfigurationError          wrong credentials class, setting or option; raised while building
    │   └── MissingFramework        (in plugins) the framework that an adapter serves is not installed
    ├── InvalidCall                 the call itself is wrong; nothing was sent
    │   ├── UnknownEntity
    │   ├── UnknownAction
    │   └── InvalidParams
    │       └── UnknownHandle
    ├── PolicyDenied                the connector's policy does not allow the operation; nothing was sent
    ├── NotAvailable                the operation exists but cannot run in this mode; nothing was sent
    ├── ApiError                    Notion answered with an error status
    │   ├── InvalidRequest          400
    │   ├── Unauthorized            401
    │   ├── Forbidden               403
    │   ├── NotFound                404
    │   ├── Conflict                409
    │   ├── RateLimited             429, 529
    │   └── ServerError             5xx
    ├── TransportError              no answer arrived
    │   ├── ConnectionFailed
    │   └── RequestTimedOut
    ├── OutcomeUnknown              a write was sent, and whether it took effect is not known
    ├── PartialWrite                a call of several writes stopped in the middle; it says what is written
    ├── DeadlineExceeded            the call's time is up
    ├── AmbiguousReference          a name or database stands for several objects; the choices are listed
    ├── IncompleteResult            a list has ended, and Notion says that it lacks items
    ├── InvalidResponse             an answer arrived that is not Notion's
    └── ConnectorClosed             the connector was used after close()

``str(error)`` is one text fit for a model: what went wrong, then the next step. ``code`` is stable and meant
for programs, ``recovery`` says who can mend the call, ``details`` never holds a secret.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar

__all__ = [
    "AmbiguousReference",
    "ApiError",
    "ConfigurationError",
    "Conflict",
    "ConnectionFailed",
    "ConnectorClosed",
    "DeadlineExceeded",
    "Forbidden",
    "IncompleteResult",
    "InvalidCall",
    "InvalidParams",
    "InvalidRequest",
    "InvalidResponse",
    "NotAvailable",
    "NotFound",
    "NotionAgentError",
    "OutcomeUnknown",
    "PartialWrite",
    "PolicyDenied",
    "RateLimited",
    "Recovery",
    "RequestTimedOut",
    "ServerError",
    "TransportError",
    "Unauthorized",
    "UnknownAction",
    "UnknownEntity",
    "UnknownHandle",
]


class Recovery(StrEnum):
    """Who can mend a failed call, and how."""

    FIX_ARGUMENTS = "fix_arguments"
    """The caller (often a model) can succeed with other arguments."""
    RETRY_LATER = "retry_later"
    """The same call may succeed later; its effect has not happened."""
    VERIFY_FIRST = "verify_first"
    """The effect of a write is unknown: read the state back before repeating."""
    ASK_OPERATOR = "ask_operator"
    """Only a person can mend it: credentials, sharing, policy or set-up."""


_LAST_WORD = {
    Recovery.VERIFY_FIRST: "The change may have been made: read before repeating.",
    Recovery.ASK_OPERATOR: "Calling again will not help; a person must mend it.",
}
"""The next step where an error names none."""


class NotionAgentError(Exception):
    """Base class of all errors of this package."""

    code: str = "error"
    """Stable identifier, e.g. ``invalid_params``; Notion's own code where Notion answered."""
    recovery: Recovery = Recovery.ASK_OPERATOR
    default_hint: ClassVar[str] = ""

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        code: str | None = None,
        recovery: Recovery | None = None,
        details: Mapping[str, Any] | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
        if recovery is not None:
            self.recovery = recovery
        self.hint = (self.default_hint or _LAST_WORD.get(self.recovery, "")) if hint is None else hint
        self.details: dict[str, Any] = dict(details or {})
        self.request_id = request_id

    def __str__(self) -> str:
        message = self.message.rstrip()
        stop = "." if self.hint and message[-1:].isalnum() else ""
        return f"{message}{stop} {self.hint}".strip()

    def __reduce__(self) -> tuple[Any, ...]:
        # By default copying and unpickling call the class with the message alone, which ApiError refuses.
        return _restored, (type(self), self.args, dict(vars(self)))

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe: ``error`` (the code), ``message``, ``hint``, ``recovery``, and any ``details``, ``request_id``."""
        data: dict[str, Any] = {
            "error": self.code,
            "message": self.message,
            "hint": self.hint,
            "recovery": self.recovery.value,
        }
        if self.details:
            data["details"] = self.details
        if self.request_id:
            data["request_id"] = self.request_id
        return data


def _restored(kind: type[NotionAgentError], args: tuple[Any, ...], state: dict[str, Any]) -> NotionAgentError:
    error = kind.__new__(kind, *args)
    vars(error).update(state)
    return error


class ConfigurationError(NotionAgentError, ValueError):
    """The connector, its credentials or its options were built wrongly."""

    code = "configuration_error"


class InvalidCall(NotionAgentError):
    """The call is wrong; nothing was sent."""

    code = "invalid_call"
    recovery = Recovery.FIX_ARGUMENTS


class UnknownEntity(InvalidCall):
    """There is no such entity."""

    code = "unknown_entity"


class UnknownAction(InvalidCall):
    """The entity has no such action."""

    code = "unknown_action"


class InvalidParams(InvalidCall):
    """A parameter is missing, unknown or of the wrong kind."""

    code = "invalid_params"


class UnknownHandle(InvalidParams):
    """A short handle, or a continuation, that the conversation has not given out, or has forgotten."""

    code = "unknown_handle"
    kind: Any = None
    """The operation that was called, where that is known."""
    params: Mapping[str, Any] = MappingProxyType({})


class PolicyDenied(NotionAgentError):
    """The connector's policy does not allow the operation; nothing was sent."""

    code = "not_allowed"


class NotAvailable(NotionAgentError):
    """The operation is declared but cannot run in this mode; nothing was sent."""

    code = "not_available"


class ApiError(NotionAgentError):
    """Notion answered with an error.

    ``status`` is the HTTP status, ``code`` Notion's error code (for instance ``object_not_found``), ``message``
    Notion's own words and ``request_id`` what Notion's support asks for.
    """

    code = "api_error"

    def __init__(
        self,
        message: str,
        *,
        status: int,
        hint: str | None = None,
        code: str | None = None,
        recovery: Recovery | None = None,
        details: Mapping[str, Any] | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, code=code, recovery=recovery, details=details, request_id=request_id)
        self.status = status

    def to_dict(self) -> dict[str, Any]:
        """As for every error, and ``status``."""
        return {**super().to_dict(), "status": self.status}


class InvalidRequest(ApiError):
    """400: Notion refused the request's content."""

    code = "validation_error"
    recovery = Recovery.FIX_ARGUMENTS
    default_hint = "Correct the parameters as the message says and call again."


class Unauthorized(ApiError):
    """401: the token is wrong, revoked or expired."""

    code = "unauthorized"
    default_hint = "Calling again will not help: a person must supply a valid Notion token."


class Forbidden(ApiError):
    """403: a capability, permission or plan is missing."""

    code = "restricted_resource"
    default_hint = (
        "Calling again will not help: a person must grant the connection this capability in its settings in Notion."
    )


class NotFound(ApiError):
    """404: the object does not exist, or is not shared with this connection."""

    code = "object_not_found"
    recovery = Recovery.FIX_ARGUMENTS
    default_hint = (
        "Check the id, for instance with search. If it is right, the page is not shared with this connection: "
        "a person must add the connection to it in Notion."
    )


class Conflict(ApiError):
    """409: the save collided with another one and was rejected."""

    code = "conflict_error"
    recovery = Recovery.RETRY_LATER
    default_hint = "Read the object again, then repeat the call."


class RateLimited(ApiError):
    """429 or 529: too many requests, also after waiting as told."""

    code = "rate_limited"
    recovery = Recovery.RETRY_LATER

    def __init__(
        self,
        message: str,
        *,
        status: int = 429,
        retry_after: float | None = None,
        hint: str | None = None,
        code: str | None = None,
        recovery: Recovery | None = None,
        details: Mapping[str, Any] | None = None,
        request_id: str | None = None,
    ) -> None:
        if hint is None:
            hint = "Wait and call again." if retry_after is None else f"Wait {retry_after:g} s and call again."
        super().__init__(
            message, status=status, hint=hint, code=code, recovery=recovery, details=details, request_id=request_id
        )
        self.retry_after = retry_after
        """Seconds to wait, as Notion said; None if it did not say."""

    def to_dict(self) -> dict[str, Any]:
        """As for every error of the API, and ``retry_after`` where Notion said how long."""
        told = {} if self.retry_after is None else {"retry_after": self.retry_after}
        return {**super().to_dict(), **told}


class ServerError(ApiError):
    """5xx: Notion failed."""

    code = "internal_server_error"
    recovery = Recovery.RETRY_LATER
    default_hint = "Call again later."


class TransportError(NotionAgentError):
    """No answer arrived."""

    code = "transport_error"
    recovery = Recovery.RETRY_LATER

    sent: bool = True
    """Whether the request may have reached Notion; False where it surely did not."""


class ConnectionFailed(TransportError):
    """The connection could not be made, or broke before the answer was complete."""

    code = "connection_failed"
    default_hint = "Check the network, then call again."


class RequestTimedOut(TransportError):
    """No answer within the time allowed."""

    code = "timeout"
    default_hint = "Call again, asking for less at a time."


class OutcomeUnknown(NotionAgentError):
    """A write was sent, and no answer says whether it took effect. It is never repeated blindly.

    ``details`` names the ``operation`` and its ``params``; ``__cause__`` is what went wrong.
    """

    code = "outcome_unknown"
    recovery = Recovery.VERIFY_FIRST


class PartialWrite(NotionAgentError):
    """A call of several writes stopped after the first of them. Sent again, it would do those twice.

    ``details`` has ``written`` (blocks), ``created`` (the ids that are known, each with its path in what was given),
    ``not_written`` (the rest, by paths, and where it belongs), ``unknown`` where a request got no answer, and
    ``cause``, the code of the error that stopped it, which is ``__cause__``.
    """

    code = "partial_write"
    recovery = Recovery.FIX_ARGUMENTS

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        code: str | None = None,
        recovery: Recovery | None = None,
        details: Mapping[str, Any] | None = None,
        request_id: str | None = None,
        remaining: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(message, hint=hint, code=code, recovery=recovery, details=details, request_id=request_id)
        self.remaining = [dict(params) for params in remaining]
        """Parameters of the blocks.append calls that write the rest, in order."""


class DeadlineExceeded(NotionAgentError):
    """The call's time was up before its next request was sent. A write that is cut off is an OutcomeUnknown."""

    code = "deadline_exceeded"
    recovery = Recovery.RETRY_LATER
    default_hint = "Ask for less, or allow a longer deadline."


class AmbiguousReference(InvalidCall):
    """A title has several hits, or a database several data sources; ``details["choices"]`` lists them."""

    code = "ambiguous_reference"


class IncompleteResult(NotionAgentError):
    """A list has ended, and Notion says that it lacks items; ``details["delivered"]`` counts those handed out."""

    code = "incomplete_result"
    recovery = Recovery.FIX_ARGUMENTS
    default_hint = "Ask for less at a time, with a narrower filter or query."


class InvalidResponse(NotionAgentError):
    """Something answered, but not as Notion does: HTML from a proxy, broken JSON, a body over the limit."""

    code = "invalid_response"
    recovery = Recovery.RETRY_LATER
    default_hint = "Something other than Notion may have answered: call again; if it stays, check base_url and proxies."


class ConnectorClosed(NotionAgentError):
    """The connector was used after ``close()``."""

    code = "connector_closed"
    default_hint = "Build a new connector."

"""What comes back from a consent page: the callback URL of hosted mode's OAuth flow."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from .errors import ConfigurationError

__all__ = ["ConsentOutcome", "parse_callback"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentOutcome:
    """How a consent ended: with a connector, or with an error."""

    connector_id: str | None = None
    """Id of the connector that the server has made; None after an error. Store it."""
    error: str | None = None
    """``access_denied`` where the user declined, ``creation_failed``, or another word of the server's; else None."""
    error_description: str | None = None
    """What the server says of the error. Text from the address: escape it before you show it."""

    @property
    def ok(self) -> bool:
        """Whether there is a connector."""
        return self.connector_id is not None


def parse_callback(url: str) -> ConsentOutcome:
    """Read the address at which a user's browser came back, or its path and query alone.

    That someone arrives there with a connector's id proves nothing: bind the flow to the user's session, for instance
    by a random value in the query of ``redirect_url``, before you store the id for that user.

    Raises:
        ConfigurationError: the address is no callback: it has neither ``connector_id`` nor ``error``, or both.
    """
    query = parse_qs(urlsplit(url).query)
    connector_ids, errors = query.get("connector_id", []), query.get("error", [])
    if len(connector_ids) + len(errors) != 1:
        raise ConfigurationError(
            "The address is not that of a callback: it must have connector_id or error in its query, once.",
            hint="Pass the whole URL that the browser requested at redirect_url.",
        )
    description = query.get("error_description", [None])[0]
    return ConsentOutcome(
        connector_id=connector_ids[0] if connector_ids else None,
        error=errors[0] if errors else None,
        error_description=description if errors else None,
    )

"""What can go wrong in the store beside what is merely not there."""

from __future__ import annotations

from airbyte_agent_notion.errors import NotionAgentError, Recovery

__all__ = ["NameTaken", "OrganizationGone", "StoreUnavailable"]


class StoreUnavailable(NotionAgentError):
    """The database does not answer, or is busy for too long. Only if its commit was under way may a change be made."""

    code = "store_unavailable"
    recovery = Recovery.RETRY_LATER
    default_hint = "Call again later."


class OrganizationGone(NotionAgentError):
    """The organisation does not exist (any more)."""

    code = "organization_gone"
    default_hint = "Ask the operator of this server for an organization."


class NameTaken(NotionAgentError):
    """Another workspace of the organisation has that name."""

    code = "name_taken"
    recovery = Recovery.FIX_ARGUMENTS
    default_hint = "Choose another name."

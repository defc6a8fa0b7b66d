"""GET users, users/me, users/{user_id}."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..routing import Route

__all__ = ["ROUTES"]


def list_users(context: Context) -> dict[str, Any]:
    """Everyone but guests."""
    context.allow(query=("start_cursor", "page_size"))
    users = [each for each in context.workspace.users.values() if not each.guest]
    return context.listing("user", users, context.render.user, lambda user: user.id)


def get_me(context: Context) -> dict[str, Any]:
    """The bot behind the token."""
    context.allow()
    return context.render.user(context.workspace.users[context.workspace.bot_id])


def get_user(context: Context) -> dict[str, Any]:
    """One user, guests included."""
    context.allow()
    identifier = context.path["user_id"]
    user = context.workspace.users.get(identifier)
    if user is None:
        raise context.missing("user", identifier)
    return context.render.user(user)


ROUTES = (
    Route(method="GET", path="/v1/users", handler=list_users, capability="user_information"),
    Route(method="GET", path="/v1/users/me", handler=get_me),
    Route(method="GET", path="/v1/users/{user_id}", handler=get_user, capability="user_information"),
)

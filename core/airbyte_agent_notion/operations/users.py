"""Users: people and bots of the workspace."""

from ..fields import UserId
from ..listing import ListOperation
from ..models.objects import User
from ..namespace import M, Namespace, method
from ..operation import Operation, Spec

__all__ = ["GetMe", "GetUser", "ListUsers", "Users"]


class ListUsers(ListOperation[User]):
    """List the people and bots of the workspace. Guests are not listed; e-mail addresses may be missing."""

    spec = Spec("users", "list", "GET /v1/users", capability="user_information")


class GetUser(Operation[User]):
    """Get one user by id. To find a person by name, list users and compare names."""

    spec = Spec("users", "get", "GET /v1/users/{user_id}", capability="user_information")
    user_id: UserId


class GetMe(Operation[User]):
    """Get the user that the token acts as, with the workspace's name and limits. Works with every token."""

    spec = Spec("users", "get_me", "GET /v1/users/me")


class Users(Namespace[M]):
    """People and bots of the workspace."""

    list = method(ListUsers)
    get = method(GetUser)
    get_me = method(GetMe)

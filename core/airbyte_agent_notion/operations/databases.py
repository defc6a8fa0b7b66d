"""Databases: containers of data sources."""

from ..fields import DatabaseId
from ..models.objects import Database
from ..namespace import M, Namespace, method
from ..operation import Operation, Spec

__all__ = ["Databases", "GetDatabase"]


class GetDatabase(Operation[Database]):
    """Get a database: its title and the ids of its data_sources, which hold schema and rows."""

    spec = Spec("databases", "get", "GET /v1/databases/{database_id}", capability="read_content")
    database_id: DatabaseId


class Databases(Namespace[M]):
    """Containers of data sources; a table's URL names its database."""

    get = method(GetDatabase)

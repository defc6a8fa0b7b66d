"""The primitive under everything that a database's id may stand for: the database itself."""

from ..fields import DatabaseId
from ..models.objects import Database
from ..operation import Operation, Spec

__all__ = ["GetDatabase"]


class GetDatabase(Operation[Database]):
    """Get a database: its title and the ids of its data_sources, which hold schema and rows."""

    spec = Spec("databases", "get", "GET /v1/databases/{database_id}", capability="read_content")
    database_id: DatabaseId

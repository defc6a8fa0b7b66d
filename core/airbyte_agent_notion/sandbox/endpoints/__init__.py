"""The endpoints, one module for each group; a new one adds its routes to its group's table."""

from ..routing import Route
from .blocks import ROUTES as BLOCKS
from .comments import ROUTES as COMMENTS
from .databases import ROUTES as DATABASES
from .pages import ROUTES as PAGES
from .queries import ROUTES as QUERIES
from .search import ROUTES as SEARCH
from .users import ROUTES as USERS

__all__ = ["ROUTES"]

ROUTES: tuple[Route, ...] = (*USERS, *SEARCH, *PAGES, *BLOCKS, *DATABASES, *QUERIES, *COMMENTS)

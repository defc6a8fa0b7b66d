"""The endpoints, one module for each group; a new one adds its routes to its group's table."""

from ..routing import Route
from .async_tasks import ROUTES as ASYNC_TASKS
from .block_writes import ROUTES as BLOCK_WRITES
from .blocks import ROUTES as BLOCKS
from .comment_writes import ROUTES as COMMENT_WRITES
from .comments import ROUTES as COMMENTS
from .custom_emojis import ROUTES as CUSTOM_EMOJIS
from .data_source_writes import ROUTES as DATA_SOURCE_WRITES
from .database_writes import ROUTES as DATABASE_WRITES
from .databases import ROUTES as DATABASES
from .file_uploads import ROUTES as FILE_UPLOADS
from .markdown import ROUTES as MARKDOWN
from .meeting_notes import ROUTES as MEETING_NOTES
from .page_writes import ROUTES as PAGE_WRITES
from .pages import ROUTES as PAGES
from .queries import ROUTES as QUERIES
from .search import ROUTES as SEARCH
from .users import ROUTES as USERS
from .view_queries import ROUTES as VIEW_QUERIES
from .views import ROUTES as VIEWS

__all__ = ["ROUTES"]

ROUTES: tuple[Route, ...] = (
    *USERS,
    *SEARCH,
    *PAGES,
    *PAGE_WRITES,
    *BLOCKS,
    *BLOCK_WRITES,
    *DATABASES,
    *DATABASE_WRITES,
    *DATA_SOURCE_WRITES,
    *QUERIES,
    *COMMENTS,
    *COMMENT_WRITES,
    *FILE_UPLOADS,
    *VIEWS,
    *VIEW_QUERIES,
    *CUSTOM_EMOJIS,
    *MARKDOWN,
    *MEETING_NOTES,
    *ASYNC_TASKS,
)

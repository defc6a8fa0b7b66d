"""Credentials, and the typed shapes of Notion's objects."""

from .attaching import file_block, file_cover, file_icon, file_values
from .blocks import Block
from .credentials import (
    AirbyteAuthConfig,
    NotionAccessTokenAuthConfig,
    NotionOauth20AuthConfig,
    NotionOAuthCredentials,
)
from .file_uploads import FileUpload
from .markdown import PageMarkdown
from .objects import Comment, Database, DataSource, Page, User
from .pieces import CustomEmoji, File, Icon, Parent, RichText
from .properties import PropertySchema, PropertyValue
from .tasks import AsyncTask
from .texts import PageText, StoredFile
from .views import View, ViewQuery

__all__ = [
    "AirbyteAuthConfig",
    "AsyncTask",
    "Block",
    "Comment",
    "CustomEmoji",
    "DataSource",
    "Database",
    "File",
    "FileUpload",
    "Icon",
    "NotionAccessTokenAuthConfig",
    "NotionOAuthCredentials",
    "NotionOauth20AuthConfig",
    "Page",
    "PageMarkdown",
    "PageText",
    "Parent",
    "PropertySchema",
    "PropertyValue",
    "RichText",
    "StoredFile",
    "User",
    "View",
    "ViewQuery",
    "file_block",
    "file_cover",
    "file_icon",
    "file_values",
]

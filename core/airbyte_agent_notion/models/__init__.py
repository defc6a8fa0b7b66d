"""Credentials, and the typed shapes of Notion's objects."""

from .blocks import Block
from .credentials import (
    AirbyteAuthConfig,
    NotionAccessTokenAuthConfig,
    NotionOauth20AuthConfig,
    NotionOAuthCredentials,
)
from .objects import Comment, Database, DataSource, Page, User
from .pieces import File, Icon, Parent, RichText
from .properties import PropertySchema, PropertyValue

__all__ = [
    "AirbyteAuthConfig",
    "Block",
    "Comment",
    "DataSource",
    "Database",
    "File",
    "Icon",
    "NotionAccessTokenAuthConfig",
    "NotionOAuthCredentials",
    "NotionOauth20AuthConfig",
    "Page",
    "Parent",
    "PropertySchema",
    "PropertyValue",
    "RichText",
    "User",
]

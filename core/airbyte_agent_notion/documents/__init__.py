"""Whole pages and rows as documents for retrieval: ``NotionDocuments`` reads them one after the other, and what was
edited since the last time.
"""

from .document import NotionDocument, Skipped
from .loading import NotionDocuments, Options

__all__ = ["NotionDocument", "NotionDocuments", "Options", "Skipped"]

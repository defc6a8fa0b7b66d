"""OAuth as Notion does it: the authorization page, codes, rotating token pairs, introspection, revocation.

``register`` an app with its name and redirect URIs; ``consent(url)`` does what a person does at an authorization URL;
``grants`` tells who was authorized and how often a grant was refreshed.
"""

from .clients import CLIENT_SECRET
from .facade import OAuth
from .grants import CODE_SECONDS, Grant, TokenPair

__all__ = ["CLIENT_SECRET", "CODE_SECONDS", "Grant", "OAuth", "TokenPair"]

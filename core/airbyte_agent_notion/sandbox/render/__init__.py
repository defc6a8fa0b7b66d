"""API JSON from state: the one place where objects are built, for one Notion-Version at a time."""

from .objects import Renderer

__all__ = ["Renderer"]

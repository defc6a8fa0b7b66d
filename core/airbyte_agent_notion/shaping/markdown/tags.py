"""Tags with attributes, as they are written."""

import re

from .escape import unquoted

__all__ = ["ATTRIBUTES", "CODE", "tag_values"]

ATTRIBUTES = r"(?:\s+[A-Za-z][\w-]*(?:=(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>/]+))?)*\s*"
"""The attributes of a tag, as a regular expression without groups."""

CODE = r"(?<!`)(`+)(?!`)(?:.*?[^`])??\1(?!`)"
"""Inline code, as a regular expression; its ticks are its first group."""

_ATTRIBUTE = re.compile(r"([A-Za-z][\w-]*)(?:=(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>/]+)))?")


def tag_values(written: str) -> dict[str, str]:
    """Attributes by their names, in lower case and without hyphens."""
    return {
        name.lower().replace("-", ""): unquoted(next((value for value in values if value), ""))
        for name, *values in _ATTRIBUTE.findall(written)
    }

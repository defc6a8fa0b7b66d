"""Tags with attributes, as they are written."""

import re

from .escape import unquoted

__all__ = ["ATTRIBUTES", "CODE", "tag_values", "tag_words"]

_NAME = r"[A-Za-z][\w-]*"
_VALUE = r"(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>/]+)"
ATTRIBUTES = (
    rf"(?:\s+(?!{_NAME}(?:[=\s>]|/>|\Z))[^\s\"'<>`]*[^\s\"'<>`/])?"  # an address or icon, bare and first
    rf"(?:\s+{_NAME}(?:={_VALUE})?)*\s*"
)
"""The attributes of a tag, as a regular expression without groups."""

CODE = r"(?<!`)(`+)(?!`)(?:.*?[^`])??\1(?!`)"
"""Inline code, as a regular expression; its ticks are its first group."""

_ATTRIBUTE = re.compile(rf"({_NAME})=(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>/]+))|([^\s\"'<>]+)")


def tag_values(written: str) -> dict[str, str]:
    """Attributes by their names, in lower case and without hyphens; a name that stands alone has the value ````."""
    return {
        (name or word).lower().replace("-", ""): unquoted(next((value for value in values if value), ""))
        for name, *values, word in _ATTRIBUTE.findall(written)
    }


def tag_words(written: str) -> list[str]:
    """What stands among the attributes without a name: an address or icon, then what else the tag says."""
    return [unquoted(word) for *_, word in _ATTRIBUTE.findall(written) if word]

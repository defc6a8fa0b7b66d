"""How results are written for models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .brevity import quoted
from .errors import ConfigurationError, InvalidParams
from .shaping.estimate import estimate
from .shaping.shaped import FORMATS, Format

__all__ = ["DEFAULT_MAX_TOKENS", "MIN_TOKENS", "Answers", "taken_off"]

DEFAULT_MAX_TOKENS = 4_000
MIN_TOKENS = 200
"""Less would leave no room for content beside what says where it is from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How a tool's results are written. Python callers of typed methods and ``execute`` get data in any case.

    Raises:
        ConfigurationError: an option is wrong.
    """

    format: Format = "compact"
    """``compact`` for models, ``markdown`` for people, ``raw`` for Notion's JSON."""
    max_tokens: int = DEFAULT_MAX_TOKENS
    """Most tokens in one answer, at least 200; what is more comes with the handle that a cut answer ends with."""
    handles: bool = True
    """Short handles (``p482915307``) in place of ids of 36 characters."""
    fence: bool = True
    """Mark content of the workspace as data, with its source, and make hidden characters in it visible."""
    count: Callable[[str], int] = estimate
    """Tokens of a text. The default needs no tokenizer and never counts too few for o200k_base; for instance
    ``lambda text: len(encoding.encode(text))`` of your model's tokenizer.
    """

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise ConfigurationError(f"format {self.format!r} is unknown.", hint=f"Choose one of {', '.join(FORMATS)}.")
        if isinstance(self.max_tokens, bool) or self.max_tokens < MIN_TOKENS:
            raise ConfigurationError(f"max_tokens must be a number of at least {MIN_TOKENS}.")
        if not callable(self.count):
            raise ConfigurationError("count must be a function from text to its number of tokens.")


def taken_off(params: Mapping[str, Any], answers: Answers) -> tuple[dict[str, Any], Answers]:
    """Parameters without ``format``, ``max_tokens`` and an empty ``more``, and the answers that those ask for; raises
    InvalidParams.
    """
    rest = dict(params)
    wanted, most, _ = rest.pop("format", None), rest.pop("max_tokens", None), rest.pop("more", None)
    if wanted is not None:
        if wanted not in FORMATS:
            raise InvalidParams(f"format {quoted(wanted)} is unknown.", hint=f"Choose one of {', '.join(FORMATS)}.")
        answers = replace(answers, format=wanted)
    if most is not None:
        answers = replace(answers, max_tokens=max(MIN_TOKENS, min(_whole(most), answers.max_tokens)))
    return rest, answers


def _whole(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise InvalidParams("max_tokens must be a whole number.", hint='For instance {"max_tokens": 1000}.') from None

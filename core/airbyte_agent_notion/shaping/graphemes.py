"""Where a text may be cut: between what a person sees as characters."""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby
from unicodedata import category, combining

__all__ = ["extending", "grapheme_pattern"]

LONGEST = 30
"""Marks that stay with a character; any more may be parted from it."""
LEADING, SYLLABLES, FOLLOWING = "\u1100-\u115f\ua960-\ua97c", "\uac00-\ud7a3", "\u1160-\u11ff\ud7b0-\ud7fb"
HANGUL = LEADING + SYLLABLES + FOLLOWING
"""Leading consonants, whole syllables, vowels and final consonants."""
VIRAMA = 9
"""The combining class of signs that join two letters of an Indic script."""
PLANES = (range(0x300, 0x10000), range(0x10000, 0x11F00 + 0x100), range(0x16A00, 0x17000), range(0x1D100, 0x1E900))
"""Where marks stand, apart from those that `extending` names."""


@cache
def grapheme_pattern() -> re.Pattern[str]:
    """One grapheme: a line break, a flag, a Hangul syllable or a character, with what extends it."""
    flag, joined = "[\U0001f1e6-\U0001f1ff]", rf"[{extending()}]|(?<=\u200d)\S|(?<=[{_marks(joining=True)}])\w"
    hangul = rf"(?=[{HANGUL}])[{LEADING}]{{0,{LONGEST}}}[{SYLLABLES}]?[{FOLLOWING}]{{0,{LONGEST}}}"
    return re.compile(rf"\r\n|[\0-\x1f\x7f-\x9f]|(?:{flag}{{2}}|{hangul}|.)(?:{joined}){{0,{LONGEST}}}", re.DOTALL)


@cache
def extending() -> str:
    """Characters, as a class's ranges, that belong to the one before."""
    return (
        _marks(joining=False)
        + "\u200c\u200d\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\U000e0100-\U000e01ef"
    )


def _marks(*, joining: bool) -> str:
    def wanted(code: int) -> bool:
        character = chr(code)
        return category(character)[0] == "M" and (not joining or combining(character) == VIRAMA)

    parts: list[str] = []
    for inside, run in groupby((code for plane in PLANES for code in plane), wanted):
        if inside:
            codes = list(run)
            parts.append(f"{chr(codes[0])}-{chr(codes[-1])}")
    return "".join(parts)

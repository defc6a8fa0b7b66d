"""Characters that a person cannot see but a model reads, made visible; and back."""

from __future__ import annotations

import re
from itertools import groupby

__all__ = ["shown", "unshown"]

CONTROLS = "\0-\x08\x0b\x0c\x0e-\x1f\x7f"
HIDDEN = (
    CONTROLS + "\x80-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u2800\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
) + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
"""Controls, format characters, fillers, variation selectors, tags, halves of surrogate pairs, noncharacters.

Not those that have a shape of their own: Arabic and Syriac signs above numbers, private use.
"""
EMOJI = "\u203c\u2049\u2122\u2139\u2190-\u27bf\u2900-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
STYLED = "#*0-9\u00a9\u00ae" + EMOJI
HAN = "\u2e80-\u2fd5\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
CURSIVE = (
    "\u0620-\u06dc\u06de-\u070e\u0710-\u0dff\u1000-\u109f\u1780-\u17b3\u17b6-\u17dd"
    "\ua8e0-\ua8ff\ufb50-\ufdcf\ufe70-\ufefc"
)
VIRAMA = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca"
ORDINARY = "|".join(
    (
        f"(?<=[{EMOJI}\ufe0f])\u200d(?=[{EMOJI}])",
        f"(?<=[{STYLED}])[\ufe0e\ufe0f]",
        f"(?<=[{HAN}])[\ufe00-\ufe02\U000e0100-\U000e01ef]",
        f"(?<=[{CURSIVE}])[\u200c\u200d](?=[{CURSIVE}])|(?<=[{VIRAMA}])[\u200c\u200d]",
        "(?<=[\u1820-\u18aa])[\u180b-\u180f]",
        "(?<=\U0001f3f4)[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f",
    )
)
"""Where such characters belong: in emoji, in Han variants, between letters that join, in flags of regions."""
HEX = "(?:10|[0-9A-F])?[0-9A-F]{4}"
NAMED = rf"U\+{HEX}(?:x[0-9]{{1,4}})?"
LITERAL = r"⟨(?=U\+|tags:|bytes:)"
SHOWN = re.compile(rf"⟨(?:(?P<kind>tags|bytes):(?P<text>[ -~]+)|(?P<codes>{NAMED}(?: {NAMED})*))⟩")
RUN = re.compile(rf"(?P<ordinary>{ORDINARY})|(?:[{HIDDEN}]|\r(?!\n))+|{LITERAL}")
SOME = re.compile(rf"[{HIDDEN}]|\r(?!\n)|{LITERAL}")
SOME_ASCII = re.compile(rf"[{CONTROLS}]|\r(?!\n)")
TAGS, SELECTORS = "\U000e0020-\U000e007e", "\U000e0110-\U000e016e"
SEGMENT = re.compile(f"(?P<tags>[{TAGS}]+)|(?P<bytes>[{SELECTORS}]+)|[^{TAGS}{SELECTORS}]+")
OFFSET = {"tags": 0xE0000, "bytes": 0xE00F0}
"""How far what is smuggled in tag characters, or as bytes in variation selectors, lies from ASCII."""
REPEATS = 9_999


def shown(text: str) -> str:
    """Text in which each hidden character stands as ``⟨U+200B⟩``, a run as ``⟨U+200Bx3 U+200C⟩``.

    ASCII in tag characters stands as ``⟨tags:hello⟩``, in variation selectors as ``⟨bytes:hello⟩``. Where such
    characters belong they stay: in emoji and flags, one selector behind a Han character, joiners between letters of
    Arabic or an Indic script. Line breaks and tabs stay. `unshown` gives the text back.
    """
    if not (SOME_ASCII if text.isascii() else SOME).search(text):
        return text
    return RUN.sub(_named, text)


def unshown(text: str) -> str:
    """Text with what `shown` has made visible as it was."""
    return SHOWN.sub(_hidden, text) if "⟨" in text else text


def _named(match: re.Match[str]) -> str:
    if match["ordinary"]:
        return match[0]
    return "".join(map(_segment, SEGMENT.finditer(match[0])))


def _segment(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind:
        return f"⟨{kind}:{''.join(chr(ord(character) - OFFSET[kind]) for character in match[0])}⟩"
    names: list[str] = []
    for character, run in groupby(match[0]):
        whole, rest = divmod(len(list(run)), REPEATS)
        name = f"U+{ord(character):04X}"
        names += [f"{name}x{REPEATS}"] * whole + [name if rest == 1 else f"{name}x{rest}"] * bool(rest)
    return f"⟨{' '.join(names)}⟩"


def _hidden(match: re.Match[str]) -> str:
    kind = match["kind"]
    if kind:
        return "".join(chr(ord(character) + OFFSET[kind]) for character in match["text"])
    characters: list[str] = []
    for name in match["codes"].split(" "):
        code, _, times = name[2:].partition("x")
        characters.append(chr(int(code, 16)) * int(times or 1))
    return "".join(characters)

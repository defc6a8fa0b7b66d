"""The kinds of file that Notion takes: what an extension may be sent as, and what it can be used for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

__all__ = ["FILE_TYPES", "category", "content_type_of", "extension_for", "extension_of", "plain_type"]

_OFFICE = "application/vnd.openxmlformats-officedocument."
_MACRO = "application/vnd.ms-"

FILE_TYPES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "audio": {
        "aac": ("audio/aac",),
        "adts": ("audio/aac",),
        "aif": ("audio/aiff", "audio/x-aiff"),
        "aiff": ("audio/aiff", "audio/x-aiff"),
        "flac": ("audio/flac", "audio/x-flac"),
        "m4a": ("audio/mp4", "audio/x-m4a", "audio/m4a"),
        "m4b": ("audio/mp4",),
        "mid": ("audio/midi",),
        "midi": ("audio/midi",),
        "mp3": ("audio/mpeg", "audio/mp3"),
        "mpga": ("audio/mpeg",),
        "oga": ("audio/ogg",),
        "ogg": ("audio/ogg",),
        "opus": ("audio/opus", "audio/ogg"),
        "wav": ("audio/wav", "audio/x-wav", "audio/wave"),
        "weba": ("audio/webm",),
        "wma": ("audio/x-ms-wma",),
    },
    "document": {
        "csv": ("text/csv",),
        "css": ("text/css",),
        "doc": ("application/msword",),
        "docm": (f"{_MACRO}word.document.macroenabled.12",),
        "docx": (f"{_OFFICE}wordprocessingml.document",),
        "dot": ("application/msword",),
        "dotx": (f"{_OFFICE}wordprocessingml.template",),
        "epub": ("application/epub+zip",),
        "htm": ("text/html",),
        "html": ("text/html",),
        "ics": ("text/calendar",),
        "js": ("text/javascript", "application/javascript"),
        "json": ("application/json",),
        "key": ("application/vnd.apple.keynote",),
        "md": ("text/markdown", "text/plain"),
        "numbers": ("application/vnd.apple.numbers",),
        "odp": ("application/vnd.oasis.opendocument.presentation",),
        "ods": ("application/vnd.oasis.opendocument.spreadsheet",),
        "odt": ("application/vnd.oasis.opendocument.text",),
        "pages": ("application/vnd.apple.pages",),
        "pot": (f"{_MACRO}powerpoint",),
        "potx": (f"{_OFFICE}presentationml.template",),
        "ppa": (f"{_MACRO}powerpoint",),
        "pps": (f"{_MACRO}powerpoint",),
        "ppsx": (f"{_OFFICE}presentationml.slideshow",),
        "ppt": (f"{_MACRO}powerpoint",),
        "pptx": (f"{_OFFICE}presentationml.presentation",),
        "rtf": ("application/rtf", "text/rtf"),
        "srt": ("application/x-subrip", "text/plain"),
        "tsv": ("text/tab-separated-values",),
        "txt": ("text/plain",),
        "vtt": ("text/vtt",),
        "xla": (f"{_MACRO}excel",),
        "xls": (f"{_MACRO}excel",),
        "xlsm": (f"{_MACRO}excel.sheet.macroenabled.12",),
        "xlsx": (f"{_OFFICE}spreadsheetml.sheet",),
        "xlt": (f"{_MACRO}excel",),
        "xltx": (f"{_OFFICE}spreadsheetml.template",),
        "xml": ("application/xml", "text/xml"),
        "yaml": ("application/yaml", "text/yaml", "application/x-yaml"),
        "yml": ("application/yaml", "text/yaml", "application/x-yaml"),
    },
    "pdf": {"pdf": ("application/pdf",)},
    "archive": {
        "7z": ("application/x-7z-compressed",),
        "bz2": ("application/x-bzip2",),
        "gz": ("application/gzip", "application/x-gzip"),
        "rar": ("application/vnd.rar", "application/x-rar-compressed"),
        "tar": ("application/x-tar",),
        "tgz": ("application/gzip", "application/x-gzip"),
        "zip": ("application/zip", "application/x-zip-compressed"),
    },
    "image": {
        "apng": ("image/apng",),
        "avif": ("image/avif",),
        "bmp": ("image/bmp",),
        "gif": ("image/gif",),
        "heic": ("image/heic",),
        "ico": ("image/vnd.microsoft.icon", "image/x-icon"),
        "jpeg": ("image/jpeg",),
        "jpg": ("image/jpeg",),
        "png": ("image/png",),
        "svg": ("image/svg+xml",),
        "tif": ("image/tiff",),
        "tiff": ("image/tiff",),
        "webp": ("image/webp",),
    },
    "video": {
        "amv": ("video/x-amv",),
        "asf": ("video/x-ms-asf",),
        "avi": ("video/x-msvideo",),
        "f4v": ("video/x-f4v",),
        "flv": ("video/x-flv",),
        "gifv": ("video/mp4",),
        "m4v": ("video/mp4", "video/x-m4v"),
        "mkv": ("video/webm", "video/x-matroska"),
        "mov": ("video/quicktime",),
        "mp4": ("video/mp4", "application/mp4"),
        "mpeg": ("video/mpeg",),
        "mpg": ("video/mpeg",),
        "qt": ("video/quicktime",),
        "webm": ("video/webm",),
        "wmv": ("video/x-ms-wmv", "video/x-ms-asf"),
    },
}
"""Extensions by category, each with the content types it may be sent as, the usual one first."""

_TYPES = {extension: types for kinds in FILE_TYPES.values() for extension, types in kinds.items()}
_CATEGORY = {extension: name for name, kinds in FILE_TYPES.items() for extension in kinds}


def plain_type(content_type: str) -> str:
    """A content type without its parameters, in lower case."""
    return content_type.split(";", 1)[0].strip().lower()


def extension_of(filename: str) -> str:
    """The extension of a name, in lower case and without the dot; empty if it has none."""
    return PurePosixPath(filename).suffix.removeprefix(".").lower()


def content_type_of(extension: str, declared: str | None = None) -> str | None:
    """How a file of that extension is sent: as ``declared`` if that fits, or in the usual way; None if it cannot be."""
    types = _TYPES.get(extension, ())
    if declared is None:
        return types[0] if types else None
    return declared if plain_type(declared) in types else None


def extension_for(content_type: str) -> str | None:
    """The extension that a content type stands for."""
    plain = plain_type(content_type)
    usual = next((each for each, types in _TYPES.items() if types[0] == plain), None)
    return usual or next((each for each, types in _TYPES.items() if plain in types), None)


def category(filename: str) -> str | None:
    """Audio, document, pdf, archive, image or video; None for an unknown extension."""
    return _CATEGORY.get(extension_of(filename))

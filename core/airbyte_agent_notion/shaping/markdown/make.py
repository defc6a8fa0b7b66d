"""Blocks in the form in which Notion takes them."""

from typing import Any

from .dialect import LANGUAGES, Block
from .runs import Run, to_rich_text

__all__ = ["HOLDERS", "children_in", "code", "holds", "make", "plain", "words_of"]

HOLDERS = frozenset(
    {"paragraph", "bulleted_list_item", "numbered_list_item", "to_do", "quote", "toggle", "callout", "synced_block"}
)
"""Blocks that may hold others of any kind."""

_LANGUAGES = {
    "c++11": "c++", "cpp": "c++", "cxx": "c++", "cs": "c#", "csharp": "c#", "clj": "clojure", "console": "shell",
    "dockerfile": "docker", "ex": "elixir", "fs": "f#", "fsharp": "f#", "golang": "go", "gql": "graphql",
    "hs": "haskell", "htm": "html", "js": "javascript", "javascriptreact": "javascript", "json5": "json",
    "jsonc": "json", "jsonl": "json", "jsx": "javascript", "kt": "kotlin", "make": "makefile", "md": "markdown",
    "node": "javascript", "objc": "objective-c", "plain": "plain text", "plaintext": "plain text", "ps1": "powershell",
    "proto": "protobuf", "pwsh": "powershell", "py": "python", "python3": "python", "rb": "ruby", "rs": "rust",
    "sh": "shell", "shellscript": "shell", "terraform": "hcl", "tex": "latex", "text": "plain text", "tf": "hcl",
    "ts": "typescript", "tsx": "typescript", "txt": "plain text", "typescriptreact": "typescript", "vb": "visual basic",
    "wasm": "webassembly", "yml": "yaml", "zsh": "bash",
}  # fmt: skip
"""What people call languages, and what Notion calls them."""


def make(kind: str, payload: dict[str, Any], identifier: str | None = None) -> Block:
    """A block; with an id only where it names one that is there already."""
    block: Block = {"object": "block", "type": kind, kind: payload}
    return {**block, "id": identifier} if identifier else block


def holds(block: Block) -> bool:
    """Whether lines that stand deeper than a block are inside it."""
    kind = block["type"]
    return kind in HOLDERS or (kind.startswith("heading_") and bool(block[kind].get("is_toggleable")))


def children_in(block: Block) -> list[Block]:
    """The list of what is inside a block, to be added to."""
    children: list[Block] = block[block["type"]].setdefault("children", [])
    return children


def plain(content: str) -> list[dict[str, Any]]:
    """Text without any look."""
    return to_rich_text([Run("text", content, frozenset())] if content else [])


def words_of(line: str) -> str:
    """A line's text: without the white space around it, but for one space behind."""
    bare = line.strip(" \t")
    space = line[len(line.rstrip(" \t")) :]
    return f"{bare} " if bare and space == " " else bare


def code(content: str, info: str, caption: list[dict[str, Any]]) -> Block:
    """A block of code; what Notion does not know as a language becomes its caption."""
    info = " ".join(info.split())
    named = info.lower()
    first = named.partition(" ")[0]
    candidates = (named, _LANGUAGES.get(named), first, _LANGUAGES.get(first))
    language = next((name for name in candidates if name in LANGUAGES), None)
    lost = plain(info) if info and language is None and not caption else []
    shown = caption or lost
    payload = {"rich_text": plain(content), "language": language or "plain text"}
    return make("code", {**payload, "caption": shown} if shown else payload)

"""What a page is filled with when it is created or updated: blocks, Markdown or a template."""

from __future__ import annotations

from typing import Any

from ..context import Context
from ..edits import Editor
from ..narrow import as_object, as_string
from ..pagetext import read_markdown
from ..parse.blocks import Draft, new_blocks
from ..parse.text import rich_text
from ..problems import not_present
from ..state import DataSource, Page
from ..templates import chosen_template, plan_template
from .markdown import check_version

__all__ = ["apply_template", "check_template", "first_blocks", "put_content"]

WAYS = ("children", "content", "markdown")


def first_blocks(context: Context, source: DataSource | None) -> tuple[Draft, ...]:
    """The blocks that a new page is created with; ``content`` is another name of ``children``.

    Only one of children, content and Markdown may be sent, and with a template none of them.
    """
    given = [key for key in WAYS if key in context.body]
    template = chosen_template(context, source, context.body["template"]) if "template" in context.body else None
    if template is not None and given:
        raise not_present(f"body.{given[0]}", context.body[given[0]])
    if len(given) > 1:
        raise not_present(f"body.{given[1]}", context.body[given[1]])
    for key in ("markdown_version", "allow_async"):
        if key in context.body and "markdown" not in context.body:
            raise not_present(f"body.{key}", context.body[key])
    if "markdown_version" in context.body:
        check_version(context.body["markdown_version"], "body.markdown_version")
    if given == ["markdown"]:
        return _markdown(context)[1]
    if not given:
        return ()
    return new_blocks(context, context.body[given[0]], f"body.{given[0]}")


def _markdown(context: Context) -> tuple[list[Any] | None, tuple[Draft, ...]]:
    """Title and blocks of the Markdown that is sent; a title that the properties give stands."""
    sent = as_object(context.body.get("properties", {}), "body.properties")
    titled = any(key == "title" or (isinstance(each, dict) and "title" in each) for key, each in sent.items())
    return read_markdown(context, as_string(context.body["markdown"], "body.markdown"), titled=titled)


def put_content(context: Context, editor: Editor, page: Page) -> None:
    """What a new page has from ``markdown`` (its title) or ``template``; both are checked before it is created."""
    title = _markdown(context)[0] if "markdown" in context.body else None
    if title is not None:
        editor.write(page, {"title": rich_text(context, title, "body.markdown")})
    apply_template(context, page)


def check_template(context: Context, page: Page) -> None:
    """Check the ``template`` of an update."""
    if "template" in context.body:
        chosen_template(context, _source(context, page), context.body["template"], none=False)


def apply_template(context: Context, page: Page) -> None:
    """Have a template applied to a page, soon after the answer; it was checked before."""
    if "template" in context.body:
        template = chosen_template(context, _source(context, page), context.body["template"])
        if template is not None:
            plan_template(context, page, template)


def _source(context: Context, page: Page) -> DataSource | None:
    return context.workspace.sources.get(page.parent.id)

"""Finding what an id in a path names, and answering as Notion does when it names something else."""

from __future__ import annotations

from ..context import Context
from ..problems import invalid
from ..state import Block, Comment, Database, DataSource, Discussion, Page, Property

__all__ = ["get_block", "get_comment", "get_data_source", "get_database", "get_page", "select_properties"]


def get_page(context: Context) -> Page:
    """The page in the path; the id of a database is a 400, any other miss a 404."""
    identifier = context.path["page_id"]
    record = context.visible(context.workspace.find(identifier), "page", identifier)
    if isinstance(record, Database):
        raise invalid(f"Provided ID {identifier} is a database, not a page. Use the retrieve database API instead.")
    if not isinstance(record, Page):
        raise context.missing("page", identifier)
    return record


def get_database(context: Context) -> Database:
    """The database in the path; the id of a page is a 400, any other miss (a data source's id, say) a 404."""
    identifier = context.path["database_id"]
    record = context.visible(context.workspace.find(identifier), "database", identifier)
    if isinstance(record, Page):
        raise invalid(f"Provided ID {identifier} is a page, not a database. Use the retrieve page API instead.")
    if not isinstance(record, Database):
        raise context.missing("database", identifier)
    return record


def get_data_source(context: Context) -> DataSource:
    """The data source in the path; the id of its database is a 404."""
    identifier = context.path["data_source_id"]
    record = context.visible(context.workspace.find(identifier), "data_source", identifier)
    if not isinstance(record, DataSource):
        raise context.missing("data_source", identifier)
    return record


def get_block(context: Context, identifier: str) -> Page | Block | Database:
    """A block by id; pages and databases count as blocks."""
    record = context.visible(context.workspace.find(identifier), "block", identifier)
    if isinstance(record, DataSource):
        raise context.missing("block", identifier)
    return record


def get_comment(context: Context) -> tuple[Discussion, Comment]:
    """The comment in the path, also of a resolved discussion, with its discussion."""
    identifier = context.path["comment_id"]
    found = context.workspace.comment(identifier)
    anchor = None if found is None else context.workspace.find(found[0].parent.id)
    if found is None or anchor is None or not context.workspace.is_shared(anchor):
        raise context.missing("comment", identifier)
    return found


def select_properties(context: Context, schema: list[Property]) -> list[Property] | None:
    """The properties that ``filter_properties`` asks for, by decoded id or by name; None if it is not given."""
    wanted = context.many("filter_properties")
    if not wanted:
        return None
    for name in wanted:
        if not any(name in (each.id, each.name) for each in schema):
            raise invalid(f"Could not find property with name or id: {name}")
    return [each for each in schema if each.id in wanted or each.name in wanted]

"""Templates for new rows: which one a request means, and its content, which comes after the answer."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from .context import Context
from .copies import copy_blocks
from .narrow import as_id, as_object, as_string, one_of, only, required
from .problems import invalid, not_present
from .state import DataSource, Page, Template
from .state_tasks import TemplateJob
from .workspace import Workspace

__all__ = ["apply_due_templates", "chosen_template", "plan_template"]


def chosen_template(
    context: Context, source: DataSource | None, value: Any, where: str = "body.template", *, none: bool = True
) -> str | None:
    """The id of the template page that a request means; None for no template.

    Args:
        context: The request.
        source: The data source whose template is the default one, if the page is a row.
        value: ``{type: none | default | template_id, template_id?, timezone?}``.
        where: Where it stands.
        none: Whether ``none`` may be asked for (it may where a page is created).
    """
    body = as_object(value, where)
    only(body, where, "type", "template_id", "timezone")
    kinds = ("none", "default", "template_id") if none else ("default", "template_id")
    kind = one_of(required(body, "type", where), f"{where}.type", kinds)
    if "timezone" in body and as_string(body["timezone"], f"{where}.timezone") not in available_timezones():
        raise invalid(f"body failed validation: {where}.timezone should be a valid time zone.")
    if kind != "template_id":
        if "template_id" in body:
            raise not_present(f"{where}.template_id", body["template_id"])
        return None if kind == "none" else _default(source).id
    identifier = as_id(required(body, "template_id", where), f"{where}.template_id")
    record = context.visible(context.workspace.find(identifier), "page", identifier)
    if not isinstance(record, Page):
        raise context.missing("page", identifier)
    return record.id


def _default(source: DataSource | None) -> Template:
    found = next((each for each in source.templates if each.default), None) if source else None
    if found is None:
        raise invalid("The data source has no default template.")
    return found


def plan_template(context: Context, page: Page, template_id: str) -> None:
    """Have the template applied to the page soon after the answer.

    Args:
        context: The request.
        page: The page; what it has already is kept.
        template_id: What ``chosen_template`` found; the request's ``template.timezone`` says when today is.
    """
    later = context.workspace.later
    job = TemplateJob(
        page_id=page.id,
        template_id=template_id,
        due=context.workspace.now() + later.seconds,
        requests=later.template_requests,
        timezone=str(context.body["template"].get("timezone", "UTC")),
    )
    later.templates.append(job)


def apply_due_templates(workspace: Workspace) -> None:
    """Apply the templates whose time has come, and bring the others one request nearer."""
    waiting: list[TemplateJob] = []
    for job in workspace.later.templates:
        if job.requests > 0 and workspace.now() < job.due:
            job.requests -= 1
            waiting.append(job)
        else:
            _apply(workspace, job)
    workspace.later.templates = waiting


def _apply(workspace: Workspace, job: TemplateJob) -> None:
    page, template = workspace.find(job.page_id), workspace.find(job.template_id)
    if not isinstance(page, Page) or not isinstance(template, Page) or workspace.in_trash(page):
        return
    schema = {each.id for each in workspace.schema(page)}
    for identifier, value in template.values.items():
        if identifier in schema and identifier not in page.values:
            page.values[identifier] = value
    page.icon = page.icon or template.icon
    page.cover = page.cover or template.cover
    today = workspace.now().astimezone(ZoneInfo(job.timezone))
    copied = copy_blocks(workspace, template, page, today=today, me=page.created_by)
    page.children.extend(each.id for each in copied)
    page.edited = workspace.now()

"""What a write has changed, as far as Notion's answer shows it."""

from __future__ import annotations

from typing import Any

from .errors import OutcomeUnknown
from .listing import ListResult
from .models.dry_runs import Changed
from .narrowing import list_of, object_of
from .operation import Effect, JsonObject, Operation

__all__ = ["changed", "check_shown", "unverified"]

_TRASHED = {"delete": True, "restore": False}
_WITH_TRASH = frozenset({"pages", "blocks", "databases", "data_sources"})


def changed(operation: Operation[Any], result: Any) -> Changed | None:
    """Ids and addresses of what a write has changed or made; None for a read, a dry run or an edit of nothing."""
    if operation.effect is Effect.READ:
        return None
    listed: Any = result.to_dict()["data"] if isinstance(result, ListResult) else [result]
    items = list_of(listed)
    found = [object_of(each) for each in items]
    if any(each.get("object") == "dry_run" or each.get("changed") is False for each in found):
        return None
    told = Changed(
        operation=operation.spec.name,
        effect=operation.effect.value,
        ids=[each["id"] for each in found if isinstance(each.get("id"), str)],
        urls=[each["url"] for each in found if isinstance(each.get("url"), str)],
    )
    reason = found[0].get("unverified") if found else None
    return {**told, "unverified": reason} if isinstance(reason, str) else told


def check_shown(operation: Operation[Any], answer: JsonObject) -> None:
    """Raise OutcomeUnknown where Notion's answer to a write shows that it did not take effect."""
    params = operation.params()
    wanted = _TRASHED.get(operation.spec.action, params.get("in_trash"))
    shown = answer.get("in_trash", answer.get("archived"))
    if operation.spec.entity in _WITH_TRASH and isinstance(wanted, bool) and shown is (not wanted):
        raise _not_shown(operation, answer, f"in_trash is {str(shown).lower()}")
    if operation.spec.name != "pages.move":
        return
    where, parent = object_of(params.get("parent")), object_of(answer.get("parent"))
    asked = {str(value) for key, value in where.items() if key != "type"}
    if parent and not asked <= set(map(str, parent.values())):
        raise _not_shown(operation, answer, "parent is another")


def unverified(operation: Operation[Any], result: JsonObject) -> str | None:
    """Why the effect of a write that Notion has accepted cannot be seen yet; None where it can."""
    if operation.effect is Effect.READ:
        return None
    params, name = operation.params(), operation.spec.name
    if object_of(params.get("template")).get("type", "none") != "none":
        return "Notion fills the template in after its answer: look at the page's content in a moment."
    if name == "pages.update_markdown" and result.get("truncated"):
        return "The page is too long to be answered whole: read the edited part before relying on it."
    if name == "file_uploads.create" and params.get("mode") == "external_url":
        return "Notion fetches the file after its answer: file_uploads.get says whether it is there."
    if name == "meeting_notes.create":
        return "Notion transcribes after its answer: blocks.get says how far it is."
    if name in {f"{entity}.delete" for entity in _WITH_TRASH} and not {"in_trash", "archived"} & result.keys():
        return f"The answer does not say whether it is in the trash: {operation.spec.verify}"
    return None


def _not_shown(operation: Operation[Any], answer: JsonObject, why: str) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"{operation.spec.name} was sent and answered without an error, but the answer does not show it: {why}.",
        hint=f"Do not repeat it before you have looked: {operation.spec.verify}",
        details={"operation": operation.spec.name, "params": operation.params()},
        request_id=answer.get("request_id"),
    )

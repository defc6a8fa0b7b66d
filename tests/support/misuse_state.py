"""What a call has changed in the sandbox's state, and that state put back quickly."""

from copy import deepcopy
from dataclasses import fields, is_dataclass


def put_back(ground):
    """Put the state back that all calls begin with, and answer what had changed, by its path.

    Only what has changed is copied, for to copy all takes long.
    """
    start, space = ground.start.tables, ground.sandbox.workspace
    changes = dict(differences(start, space))
    for name, *path in changes:
        held, now = start[name], getattr(space, name)
        if not isinstance(held, dict):
            setattr(space, name, deepcopy(held))
        elif path[0] in held:
            now[path[0]] = deepcopy(held[path[0]])
        else:
            now.pop(path[0], None)
    if any("gone" in path for path in changes) or (changes and dict(differences(start, space))):
        ground.sandbox.restore(ground.start)
    return changes


def differences(before, space):
    """What differs between a snapshot's tables and a workspace: path and new value."""
    for name, held in before.items():
        if name not in {"id", "name", "bot_id", "now"}:
            yield from _unequal(held, getattr(space, name), (name,))


def _unequal(before, now, path):
    if before == now:
        return
    if isinstance(before, dict) and isinstance(now, dict):
        for key in {**before, **now}:
            if key not in before:
                yield (*path, key, "added", _parent(now[key])), now[key]
            elif key not in now:
                yield (*path, key, "gone"), ""
            else:
                yield from _unequal(before[key], now[key], (*path, key))
    elif is_dataclass(before) and type(before) is type(now):
        for each in fields(before):
            yield from _unequal(getattr(before, each.name), getattr(now, each.name), (*path, each.name))
    else:
        yield path, now


def _parent(record):
    return repr(getattr(record, "parent", None) or getattr(record, "source_id", None))


__all__ = ["differences", "put_back"]

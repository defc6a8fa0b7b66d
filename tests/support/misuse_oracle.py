"""Judges what came of a misuse by the sandbox: its log of requests and its state, not by what the tool says of itself.

The right call is made once on the same state; what it answers and what it changes is what was meant.
"""

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pytest
from misuse import Ground, Maker, Misuse
from misuse_state import put_back

from airbyte_agent_notion import SyncNotionConnector, Toolset

LIMIT = 120
"""Tokens of o200k_base that an error may take."""
TOOL = "notion_execute"
_ENCODING = pytest.importorskip("bpe_openai").get_encoding("o200k_base")
_READING = re.compile(r"/v1/(search|[a-z_]+/[^/]+/quer(y|ies)|blocks/meeting_notes/query)$")
_HANDLE = re.compile(r"\b(?:p|db|ds|b|u|c|v|x)\d{9}\b")


@dataclass(frozen=True)
class Effect:
    """What a call did: its answer, what it changed, and which requests it sent that change something."""

    ok: bool
    data: object
    text: str
    changes: dict
    sent: frozenset
    crash: str = ""


@dataclass
class Verdict:
    """``outcome`` is repaired, answered, unhelpful, long, crash, misread, wrong value or wrong target."""

    outcome: str
    call: Misuse
    effect: Effect
    why: str = ""

    @property
    def good(self):
        return self.outcome in {"repaired", "answered"}

    def __str__(self):
        return (
            f"{self.outcome} [{', '.join(self.call.kinds)}] {json.dumps(self.call.arguments, ensure_ascii=False)[:400]}"
            f"\n    -> {self.effect.crash or self.effect.text[:300]!r} {self.why}"
        )


@dataclass(repr=False)
class Tally:
    """Verdicts of many calls."""

    verdicts: list = field(default_factory=list)

    def count(self, *outcomes):
        return sum(each.outcome in outcomes for each in self.verdicts)

    @property
    def share(self):
        """The part that was repaired or answered with the fix."""
        return sum(each.good for each in self.verdicts) / len(self.verdicts)

    @property
    def kinds(self):
        return Counter(name for each in self.verdicts for name in each.call.kinds)

    def report(self, samples=3):
        """Outcomes, then what failed by kind, the most frequent first, with samples."""
        failed = defaultdict(list)
        for each in self.verdicts:
            if not each.good:
                failed[each.outcome, each.call.kinds[0] if len(each.call.kinds) == 1 else "several"].append(each)
        lines = [str(Counter(each.outcome for each in self.verdicts)), f"{self.share:.2%} repaired or answered"]
        for (outcome, name), found in sorted(failed.items(), key=lambda item: -len(item[1])):
            lines.append(f"\n== {len(found)} x {outcome}: {name}")
            lines += [str(each) for each in found[:samples]]
        return "\n".join(lines)


class Judge:
    """Makes misuses and judges them; ``toolset`` puts another tool in place of the library's, to try the judge."""

    def __init__(self, seed, *, toolset=None):
        self.ground = Ground()
        self.maker = Maker(self.ground, seed)
        self.right = Toolset(
            SyncNotionConnector.sandbox(self.ground.sandbox, policy=self.ground.notion.runner.engine.policy)
        )
        self.tools = (toolset or _library)(self.ground)
        if toolset is None:
            self.ground.learn(self.tools)
        self._meant = {}

    def run(self, calls):
        """Make that many calls."""
        return Tally([self.judged(self.maker.call()) for _ in range(calls)])

    def judged(self, call):
        """Make one call, and say what came of it."""
        meant = [self.meant(each) for each in call.accept]
        return self._verdict(call, self.effect(self.tools, call.arguments), meant)

    def meant(self, intent):
        """What the right call does."""
        if intent.key not in self._meant:
            arguments = {
                "entity": intent.entity,
                "action": intent.action,
                "params": json.loads(json.dumps(intent.params)),
            }
            found = self.effect(self.right, arguments)
            assert found.ok, f"The generator's own call is wrong: {intent} {found.crash or found.text}"
            assert intent.write == bool(found.changes), f"{intent} {list(found.changes)}"
            self._meant[intent.key] = found
        return self._meant[intent.key]

    def effect(self, tools, arguments):
        """Make a call in the state that all begin with, and put that back."""
        log = self.ground.sandbox.requests
        log.clear()
        crash, outcome = "", None
        try:
            outcome = tools.call(TOOL, arguments)
        except Exception as error:
            crash = f"{type(error).__name__}: {error}"
        sent = frozenset((each.method, each.path) for each in log if _changes(each))
        changes = {}
        if any(each.method != "GET" for each in log):
            changes = {path: value for path, value in put_back(self.ground).items() if _judged(path)}
        if outcome is None:
            return Effect(False, None, "", changes, sent, crash)
        return Effect(outcome.error is None, _plain(outcome.data), outcome.text, changes, sent)

    def _verdict(self, call, effect, meant):
        harm = self._harm(effect, meant)
        if harm:
            return Verdict(harm[0], call, effect, harm[1])
        if effect.crash:
            return Verdict("crash", call, effect)
        if effect.ok:
            return Verdict("repaired" if any(_same(call, effect, each) for each in meant) else "misread", call, effect)
        tokens = len(_ENCODING.encode_ordinary(effect.text))
        if not any(self.holds(effect.text, each) for each in call.fixes):
            return Verdict("unhelpful", call, effect, f"needs {[each.groups for each in call.fixes]}"[:300])
        return Verdict("answered" if tokens <= LIMIT else "long", call, effect, f"{tokens} tokens")

    def _harm(self, effect, meant):
        """What was changed that was not meant: another object or another kind of change, or another value."""
        if not effect.changes and not effect.sent:
            return None
        if any(effect.changes == each.changes and effect.sent <= each.sent for each in meant):
            return None
        allowed = {path for each in meant for path in each.changes}
        strays = [path for path in effect.changes if path not in allowed]
        strays += [each for each in effect.sent if not any(each in one.sent for one in meant)]
        return ("wrong target", str(strays[:3])) if strays else ("wrong value", str(effect.changes)[:300])

    def holds(self, text, fix):
        """Whether a text has one of each group."""
        return all(any(self._says(text, each) for each in group) for group in fix.groups)

    def _says(self, text, wanted):
        if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", wanted):
            bare = wanted.replace("-", "")
            return bare in text.replace("-", "").lower() or bare in map(self._expanded, _HANDLE.findall(text))
        start, end = (r"(?<!\w)" if wanted[0].isalnum() else ""), (r"(?!\w)" if wanted[-1].isalnum() else "")
        return re.search(start + re.escape(wanted) + end, text, re.IGNORECASE) is not None

    def _expanded(self, handle):
        """The id behind a handle that the tool gave out."""
        try:
            found = self.tools.call(TOOL, {"entity": "search", "action": "resolve", "params": {"reference": handle}})
        except Exception:
            return ""
        return str((found.data or {}).get("id", "")).replace("-", "")


def _library(ground):
    return Toolset(ground.notion)


def _changes(received):
    """Whether a request is one that changes something, and was accepted."""
    reading = received.method == "GET" or (received.method == "POST" and _READING.search(received.path))
    return not reading and received.status is not None and received.status < 300


def _same(call, effect, meant):
    """Whether a successful call did what was meant; of a write the state says it."""
    return effect.changes == meant.changes if call.write else effect.data == meant.data


def _plain(data):
    """A result without what differs from call to call."""
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items() if key != "request_id"}
    return [_plain(each) for each in data] if isinstance(data, list) else data


def _judged(path):
    """Whether a change is one of content: not of counters, of what is under way, or of queries that are kept."""
    return path[0] not in {"minted", "later"} and path[:2] != ("views", "queries")


__all__ = ["LIMIT", "TOOL", "Effect", "Judge", "Tally", "Verdict"]

"""Five thousand misuses of ``notion_execute``: none writes to what was not meant, nearly all are repaired or mended."""

import json
from dataclasses import replace
from functools import partial

import pytest
from misuse import INTENTS, KINDS, Fix, Ground, Intent, Maker, Misuse
from misuse_oracle import TOOL, Judge

from airbyte_agent_notion import Toolset

SEEDS = (61, 62, 63, 64, 65)
CALLS = 1_000


def _check(tally):
    report = tally.report()
    assert tally.count("wrong target", "wrong value") == 0, report
    assert tally.count("misread", "crash") == 0, report
    assert tally.share >= 0.99, report


def test_three_hundred_misuses():
    tally = Judge(60).run(300)
    _check(tally)
    assert tally.count("repaired") > 100


@pytest.mark.thorough
@pytest.mark.parametrize("seed", SEEDS)
def test_five_thousand_misuses(seed):
    _check(Judge(seed).run(CALLS))


@pytest.fixture(scope="module")
def ground():
    made = Ground()
    made.learn(Toolset(made.notion))
    return made


def test_the_calls_are_of_every_kind_and_operation_and_the_same_each_time(ground):
    makers = [Maker(ground, seed) for seed in SEEDS]
    calls = [maker.call() for maker in makers for _ in range(CALLS)]
    assert {name for call in calls for name in call.kinds} == {each.name for each in KINDS}
    for each in KINDS:
        assert sum(each.name in call.kinds for call in calls) >= 10, each.name
    assert 0.35 < sum(call.write for call in calls) / len(calls) < 0.65
    assert 0.15 < sum(len(call.kinds) > 1 for call in calls) / len(calls) < 0.6
    meant = {(each.entity, each.action) for call in calls for each in call.accept}
    assert {".".join(each) for each in meant} == set(makers[0].names) <= set(INTENTS)
    again = Maker(ground, SEEDS[0])
    assert [again.call().arguments for _ in range(50)] == [each.arguments for each in calls[:50]]


class _Faulty:
    """The library's tool, with something wrong in it."""

    def __init__(self, ground, *, before=lambda tools, arguments: arguments, after=lambda tools, outcome: outcome):
        self.ground, self.tools = ground, Toolset(ground.notion)
        self.before, self.after = before, after

    def call(self, name, arguments):
        return self.after(self, self.tools.call(name, self.before(self, arguments)))


def _judge(**faults):
    return Judge(1, toolset=partial(_Faulty, **faults))


def _right(intent, *kinds, fixes=(), accept=True, **params):
    given = {"entity": intent.entity, "action": intent.action, "params": {**intent.params, **params}}
    return Misuse(given, kinds, [intent] if accept else [], list(fixes), intent.write)


def _rename(judge):
    return Intent("databases", "update", {"database_id": judge.ground.database["Work"], "is_locked": True})


def _trash(judge):
    return Intent("pages", "delete", {"page_id": judge.ground.leaves[0]})


def _read(judge):
    return Intent("pages", "get", {"page_id": judge.ground.leaves[0]})


def _also_deletes(faulty, outcome):
    faulty.ground.notion.pages.delete(page_id=faulty.ground.leaves[1])
    return outcome


def test_a_right_call_is_judged_right():
    judge = _judge()
    for make in (_rename, _trash, _read):
        assert judge.judged(_right(make(judge))).outcome == "repaired"


def test_a_write_beside_the_one_that_was_meant_is_noticed():
    judge = _judge(after=_also_deletes)
    for make in (_rename, _trash, _read):
        verdict = judge.judged(_right(make(judge)))
        assert (verdict.outcome, verdict.good) == ("wrong target", False)
        assert judge.ground.leaves[1] in verdict.why


def test_a_write_to_another_page_is_noticed():
    def astray(faulty, arguments):
        return {**arguments, "params": {"page_id": faulty.ground.leaves[1]}}

    judge = _judge(before=astray)
    assert judge.judged(_right(_trash(judge))).outcome == "wrong target"
    assert judge.judged(_right(_read(judge))).outcome == "misread"


def test_a_write_of_another_kind_or_value_is_noticed():
    judge = _judge(before=lambda faulty, arguments: {**arguments, "params": {**arguments["params"], "in_trash": True}})
    assert judge.judged(_right(_rename(judge))).outcome == "wrong target"
    judge = _judge(before=lambda faulty, arguments: json.loads(json.dumps(arguments).replace("First", "Last")))
    title = Intent("data_sources", "update", {"data_source_id": judge.ground.source["People"], "title": _text("First")})
    assert judge.judged(_right(title)).outcome == "wrong value"


def test_a_write_that_is_only_said_to_have_happened_is_noticed():
    judge = _judge(before=lambda faulty, arguments: {**arguments, "action": "get"})
    assert judge.judged(_right(_trash(judge))).outcome == "misread"


def test_a_parameter_that_is_ignored_is_noticed():
    def lenient(faulty, arguments):
        known = faulty.ground.known[arguments["entity"]][arguments["action"]]
        return {**arguments, "params": {key: value for key, value in arguments["params"].items() if key in known}}

    judge = _judge(before=lenient)
    assert judge.judged(_right(_trash(judge), accept=False, dry_run=True)).outcome == "wrong target"
    some = Intent("pages", "list", {"query": "Atlas"})
    assert judge.judged(_right(some, accept=False, created_by="Ines")).outcome == "misread"


def test_an_error_that_says_nothing_or_too_much_is_noticed():
    def vague(faulty, outcome):
        return outcome if outcome.error is None else replace(outcome, text="Error")

    def wordy(faulty, outcome):
        return replace(outcome, text=outcome.text + " page_id is needed." * 60)

    for fault, expected in [(vague, "unhelpful"), (wordy, "long")]:
        judge = _judge(after=fault)
        call = Misuse({"entity": "pages", "action": "get"}, ("x",), [], [Fix.of("page_id")], False)
        assert judge.judged(call).outcome == expected
        assert judge.run(100).share < 0.9


def test_an_error_after_a_write_is_noticed():
    def failing(faulty, outcome):
        return Toolset(faulty.ground.notion).call(TOOL, {"entity": "pages", "action": "get"})

    judge = _judge(after=failing)
    assert judge.judged(Misuse({"entity": "x", "action": "y"}, ("x",), [], [Fix.of("page_id")], False)).good
    deleting = _judge(after=lambda faulty, outcome: failing(faulty, _also_deletes(faulty, outcome)))
    assert deleting.judged(_right(_read(deleting), fixes=[Fix.of("page_id")])).outcome == "wrong target"


def test_a_crash_is_noticed():
    def broken(faulty, arguments):
        raise KeyError("entity")

    judge = _judge(before=broken)
    assert judge.judged(_right(_read(judge))).outcome == "crash"


def _text(words):
    return [{"text": {"content": words}}]

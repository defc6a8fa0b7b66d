"""Real Notion traffic judges the sandbox: shapes of objects by type, and whole recordings by endpoint."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from judge import Behaviour, behaviour, report, shape_verdicts
from judge_replay import Session, differences, objects, sessions
from judge_shapes import Collected, shapes
from recordings import Exchange, load

MOST_UNSCORED = 0.15
"""Part of the exchanges that may show something foreign for the first time."""
LEAST = 0.95
FEW = 20
"""With fewer exchanges than this an endpoint may disagree in one of them."""


@pytest.fixture(scope="module")
def found() -> Behaviour:
    return behaviour()


def text(line: str) -> dict[str, Any]:
    return {"object": "block", "id": "b", "type": "paragraph", "paragraph": {"rich_text": [], "color": line}}


def test_objects_have_recorded_shapes(capsys: pytest.CaptureFixture[str]) -> None:
    verdicts = [each for each in shape_verdicts() if each.scored]
    poor = [f"{each.version} {each.name}: {each.reasons}" for each in verdicts if each.agreed < LEAST * each.judged]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(line for line in report() if not line.startswith("      ")) + "\n")
    assert poor == []
    assert len(verdicts) > 100
    assert sum(each.judged for each in verdicts) > 10_000


def test_recordings_are_answered_alike(found: Behaviour) -> None:
    poor: list[str] = []
    for endpoint, tally in found.answers.items():
        allowed = max(1 if tally.scored < FEW else 0, (1 - LEAST) * tally.scored)
        if tally.scored - tally.agreed > allowed:
            poor.append(f"{endpoint}: {tally.agreed} of {tally.scored}: {tally.misses}")
    assert poor == []
    scored = sum(each.scored for each in found.answers.values())
    assert sum(each.agreed for each in found.answers.values()) >= LEAST * scored


def test_refusals_are_recorded_ones(found: Behaviour) -> None:
    tallies = list(found.errors.values())
    assert [miss for each in tallies for miss in each.misses] == []
    assert sum(each.scored for each in tallies) >= len(("url", "token", "page", "uuid"))


def test_most_exchanges_are_scored(found: Behaviour) -> None:
    scored = sum(each.scored for each in found.answers.values())
    unscored = sum(sum(each.unscored.values()) for each in found.answers.values())
    assert unscored <= MOST_UNSCORED * (scored + unscored)
    assert sum(each.scored + sum(each.unscored.values()) for each in found.errors.values()) + scored + unscored == len(
        load()
    )


def test_the_judges_notice_what_is_wrong() -> None:
    samples = [("v", text("red")) for _ in range(5)]
    collected = Collected(samples)
    good, wrong = collected.judge([("v", text("blue"))]), collected.judge([("v", {**text("red"), "extra": 1})])
    assert all(each.agreed == each.judged for each in good)
    assert [each.reasons for each in wrong if each.name == "block"] == [{"extra is never there": 1}]
    kind = collected.judge([("v", {**text("red"), "paragraph": {"rich_text": [], "color": 1}})])
    reasons = [dict(each.reasons) for each in kind if each.name == "block paragraph"]
    assert reasons == [{"color is number, recorded as string": 1}]
    [missing] = [
        each
        for each in collected.judge([("v", {**text("red"), "paragraph": {"color": "red"}})])
        if each.name == "block paragraph"
    ]
    assert list(missing.reasons) == ["rich_text is always there, and missing"]
    assert not next(each for each in Collected(samples[:4]).judge(samples) if each.name == "block").scored


def test_differences_are_found_at_any_depth() -> None:
    assert list(differences({"a": [{"b": 1}]}, {"a": [{"b": "x"}]})) == [".a[0].b: number for string"]
    assert list(differences({"a": 1}, {"a": None})) == []
    assert list(differences({"a": 1}, {})) == [".a: never recorded"]
    assert list(differences({}, {"a": 1})) == [".a: missing"]
    assert list(differences([1], [1, 2])) == [": 1 items for 2"]


def test_every_object_has_a_shape() -> None:
    named = {name for exchange in load() for name, _ in shapes(exchange.answer)}
    assert {"page", "block", "database", "data_source", "comment", "user bot", "file_upload", "view", "error"} <= named
    assert {f"value {kind}" for kind in ("title", "status", "relation", "rollup", "formula", "files")} <= named


def test_a_wrong_answer_is_a_miss() -> None:
    for recorded in sessions(load()).values():
        changed = [_changed(each) for each in recorded]
        if not any(each is not other for each, other in zip(recorded, changed, strict=True)):
            continue
        outcomes = Session(changed).run()
        wrong = [each for each, kept in zip(outcomes, recorded, strict=True) if each.exchange is not kept]
        assert all(each.misses or each.unscored for each in wrong)
        assert any(each.misses for each in wrong)
        return
    pytest.fail("no recording updates a page")


def _changed(exchange: Exchange) -> Exchange:
    """The same exchange with another status, if it updates a page."""
    if exchange.method != "PATCH" or "/pages/" not in exchange.path:
        return exchange
    fields = {name: getattr(exchange, name) for name in exchange.__dataclass_fields__}
    return Exchange(**{**fields, "status": 409, "answer": {"object": "error", "code": "conflict_error"}})


def test_objects_are_what_has_an_id_and_content() -> None:
    page = {"object": "page", "id": "p", "created_by": {"object": "user", "id": "u"}}
    assert list(objects({"results": [page], "object": "list"})) == [page]

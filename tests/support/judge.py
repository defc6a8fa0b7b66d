"""The recordings as judges of the sandbox: ``python tests/support/judge.py`` prints how far it agrees with them."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import pytest
from judge_replay import OK, Outcome, Session, endpoint_of, sessions
from judge_shapes import Collected, Verdict
from judge_tour import tour
from recordings import Exchange, load

__all__ = ["Behaviour", "Tally", "behaviour", "replayed", "report", "shape_verdicts"]


@dataclass
class Tally:
    """How many of an endpoint's exchanges agree."""

    scored: int = 0
    agreed: int = 0
    unscored: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list[str])


@dataclass
class Behaviour:
    """How the replayed recordings went, by endpoint; errors apart."""

    answers: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    errors: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def add(self, outcome: Outcome) -> None:
        """Count one exchange."""
        exchange = outcome.exchange
        table = self.answers if exchange.status == OK else self.errors
        tally = table[endpoint_of(exchange)]
        if outcome.unscored:
            tally.unscored[outcome.unscored.split(" is known")[-1]] += 1
            return
        tally.scored += 1
        tally.agreed += not outcome.misses
        if outcome.misses:
            shown = "; ".join(outcome.misses[:4])
            tally.misses.append(f"{exchange.version} {exchange.name}: {shown}")


@cache
def replayed() -> tuple[list[Outcome], list[Exchange]]:
    """All recordings, replayed."""
    exchanges = load()
    found = [outcome for each in sessions(exchanges).values() for outcome in Session(each).run()]
    return found, exchanges


def behaviour() -> Behaviour:
    """The score of the replay."""
    found = Behaviour()
    for each in replayed()[0]:
        found.add(each)
    return found


def shape_verdicts() -> list[Verdict]:
    """The score of every object that the sandbox answered with: in the replay, and on a tour of its sample workspace.

    Of endpoints that a version shares with the other, and that were recorded with that one only, nothing is said.
    """
    outcomes, exchanges = replayed()
    collected = Collected((each.version, each.answer) for each in exchanges)
    answers = [(each.exchange.version, each.answer) for each in outcomes if each.answer is not None]
    return collected.judge([*answers, *tour()])


def _percent(agreed: int, scored: int) -> str:
    return f"{agreed} of {scored} ({100 * agreed / scored:.1f} %)" if scored else "none"


def report() -> Iterator[str]:
    """Agreement by type and by endpoint, with every miss and its reason."""
    verdicts, found = shape_verdicts(), behaviour()
    scored = [each for each in verdicts if each.scored]
    yield f"Shapes: {_percent(sum(each.agreed for each in scored), sum(each.judged for each in scored))}"
    for each in verdicts:
        note = "" if each.scored else f"  (not scored: {each.samples} samples)"
        yield f"  {each.version} {each.name}: {_percent(each.agreed, each.judged)}{note}"
        if each.scored:
            yield from (f"      {count}x {reason}" for reason, count in each.reasons.most_common())
    for name, table in (("Behaviour", found.answers), ("Errors", found.errors)):
        tallies = list(table.values())
        yield f"{name}: {_percent(sum(each.agreed for each in tallies), sum(each.scored for each in tallies))}"
        for endpoint, tally in sorted(table.items()):
            yield f"  {endpoint}: {_percent(tally.agreed, tally.scored)}"
            yield from (f"      not scored: {count}x {reason}" for reason, count in tally.unscored.most_common())
            yield from (f"      {miss}" for miss in tally.misses)


def main() -> None:
    """Print the report, or why there is none."""
    try:
        sys.stdout.writelines(f"{line}\n" for line in report())
    except pytest.skip.Exception as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()

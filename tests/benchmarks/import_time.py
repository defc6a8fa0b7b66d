"""How long the package takes to import, beside ``import httpx, pydantic``: ``python tests/benchmarks/import_time.py``.

Each import runs in a fresh interpreter. They alternate, so that a busy machine slows all alike, and the medians are
compared. A ratio of 1.2 for the package is the aim, 1.5 the most. Run by hand, never with the tests, whose outcome must
not depend on the machine; with ``--limit`` a greater ratio fails.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from statistics import median

BASELINE = "import httpx, pydantic"
PACKAGE = "import airbyte_agent_notion"
CONNECTOR = "from airbyte_agent_notion import NotionConnector"
MEASURE = "from time import perf_counter; start = perf_counter(); {}; print(perf_counter() - start)"


def measure(statement: str) -> float:
    """Seconds that a statement takes in a fresh interpreter, its start-up not counted."""
    command = [sys.executable, "-c", MEASURE.format(statement)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print medians, best times and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=25, help="runs of each import (25)")
    parser.add_argument("--limit", type=float, help="exit with 1 above this ratio")
    options = parser.parse_args(arguments)
    times: dict[str, list[float]] = {BASELINE: [], PACKAGE: [], CONNECTOR: []}
    for statement in times:
        measure(statement)  # Writes the byte code and warms the disk cache.
    for _ in range(options.runs):
        for statement, seconds in times.items():
            seconds.append(measure(statement))
    lines = [f"Python {sys.version.split()[0]}, {options.runs} runs", "  median     best    ratio  statement"]
    ratios = {statement: median(seconds) / median(times[BASELINE]) for statement, seconds in times.items()}
    for statement, seconds in times.items():
        middle, best = 1000 * median(seconds), 1000 * min(seconds)
        lines.append(f"{middle:5.0f} ms {best:5.0f} ms {ratios[statement]:8.2f}  {statement}")
    sys.stdout.write("\n".join(lines) + "\n")
    return int(options.limit is not None and ratios[PACKAGE] > options.limit)


if __name__ == "__main__":
    sys.exit(main())

"""Tables of what `benchmarks.accuracy --json` printed: a row for each method, a column a case.

Means over seeds, with their range; of several runs, what they are of together.

``python -m benchmarks.accuracy_table RESULT.json [RESULT.json ...] [--figure mean_iou]``
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy_results import Row, by_seed, in_words, read_rows

FIGURES = ("mean_iou", "horizon_error", "within_1", "calibration_error", "pixel_accuracy")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("results", type=Path, nargs="+", metavar="RESULT.json")
    arguments.add_argument("--figure", choices=FIGURES, default=FIGURES[0])
    chosen = arguments.parse_args()
    rows = read_rows(chosen.results)
    for labels in dict.fromkeys(row["labels"] for row in rows):
        print(f"\n{chosen.figure}, {labels} labelled\n")
        print("\n".join(table([row for row in rows if row["labels"] == labels], chosen.figure)))


def table(rows: Sequence[Row], figure: str) -> list[str]:
    """Lines of a Markdown table of rows that are of the same labels.

    Parameters
    ----------
    rows : sequence of dict
    figure : str
        One of `FIGURES`.
    """
    found = by_seed(rows, figure)
    cases = list(dict.fromkeys(row["case"] for row in rows))
    lines = ["| | " + " | ".join(cases) + " |", "| --- |" + " --- |" * len(cases)]
    for method, labels in dict.fromkeys((method, labels) for method, labels, _ in found):
        values = [found.get((method, labels, case), {}) for case in cases]
        cells = [in_words(list(seeds.values())) if seeds else "" for seeds in values]
        lines.append(f"| {method} | " + " | ".join(cells) + " |")
    return lines


if __name__ == "__main__":
    main()

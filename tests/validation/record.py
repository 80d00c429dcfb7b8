#!/usr/bin/env python3
"""Writes the record of how far predictions are from published steps.

    record.py FLEETWRIGHT CASES.csv

Predicts the cases and writes RECORD.md and record.svg beside this script: errors by what can be
told apart, the ten worst of the core set, what was assumed most often, and what was estimated from
the cases themselves, with the errors when each model is left out of the estimate.
"""

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = (("count", "{}"), ("not_simulated", "{}"), ("mean_abs_error", "{:.1%}"),
           ("median_abs_error", "{:.1%}"), ("p90_abs_error", "{:.1%}"),
           ("max_abs_error", "{:.1%}"), ("mean_error", "{:+.1%}"))


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]) + "\n"


def cells(errors):
    return [form.format(errors[key]) if errors.get(key) is not None else "-"
            for key, form in COLUMNS]


def error_table(summary, names):
    header = ["", "count", "not simulated", "mean", "median", "90th percentile", "worst", "signed"]
    return table(header, [[name, *cells(summary[name])] for name in names])


def fitted_tables():
    with (HERE / "fitted_slowdowns.csv").open() as file:
        blocks = file.read().strip().split("\n\n")
    return "\n".join(table(rows[0], rows[1:])
                     for rows in (list(csv.reader(block.splitlines())) for block in blocks))


def main(program, cases):
    report = json.loads(subprocess.run(
        [program, "validate", cases, "--format", "json", "--plot", HERE / "record.svg"],
        check=True, capture_output=True).stdout)
    summary = report["summary"]
    predicted = [c for c in report["cases"] if c["error"] is not None]
    worst = sorted((c for c in predicted if c["core"]), key=lambda c: -abs(c["error"]))[:10]
    assumed = Counter(a for c in report["cases"] for a in c["assumed"])
    parts = ["# How far predictions are from published steps\n",
             "Written by `./dev bench CASES.csv`. Errors are those of the step time, predicted over "
             "measured less 1.\nMean, median, 90th percentile and worst are of absolute errors.\n",
             "![predicted against measured](record.svg)\n",
             error_table(summary, ["all", "families", "core", "peak_memory"])]
    for key, title in (("by_gpu", "By GPU"), ("by_framework", "By software stack"),
                       ("by_precision", "By number format"), ("by_kind", "Dense and experts"),
                       ("by_source", "By source")):
        parts += [f"## {title}\n", error_table(summary[key], sorted(summary[key]))]
    parts += ["## The ten worst of the core set\n",
              table(["case", "measured", "predicted", "error"],
                    [[c["id"], f"{c['measured_step_time_s']:.4g} s",
                      f"{c['predicted_step_time_s']:.4g} s", f"{c['error']:+.1%}"] for c in worst]),
              "## What was assumed most often\n",
              table(["assumed", "cases"], assumed.most_common(15)),
              "## What was estimated from the cases\n",
              "`fit_slowdowns.py` says how. \"Each model left out\" are the errors of each model's rows "
              "when the\nestimate is made without them.\n", fitted_tables()]
    (HERE / "RECORD.md").write_text("\n".join(parts))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])

#!/usr/bin/env python3
"""Estimates what a software stack's allocator holds beside the tensors, from published peaks.

    fit_memory.py FLEETWRIGHT CASES.csv

The median of measured over predicted memory, of all rows of a stack at once; none below 0, and none
for a stack with few rows. Written into the data file, with the rows that it rests on beside
(fitted_memory.csv). What was measured differs: some report what tensors take (and get 0), others
what the allocator holds.
"""

import csv
import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
SOFTWARE = HERE.parent.parent / "profiles/data/software.toml"
FITTED = HERE / "fitted_memory.csv"
FEWEST_ROWS = 5


def set_overheads(overhead_of):
    """Writes the values into the data file."""
    lines, name = [], None
    for old in SOFTWARE.read_text().splitlines():
        header = re.match(r"\[([^\]]+)\]$", old)
        name = header.group(1) if header else name
        if old.startswith("memory_overhead"):
            old = re.sub(r"value = [0-9.]+", f"value = {overhead_of(name):g}", old)
        lines.append(old)
    SOFTWARE.write_text("\n".join(lines) + "\n")


def main(program, cases):
    set_overheads(lambda _: 0)
    report = json.loads(subprocess.run([program, "validate", cases, "--format", "json"], check=True,
                                       capture_output=True).stdout)
    ratios = defaultdict(list)
    for case in report["cases"]:
        if case["memory_error"] is not None:
            ratios[case["software"]].append(1 / (1 + case["memory_error"]))
    overheads = {stack: max(0, round(median(values) - 1, 2))
                 for stack, values in ratios.items() if len(values) >= FEWEST_ROWS}
    set_overheads(lambda name: overheads.get(name, 0))
    with FITTED.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["software", "memory_overhead", "rows", "mean_error_without", "mean_error_with"])
        for stack, values in sorted(ratios.items()):
            factor = 1 + overheads.get(stack, 0)
            errors = [sum(abs(f / v - 1) for v in values) / len(values) for f in (1, factor)]
            out.writerow([stack, overheads.get(stack, 0), len(values),
                          *(f"{error:.3f}" for error in errors)])
    print(FITTED.read_text(), end="")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])

#!/usr/bin/env python3
"""Estimates how much slower kernels are inside a training step than alone, and how long the host
takes for each operator, from published steps.

    fit_slowdowns.py measure FLEETWRIGHT CASES.csv   predicts every case at several values
    fit_slowdowns.py fit                             fits, writes the data files and the errors

One factor a chip (clock and power under the load of a whole step, and ceilings that are assumed),
one a software stack (older kernels, casts and copies that no operator stands for), a further one for
what only experts have (sorting and padding tokens, products launched one by one), one more for that
where FP8 has one scale a tensor (what is cast is searched for its largest value first), and a stack's
host time for each operator (it launches more kernels than the operators modelled), on all rows at once: least absolute logarithmic errors, each family of rows with the same weight, errors above
`cap` no worse than `cap` (rows that hang on something else), and a small penalty on each value, so
that what the rows do not ask for stays 1. Only the product of the two is in the data, so one stack is the
reference at 1. A chip or stack with few rows stays 1. What is reported beside the fitted errors are
those of each model when its rows are left out of the fit.
"""

import csv
import itertools
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RESPONSES = HERE / "slowdown_responses.csv"
FITTED = HERE / "fitted_slowdowns.csv"
ACCELERATORS = ROOT / "profiles/data/accelerators.toml"
SOFTWARE = ROOT / "profiles/data/software.toml"

SLOWDOWNS = (0.85, 1.15, 1.6)
LAUNCHES = (10, 30, 80, 150)  # microseconds; the first is what a launch takes by itself
EXPERTS = (1, 1.6)
FACTORS = [i / 50 for i in range(43, 78)]
EXPERT_FACTORS = [i / 20 for i in range(20, 37)]
HOST_TIMES = LAUNCHES  # what lies between two is not a straight line
# From a sweep that shows it: with tensor parallelism over 2 to 8 GPUs and one sequence a micro-batch, nanotron takes
# 4.5 ms a layer whatever the model (1B, 3B and 8B) and the width (playbook.csv, one pipeline stage).
KNOWN_HOST_TIMES = {"nanotron": 150}
NOTHING = (1.0, LAUNCHES[0], EXPERTS[0], 1.0)
# Which cases have one scale a tensor is told by whether such a factor changes them.
SCALED_PROBE = (SLOWDOWNS[1], LAUNCHES[0], EXPERTS[0])
CAP = 0.4
PENALTY = 0.01
FEWEST_ROWS = 5
COMPILED = {"xla"}  # whole steps are compiled: nothing is launched operator by operator
REFERENCE = ("stack", "megatron-core")
# Parts with the same chip and about the same power per chip share a factor.
CHIPS = {
    "A100-SXM-40": "A100", "A100-SXM-80": "A100", "A100-PCIE-40": "A100", "A100-PCIE-80": "A100",
    "A800-SXM-80": "A100", "A800-PCIE-80": "A100", "H100-SXM": "H100", "H200-SXM": "H100",
    "H800-SXM": "H100", "B300-SXM": "B300", "GB300": "B300",
}


def chip_of(accelerator):
    return CHIPS.get(accelerator, accelerator)


def set_values(root, slowdown_of_stack, launch_of_stack, experts_of_stack, scaled_of_stack,
               slowdown_of_chip):
    """Writes the values into the data files below `root`; None leaves a key out or as it is."""
    def line(key, width, value, source="STEPS-FIT"):
        return f'{key:<{width}} = {{ value = {value}, kind = "assumed", source = "{source}" }}'

    def rewrite(path, replacement):
        lines, name = [], None
        for old in path.read_text().splitlines():
            header = re.match(r"\[([^\]]+)\]$", old)
            name = header.group(1) if header else name
            lines += replacement(name, old.split("=")[0].strip(), old)
        path.write_text("\n".join(lines) + "\n")

    def in_stack(name, key, old):
        if key == "in_step_slowdown":
            return [line(key, 26, f"{slowdown_of_stack(name):g}")]
        if key == "expert_slowdown":
            return [line(key, 26, f"{experts_of_stack(name):g}")]
        if key == "tensor_scaled_slowdown":
            return [line(key, 26, f"{scaled_of_stack(name):g}")]
        # Where experts are launched one by one, each is an operator to the host.
        fits = key in ("operator_launch", "kernel_launch") and name not in COMPILED
        launch = launch_of_stack(name) if fits else None
        if launch is None:
            return [old]
        source = ("PLAYBOOK-SWEEP" if name in KNOWN_HOST_TIMES
                  else "EAGER-LAUNCH" if launch == LAUNCHES[0] else "STEPS-FIT")
        return [line(key, 26, f'"{launch:g} us"', source)]

    def in_accelerator(name, key, old):
        if key == "in_step_slowdown":
            return []
        factor = slowdown_of_chip(chip_of(name)) if key == "boost_clock" else None
        return [old] if factor is None else [old, line("in_step_slowdown", 23, f"{factor:g}")]

    rewrite(root / SOFTWARE.relative_to(ROOT), in_stack)
    rewrite(root / ACCELERATORS.relative_to(ROOT), in_accelerator)


def column(slowdown, launch, experts):
    return f"predicted_at_{slowdown:g}_{launch:g}us_{experts:g}_s"


def measure(program, cases):
    predicted = {}
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        for part in ("models", "planner", "profiles"):
            shutil.copytree(ROOT / part, scratch / part)

        def predict(tried, scaled, name):
            slowdown, launch, experts = tried
            set_values(scratch, lambda _: slowdown, lambda _: launch, lambda _: experts,
                       lambda _: scaled, lambda _: None)
            out = subprocess.run([program, "validate", cases, "--format", "json"], check=True,
                                 capture_output=True,
                                 env={**os.environ, "FLEETWRIGHT_DATA": str(scratch)}).stdout
            for case in json.loads(out)["cases"]:
                if case["error"] is not None:
                    predicted.setdefault(case["id"], (case, {}))[1][name] = (
                        case["predicted_step_time_s"])
            print(f"predicted: {name}", file=sys.stderr)

        for tried in itertools.product(SLOWDOWNS, LAUNCHES, EXPERTS):
            predict(tried, 1, column(*tried))
        predict(SCALED_PROBE, EXPERTS[1], "scaled")
    models = {row["id"]: row["model"] for row in csv.DictReader(open(cases))}
    columns = [column(*tried) for tried in itertools.product(SLOWDOWNS, LAUNCHES, EXPERTS)]
    with RESPONSES.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["id", "family", "model", "core", "accelerator", "software", "measured_s",
                      "one_scale_a_tensor", *columns])
        for name, (case, times) in predicted.items():
            out.writerow([name, case["family"], models[name], int(case["core"]), case["gpu"],
                          case["software"], f"{case['measured_step_time_s']:.5g}",
                          int(times["scaled"] != times[column(*SCALED_PROBE)]),
                          *(f"{times[c]:.5g}" for c in columns)])


def between(grid, value):
    """Index of the interval of `grid` that holds the value, and where in it, by their logarithms."""
    at = 1
    while at < len(grid) - 1 and grid[at] < value:
        at += 1
    return at, math.log(value / grid[at - 1]) / math.log(grid[at] / grid[at - 1])


class Row:
    def __init__(self, cells):
        self.family, self.model = cells["family"], cells["model"]
        self.core = cells["core"] == "1"
        self.chip, self.stack = chip_of(cells["accelerator"]), cells["software"]
        self.scaled = cells["one_scale_a_tensor"] == "1"
        self.weight = 1.0
        measured = float(cells["measured_s"])
        self.errors = {tried: math.log(float(cells[column(*tried)]) / measured)
                       for tried in itertools.product(SLOWDOWNS, LAUNCHES, EXPERTS)}
        self.has_experts = any(self.errors[s, l, EXPERTS[0]] != self.errors[s, l, EXPERTS[1]]
                               for s in SLOWDOWNS for l in LAUNCHES)

    def error(self, slowdown, launch, experts, scaled):
        """Logarithm of predicted over measured, between the values that were tried."""
        i, x = between(SLOWDOWNS, slowdown)
        _, z = between(EXPERTS, experts * (scaled if self.scaled else 1))

        def at(s):
            few, many = (self.errors[s, launch, e] for e in EXPERTS)
            return few * (1 - z) + many * z if self.has_experts else few
        return at(SLOWDOWNS[i - 1]) * (1 - x) + at(SLOWDOWNS[i]) * x


def read_rows():
    rows = [Row(cells) for cells in csv.DictReader(RESPONSES.open())]
    sizes = defaultdict(int)
    for row in rows:
        sizes[row.family] += 1
    for row in rows:
        row.weight = 1 / sizes[row.family]
    return rows


def error_of(row, values):
    slowdown, *others = values["stack", row.stack]
    return row.error(values["chip", row.chip][0] * slowdown, *others)


def total_loss(rows, values):
    return sum(r.weight * min(abs(error_of(r, values)), CAP) for r in rows)


def fit_from_several_starts(rows):
    """The best of fits that start from few and from much time of experts."""
    fits = [fit(rows, defaultdict(lambda e=e: (1.0, LAUNCHES[0], e, 1.0))) for e in EXPERTS]
    return min(fits, key=lambda values: total_loss(rows, values))


def fit(rows, start):
    """(slowdown, host time, that of experts, of experts with one scale a tensor) by chip and by
    stack, one after the other until none moves."""
    groups = defaultdict(list)
    for row in rows:
        groups["chip", row.chip].append(row)
        groups["stack", row.stack].append(row)

    def has_experts(key):
        return (key[0] == "stack" and key[1] not in COMPILED
                and sum(r.has_experts for r in groups[key]) >= FEWEST_ROWS)

    values = {key: start[key] if has_experts(key) else (*start[key][:2], *NOTHING[2:])
              for key in groups}

    def loss(key, value):
        trial = {**values, key: value}
        unusual = (abs(math.log(value[0])) + abs(math.log(value[1] / LAUNCHES[0])) / 3
                   + math.log(value[2]) + math.log(value[3]))
        return sum(r.weight * (min(abs(error_of(r, trial)), CAP) + PENALTY * unusual)
                   for r in groups[key])

    for _ in range(20):
        before = dict(values)
        for key, members in sorted(groups.items()):
            if len(members) < FEWEST_ROWS:
                continue
            factors = (1.0,) if key == REFERENCE else FACTORS
            eager = key[0] == "stack" and key[1] not in COMPILED
            launches = HOST_TIMES if eager else LAUNCHES[:1]
            if key[1] in KNOWN_HOST_TIMES:
                launches = (KNOWN_HOST_TIMES[key[1]],)
            experts = EXPERT_FACTORS if has_experts(key) else EXPERTS[:1]
            scaled = EXPERT_FACTORS if any(r.scaled for r in members) else NOTHING[3:]
            values[key] = min(itertools.product(factors, launches, experts, scaled),
                              key=lambda v: loss(key, v))
        if values == before:
            break
    return values


def off(row, values):
    known = defaultdict(lambda: NOTHING, values)
    return math.exp(error_of(row, known)) - 1


def summary(name, pairs):
    """Mean and median absolute error: all rows, averaged by family, core."""
    def of(values):
        values = sorted(abs(v) for v in values)
        return (sum(values) / len(values), values[len(values) // 2]) if values else (0, 0)
    families = defaultdict(list)
    for row, error in pairs:
        families[row.family].append(abs(error))
    return [name, *of(e for _, e in pairs), *of(sum(v) / len(v) for v in families.values()),
            *of(e for r, e in pairs if r.core)]


def fit_all():
    rows = read_rows()
    values = fit_from_several_starts(rows)
    left_out = []
    for model in sorted({r.model for r in rows}):
        others = fit([r for r in rows if r.model != model], values)
        left_out += [(r, off(r, others)) for r in rows if r.model == model]
    table = [summary("unfitted", [(r, off(r, {})) for r in rows]),
             summary("fitted", [(r, off(r, values)) for r in rows]),
             summary("each model left out", left_out)]
    with FITTED.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["of", "id", "in_step_slowdown", "operator_launch_us", "expert_slowdown",
                      "tensor_scaled_slowdown", "rows", "models"])
        for (kind, name), (slowdown, launch, experts, scaled) in sorted(values.items()):
            members = [r for r in rows if (r.chip if kind == "chip" else r.stack) == name]
            eager = kind == "stack" and name not in COMPILED
            out.writerow([kind, name, f"{slowdown:g}", launch if eager else "",
                          *((f"{experts:g}", f"{scaled:g}") if kind == "stack" else ("", "")),
                          len(members), len({r.model for r in members})])
        out.writerow([])
        out.writerow(["errors", "all_mean", "all_median", "families_mean", "families_median",
                      "core_mean", "core_median"])
        for name, *numbers in table:
            out.writerow([name, *(f"{v:.4f}" for v in numbers)])
    nothing = (1.0, None, 1.0, 1.0)
    set_values(ROOT, lambda n: values.get(("stack", n), nothing)[0],
               lambda n: values.get(("stack", n), nothing)[1],
               lambda n: values.get(("stack", n), nothing)[2],
               lambda n: values.get(("stack", n), nothing)[3],
               lambda n: values[("chip", n)][0] if ("chip", n) in values else None)
    print(FITTED.read_text(), end="")


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "measure":
        measure(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 2 and sys.argv[1] == "fit":
        fit_all()
    else:
        sys.exit(__doc__)

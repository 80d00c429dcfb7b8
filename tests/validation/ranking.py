#!/usr/bin/env python3
"""How well predictions rank configurations that one team ran.

    ranking.py FLEETWRIGHT CASES.csv

For each model and number of GPUs: Spearman's rank correlation of predicted and measured step times,
the regret (measured time of the predicted best that ran, over the measured best, less 1), and how
well memory predicts what ran. A case without a step time did not run.
"""

import csv
import json
import subprocess
import sys
from collections import defaultdict
from statistics import median


def ranks(values):
    order = sorted(range(len(values)), key=values.__getitem__)
    rank = [0.0] * len(values)
    i = 0
    while i < len(order):
        j = i
        while j + 1 < len(order) and values[order[j + 1]] == values[order[i]]:
            j += 1
        for k in range(i, j + 1):
            rank[order[k]] = (i + j) / 2
        i = j + 1
    return rank


def spearman(a, b):
    a, b = ranks(a), ranks(b)
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    top = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b))
    below = (sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b)) ** 0.5
    return top / below if below else 1.0


def quantile(values, q):
    values = sorted(values)
    return values[min(len(values) - 1, int(q * len(values)))]


def main(program, path):
    report = json.loads(subprocess.run([program, "validate", path, "--format", "json"], check=True,
                                       capture_output=True).stdout)
    models = {row["id"]: (row["model"], int(row["gpus"])) for row in csv.DictReader(open(path))}
    groups = defaultdict(list)
    ran_fits = ran_not = failed_fits = failed_not = 0
    for case in report["cases"]:
        if case["predicted_step_time_s"] is None:
            continue
        fits = case["fits"]
        if case["measured_step_time_s"] is None:
            failed_fits, failed_not = failed_fits + fits, failed_not + (not fits)
            continue
        ran_fits, ran_not = ran_fits + fits, ran_not + (not fits)
        groups[models[case["id"]]].append(
            (case["predicted_step_time_s"], case["measured_step_time_s"], fits))
    print("# How well predictions rank configurations that one team ran\n\n"
          "Written by `./dev bench CASES.csv RANKED.csv`; `ranking.py` says what the columns are.\n")
    print("| model | GPUs | ran | Spearman | regret |\n|---|---|---|---|---|")
    correlations, regrets = [], []
    for (model, gpus), cases in sorted(groups.items()):
        if len(cases) < 5:
            continue
        correlation = spearman([p for p, _, _ in cases], [m for _, m, _ in cases])
        chosen = min((c for c in cases if c[2]), default=min(cases))
        regret = chosen[1] / min(m for _, m, _ in cases) - 1
        correlations.append(correlation)
        regrets.append(regret)
        print(f"| {model} | {gpus} | {len(cases)} | {correlation:.3f} | {regret:.1%} |")
    print(f"\nMedian Spearman {median(correlations):.3f}; regret: median {median(regrets):.1%}, "
          f"90th percentile {quantile(regrets, 0.9):.1%}.\n"
          f"Of {ran_fits + ran_not} that ran, {ran_not} are called infeasible "
          f"({ran_not / max(1, ran_fits + ran_not):.1%}); of {failed_fits + failed_not} that did not, "
          f"{failed_not} ({failed_not / max(1, failed_fits + failed_not):.1%}).")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])

#!/usr/bin/env python3
"""How well predictions rank configurations that one team ran.

    ranking.py FLEETWRIGHT CASES.csv

For each model and number of GPUs: Spearman's rank correlation of predicted and measured step times,
the regret (measured time of the predicted best that ran, over the measured best, less 1), and how
well memory predicts what ran. A case without a step time did not run.
"""

import csv
import json
import math
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


def seconds_of_waiting(row):
    """What a pass with a pipeline waits for its messages under the revision of the authors' branch
    that looks for them every 100 ms (planner/data/published_words.toml): 250 ms for each message of
    each micro-batch, and as much for each stage while the pipeline fills."""
    stages = int(row["pp"])
    micro_batches = int(row["global_batch"]) / int(row["dp"]) / int(row["micro_batch"])
    return 0.25 * min(4, 2 * (stages - 1)) * (micro_batches + stages - 1)


def waited(predicted, measured, waiting):
    """Whether waiting explains more than half of how far off a prediction without it is."""
    return waiting > 0 and abs(math.log(measured / (predicted + waiting))) < abs(
        math.log(measured / predicted)) / 2


def quality(cases):
    """Spearman's correlation and the regret of cases of (predicted, measured, fits)."""
    chosen = min((c for c in cases if c[2]), default=min(cases))
    return (spearman([c[0] for c in cases], [c[1] for c in cases]),
            chosen[1] / min(c[1] for c in cases) - 1)


def summary(qualities):
    correlations, regrets = zip(*qualities)
    return (f"median Spearman {median(correlations):.3f}; regret: median {median(regrets):.1%}, "
            f"90th percentile {quantile(regrets, 0.9):.1%}")


def main(program, path):
    report = json.loads(subprocess.run([program, "validate", path, "--format", "json"], check=True,
                                       capture_output=True).stdout)
    rows = {row["id"]: row for row in csv.DictReader(open(path))}
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
        row = rows[case["id"]]
        # From 512 GPUs on the prediction has the waiting in it.
        waiting = seconds_of_waiting(row) if int(row["gpus"]) < 512 else 0
        predicted, measured = case["predicted_step_time_s"], case["measured_step_time_s"]
        groups[row["model"], int(row["gpus"])].append(
            (predicted, measured, fits, waited(predicted, measured, waiting)))
    print("# How well predictions rank configurations that one team ran\n\n"
          "Written by `./dev bench CASES.csv RANKED.csv`; `ranking.py` says what the columns are. One revision of the\n"
          "framework looked every 100 ms whether a message between stages had arrived, and no column says which runs\n"
          "had it: the last columns leave out those that such waiting explains.\n")
    print("| model | GPUs | ran | Spearman | regret | of these waited | Spearman of the others | regret |\n"
          "|---|---|---|---|---|---|---|---|")
    of_all, of_others = [], []
    for (model, gpus), cases in sorted(groups.items()):
        if len(cases) < 5:
            continue
        others = [c for c in cases if not c[3]]
        of_all.append(quality(cases))
        of_others.append(quality(others))
        print(f"| {model} | {gpus} | {len(cases)} | {of_all[-1][0]:.3f} | {of_all[-1][1]:.1%} "
              f"| {len(cases) - len(others)} | {of_others[-1][0]:.3f} | {of_others[-1][1]:.1%} |")
    print(f"\nAll: {summary(of_all)}.\nWithout those that waited: {summary(of_others)}.\n"
          f"Of {ran_fits + ran_not} that ran, {ran_not} are called infeasible "
          f"({ran_not / max(1, ran_fits + ran_not):.1%}); of {failed_fits + failed_not} that did not, "
          f"{failed_not} ({failed_not / max(1, failed_fits + failed_not):.1%}).")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])

"""Makes ../resources/golden/plateaus.tsv: what ReduceLROnPlateau makes of metrics. Run from this folder: python3 plateaus.py

PyTorch 2.13, base rate 0.1, seed 20261129, all in double. Lines of three: the text of a schedule, which the Java test parses; a
metric of each of 40 epochs; the rate after each, then the best metric, the bad epochs and what is left of the cooldown.
"""
import random

import torch

random.seed(20261129)
EPOCHS = 40

CASES = """
ReduceLROnPlateau(patience=2)
ReduceLROnPlateau(factor=0.5, patience=0)
ReduceLROnPlateau(cooldown=3, factor=0.3, patience=1)
ReduceLROnPlateau(factor=0.5, patience=1, threshold=0.05)
ReduceLROnPlateau(factor=0.5, patience=1, threshold=0.02, threshold_mode=abs)
ReduceLROnPlateau(factor=0.7, mode=max, patience=1)
ReduceLROnPlateau(factor=0.7, mode=max, patience=2, threshold=0.03, threshold_mode=abs)
ReduceLROnPlateau(cooldown=1, factor=0.6, mode=max, patience=0, threshold=0.1)
ReduceLROnPlateau(factor=0.5, min_lr=0.004, patience=0)
ReduceLROnPlateau(eps=0.003, factor=0.5, patience=0)
ReduceLROnPlateau()
""".strip().splitlines()

lines = []
for case in CASES:
    options = eval("dict" + case[case.index("("):], {"min": "min", "max": "max", "rel": "rel", "abs": "abs"})
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **options)
    sign = -1 if options.get("mode") == "max" else 1
    metrics = [1.5 - sign * 0.5 * (1 - 0.9 ** min(i, 20)) + random.uniform(-0.03, 0.03) for i in range(EPOCHS)]
    rates = []
    for metric in metrics:
        schedule.step(metric)
        rates.append(optimizer.param_groups[0]["lr"])
    state = [schedule.best, schedule.num_bad_epochs, schedule.cooldown_counter]
    lines += [case, "\t".join(map(repr, metrics)), "\t".join(map(repr, rates + state))]
open("../resources/golden/plateaus.tsv", "w").write("\n".join(lines) + "\n")
print(len(CASES), "schedules")

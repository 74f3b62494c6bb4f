"""Makes ../resources/golden/rates.tsv: the rates of 50 steps of every schedule, in double. Run from this folder: python3 rates.py

PyTorch 2.13, base rate 0.1, no randomness. A line is the text of a schedule, which the Java test parses, and its rates.
"""
import warnings

import torch

warnings.simplefilter("ignore")
STEPS = 50
TORCH = torch.optim.lr_scheduler


def schedule(optimizer, name, steps, **options):
    if name == "ConstantLR":
        options.setdefault("factor", 1)
    if name == "CosineAnnealingLR":
        options.setdefault("T_max", steps)
    if name == "OneCycleLR":
        options.setdefault("total_steps", steps)
    if name in ("OneCycleLR", "CyclicLR"):
        options["cycle_momentum"] = False
    return getattr(torch.optim.swa_utils if name == "SWALR" else TORCH, name)(optimizer, **options)


def build(text, optimizer, steps=STEPS):
    names = {"true": True, "false": False, "cos": "cos", "linear": "linear", "exp_range": "exp_range",
             "triangular": "triangular", "triangular2": "triangular2"}
    for name in dir(TORCH) + ["SWALR"]:
        if name.endswith("LR") or name == "CosineAnnealingWarmRestarts":
            names[name] = lambda name=name, **options: lambda length: schedule(optimizer, name, length, **options)

    def sequential(schedulers, milestones):
        ends = (list(milestones) if isinstance(milestones, tuple) else [milestones]) + [steps]
        parts = [make(end - start) for make, start, end in zip(schedulers, [0] + ends, ends)]
        return lambda length: TORCH.SequentialLR(optimizer, parts, ends[:-1])

    names["SequentialLR"] = sequential
    names["ChainedScheduler"] = lambda schedulers: lambda length: TORCH.ChainedScheduler([s(length) for s in schedulers])
    name, arguments = text.split("(", 1)
    if name == "MultiStepLR":
        names["MultiStepLR"] = lambda milestones, **options: lambda length: TORCH.MultiStepLR(
            optimizer, list(milestones) if isinstance(milestones, tuple) else [milestones], **options)
    return eval(text, names)(steps)


CASES = """
ConstantLR()
ConstantLR(factor=0.25, total_iters=7)
StepLR(gamma=0.5, step_size=4)
StepLR(gamma=0.3, step_size=4)
MultiStepLR(milestones=20)
MultiStepLR(gamma=0.5, milestones=(3, 3, 17, 40))
ExponentialLR(gamma=0.95)
ExponentialLR(gamma=1.02)
LinearLR()
LinearLR(end_factor=0.1, start_factor=1, total_iters=30)
PolynomialLR()
PolynomialLR(power=2.5, total_iters=33)
CosineAnnealingLR(eta_min=0)
CosineAnnealingLR(eta_min=0.01)
CosineAnnealingLR(T_max=12, eta_min=0.02)
CosineAnnealingWarmRestarts(T_0=7)
CosineAnnealingWarmRestarts(T_0=5, T_mult=2, eta_min=0.01)
CyclicLR(base_lr=0.01, max_lr=0.2, step_size_up=8)
CyclicLR(base_lr=0.01, max_lr=0.2, mode=triangular2, step_size_down=9, step_size_up=4)
CyclicLR(base_lr=0.02, gamma=0.97, max_lr=0.3, mode=exp_range, step_size_up=6)
OneCycleLR(max_lr=0.5)
OneCycleLR(anneal_strategy=linear, div_factor=10, final_div_factor=100, max_lr=0.5, pct_start=0.25)
OneCycleLR(max_lr=0.3, pct_start=0.4, three_phase=true)
OneCycleLR(max_lr=0.3, total_steps=60)
ChainedScheduler(schedulers=(ConstantLR(factor=0.1, total_iters=20), ExponentialLR(gamma=0.9)))
ChainedScheduler(schedulers=(LinearLR(total_iters=10), StepLR(gamma=0.5, step_size=9), PolynomialLR(total_iters=60)))
SequentialLR(milestones=10, schedulers=(LinearLR(start_factor=0.1, total_iters=10), CosineAnnealingLR(eta_min=0)))
SequentialLR(milestones=(5, 20), schedulers=(ConstantLR(factor=0.5, total_iters=50), ExponentialLR(gamma=0.9), CosineAnnealingWarmRestarts(T_0=6)))
SWALR(swa_lr=0.03)
SWALR(anneal_epochs=23, anneal_strategy=linear, swa_lr=0.2)
SWALR(anneal_epochs=0, swa_lr=0.05)
""".strip().splitlines()

lines = []
for case in CASES:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    made = build(case, optimizer)
    rates = []
    for _ in range(STEPS):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        if len(rates) < STEPS:
            made.step()
    lines.append(case + "\t" + "\t".join(map(repr, rates)))
open("../resources/golden/rates.tsv", "w").write("\n".join(lines) + "\n")
print(len(lines), "schedules")

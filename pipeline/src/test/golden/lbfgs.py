"""Makes ../resources/golden/lbfgs.tsv: small networks trained by torch.optim.LBFGS. Run from this folder: python3 lbfgs.py

PyTorch 2.13 in float64; weights and data are the float32 values of a formula that the Java test has too. Lines of two: the text of the
optimizer, which the test parses; after each of three steps the evaluations so far, the loss where the step began, and all weights.
"""
import math

import torch

torch.set_num_threads(1)
STEPS, SAMPLES = 3, 24


def wave(count, start, scale):
    values = [scale * math.sin(start + 1.7 * i) for i in range(count)]
    return torch.tensor(values, dtype=torch.float64).float().double()


CASES = """
LBFGS(history_size=10, lr=0.5, max_iter=5)
LBFGS(history_size=2, lr=0.25, max_iter=4)
LBFGS(history_size=10, line_search_fn=strong_wolfe, lr=1, max_iter=5)
LBFGS(history_size=3, line_search_fn=strong_wolfe, lr=8, max_iter=4)
""".strip().splitlines()

lines = []
for case in CASES:
    options = eval("dict" + case[case.index("("):], {"strong_wolfe": "strong_wolfe"})
    net = torch.nn.Sequential(torch.nn.Linear(4, 6), torch.nn.Tanh(), torch.nn.Linear(6, 3)).double()
    with torch.no_grad():
        for i, p in enumerate(net.parameters()):
            p.copy_(wave(p.numel(), i, 0.5).view(p.shape))
    x = wave(SAMPLES * 4, 0.5, 1.5).view(SAMPLES, 4)
    y = torch.tensor([(i * i + i // 5) % 3 for i in range(SAMPLES)])
    optimizer = torch.optim.LBFGS(net.parameters(), **options)

    def closure():
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(x), y)
        loss.backward()
        return loss

    numbers = []
    for step in range(STEPS):
        loss = optimizer.step(closure)
        state = optimizer.state[next(net.parameters())]
        weights = torch.cat([p.detach().view(-1) for p in net.parameters()])
        numbers += [float(state["func_evals"]), float(loss)] + weights.tolist()
    lines += [case, "\t".join(map(repr, numbers))]
open("../resources/golden/lbfgs.tsv", "w").write("\n".join(lines) + "\n")
print(len(CASES), "cases")

"""Makes ../resources/golden/lbfgs.tsv: what torch.optim.LBFGS does with two functions. Run from this folder: python3 lbfgs.py

PyTorch 2.13, all in float64. Lines of two: the function and the text of the optimizer, which the Java test parses; after each of six
steps the evaluations so far, the iterations so far, and the point.
"""
import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
STEPS = 6


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def quartic(x):
    weights = torch.tensor([1.0, 4, 16, 64, 256])
    return (weights * (x - torch.tensor([1.0, -2, 0.5, 3, -1])) ** 2 + 0.125 * x**4).sum()


STARTS = {"rosenbrock": [-1.25, 1, -0.75, 1.5, 0.25, -1], "quartic": [4.0, 4, -3, 0.5, 2]}

CASES = """
quartic LBFGS(lr=1)
quartic LBFGS(history_size=3, lr=0.5, max_iter=4)
quartic LBFGS(lr=0.25, max_eval=3, max_iter=7)
quartic LBFGS(history_size=2, lr=1, max_iter=5, tolerance_change=0.001)
quartic LBFGS(lr=0.5, max_iter=9, tolerance_grad=20)
quartic LBFGS(line_search_fn=strong_wolfe, lr=1)
quartic LBFGS(history_size=1, line_search_fn=strong_wolfe, lr=8, max_iter=3)
rosenbrock LBFGS(line_search_fn=strong_wolfe, lr=1)
rosenbrock LBFGS(history_size=2, line_search_fn=strong_wolfe, lr=1, max_iter=4)
rosenbrock LBFGS(history_size=5, line_search_fn=strong_wolfe, lr=30, max_iter=5)
rosenbrock LBFGS(line_search_fn=strong_wolfe, lr=0.001, max_eval=6, max_iter=10)
rosenbrock LBFGS(line_search_fn=strong_wolfe, lr=100, max_eval=2, max_iter=10)
rosenbrock LBFGS(line_search_fn=strong_wolfe, lr=1000, max_eval=4, max_iter=3)
rosenbrock LBFGS(line_search_fn=strong_wolfe, lr=1, tolerance_change=0.02)
""".strip().splitlines()

lines = []
for case in CASES:
    name, text = case.split(" ", 1)
    options = eval("dict" + text[text.index("("):], {"strong_wolfe": "strong_wolfe"})
    x = torch.nn.Parameter(torch.tensor(STARTS[name]))
    optimizer = torch.optim.LBFGS([x], **options)

    def closure():
        optimizer.zero_grad()
        loss = globals()[name](x)
        loss.backward()
        return loss

    numbers = []
    for step in range(STEPS):
        optimizer.step(closure)
        state = optimizer.state[x]
        numbers += [float(state["func_evals"]), float(state["n_iter"])] + x.tolist()
    lines += [case, "\t".join(map(repr, numbers))]
open("../resources/golden/lbfgs.tsv", "w").write("\n".join(lines) + "\n")
print(len(CASES), "cases")

"""Makes ../resources/golden/optimizers.*: ten steps of every optimizer. Run from this folder: python3 optimizers.py

PyTorch 2.13, one thread, seed 20261128, start and gradients of float32, computed in float64. The name of a case is the text of
the optimizer, which the Java test parses. Per case: start [3, 7], gradients and values [10, 3, 7], and the states after the last
step under their names. Lion and LAMB, which PyTorch has not, are written down here from their papers; so is the form of momentum
that keeps the displacement. SparseAdam gets whole gradients as sparse ones of all rows; those of a table are behind the rest:
start [7, 3], of each step tokens [6], gradients [6, 3] of their rows, and the values.
"""
import torch

torch.set_num_threads(1)
torch.manual_seed(20261128)
index, blob = [], []
position = 0
STEPS = 10


def put(name, tensor):
    global position
    data = tensor.detach().to(torch.float32).contiguous()
    index.append(f"{name}\t{position}\t{','.join(map(str, data.shape))}")
    blob.append(data.numpy().astype("<f4").tobytes())
    position += data.numel()


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr, betas=(0.9, 0.99), weight_decay=0, maximize=False):
        super().__init__(params, dict(lr=lr, betas=betas, decay=weight_decay, sign=-1 if maximize else 1))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for w in group["params"]:
                state, g, (b1, b2) = self.state[w], group["sign"] * w.grad, group["betas"]
                m = state.setdefault("exp_avg", torch.zeros_like(w))
                way = torch.sign(b1 * m + (1 - b1) * g)
                w -= group["lr"] * (way + group["decay"] * w)
                state["exp_avg"] = b2 * m + (1 - b2) * g


class LAMB(torch.optim.Optimizer):
    def __init__(self, params, lr, betas=(0.9, 0.999), eps=1e-6, weight_decay=0, maximize=False):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, decay=weight_decay, sign=-1 if maximize else 1))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for w in group["params"]:
                state, g, (b1, b2) = self.state[w], group["sign"] * w.grad, group["betas"]
                t = state["step"] = state.get("step", 0) + 1
                m = b1 * state.get("exp_avg", 0) + (1 - b1) * g
                v = b2 * state.get("exp_avg_sq", 0) + (1 - b2) * g * g
                state["exp_avg"], state["exp_avg_sq"] = m, v
                way = m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + group["eps"]) + group["decay"] * w
                a, b = w.norm(), way.norm()
                w -= group["lr"] * (a / b if a > 0 and b > 0 else 1) * way


class Displacement(torch.optim.Optimizer):
    def __init__(self, params, lr, momentum, weight_decay=0, maximize=False):
        super().__init__(params, dict(lr=lr, momentum=momentum, decay=weight_decay, sign=-1 if maximize else 1))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for w in group["params"]:
                state, g = self.state[w], group["sign"] * w.grad + group["decay"] * w
                state["displacement"] = group["momentum"] * state.get("displacement", 0) - group["lr"] * g
                w += state["displacement"]


CLASSES = {"Lion": Lion, "LAMB": LAMB}


def read(text):
    """SGD(lr=0.1, nesterov=true) as PyTorch's object."""
    name, arguments = text.split("(", 1)
    options = eval(f"dict({arguments}", {"true": True, "false": False})
    if options.pop("keep_displacement", False):
        return lambda p: Displacement(p, **options)
    if name in CLASSES:
        return lambda p: CLASSES[name](p, **options)
    if name == "SparseAdam":
        return lambda p: torch.optim.SparseAdam(p, **options)
    return lambda p: getattr(torch.optim, name)(p, foreach=False, **options)


CASES = """
SGD(lr=0.1)
SGD(lr=0.1, weight_decay=0.01)
SGD(dampening=0.3, lr=0.05, momentum=0.9)
SGD(lr=0.05, momentum=0.9, nesterov=true, weight_decay=0.01)
Adam(lr=0.001)
Adam(betas=(0.8, 0.99), eps=1e-6, lr=0.01, weight_decay=0.1)
SGD(lr=0.1, maximize=true, weight_decay=0.02)
SGD(dampening=0.25, lr=0.05, maximize=true, momentum=0.8, weight_decay=0.05)
SGD(lr=0.03, maximize=true, momentum=0.8, nesterov=true)
SGD(keep_displacement=true, lr=0.05, momentum=0.9)
SGD(keep_displacement=true, lr=0.05, maximize=true, momentum=0.7, weight_decay=0.02)
Adagrad(lr=0.01)
Adagrad(eps=1e-6, initial_accumulator_value=0.1, lr=0.1, lr_decay=0.05, weight_decay=0.01)
Adagrad(lr=0.05, maximize=true)
Adadelta(lr=1)
Adadelta(eps=1e-5, lr=0.5, rho=0.8, weight_decay=0.02)
Adadelta(lr=0.7, maximize=true, rho=0.95)
RMSprop(lr=0.01)
RMSprop(alpha=0.9, centered=true, eps=1e-4, lr=0.005)
RMSprop(alpha=0.95, lr=0.003, momentum=0.8, weight_decay=0.03)
RMSprop(alpha=0.4, centered=true, eps=0.01, lr=0.002, maximize=true, momentum=0.5, weight_decay=0.1)
Adam(amsgrad=true, lr=0.01)
Adam(amsgrad=true, betas=(0.7, 0.8), lr=0.02, maximize=true, weight_decay=0.05)
Adam(betas=(0.3, 0.9), lr=0.02, maximize=true)
Adam(decoupled_weight_decay=true, lr=0.01, weight_decay=0.1)
AdamW(lr=0.001)
AdamW(amsgrad=true, betas=(0.8, 0.95), eps=1e-6, lr=0.02, weight_decay=0.2)
AdamW(lr=0.01, maximize=true, weight_decay=0)
Adamax(lr=0.002)
Adamax(betas=(0.8, 0.9), eps=1e-5, lr=0.02, weight_decay=0.1)
Adamax(betas=(0.4, 0.99), lr=0.01, maximize=true)
NAdam(lr=0.002)
NAdam(betas=(0.8, 0.99), eps=1e-6, lr=0.01, momentum_decay=0.1, weight_decay=0.05)
NAdam(decoupled_weight_decay=true, lr=0.01, maximize=true, momentum_decay=0, weight_decay=0.05)
RAdam(lr=0.001)
RAdam(betas=(0.8, 0.95), eps=1e-6, lr=0.02, weight_decay=0.1)
RAdam(decoupled_weight_decay=true, lr=0.01, maximize=true, weight_decay=0.1)
Rprop(lr=0.01)
Rprop(etas=(0.3, 1.5), lr=0.05, maximize=true, step_sizes=(0.01, 0.1))
ASGD(lr=0.01)
ASGD(alpha=0.5, lambd=0.1, lr=0.05, t0=3, weight_decay=0.02)
ASGD(lr=0.02, maximize=true, t0=0)
Lion(lr=1e-4)
Lion(betas=(0.8, 0.95), lr=0.01, maximize=true, weight_decay=0.1)
LAMB(lr=0.001)
LAMB(betas=(0.8, 0.95), eps=1e-5, lr=0.02, maximize=true, weight_decay=0.1)
SparseAdam(lr=0.001)
SparseAdam(betas=(0.8, 0.95), eps=1e-4, lr=0.02, maximize=true)
SparseAdam(betas=(0.4, 0.9), lr=0.01)
""".strip().splitlines()

for case in CASES:
    w = torch.nn.Parameter(torch.randn(3, 7).double())
    gradients = torch.randn(STEPS, 3, 7)
    optimizer = read(case)([w])
    put(f"{case}/start", w)
    put(f"{case}/gradients", gradients)
    values = []
    for gradient in gradients:
        w.grad = gradient.double().to_sparse(1) if case.startswith("Sparse") else gradient.double()
        optimizer.step()
        values.append(w.detach().clone())
    put(f"{case}/values", torch.stack(values))
    for name, state in optimizer.state[w].items():
        if torch.is_tensor(state) and state.shape == w.shape:
            put(f"{case}/{name}", state)
# Tokens come twice or more in a step, row 5 never, row 6 but once; the last step has none but the padding.
TOKENS = torch.randint(0, 4, (STEPS, 6))
TOKENS[3, 2], TOKENS[-1] = 6, 4
for case in ["SparseAdam(lr=0.01)", "SGD(lr=0.1)", "SGD(lr=0.1, momentum=0.9, nesterov=true)", "Adagrad(lr=0.1, lr_decay=0.1)"]:
    table = torch.nn.Embedding(7, 3, padding_idx=4, sparse=True).double()
    gradients = torch.randn(STEPS, 6, 3)
    optimizer = read(case)(table.parameters())
    put(f"table {case}/start", table.weight)
    put(f"table {case}/tokens", TOKENS)
    put(f"table {case}/ofRows", gradients)
    values = []
    for tokens, gradient in zip(TOKENS, gradients):
        optimizer.zero_grad()
        table(tokens).backward(gradient.double())
        optimizer.step()
        values.append(table.weight.detach().clone())
    put(f"table {case}/values", torch.stack(values))
    for name, state in optimizer.state[table.weight].items():
        if torch.is_tensor(state) and state.shape == table.weight.shape:
            put(f"table {case}/{name}", state.to_dense() if state.is_sparse else state)
open("../resources/golden/optimizers.index", "w").write("\n".join(index) + "\n")
open("../resources/golden/optimizers.bin", "wb").write(b"".join(blob))
print(len(index), "tensors,", 4 * position, "bytes")

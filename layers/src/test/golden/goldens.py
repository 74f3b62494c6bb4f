"""Makes ../resources/golden/*: what PyTorch computes for small cases. Run from this folder: python3 goldens.py [FAMILY ...]

One thread, float32, a seed per family, so that a new family leaves the others as they are:
  goldens  seed 20261120, PyTorch 1.13: linear, convolution, pooling, loss, optimizers, schedules, trainings
  layers   seed 20261128, PyTorch 2.13: sums, embeddings, normalizations, activations, global pooling, parts
Two files each:
  FAMILY.index  one line per tensor: <case>/<tensor> <first number> <dimensions, comma separated> [int32]
  FAMILY.bin    all tensors one after the other, little-endian float32 (whole numbers too)
The name of a layer's case is its spec, which the Java test parses: what is compared is the parsed layer. Further inputs and
outputs are called input1, output1 ...; buffers have their values before and, as NAME.end, after the step.
"""
import sys

import torch
from torch import nn
import torch.nn.functional as F

torch.set_num_threads(1)
index, blob = [], []
position = 0


def put(name, tensor):
    global position
    data = tensor.detach().to(torch.float32).contiguous()
    dtype = "" if tensor.is_floating_point() else "\tint32"
    index.append(f"{name}\t{position}\t{','.join(map(str, data.shape))}{dtype}")
    blob.append(data.numpy().astype("<f4").tobytes())
    position += data.numel()


def nth(name, i):
    return name if i == 0 else f"{name}{i}"


def layer_case(spec, layer, *inputs):
    """Inputs are shapes of normal numbers, or tensors."""
    inputs = [torch.randn(x, requires_grad=True) if isinstance(x, tuple) else x for x in inputs]
    for name, buffer in layer.named_buffers():
        if buffer.is_floating_point():
            put(f"{spec}/{name}", buffer)
    if list(layer.buffers()):
        put(f"{spec}/evaluation", layer.eval()(*inputs))
    y = layer.train()(*inputs)
    grad = torch.randn(y.shape)
    y.backward(grad)
    for i, x in enumerate(inputs):
        put(f"{spec}/{nth('input', i)}", x)
    put(f"{spec}/output", y)
    put(f"{spec}/gradOutput", grad)
    for i, x in enumerate(inputs):
        if x.grad is not None:
            put(f"{spec}/{nth('gradInput', i)}", x.grad)
    for name, parameter in layer.named_parameters():
        put(f"{spec}/{name}", parameter)
        put(f"{spec}/{name}.grad", parameter.grad)
    for name, buffer in layer.named_buffers():
        if buffer.is_floating_point():
            put(f"{spec}/{name}.end", buffer)


def loss_case(name, rows, classes, scale):
    x = (torch.randn(rows, classes) * scale).requires_grad_()
    target = torch.randint(0, classes, (rows,))
    loss = nn.CrossEntropyLoss()(x, target)
    loss.backward()
    put(f"{name}/input", x)
    put(f"{name}/target", target)
    put(f"{name}/loss", loss.reshape(1))
    put(f"{name}/gradInput", x.grad)


def optimizer_case(spec, make):
    """Five steps with given gradients; the parameter and the state after every step."""
    w = nn.Parameter(torch.randn(3, 7))
    optimizer = make([w])
    put(f"{spec}/start", w)
    for step in range(1, 6):
        w.grad = torch.randn(3, 7)
        put(f"{spec}/gradient{step}", w.grad)
        optimizer.step()
        put(f"{spec}/value{step}", w)
    for name, state in optimizer.state[w].items():
        if torch.is_tensor(state) and state.shape == w.shape:
            put(f"{spec}/{name}", state)


def schedule_case(spec, make, steps):
    optimizer = SGD([nn.Parameter(torch.zeros(1))], lr=0.1)
    schedule = make(optimizer)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    put(f"{spec}/rates", torch.tensor(rates, dtype=torch.float64))


def training_case(name, model, x, target, make, steps):
    """Losses of a whole run: forward, loss, backward, update; and the weights at its end."""
    put(f"{name}/input", x)
    put(f"{name}/target", target)
    for parameter, value in model.named_parameters():
        put(f"{name}/{parameter}", value)
    optimizer = make(model.parameters())
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), target)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    put(f"{name}/losses", torch.tensor(losses))
    for parameter, value in model.named_parameters():
        put(f"{name}/{parameter}.end", value)


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, 12), nn.ReLU(), nn.Linear(12, 3))


def convnet():
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.ReLU(), nn.Flatten(),
        nn.Linear(24, 3),
    )


SGD, ADAM = torch.optim.SGD, torch.optim.Adam
LR = torch.optim.lr_scheduler


def goldens():
    layer_case("Linear(7, 5)", nn.Linear(7, 5), (3, 7))
    layer_case("Linear(33, 17, bias=false)", nn.Linear(33, 17, bias=False), (9, 33))
    layer_case("Linear(6, 4)", nn.Linear(6, 4), (2, 3, 6))
    layer_case("Conv2d(1, 3, kernel_size=3)", nn.Conv2d(1, 3, 3), (2, 1, 6, 5))
    layer_case("Conv2d(3, 5, kernel_size=3, padding=1)", nn.Conv2d(3, 5, 3, padding=1), (3, 3, 7, 9))
    layer_case("Conv2d(2, 4, kernel_size=5, padding=2, stride=2)", nn.Conv2d(2, 4, 5, stride=2, padding=2), (2, 2, 11, 8))
    layer_case(
        "Conv2d(2, 3, bias=false, kernel_size=(3, 2), padding=(2, 1), stride=(2, 3))",
        nn.Conv2d(2, 3, (3, 2), stride=(2, 3), padding=(2, 1), bias=False),
        (2, 2, 6, 7),
    )
    layer_case("Conv2d(4, 17, kernel_size=1)", nn.Conv2d(4, 17, 1), (2, 4, 3, 5))
    layer_case("MaxPool2d(kernel_size=2)", nn.MaxPool2d(2), (2, 3, 6, 7))
    layer_case("MaxPool2d(kernel_size=3, padding=1, stride=2)", nn.MaxPool2d(3, 2, 1), (2, 2, 7, 8))
    layer_case("MaxPool2d(kernel_size=(2, 3), stride=1)", nn.MaxPool2d((2, 3), 1), (1, 2, 5, 5))
    layer_case("ReLU()", nn.ReLU(), (4, 19))
    layer_case("Tanh()", nn.Tanh(), (3, 5, 7))
    layer_case("Flatten()", nn.Flatten(), (2, 3, 2, 5))
    loss_case("CrossEntropyLoss small", 5, 10, 1.0)
    loss_case("CrossEntropyLoss large logits", 7, 3, 30.0)
    optimizer_case("SGD(lr=0.1)", lambda p: SGD(p, lr=0.1))
    optimizer_case("SGD(lr=0.1, weight_decay=0.01)", lambda p: SGD(p, lr=0.1, weight_decay=0.01))
    optimizer_case("SGD(dampening=0.3, lr=0.05, momentum=0.9)", lambda p: SGD(p, lr=0.05, momentum=0.9, dampening=0.3))
    optimizer_case(
        "SGD(lr=0.05, momentum=0.9, nesterov=true, weight_decay=0.01)",
        lambda p: SGD(p, lr=0.05, momentum=0.9, weight_decay=0.01, nesterov=True),
    )
    optimizer_case("Adam(lr=0.001)", lambda p: ADAM(p, lr=0.001))
    optimizer_case(
        "Adam(betas=(0.8, 0.99), eps=1e-6, lr=0.01, weight_decay=0.1)",
        lambda p: ADAM(p, lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1),
    )
    schedule_case("CosineAnnealingLR(eta_min=0)", lambda o: LR.CosineAnnealingLR(o, 23), 23)
    schedule_case("CosineAnnealingLR(eta_min=0.01)", lambda o: LR.CosineAnnealingLR(o, 23, 0.01), 23)
    schedule_case("StepLR(gamma=0.5, step_size=4)", lambda o: LR.StepLR(o, 4, 0.5), 23)
    rings = torch.randn(24, 2, 4)
    ring = (rings.flatten(1).norm(dim=1) * 1.2).long().clamp(1, 3) - 1
    training_case("mlp SGD", mlp(), rings, ring, lambda p: SGD(p, lr=0.1, momentum=0.9), 20)
    training_case("mlp Adam", mlp(), rings, ring, lambda p: ADAM(p, lr=0.01), 20)
    images = torch.randn(12, 1, 8, 8) + torch.arange(12).reshape(12, 1, 1, 1) % 3
    training_case("convnet SGD", convnet(), images, torch.arange(12) % 3, lambda p: SGD(p, lr=0.05, momentum=0.9), 15)


def randomized(layer):
    """With parameters that are not ones and zeros, and running statistics of some batches."""
    for parameter in layer.parameters():
        nn.init.normal_(parameter)
    for name, buffer in layer.named_buffers():
        if name == "running_mean":
            nn.init.normal_(buffer)
        if name == "running_var":
            nn.init.uniform_(buffer, 0.5, 2)
    return layer


class Add(nn.Module):
    def forward(self, *inputs):
        return sum(inputs[1:], inputs[0])


class Positions(nn.Module):
    def __init__(self, max_length, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(max_length, dim))

    def forward(self, x):
        return x + self.weight[: x.shape[1]]


class Narrow(nn.Module):
    def __init__(self, dim, start, length):
        super().__init__()
        self.narrow = (dim, start, length)

    def forward(self, x):
        return x.narrow(*self.narrow)


def layers():
    layer_case("Add()", Add(), (2, 3, 5), (2, 3, 5), (2, 3, 5))
    layer_case("Embedding(9, 5)", nn.Embedding(9, 5), torch.randint(0, 9, (3, 7)))
    layer_case("Embedding(4, 3, padding_idx=1)", nn.Embedding(4, 3, padding_idx=1), torch.tensor([[0, 1, 3], [3, 1, 3]]))
    layer_case("Positions(6, 4)", Positions(6, 4), (3, 5, 4))
    layer_case("LayerNorm(7)", randomized(nn.LayerNorm(7)), (3, 5, 7))
    layer_case("LayerNorm((3, 4), eps=0.01)", randomized(nn.LayerNorm((3, 4), eps=0.01)), (2, 5, 3, 4))
    layer_case("LayerNorm(9, bias=false)", randomized(nn.LayerNorm(9, bias=False)), (4, 9))
    layer_case("LayerNorm(5, elementwise_affine=false)", nn.LayerNorm(5, elementwise_affine=False), (4, 5))
    layer_case("BatchNorm1d(6)", randomized(nn.BatchNorm1d(6)), (7, 6))
    layer_case("BatchNorm1d(3, momentum=0.3)", randomized(nn.BatchNorm1d(3, momentum=0.3)), (4, 3, 5))
    layer_case("BatchNorm2d(3)", randomized(nn.BatchNorm2d(3)), (3, 3, 4, 5))
    layer_case("BatchNorm2d(2, affine=false, eps=0.001)", randomized(nn.BatchNorm2d(2, eps=1e-3, affine=False)), (2, 2, 3, 5))
    layer_case("BatchNorm2d(2, track_running_stats=false)", randomized(nn.BatchNorm2d(2, track_running_stats=False)), (3, 2, 2, 3))
    layer_case("AdaptiveAvgPool2d(1)", nn.AdaptiveAvgPool2d(1), (2, 3, 5, 7))
    layer_case("GELU()", nn.GELU(), (4, 19))
    layer_case("GELU(approximate=tanh)", nn.GELU("tanh"), (4, 19))
    layer_case("SiLU()", nn.SiLU(), (4, 19))
    layer_case("Sigmoid()", nn.Sigmoid(), (4, 19))
    layer_case("Narrow(1, 2, 3)", Narrow(1, 2, 3), (3, 7, 4))
    layer_case("Narrow(2, -2, 2)", Narrow(2, -2, 2), (2, 3, 5))


FAMILIES = {"goldens": (20261120, goldens), "layers": (20261128, layers)}
for family in sys.argv[1:] or FAMILIES:
    seed, cases = FAMILIES[family]
    index, blob, position = [], [], 0
    torch.manual_seed(seed)
    cases()
    path = "../resources/golden/" + family
    open(path + ".index", "w").write("\n".join(index) + "\n")
    open(path + ".bin", "wb").write(b"".join(blob))
    print(family, len(index), "tensors,", 4 * position, "bytes")

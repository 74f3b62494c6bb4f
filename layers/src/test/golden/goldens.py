"""Makes ../resources/golden/*: what PyTorch computes for small cases. Run from this folder: python3 goldens.py [FAMILY ...]

One thread, float32, a seed per family, so that a new family leaves the others as they are:
  goldens  seed 20261120, PyTorch 2.13: loss, trainings; layers have layers.py, optimizers optimizers.py, schedules rates.py
Two files each:
  FAMILY.index  one line per tensor: <case>/<tensor> <first number> <dimensions, comma separated> [int32]
  FAMILY.bin    all tensors one after the other, little-endian float32 (whole numbers too)
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


def loss_case(name, rows, classes, scale):
    x = (torch.randn(rows, classes) * scale).requires_grad_()
    target = torch.randint(0, classes, (rows,))
    loss = nn.CrossEntropyLoss()(x, target)
    loss.backward()
    put(f"{name}/input", x)
    put(f"{name}/target", target)
    put(f"{name}/loss", loss.reshape(1))
    put(f"{name}/gradInput", x.grad)


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


def goldens():
    loss_case("CrossEntropyLoss small", 5, 10, 1.0)
    loss_case("CrossEntropyLoss large logits", 7, 3, 30.0)
    rings = torch.randn(24, 2, 4)
    ring = (rings.flatten(1).norm(dim=1) * 1.2).long().clamp(1, 3) - 1
    training_case("mlp SGD", mlp(), rings, ring, lambda p: SGD(p, lr=0.1, momentum=0.9), 20)
    training_case("mlp Adam", mlp(), rings, ring, lambda p: ADAM(p, lr=0.01), 20)
    images = torch.randn(12, 1, 8, 8) + torch.arange(12).reshape(12, 1, 1, 1) % 3
    training_case("convnet SGD", convnet(), images, torch.arange(12) % 3, lambda p: SGD(p, lr=0.05, momentum=0.9), 15)


FAMILIES = {"goldens": (20261120, goldens)}
for family in sys.argv[1:] or FAMILIES:
    seed, cases = FAMILIES[family]
    index, blob, position = [], [], 0
    torch.manual_seed(seed)
    cases()
    path = "../resources/golden/" + family
    open(path + ".index", "w").write("\n".join(index) + "\n")
    open(path + ".bin", "wb").write(b"".join(blob))
    print(family, len(index), "tensors,", 4 * position, "bytes")

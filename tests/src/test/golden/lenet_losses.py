"""The golden losses of GoldenRun: Ketju's as exact bits, and PyTorch's for the same initial weights and batches.

Made with PyTorch 1.13.1 on the CPU, one thread, seed 1 (of Ketju: PyTorch draws nothing here):

    java (flags of the launcher, class path of the tests) io.ketju.tests.GoldenRun golden.safetensors > ketju.txt
    python3 lenet_losses.py golden.safetensors ketju.txt > ../resources/golden/lenet-10-steps.txt
"""
import json
import struct
import sys

import numpy
import torch
from torch import nn


def load(path):
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name != "__metadata__":
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            kind = {"F32": numpy.float32, "I32": numpy.int32}[entry["dtype"]]
            values = numpy.frombuffer(data[begin:end], kind).reshape(entry["shape"])
            tensors[name] = torch.from_numpy(values.copy())
    return tensors


def losses(tensors, steps):
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    model.load_state_dict({name: tensors[name] for name in model.state_dict()})
    optimizer = torch.optim.Adam(model.parameters())
    inputs = tensors["inputs"].chunk(steps)
    targets = tensors["targets"].long().chunk(steps)
    for x, target in zip(inputs, targets):
        loss = nn.functional.cross_entropy(model(x), target)
        yield loss.item()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


torch.set_num_threads(1)
ketju = [line.split() for line in open(sys.argv[2]) if line.strip()]
print("# step, Ketju's loss as the bits of a double, the same in decimal, PyTorch's loss; made by lenet_losses.py")
for step, ((bits, decimal), loss) in enumerate(zip(ketju, losses(load(sys.argv[1]), len(ketju))), 1):
    print(step, bits, decimal, f"{loss:.9g}")

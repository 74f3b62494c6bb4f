"""Layers of the catalogue, forward and backward, by the rows of layers.cases: the text of a layer evaluated as Python.

A class of torch.nn, or of the families beside the tests' golden values where PyTorch has no such module.
"""
import importlib
import re
import sys
from pathlib import Path

import torch
from torch import nn

import registry
from registry import calling, kind
from sequences import below, uniform

HERE = Path(__file__).resolve().parent
GOLDEN = HERE.parent.parent / "layers/src/test/golden"
ROWS = [line for line in (HERE / "layers.cases").read_text().splitlines() if line.strip() and line[0] != "#"]
GRADIENT_SEED, PARAMETER_SEED = 100, 200
PARAMETER_SCALE = 0.1


class Words(dict):
    """true and false, the classes, and any other word as text."""

    def __missing__(self, name):
        return name


class ScaledDotProductAttention(nn.Module):
    """The fused kernel, which the family of the golden values does without: inputs side by side, all of them seen."""

    def __init__(self, num_heads, is_causal=False):
        super().__init__()
        self.heads, self.causal = num_heads, is_causal

    def forward(self, x):
        q, k, v = (part.unflatten(2, (self.heads, -1)).transpose(1, 2) for part in x.chunk(3, 2))
        out = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        return out.transpose(1, 2).flatten(2)


def _names():
    found = {"true": True, "false": False}
    found.update({name: getattr(nn, name) for name in dir(nn)})
    sys.path.append(str(GOLDEN))
    for file in sorted((GOLDEN / "families").glob("*.py")):
        module = importlib.import_module("families." + file.stem)
        found.update({name: getattr(module, name) for name in dir(module) if not name.startswith("_")})
    found["ScaledDotProductAttention"] = ScaledDotProductAttention
    return Words(found)


def _input(seed, texts):
    what, dims, bound, pointers = re.fullmatch(
        r"(\w*)\[([\d, ]*)\](?:<(\d+)|(pointers))?", texts[seed].strip()).groups()
    shape = [int(d) for d in dims.split(",")]
    if pointers:  # as many elements of the next input in every row
        elements, rows = int(re.search(r"\[(\d+)", texts[seed + 1]).group(1)), shape[0] - 1
        return torch.tensor([row * elements // rows for row in range(rows + 1)])
    if what == "int32":
        count = 1
        for size in shape:
            count *= size
        return below(int(bound), seed, count).reshape(shape)
    values = uniform(seed, *shape)
    return (values.abs() + 0.5 if what == "positive" else values).requires_grad_()


def _channels_last(tensor):
    """The same numbers, arranged as PyTorch's guides advise for images."""
    images = registry.tuned and tensor.dim() == 4
    return tensor.detach().contiguous(memory_format=torch.channels_last).requires_grad_() if images else tensor


@kind
def layer(row):
    spec, inputs = (part.strip() for part in ROWS[row].split("|")[:2])
    module = eval(spec, _names())
    module.train()
    parameters = sorted(module.named_parameters())
    for i, (_, parameter) in enumerate(parameters):
        parameter.data = uniform(PARAMETER_SEED + i, *parameter.shape, scale=PARAMETER_SCALE)
    texts = inputs.split(";")
    xs = [_input(i, texts) for i in range(len(texts))]
    xs = [_channels_last(x) if x.is_floating_point() else x for x in xs]
    wanted = [x for x in xs if x.requires_grad] + [p for _, p in parameters]
    state = {}

    def forward():
        ys = module(*xs)
        return list(ys) if isinstance(ys, (tuple, list)) else [ys]

    with torch.enable_grad():
        dys = [uniform(GRADIENT_SEED + i, *y.shape) for i, y in enumerate(forward())]

    def call():
        with torch.enable_grad():
            ys = forward()
            state["results"] = ys + list(torch.autograd.grad(ys, wanted, dys))

    return calling(call, lambda: state["results"])

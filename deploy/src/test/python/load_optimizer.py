"""Gives the optimizer state of a run to an optimizer of PyTorch, and takes a step with it.

    ketju weights RUN --optimizer-to optimizer.safetensors
    python load_optimizer.py AdamW RUN/model.safetensors optimizer.safetensors

It fails if PyTorch does not take the state, or takes other values than the file has.
"""
import json
import sys

import torch
from safetensors import safe_open
from safetensors.torch import load_file

name, weights_file, state_file = sys.argv[1:]
weights = load_file(weights_file)
state = load_file(state_file)
with safe_open(state_file, "pt") as opened:
    names = json.loads(opened.metadata()["parameters"])
parameters = [torch.nn.Parameter(weights[one]) for one in names]
optimizer = getattr(torch.optim, name)(parameters, lr=0.01)
nested = {}
for key, tensor in state.items():
    _, number, what = key.split(".", 2)
    nested.setdefault(int(number), {})[what] = tensor
optimizer.load_state_dict({"state": nested, "param_groups": optimizer.state_dict()["param_groups"]})
for number, parameter in enumerate(parameters):
    for what, tensor in nested.get(number, {}).items():
        assert torch.equal(optimizer.state[parameter][what], tensor), (names[number], what)
    parameter.grad = torch.ones_like(parameter)
optimizer.step()
steps = {int(state["step"]) for state in optimizer.state.values() if "step" in state}
print(f"{name} has taken {len(state)} tensors of {len(names)} parameters and one step more: {steps or 'no counts'}")

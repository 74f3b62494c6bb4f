"""Trains a small model in PyTorch, and writes it and its optimizer so that a run goes on with both.

    python save_optimizer.py AdamW model.safetensors optimizer.safetensors
    ketju weights model.safetensors --optimizer-from optimizer.safetensors --state-to state.safetensors
    ketju train --data digits --model "mlp(64, 16, 10)" --optimizer "AdamW(lr=0.01)" --from state.safetensors
"""
import json
import sys

import torch
from safetensors.torch import save_file

name, weights_file, state_file = sys.argv[1:]
torch.manual_seed(1)
layers = {"1": torch.nn.Linear(64, 16), "2": torch.nn.ReLU(), "3": torch.nn.Linear(16, 10)}
model = torch.nn.Sequential()
for number, layer in layers.items():
    model.add_module(number, layer)
optimizer = getattr(torch.optim, name)(model.parameters(), lr=0.01)
for _ in range(5):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(torch.randn(32, 64)), torch.randint(10, (32,))).backward()
    optimizer.step()

# The numbers of an optimizer's state are those of its parameters, in the order in which it was given them.
names = [name for name, _ in model.named_parameters()]
state = {
    f"state.{number}.{what}": tensor
    for number, kept in optimizer.state_dict()["state"].items()
    for what, tensor in kept.items()
    if isinstance(tensor, torch.Tensor)
}
save_file(model.state_dict(), weights_file)
save_file(state, state_file, metadata={"parameters": json.dumps(names)})
print(f"{len(names)} parameters, {len(state)} tensors of {name}")

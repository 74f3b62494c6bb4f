"""Whole training steps: forward, loss, backward, update; the loss is read after each step, as the others do."""
import torch
from torch import nn

import registry
from registry import Work, kind
from sequences import below, uniform

BATCHES = 32


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def mlp():
    return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10))


def _optimizer(make, model, **options):
    """An optimizer; when tuned, in its fastest form that this PyTorch has."""
    if not registry.tuned:
        return make(model.parameters(), **options)
    for speed in ({"fused": True}, {"foreach": True}, {}):
        try:
            optimizer = make(model.parameters(), **speed, **options)
            with torch.enable_grad():
                for parameter in optimizer.param_groups[0]["params"]:
                    parameter.grad = torch.zeros_like(parameter)
            learning_rate = optimizer.param_groups[0]["lr"]
            optimizer.param_groups[0]["lr"] = 0.0
            optimizer.step()  # where it is not there for CPUs, this says so
            optimizer.param_groups[0]["lr"] = learning_rate
            optimizer.state.clear()  # the trial is no step
            return optimizer
        except (RuntimeError, TypeError):
            continue
    raise RuntimeError("no form of %s works" % make.__name__)


def _training(model, optimizer, shape, batch):
    images = len(shape) == 3
    if registry.tuned and images:
        model = model.to(memory_format=torch.channels_last)
    data = []
    for i in range(BATCHES):
        x = uniform(2 * i + 1, batch, *shape, scale=3**0.5)
        if registry.tuned and images:
            x = x.contiguous(memory_format=torch.channels_last)
        data.append((x, below(10, 2 * i + 2, batch)))
    loss_of = nn.CrossEntropyLoss()
    state = {"step": 0, "loss": 0.0}

    def repeat(count):
        with torch.enable_grad():
            for _ in range(count):
                x, t = data[state["step"] % BATCHES]
                state["step"] += 1
                optimizer.zero_grad(set_to_none=True)
                loss = loss_of(model(x), t)
                loss.backward()
                optimizer.step()
                state["loss"] = loss.item()

    # Initial weights are the layers' own: the loss only shows that the peer learns.
    return Work(repeat, lambda: [torch.tensor([state["loss"]])])


@kind
def train_lenet(batch):
    torch.manual_seed(1)
    model = lenet5()
    return _training(model, _optimizer(torch.optim.Adam, model, lr=1e-5), (1, 28, 28), batch)


@kind
def train_mlp(batch):
    torch.manual_seed(1)
    model = mlp()
    return _training(model, _optimizer(torch.optim.SGD, model, lr=1e-4, momentum=0.9), (784,), batch)

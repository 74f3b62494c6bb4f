"""Two stages by torch.distributed.pipelining over gloo, in two processes with one thread each, under 1F1B.

This process is the first stage; the second is one that it starts, as `pipelines.py KIND key=number ...`. Rank 0 says how
many steps come next, by a broadcast; both take them. Models and data are those of training.py and steps.py.
"""
import os
import socket
import subprocess
import sys
from datetime import timedelta

import torch
from torch import nn

import registry
from registry import Work, kind
from sequences import below, uniform
from steps import Gpt, _fill
from training import _optimizer, lenet5, mlp

BATCHES = 8
STAGES = 2
PATIENCE = timedelta(minutes=30)  # the other side waits while contestants have their turns

# What rank 0 may say in place of a number of steps.
LOSS = 0  # the loss is to be told
END = -1


class _Front(nn.Module):
    """Embeddings and the first blocks of a GPT."""

    def __init__(self, gpt, blocks):
        super().__init__()
        self.tokens, self.positions, self.blocks = gpt.tokens, gpt.positions, gpt.blocks[:blocks]

    def forward(self, x):
        return self.blocks(self.tokens(x) + self.positions.weight)


class _Back(nn.Module):
    """The other blocks and the head."""

    def __init__(self, gpt, blocks):
        super().__init__()
        self.blocks, self.ln, self.head = gpt.blocks[blocks:], gpt.ln, gpt.head

    def forward(self, x):
        return self.head(self.ln(self.blocks(x)))


def _chain(make, shape, optimizer):
    """A model of layers one after the other: stages, inputs, targets, loss and what makes the optimizer."""

    def parts(batch, cut):
        torch.manual_seed(1)
        model = make()
        form = torch.channels_last if registry.tuned and len(shape) == 3 else torch.contiguous_format
        model = model.to(memory_format=form)
        inputs = [uniform(2 * i + 1, batch, *shape, scale=3**0.5).contiguous(memory_format=form)
                  for i in range(BATCHES)]
        return ((model[:cut], model[cut:]), inputs, [below(10, 2 * i + 2, batch) for i in range(BATCHES)],
                nn.CrossEntropyLoss(), optimizer)

    return parts


def _adam(rate):
    return lambda model: _optimizer(torch.optim.Adam, model, lr=rate)


def _gpt(batch, cut, length, width, heads, layers, vocabulary):
    model = _fill(Gpt(vocabulary, length, width, heads, layers))
    tokens = [below(vocabulary, seed, batch * length).view(batch, length) for seed in range(1, 2 * BATCHES + 1)]
    cross_entropy = nn.CrossEntropyLoss()
    return ((_Front(model, cut), _Back(model, cut)), tokens[0::2], tokens[1::2],
            lambda y, t: cross_entropy(y.flatten(0, 1), t.flatten()), _adam(1e-6))


PARTS = {
    "pipeline_lenet": _chain(lenet5, (1, 28, 28), _adam(1e-5)),
    "pipeline_mlp": _chain(mlp, (784,), lambda model: _optimizer(torch.optim.SGD, model, lr=1e-4, momentum=0.9)),
    "pipeline_gpt": _gpt,
}


class _Stage:
    """One of the two, its process group joined."""

    def __init__(self, rank, port, name, microbatches, **numbers):
        from torch.distributed.pipelining import PipelineStage, Schedule1F1B

        self.rank = rank
        torch.distributed.init_process_group(
            "gloo", init_method="tcp://127.0.0.1:%d" % port, rank=rank, world_size=STAGES, timeout=PATIENCE)
        stages, self.inputs, self.targets, loss, optimizer = PARTS[name](**numbers)
        self.module = stages[rank].train()
        self.optimizer = optimizer(self.module)
        stage = PipelineStage(self.module, rank, STAGES, torch.device("cpu"))
        self.schedule = Schedule1F1B(stage, microbatches, loss_fn=loss)
        self.taken = 0
        self.loss = 0.0

    def say(self, count):
        """Rank 0 says what comes next: so many steps, or the end; the other one hears it."""
        word = torch.tensor([count])
        torch.distributed.broadcast(word, 0)
        return int(word.item())

    def steps(self, count):
        with torch.enable_grad():
            for _ in range(count):
                i = self.taken % BATCHES
                self.taken += 1
                self.optimizer.zero_grad(set_to_none=True)
                if self.rank == 0:
                    self.schedule.step(self.inputs[i], return_outputs=False)
                else:
                    losses = []
                    self.schedule.step(target=self.targets[i], losses=losses, return_outputs=False)
                    self.loss = torch.stack(losses).mean().item()
                self.optimizer.step()

    def last_loss(self):
        """Of the last step; rank 0 has it from the other one."""
        loss = torch.tensor([self.loss])
        torch.distributed.broadcast(loss, STAGES - 1)
        return loss


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _open(name, **numbers):
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    port = _free_port()
    words = ["%s=%d" % number for number in numbers.items()]
    command = [sys.executable, "-B", os.path.abspath(__file__), name, str(port), *words]
    other = subprocess.Popen(command + (["--tuned"] if registry.tuned else []), stdout=subprocess.DEVNULL)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    stage = _Stage(0, port, name, **numbers)

    def repeat(count):
        stage.say(count)
        stage.steps(count)

    def results():
        stage.say(LOSS)
        return [stage.last_loss()]

    def close():
        stage.say(END)
        torch.distributed.destroy_process_group()
        other.wait()
        torch.set_num_threads(threads)

    return Work(repeat, results, close, alone=True)


@kind
def pipeline_lenet(**numbers):
    return _open("pipeline_lenet", **numbers)


@kind
def pipeline_mlp(**numbers):
    return _open("pipeline_mlp", **numbers)


@kind
def pipeline_gpt(**numbers):
    return _open("pipeline_gpt", **numbers)


def _second_stage():
    registry.tuned = "--tuned" in sys.argv
    name, port, *words = [word for word in sys.argv[1:] if not word.startswith("--")]
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    stage = _Stage(1, int(port), name, **{key: int(value) for key, value in (word.split("=") for word in words)})
    while True:
        count = stage.say(0)
        if count == END:
            torch.distributed.destroy_process_group()
            return
        if count == LOSS:
            stage.last_loss()
        else:
            stage.steps(count)


if __name__ == "__main__":
    _second_stage()

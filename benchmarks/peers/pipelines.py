"""Pipelines by torch.distributed.pipelining over gloo, in two processes with one thread each.

This process is the first rank; the second is one that it starts, as `pipelines.py KIND key=number ...`. Rank 0 says how
many steps come next, by a broadcast; both take them. Models and data are those of training.py and steps.py. A model is cut
at `cut`, or in four at `cut`, `cut2` and `cut3`; `schedule` is a place in SCHEDULES, 1F1B without it.
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
RANKS = 2

# Names of torch's schedules, and whether the stages of a rank lie there and back.
SCHEDULES = [("1F1B", False), ("GPipe", False), ("Interleaved1F1B", False), ("LoopedBFS", False),
             ("InterleavedZeroBubble", False), ("ZBVZeroBubble", True), ("DualPipeV", True)]
PATIENCE = timedelta(minutes=30)  # the other side waits while contestants have their turns

# What rank 0 may say in place of a number of steps.
LOSS = 0  # the loss is to be told
END = -1


class _Blocks(nn.Module):
    """Some blocks of a GPT, the first with the embeddings, the last with the head."""

    def __init__(self, gpt, begin, end):
        super().__init__()
        self.blocks = gpt.blocks[begin:end]
        self.first, self.last = begin == 0, end == len(gpt.blocks)
        if self.first:
            self.tokens, self.positions = gpt.tokens, gpt.positions
        if self.last:
            self.ln, self.head = gpt.ln, gpt.head

    def forward(self, x):
        if self.first:
            x = self.tokens(x) + self.positions.weight
        x = self.blocks(x)
        return self.head(self.ln(x)) if self.last else x


def _chain(make, shape, optimizer):
    """A model of layers one after the other: stages, inputs, targets, loss and what makes the optimizer."""

    def parts(batch, cuts):
        torch.manual_seed(1)
        model = make()
        form = torch.channels_last if registry.tuned and len(shape) == 3 else torch.contiguous_format
        model = model.to(memory_format=form)
        inputs = [uniform(2 * i + 1, batch, *shape, scale=3**0.5).contiguous(memory_format=form)
                  for i in range(BATCHES)]
        return (_slices(len(model), cuts, lambda begin, end: model[begin:end]), inputs, [below(10, 2 * i + 2, batch) for i in range(BATCHES)],
                nn.CrossEntropyLoss(), optimizer)

    return parts


def _slices(count, cuts, part):
    bounds = [0, *cuts, count]
    return [part(begin, end) for begin, end in zip(bounds, bounds[1:])]


def _adam(rate):
    return lambda model: _optimizer(torch.optim.Adam, model, lr=rate)


def _gpt(batch, cuts, length, width, heads, layers, vocabulary):
    model = _fill(Gpt(vocabulary, length, width, heads, layers))
    tokens = [below(vocabulary, seed, batch * length).view(batch, length) for seed in range(1, 2 * BATCHES + 1)]
    cross_entropy = nn.CrossEntropyLoss()
    return (_slices(layers, cuts, lambda begin, end: _Blocks(model, begin, end)), tokens[0::2], tokens[1::2],
            lambda y, t: cross_entropy(y.flatten(0, 1), t.flatten()), _adam(1e-6))


PARTS = {
    "pipeline_lenet": _chain(lenet5, (1, 28, 28), _adam(1e-5)),
    "pipeline_mlp": _chain(mlp, (784,), lambda model: _optimizer(torch.optim.SGD, model, lr=1e-4, momentum=0.9)),
    "pipeline_gpt": _gpt,
}


class _Rank:
    """One of the two, its process group joined."""

    def __init__(self, rank, port, name, microbatches, cut, schedule=0, cut2=0, cut3=0, **numbers):
        from torch.distributed.pipelining import PipelineStage
        from torch.distributed.pipelining.schedules import PipelineScheduleSingle, get_schedule_class

        torch.distributed.init_process_group(
            "gloo", init_method="tcp://127.0.0.1:%d" % port, rank=rank, world_size=RANKS, timeout=PATIENCE)
        cuts = [each for each in (cut, cut2, cut3) if each]
        parts, self.inputs, self.targets, loss, optimizer = PARTS[name](cuts=cuts, **numbers)
        order, vee = SCHEDULES[schedule]
        count = len(parts)
        owners = [min(i, count - 1 - i) if vee else i % RANKS for i in range(count)]
        mine = [i for i in range(count) if owners[i] == rank]
        self.has_inputs, self.has_loss, self.teller = 0 in mine, count - 1 in mine, owners[-1]
        modules = nn.ModuleList(parts[i] for i in mine).train()
        self.optimizer = optimizer(modules)
        stages = [PipelineStage(module, i, count, torch.device("cpu")) for module, i in zip(modules, mine)]
        make = get_schedule_class(order)
        single = issubclass(make, PipelineScheduleSingle)
        self.schedule = make(stages[0] if single else stages, microbatches, loss_fn=loss)
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
                losses = []
                inputs = [self.inputs[i]] if self.has_inputs else []
                told = {"target": self.targets[i], "losses": losses} if self.has_loss else {}
                self.schedule.step(*inputs, return_outputs=False, **told)
                if self.has_loss:
                    self.loss = torch.stack(losses).mean().item()
                self.optimizer.step()

    def last_loss(self):
        """Of the last step; told by the rank that has it."""
        loss = torch.tensor([self.loss])
        torch.distributed.broadcast(loss, self.teller)
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
    stage = _Rank(0, port, name, **numbers)

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
    stage = _Rank(1, int(port), name, **{key: int(value) for key, value in (word.split("=") for word in words)})
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

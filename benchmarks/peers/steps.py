"""Whole training steps of the networks of StepModels.java and StepSequences.java, from the same weights and batches.

Parameters are those of model.parameters() in their order: number i is filled from seed 1000 + i; matrices within
1/sqrt(elements of a row), gains around 1, the other vectors near 0.
"""
import torch
from torch import nn
from torch.nn import functional as F

import registry
from registry import Work, kind
from sequences import below, uniform
from training import _optimizer

BATCHES = 8
CLASSES = 10


def _fill(model):
    with torch.no_grad():
        for i, (name, p) in enumerate(model.named_parameters()):
            numbers = uniform(1000 + i, *p.shape)
            if p.dim() > 1:
                p.copy_(numbers * (p.numel() // p.shape[0]) ** -0.5)
            else:
                p.copy_(numbers * 0.1 + (0 if "bias" in name else 1))
    return model


def _conv(channels, out, kernel, stride):
    return nn.Conv2d(channels, out, kernel, stride=stride, padding=kernel // 2, bias=False)


def cnn(size, width):
    layers, channels = [], 3
    for out in (width, 2 * width, 4 * width):
        layers += [_conv(channels, out, 3, 1), nn.BatchNorm2d(out), nn.ReLU(), nn.MaxPool2d(2)]
        channels = out
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * (size // 8) ** 2, CLASSES))


class BasicBlock(nn.Module):
    def __init__(self, channels, out, stride):
        super().__init__()
        self.conv1, self.bn1 = _conv(channels, out, 3, stride), nn.BatchNorm2d(out)
        self.conv2 = _conv(out, out, 3, 1)
        self.shortcut = None
        if stride != 1:
            self.shortcut = nn.Sequential(_conv(channels, out, 1, stride), nn.BatchNorm2d(out))
        self.bn2 = nn.BatchNorm2d(out)

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.shortcut is None else self.shortcut(x)))


def resnet(width):
    layers = [_conv(3, width, 3, 1), nn.BatchNorm2d(width), nn.ReLU()]
    channels = width
    for out in (width, 2 * width, 4 * width):
        layers += [BasicBlock(channels, out, out // channels), BasicBlock(out, out, 1)]
        channels = out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, CLASSES))


def _attend(q, k, v):
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    unseen = torch.full((q.shape[-2], k.shape[-2]), float("-inf")).triu(1)
    return ((q @ k.transpose(-2, -1)) * q.shape[-1] ** -0.5 + unseen).softmax(-1) @ v


class TransformerBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.ln1, self.qkv, self.proj = nn.LayerNorm(width), nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.ln2, self.fc, self.out = nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = self.qkv(self.ln1(x)).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        y = _attend(q, k, v)
        x = x + self.proj(y.transpose(1, 2).reshape(batch, length, width))
        return x + self.out(F.gelu(self.fc(self.ln2(x))))


class Gpt(nn.Module):
    def __init__(self, vocabulary, length, width, heads, layers):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocabulary, width), nn.Embedding(length, width)
        self.blocks = nn.Sequential(*(TransformerBlock(width, heads) for _ in range(layers)))
        self.ln, self.head = nn.LayerNorm(width), nn.Linear(width, vocabulary, bias=False)

    def forward(self, x):
        y = self.head(self.ln(self.blocks(self.tokens(x) + self.positions.weight)))
        return y.view(-1, y.shape[-1])


class Lstm(nn.Module):
    """Inputs are [length, batch]."""

    def __init__(self, vocabulary, width):
        super().__init__()
        self.tokens, self.lstm, self.head = (
            nn.Embedding(vocabulary, width), nn.LSTM(width, width), nn.Linear(width, vocabulary))

    def forward(self, x):
        y = self.head(self.lstm(self.tokens(x))[0])
        return y.view(-1, y.shape[-1])


def _work(model, optimizer, inputs, targets):
    """The losses of all steps of the last call are its results."""
    loss_of = nn.CrossEntropyLoss()
    state = {"step": 0, "losses": []}

    def repeat(count):
        state["losses"] = []
        with torch.enable_grad():
            for _ in range(count):
                i = state["step"] % BATCHES
                state["step"] += 1
                optimizer.zero_grad(set_to_none=True)
                loss = loss_of(model(inputs[i]), targets[i])
                loss.backward()
                optimizer.step()
                state["losses"].append(loss.item())

    return Work(repeat, lambda: [torch.tensor(state["losses"], dtype=torch.float64)])


def _images(model, batch, size, rate):
    _fill(model)
    form = torch.channels_last if registry.tuned else torch.contiguous_format
    model = model.to(memory_format=form)
    inputs = [uniform(2 * i + 1, batch, 3, size, size).contiguous(memory_format=form) for i in range(BATCHES)]
    targets = [below(CLASSES, 2 * i + 2, batch) for i in range(BATCHES)]
    return _work(model, _optimizer(torch.optim.SGD, model, lr=rate, momentum=0.9), inputs, targets)


def _sequences(model, optimizer, vocabulary, *shape):
    count = shape[0] * shape[1]
    inputs = [below(vocabulary, 2 * i + 1, count).view(shape) for i in range(BATCHES)]
    targets = [below(vocabulary, 2 * i + 2, count) for i in range(BATCHES)]
    return _work(model, optimizer, inputs, targets)


@kind
def step_cnn(rate, batch, size, width):
    return _images(cnn(size, width), batch, size, rate * 1e-6)


@kind
def step_resnet(rate, batch, size, width):
    return _images(resnet(width), batch, size, rate * 1e-6)


@kind
def step_gpt(rate, batch, length, width, heads, layers, vocabulary):
    model = _fill(Gpt(vocabulary, length, width, heads, layers))
    return _sequences(model, _optimizer(torch.optim.AdamW, model, lr=rate * 1e-6), vocabulary, batch, length)


@kind
def step_lstm(rate, batch, length, width, vocabulary):
    model = _fill(Lstm(vocabulary, width))
    return _sequences(model, _optimizer(torch.optim.SGD, model, lr=rate * 1e-6), vocabulary, length, batch)


class Both:
    """Two optimizers as one."""

    def __init__(self, *optimizers):
        self.optimizers = optimizers

    def zero_grad(self, set_to_none):
        for each in self.optimizers:
            each.zero_grad(set_to_none=set_to_none)

    def step(self):
        for each in self.optimizers:
            each.step()


@kind
def step_words(rate, batch, length, width, vocabulary, sparse):
    model = _fill(nn.Sequential(nn.EmbeddingBag(vocabulary, width, sparse=bool(sparse)), nn.Linear(width, CLASSES)))
    if sparse:
        table = torch.optim.SparseAdam(model[0].parameters(), lr=rate * 1e-6)
        optimizer = Both(table, _optimizer(torch.optim.Adam, model[1], lr=rate * 1e-6))
    else:
        optimizer = _optimizer(torch.optim.Adam, model, lr=rate * 1e-6)
    inputs = [below(vocabulary, 2 * i + 1, batch * length).view(batch, length) for i in range(BATCHES)]
    targets = [below(CLASSES, 2 * i + 2, batch) for i in range(BATCHES)]
    return _work(model, optimizer, inputs, targets)

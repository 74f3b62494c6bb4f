"""Trains models of language by Ketju and by PyTorch from the same weights, by the same mini-batches, and compares what both say of the
text that they are tested with. From the root of the repository:

    python3 examples/src/test/golden/language_models.py gpt lstm gru

PyTorch 2.13 on one thread. A network begins as PyTorch makes it (GPT: as GPT-2 does), seed 0; its state_dict goes to Ketju by --init. The
job files say what is the same: learning rate and its schedule, bound on the norm of gradients, batch, epochs, seed. Windows come in the order
of Ketju's CounterRandom, which is written here once more (Philox4x32-10, FNV-1a); that the losses of the first steps agree shows that
it is the same order. Ketju runs first, as the job says, in stages and micro-batches; PyTorch takes each mini-batch whole.
"""
import argparse
import collections
import csv
import gzip
import json
import math
import pathlib
import shlex
import struct
import subprocess
import tempfile
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

ROOT = pathlib.Path(__file__).resolve().parents[4]
TEXT = ROOT / "datasets/src/main/resources/io/ketju/datasets/dickens/dickens.txt.gz"
CONTEXT, TEST, VOCABULARY, SEED = 64, 0.1, 81, 1
MOST = 0.02


class Recurrent(nn.Module):
    def __init__(self, name, kind):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, 64)
        self.name = name
        self.add_module(name, kind(64, 128, batch_first=True))
        self.fc = nn.Linear(128, VOCABULARY)

    def forward(self, tokens):
        return self.fc(getattr(self, self.name)(self.embedding(tokens))[0])


class Attention(nn.MultiheadAttention):
    """With the parameters of torch.nn.MultiheadAttention, by the kernel that is fastest."""

    def forward(self, x):
        samples, positions, width = x.shape
        parts = F.linear(x, self.in_proj_weight, self.in_proj_bias).view(samples, positions, 3, self.num_heads, -1)
        q, k, v = parts.permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out_proj(y.transpose(1, 2).reshape(samples, positions, width))


class Decoder(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ln_1, self.attn, self.ln_2 = nn.LayerNorm(width), Attention(width, heads), nn.LayerNorm(width)
        self.mlp = nn.ModuleDict({"c_fc": nn.Linear(width, 4 * width), "c_proj": nn.Linear(4 * width, width)})

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        y = F.gelu(self.mlp["c_fc"](self.ln_2(x)), approximate="tanh")
        return x + self.mlp["c_proj"](y)


class GPT(nn.Module):
    def __init__(self, layers, heads, width):
        super().__init__()
        self.transformer = nn.ModuleDict({"wte": nn.Embedding(VOCABULARY, width), "wpe": nn.Embedding(CONTEXT, width)})
        self.transformer["h"] = nn.ModuleList(Decoder(width, heads) for _ in range(layers))
        self.transformer["ln_f"] = nn.LayerNorm(width)
        self.lm_head = nn.Linear(width, VOCABULARY, bias=False)
        self.lm_head.weight = self.transformer["wte"].weight
        for name, parameter in self.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(parameter)
            elif parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.02)

    def forward(self, tokens):
        x = self.transformer["wte"](tokens) + self.transformer["wpe"].weight[: tokens.shape[1]]
        for block in self.transformer["h"]:
            x = block(x)
        return self.lm_head(self.transformer["ln_f"](x))


Setting = collections.namedtuple("Setting", "job model optimizer lr batch epochs cosine")

SETTINGS = {
    "gpt": Setting(
        "jobs/char-gpt-large.conf", lambda: GPT(5, 4, 128),
        lambda p, lr: torch.optim.AdamW(p, lr=lr, weight_decay=0.1), 0.002, 32, 2, True),
    "lstm": Setting("jobs/char-lstm.conf", lambda: Recurrent("lstm", nn.LSTM), torch.optim.Adam, 0.004, 64, 2, False),
    "gru": Setting("jobs/char-gru.conf", lambda: Recurrent("gru", nn.GRU), torch.optim.Adam, 0.004, 64, 2, False),
}


def philox(key, low, high):
    """Both 64-bit words of a block for counters low and high, arrays of uint64."""
    mask = np.uint64(0xFFFFFFFF)
    c = [low & mask, low >> np.uint64(32), np.full_like(low, high & 0xFFFFFFFF), np.full_like(low, high >> 32)]
    k0, k1 = key & 0xFFFFFFFF, key >> 32
    for _ in range(10):
        p0, p1 = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
        c = [(p1 >> np.uint64(32)) ^ c[1] ^ np.uint64(k0), p1 & mask, (p0 >> np.uint64(32)) ^ c[3] ^ np.uint64(k1), p0 & mask]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c[0] | c[1] << np.uint64(32), c[2] | c[3] << np.uint64(32)


def fnv(start, name):
    for byte in name.encode():
        start = (start ^ byte) * 0x100000001B3 % 2**64
    return start


def permutation(seed, epoch, size):
    """What BatchOrder.shuffled(seed) says of an epoch."""
    stream = fnv((fnv(0xCBF29CE484222325, "shuffle") ^ 0xFF) * 0x100000001B3 % 2**64, str(epoch))
    first, second = philox(seed, np.arange((size + 1) // 2, dtype=np.uint64), stream)
    bits = np.stack((first, second), 1).reshape(-1).tolist()
    order = [0] * size
    for i in range(size):
        other = bits[i] * (i + 1) >> 64
        order[i], order[other] = order[other], i
    return torch.tensor(order)


def windows():
    """Of the text to learn from and of that to test with: inputs and targets [windows, context]."""
    text = gzip.open(TEXT).read().decode()
    cut = math.floor(len(text) * (1 - TEST) + 0.5)
    train, test = text[:cut], text[cut:]
    counts = collections.Counter(train)
    numbers = {c: 4 + i for i, c in enumerate(sorted(counts, key=lambda c: (-counts[c], c)))}
    assert len(numbers) + 4 == VOCABULARY
    halves = []
    for half in (train, test):
        tokens = torch.tensor([numbers.get(c, 3) for c in half])
        count = (len(tokens) - 1) // CONTEXT
        halves.append((tokens[: count * CONTEXT].view(count, CONTEXT), tokens[1 : count * CONTEXT + 1].view(count, CONTEXT)))
    return halves


def save(model, file):
    header, data, seen = {}, b"", set()
    for key, tensor in model.state_dict().items():
        if tensor.data_ptr() in seen:
            continue  # of tied parameters the first has the name
        seen.add(tensor.data_ptr())
        values = tensor.contiguous().numpy().tobytes()
        header[key] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes(struct.pack("<Q", len(text)) + text + data)


def by_ketju(command, setting, epochs, weights, run):
    begun = time.time()
    arguments = ["train", setting.job, "--init", str(weights), "--run-dir", str(run), "--epochs", str(epochs), "--plain"]
    subprocess.run(shlex.split(command) + arguments, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    seconds = time.time() - begun
    rows = list(csv.DictReader(open(run / "metrics.csv")))
    told = {phase: [float(row["loss"]) for row in rows if row["phase"] == phase] for phase in ("step", "test")}
    return told["step"], told["test"], seconds


def loss(model, inputs, targets):
    return F.cross_entropy(model(inputs).flatten(0, 1), targets.flatten())


def by_torch(model, setting, epochs, halves):
    begun = time.time()
    (inputs, targets), (test_inputs, test_targets) = halves
    optimizer = setting.optimizer(model.parameters(), setting.lr)
    steps, tests = [], []
    per_epoch = -(-len(inputs) // setting.batch)
    for epoch in range(epochs):
        order = permutation(SEED, epoch, len(inputs))
        for batch in order.split(setting.batch):
            rate = (1 + math.cos(math.pi * len(steps) / (epochs * per_epoch))) / 2 if setting.cosine else 1
            optimizer.param_groups[0]["lr"] = setting.lr * rate
            optimizer.zero_grad()
            value = loss(model, inputs[batch], targets[batch])
            value.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            steps.append(value.item())
        with torch.no_grad():
            parts = [loss(model, i, t).item() * len(i) for i, t in zip(test_inputs.split(256), test_targets.split(256))]
        tests.append(sum(parts) / len(test_inputs))
    return steps, tests, time.time() - begun


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="+", choices=SETTINGS)
    parser.add_argument("--epochs", type=int, help="in place of the job's")
    parser.add_argument("--ketju", default="./ketju", help="the command")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    halves = windows()
    print("network  parameters  epochs  first 20 steps   test loss: Ketju   PyTorch  difference   seconds: Ketju  PyTorch")
    good = True
    for name in arguments.networks:
        setting = SETTINGS[name]
        epochs = arguments.epochs or setting.epochs
        torch.manual_seed(0)
        model = setting.model()
        with tempfile.TemporaryDirectory() as folder:
            weights = pathlib.Path(folder) / "weights.safetensors"
            save(model, weights)
            ketju = by_ketju(arguments.ketju, setting, epochs, weights, pathlib.Path(folder) / "run")
        torch_ = by_torch(model, setting, epochs, halves)
        apart = max(abs(a - b) for a, b in zip(ketju[0][:20], torch_[0][:20]))
        worse = ketju[1][-1] - torch_[1][-1]
        good &= worse <= MOST and apart < 1e-3
        print("%-7s%12d%8d%16.1e%19.4f%10.4f%+12.4f%17.0f%9.0f" % (
            name, sum(p.numel() for p in model.parameters()), epochs, apart, ketju[1][-1], torch_[1][-1], worse, ketju[2],
            torch_[2]), flush=True)
    print("no more than %.2f nats worse, from the same steps: %s" % (MOST, "yes" if good else "no"))
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()

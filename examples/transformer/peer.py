"""The Transformer of this example in PyTorch: same initial weights, same micro-batches, same rates.

    ./ketju example transformer --full --run-dir FOLDER
    python examples/transformer/peer.py FOLDER

Prints BLEU of the 500 held-out pairs for each seed. Needs torch and numpy.
"""

import json
import math
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch import nn

WIDTH, HEADS, LAYERS, FEEDFORWARD, LONGEST = 64, 4, 2, 128, 64
RATE, MOST_TOLD = 0.003, 64
BOS, EOS, NUL = 1, 2, 3


def tensors(path):
    raw = path.read_bytes()
    size = int.from_bytes(raw[:8], "little")
    kinds = {"F32": np.float32, "I32": np.int32}
    found = {}
    for name, entry in json.loads(raw[8 : 8 + size]).items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            values = np.frombuffer(raw[8 + size + begin : 8 + size + end], kinds[entry["dtype"]])
            found[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return found


class Twin(nn.Module):
    def __init__(self, source, target):
        super().__init__()
        self.src_embedding = nn.Embedding(source, WIDTH)
        self.tgt_embedding = nn.Embedding(target, WIDTH)
        self.src_positions = nn.Embedding(LONGEST, WIDTH)
        self.tgt_positions = nn.Embedding(LONGEST, WIDTH)
        whole = nn.Transformer(WIDTH, HEADS, LAYERS, LAYERS, FEEDFORWARD, dropout=0.0, batch_first=True)
        self.encoder, self.decoder = whole.encoder, whole.decoder
        self.generator = nn.Linear(WIDTH, target)

    def encoded(self, src, lengths):
        padded = torch.arange(src.shape[1])[None, :] >= lengths[:, None]
        x = self.src_embedding(src) + self.src_positions.weight[: src.shape[1]]
        return self.encoder(x, src_key_padding_mask=padded), padded

    def decoded(self, tgt, memory, padded, own=None):
        later = nn.Transformer.generate_square_subsequent_mask(tgt.shape[1])
        x = self.tgt_embedding(tgt) + self.tgt_positions.weight[: tgt.shape[1]]
        own = None if own is None else torch.zeros(own.shape).masked_fill(own, -math.inf)
        x = self.decoder(x, memory, tgt_mask=later, tgt_key_padding_mask=own, memory_key_padding_mask=padded)
        return self.generator(x)

    def forward(self, src, src_lengths, tgt, tgt_lengths):
        memory, padded = self.encoded(src, src_lengths)
        return self.decoded(tgt, memory, padded, torch.arange(tgt.shape[1])[None, :] >= tgt_lengths[:, None])


def learn(model, batches):
    steps = 1 + max(int(name.split(".")[1]) for name in batches)
    parts = 1 + max(int(name.split(".")[2]) for name in batches)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=RATE, total_steps=steps, cycle_momentum=False)
    for step in range(steps):
        micro = [
            {name: batches[f"{name}.{step}.{m}"].long() for name in ("src", "src_lengths", "tgt", "tgt_lengths", "target")}
            for m in range(parts)
            if f"src.{step}.{m}" in batches
        ]
        tokens = sum(int((part["target"] != -100).sum()) for part in micro)
        optimizer.zero_grad()
        for part in micro:
            target = part.pop("target")
            logits = model(**part)
            loss = nn.functional.cross_entropy(logits.flatten(0, 1), target.flatten(), reduction="sum") / tokens
            loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step + 1 < steps:
            rates.step()


@torch.no_grad()
def translate(model, sources, known):
    model.eval()
    told = []
    for first in range(0, len(sources), 100):
        rows = sources[first : first + 100]
        lengths = torch.tensor([len(row) for row in rows])
        src = torch.zeros(len(rows), int(lengths.max()), dtype=torch.long)
        for i, row in enumerate(rows):
            src[i, : len(row)] = torch.tensor(row)
        memory, padded = model.encoded(src, lengths)
        tgt = torch.full((len(rows), 1), BOS)
        for _ in range(MOST_TOLD):
            logits = model.decoded(tgt, memory, padded)[:, -1, :known]
            logits[:, [0, BOS, NUL]] = -math.inf
            tgt = torch.cat([tgt, logits.argmax(-1, keepdim=True)], 1)
            if bool((tgt == EOS).any(1).all()):
                break
        for row in tgt[:, 1:].tolist():
            told.append(row[: row.index(EOS)] if EOS in row else row)
    return told


def bleu(told, references):
    """Papineni et al. 2002, section 2.3, one reference, not smoothed."""
    matches, count = [0] * 4, [0] * 4
    for ours, theirs in zip(told, references):
        for n in range(1, 5):
            grams = lambda words: Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))
            found, there = grams(ours), grams(theirs)
            matches[n - 1] += sum(min(times, there[gram]) for gram, times in found.items())
            count[n - 1] += sum(found.values())
    if 0 in matches:
        return 0.0
    c, r = sum(map(len, told)), sum(map(len, references))
    mean = sum(math.log(m / n) for m, n in zip(matches, count)) / 4
    return 100 * math.exp(min(0, 1 - r / c) + mean)


def main(folder):
    torch.set_num_threads(1)
    words = (folder / "vocabulary.txt").read_text().split("\n")[:-1]
    sources = [[int(number) for number in line.split()] for line in (folder / "sources.txt").read_text().splitlines()]
    references = [line.split(" ") for line in (folder / "references.txt").read_text().splitlines()]
    scores = []
    for path in sorted(folder.glob("initial-*.safetensors")):
        initial = tensors(path)
        model = Twin(initial["src_embedding.weight"].shape[0], initial["tgt_embedding.weight"].shape[0])
        model.load_state_dict(initial)
        learn(model, tensors(folder / path.name.replace("initial", "batches")))
        told = translate(model, sources, len(words))
        scores.append(bleu([[words[number] for number in row] for row in told], references))
        print(f"{path.stem.split('-')[1]:5s}{scores[-1]:8.2f}", flush=True)
    print(f"mean {sum(scores) / len(scores):8.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

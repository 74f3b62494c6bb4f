"""Makes ../resources/golden/networks/*: ten steps of training of each network in PyTorch, in float64.
Run from this folder: python3 networks.py [NETWORK ...]

PyTorch 2.13, one thread, a seed per network. What is random is drawn as float32, and widened: a network's initial weights
(NETWORK.safetensors, under the names of its state_dict) and ten mini-batches (NETWORK-batches.safetensors, [step, sample, ...]
of each of the model's inputs and targets). Each step passes the micro-batches of a mini-batch one after the other, as many
and as large as the Java test says, and divides the sum of their losses by what the whole mini-batch weighs.
A network whose name ends in _clipped is another one, from the same weights and by the same mini-batches, whose gradients
are clipped by torch.nn.utils.clip_grad_norm_ after the last micro-batch; in one that ends in _clipped_values they are clipped
by torch.nn.utils.clip_grad_value_ after that.
losses.txt has one line for each network's loss: its name and the mean losses of the ten steps, each before the step. Of
_clipped_values it has the norms that clip_grad_norm_ found too.
"""
import json
import struct
import sys

import torch
from torch import nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence

torch.set_num_threads(1)

FOLDER = "../resources/golden/networks/"
STEPS, SAMPLES, MICROBATCHES = 10, 7, 3


def write(name, tensors):
    """A safetensors file."""
    header, data = {}, b""
    for key, tensor in tensors.items():
        floats = tensor.is_floating_point()
        values = tensor.detach().to(torch.float32 if floats else torch.int32).contiguous().numpy().tobytes()
        header[key] = {
            "dtype": "F32" if floats else "I32",
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(values)],
        }
        data += values
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    open(FOLDER + name + ".safetensors", "wb").write(struct.pack("<Q", len(text)) + text + data)


def microbatches(batch):
    """The first ones have a sample more, if there are not as many for each."""
    first = 0
    for m in range(MICROBATCHES):
        size = SAMPLES // MICROBATCHES + (m < SAMPLES % MICROBATCHES)
        yield {name: values[first : first + size] for name, values in batch.items()}
        first += size


def widened(batches, step):
    return {name: v[step].double() if v.is_floating_point() else v[step].long() for name, v in batches.items()}


def start(name, model, batches):
    weights = {key: value for key, value in model.state_dict().items() if not key.endswith("num_batches_tracked")}
    name = name.split("_clipped")[0]
    # Of tied parameters the first has the name.
    seen = {}
    for key in [key for key in weights if key in dict(model.named_parameters(remove_duplicate=False))]:
        pointer = weights[key].data_ptr()
        if pointer in seen:
            del weights[key]
        seen[pointer] = key
    write(name, weights)
    write(name + "-batches", batches)
    return model.double().train()


def clipped(model, clip):
    if clip is not None:
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)


def train(name, model, batches, sum_of_losses, weight, lr, momentum, clip=None, clip_value=None):
    model = start(name, model, batches)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
    losses, norms = [], []
    for step in range(STEPS):
        batch = widened(batches, step)
        whole, total = weight(batch), 0.0
        for part in microbatches(batch):
            loss = sum_of_losses(model, part) / whole
            loss.backward()
            total += loss.item()
        if clip_value is None:
            clipped(model, clip)
        else:
            norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), clip).item())
            torch.nn.utils.clip_grad_value_(model.parameters(), clip_value)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(total)
    return {name: losses, name + "/grad_norm": norms} if norms else {name: losses}


def convolution(channels, out, stride):
    return nn.Conv2d(channels, out, 3, stride, 1, bias=False)


class BasicBlock(nn.Module):
    def __init__(self, channels, out, stride):
        super().__init__()
        self.conv1, self.bn1 = convolution(channels, out, stride), nn.BatchNorm2d(out)
        self.conv2, self.bn2 = convolution(out, out, 1), nn.BatchNorm2d(out)
        self.downsample = nn.Identity()
        if channels != out or stride != 1:
            projection = nn.Conv2d(channels, out, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(out))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.downsample(x))


class ResNet(nn.Module):
    """resnet(4, (1, 1), classes=3, channels=2, image=6)"""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = convolution(2, 4, 1), nn.BatchNorm2d(4)
        self.layer1 = nn.Sequential(BasicBlock(4, 4, 1))
        self.layer2 = nn.Sequential(BasicBlock(4, 8, 2))
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        x = self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x)))))
        return self.fc(x.mean((2, 3)))


def resnet():
    batches = {
        "input": torch.randn(STEPS, SAMPLES, 2, 6, 6),
        "target": torch.randint(0, 3, (STEPS, SAMPLES)),
    }
    loss = lambda model, part: F.cross_entropy(model(part["input"]), part["target"], reduction="sum")
    return train("resnet", ResNet(), batches, loss, lambda batch: SAMPLES, 0.05, 0.9)


class Attention(nn.MultiheadAttention):
    def forward(self, x):
        causal = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        return super().forward(x, x, x, attn_mask=causal, need_weights=False)[0]


class Decoder(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ln_1, self.attn, self.ln_2 = nn.LayerNorm(width), Attention(width, heads, batch_first=True), nn.LayerNorm(width)
        self.mlp = nn.ModuleDict({"c_fc": nn.Linear(width, 4 * width), "c_proj": nn.Linear(4 * width, width)})

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        y = F.gelu(self.mlp["c_fc"](self.ln_2(x)), approximate="tanh")
        return x + self.mlp["c_proj"](y)


class GPT(nn.Module):
    """gpt(11, 6, layers=2, heads=2, width=8)"""

    def __init__(self):
        super().__init__()
        self.transformer = nn.ModuleDict({"wte": nn.Embedding(11, 8), "wpe": nn.Embedding(6, 8)})
        self.transformer["h"] = nn.ModuleList(Decoder(8, 2) for _ in range(2))
        self.transformer["ln_f"] = nn.LayerNorm(8)
        self.lm_head = nn.Linear(8, 11, bias=False)
        self.lm_head.weight = self.transformer["wte"].weight
        nn.init.normal_(self.lm_head.weight, std=0.3)
        nn.init.normal_(self.transformer["wpe"].weight, std=0.3)

    def forward(self, tokens):
        x = self.transformer["wte"](tokens) + self.transformer["wpe"](torch.arange(tokens.shape[1]))
        for block in self.transformer["h"]:
            x = block(x)
        return self.lm_head(self.transformer["ln_f"](x))


def gpt(name="gpt", clip=None, clip_value=None):
    tokens = torch.randint(0, 11, (STEPS, SAMPLES, 7))
    batches = {"input": tokens[:, :, :-1], "target": tokens[:, :, 1:]}
    loss = lambda model, part: F.cross_entropy(model(part["input"]).flatten(0, 1), part["target"].flatten(), reduction="sum")
    return train(name, GPT(), batches, loss, lambda batch: batch["target"].numel(), 0.05, 0.9, clip, clip_value)


class LSTMClassifier(nn.Module):
    """lstm_classifier(9, 7, embedding=5, hidden=4, classes=3, num_layers=2, bidirectional=true)"""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(9, 5)
        self.lstm = nn.LSTM(5, 4, num_layers=2, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(8, 3)

    def forward(self, tokens, lengths):
        packed = pack_padded_sequence(self.embedding(tokens), lengths, batch_first=True, enforce_sorted=False)
        states = self.lstm(packed)[1][0]
        return self.fc(torch.cat((states[-2], states[-1]), 1))


def padded(vocabulary, longest, lengths):
    tokens = torch.randint(1, vocabulary, (STEPS, SAMPLES, longest))
    return tokens * (torch.arange(longest) < lengths[..., None])


def lstm_classifier():
    lengths = torch.randint(1, 8, (STEPS, SAMPLES))
    batches = {
        "input": padded(9, 7, lengths),
        "lengths": lengths,
        "target": torch.randint(0, 3, (STEPS, SAMPLES)),
    }
    loss = lambda model, part: F.cross_entropy(model(part["input"], part["lengths"]), part["target"], reduction="sum")
    return train("lstm_classifier", LSTMClassifier(), batches, loss, lambda batch: SAMPLES, 0.1, 0.9)


class Positions(nn.Module):
    def __init__(self, longest, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(longest, dim))

    def forward(self, x):
        return x + self.weight


class Transformer(nn.Module):
    """transformer(9, 8, 6, d_model=8, nhead=2, num_encoder_layers=2, num_decoder_layers=1, dim_feedforward=12, dropout=0)"""

    def __init__(self):
        super().__init__()
        whole = nn.Transformer(8, 2, 2, 1, 12, dropout=0, batch_first=True)
        self.src_embedding, self.src_positions, self.encoder = nn.Embedding(9, 8), Positions(6, 8), whole.encoder
        self.tgt_embedding, self.tgt_positions, self.decoder = nn.Embedding(8, 8), Positions(6, 8), whole.decoder
        self.generator = nn.Linear(8, 8)

    def forward(self, part):
        beyond = lambda name: torch.arange(6) >= part[name + "_lengths"][:, None]
        source = self.src_positions(self.src_embedding(part["src"]))
        memory = self.encoder(source, src_key_padding_mask=beyond("src"))
        target = self.tgt_positions(self.tgt_embedding(part["tgt"]))
        causal = torch.ones(6, 6, dtype=torch.bool).triu(1)
        decoded = self.decoder(
            target, memory, tgt_mask=causal, tgt_key_padding_mask=beyond("tgt"), memory_key_padding_mask=beyond("src")
        )
        return self.generator(decoded)


def transformer():
    source_lengths = torch.randint(1, 7, (STEPS, SAMPLES))
    target_lengths = torch.randint(1, 7, (STEPS, SAMPLES))
    target = padded(8, 6, target_lengths)
    batches = {
        "src": padded(9, 6, source_lengths),
        "src_lengths": source_lengths,
        "tgt": torch.cat((torch.zeros_like(target[:, :, :1]), target[:, :, :-1]), 2),
        "tgt_lengths": target_lengths,
        "target": torch.where(target == 0, -100, target),
    }
    loss = lambda model, part: F.cross_entropy(model(part).flatten(0, 1), part["target"].flatten(), reduction="sum")
    count = lambda batch: (batch["target"] != -100).sum().item()
    return train("transformer", Transformer(), batches, loss, count, 0.02, 0.9)


class GAN(nn.Module):
    """gan(3, 6, 4)"""

    noise, image = (3,), (4,)

    def __init__(self):
        super().__init__()
        linear = nn.Linear
        self.generator = nn.Sequential(linear(3, 6), nn.ReLU(), linear(6, 6), nn.ReLU(), linear(6, 4), nn.Tanh())
        self.discriminator = nn.Sequential(linear(4, 6), nn.ReLU(), linear(6, 6), nn.ReLU(), linear(6, 1))

    def of_made(self, images):
        return self.discriminator(images)


class DCGAN(nn.Module):
    """dcgan(3, 2, channels=1, image=16): what the discriminator is used for a second time has running statistics of its own."""

    noise, image = (3, 1, 1), (1, 16, 16)

    def __init__(self):
        super().__init__()
        self.generator = nn.Sequential(
            nn.ConvTranspose2d(3, 4, 4, 1, 0, bias=False), nn.BatchNorm2d(4), nn.ReLU(),
            nn.ConvTranspose2d(4, 2, 4, 2, 1, bias=False), nn.BatchNorm2d(2), nn.ReLU(),
            nn.ConvTranspose2d(2, 1, 4, 2, 1, bias=False), nn.Tanh())
        self.discriminator, self.discriminator_fake = self.judge(), self.judge()
        for i, layer in enumerate(self.discriminator):
            for name in dict(layer.named_parameters()):
                setattr(self.discriminator_fake[i], name, getattr(layer, name))
        for name, weight in self.named_parameters():
            nn.init.normal_(weight, 0 if weight.dim() == 4 else 1 if name.endswith("weight") else 0, 0.1)

    def judge(self):
        return nn.Sequential(
            nn.Conv2d(1, 2, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
            nn.Conv2d(2, 4, 4, 2, 1, bias=False), nn.BatchNorm2d(4), nn.LeakyReLU(0.2),
            nn.Conv2d(4, 1, 4, 1, 0, bias=False), nn.Flatten())

    def of_made(self, images):
        return self.discriminator_fake(images)


def bce(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="sum") / SAMPLES


def gan(name="gan", clip=None, network=GAN):
    """In each step the discriminator learns first, then, by the same mini-batch, the generator."""
    batches = {
        "noise": torch.randn(STEPS, SAMPLES, *network.noise),
        "real": torch.tanh(torch.randn(STEPS, SAMPLES, *network.image)),
        "ones": torch.ones(STEPS, SAMPLES, 1),
        "zeros": torch.zeros(STEPS, SAMPLES, 1),
    }
    model = start(name, network(), batches)
    discriminates = torch.optim.SGD(model.discriminator.parameters(), lr=0.2)
    generates = torch.optim.SGD(model.generator.parameters(), lr=0.1)
    losses = {name + "/real": [], name + "/fake": [], name + "/generator": []}
    for step in range(STEPS):
        sums = dict.fromkeys(losses, 0.0)
        batch = widened(batches, step)
        for part in microbatches(batch):
            real = bce(model.discriminator(part["real"]), part["ones"])
            fake = bce(model.of_made(model.generator(part["noise"]).detach()), part["zeros"])
            (real + fake).backward()
            sums[name + "/real"] += real.item()
            sums[name + "/fake"] += fake.item()
        clipped(model.discriminator, clip)
        discriminates.step()
        model.zero_grad()
        for part in microbatches(batch):
            passes = bce(model.of_made(model.generator(part["noise"])), part["ones"])
            passes.backward()
            sums[name + "/generator"] += passes.item()
        clipped(model.generator, clip)
        generates.step()
        model.zero_grad()
        for head, loss in sums.items():
            losses[head].append(loss)
    return losses


class Seq2Seq(nn.Module):
    """seq2seq(9, 8, 6, embedding=5, hidden=4, cell=..., attention=...): the decoder step by step, as its formulas are written."""

    def __init__(self, cell, attention):
        super().__init__()
        self.src_embedding, self.tgt_embedding = nn.Embedding(9, 5), nn.Embedding(8, 5)
        self.encoder = getattr(nn, cell)(5, 4, batch_first=True)
        self.attention = attention
        if not attention:
            self.decoder = getattr(nn, cell)(5, 4, batch_first=True)
        else:
            rows = {"RNN": 4, "GRU": 12}[cell]
            sizes = {"ih": (rows, 5), "ch": (rows, 4), "hh": (rows, 4), "query": (4, 4), "key": (4, 4), "score": (1, 4)}
            weights = {"weight_" + name: nn.Parameter(torch.randn(size) / 2) for name, size in sizes.items()}
            biases = {"bias_" + name: nn.Parameter(torch.randn(rows) / 2) for name in ("ih", "hh")}
            self.decoder = nn.ParameterDict({**weights, **biases})
        self.generator = nn.Linear(8 if attention else 4, 8)

    def forward(self, src, lengths, tgt):
        packed = pack_padded_sequence(self.src_embedding(src), lengths, batch_first=True, enforce_sorted=False)
        memory, state = self.encoder(packed)
        y = self.tgt_embedding(tgt)
        if not self.attention:
            return self.generator(self.decoder(y, state)[0])
        memory, _ = nn.utils.rnn.pad_packed_sequence(memory, batch_first=True, total_length=src.shape[1])
        d, s, rows = self.decoder, state[0], []
        padding = torch.arange(src.shape[1]) >= lengths[:, None]
        for t in range(tgt.shape[1]):
            e = torch.tanh((s @ d["weight_query"].T)[:, None] + memory @ d["weight_key"].T) @ d["weight_score"][0]
            c = (e.masked_fill(padding, -torch.inf).softmax(1)[:, :, None] * memory).sum(1)
            x = y[:, t] @ d["weight_ih"].T + d["bias_ih"] + c @ d["weight_ch"].T
            h = s @ d["weight_hh"].T + d["bias_hh"]
            if isinstance(self.encoder, nn.GRU):
                (xr, xz, xn), (hr, hz, hn) = x.chunk(3, 1), h.chunk(3, 1)
                r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
                s = (1 - z) * torch.tanh(xn + r * hn) + z * s
            else:
                s = torch.tanh(x + h)
            rows.append(torch.cat((s, c), 1))
        return self.generator(torch.stack(rows, 1))


def seq2seq(name, cell, attention):
    lengths, told = torch.randint(1, 7, (STEPS, SAMPLES)), torch.randint(1, 7, (STEPS, SAMPLES))
    target = padded(8, 6, told)
    batches = {
        "src": padded(9, 6, lengths),
        "src_lengths": lengths,
        "tgt": padded(8, 6, told),
        "target": target.masked_fill(target == 0, -100),
    }

    def loss(model, part):
        logits = model(part["src"], part["src_lengths"], part["tgt"])
        return F.cross_entropy(logits.flatten(0, 1), part["target"].flatten(), reduction="sum")

    weight = lambda batch: (batch["target"] != -100).sum()
    return train(name, Seq2Seq(cell, attention), batches, loss, weight, 0.1, 0.9)


class TextCNN(nn.Module):
    """text_cnn(9, 6, embedding=4, filters=3, classes=3, widths=(1, 2, 3), dropout=0)"""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(9, 4, padding_idx=0)
        self.convs = nn.ModuleList(nn.Conv1d(4, 3, width, padding=width) for width in (1, 2, 3))
        self.fc = nn.Linear(9, 3)

    def forward(self, tokens):
        x = self.embedding(tokens).transpose(1, 2)
        return self.fc(torch.cat([F.relu(conv(x)).max(2).values for conv in self.convs], 1))


def text_cnn():
    batches = {
        "input": padded(9, 6, torch.randint(1, 7, (STEPS, SAMPLES))),
        "target": torch.randint(0, 3, (STEPS, SAMPLES)),
    }
    loss = lambda model, part: F.cross_entropy(model(part["input"]), part["target"], reduction="sum")
    return train("text_cnn", TextCNN(), batches, loss, lambda batch: SAMPLES, 0.1, 0.9)


class LanguageModel(nn.Module):
    """language_model(11, 6, embedding=5, hidden=4, cell=..., num_layers=...)"""

    def __init__(self, cell, levels):
        super().__init__()
        self.embedding = nn.Embedding(11, 5)
        self.cell = cell.lower()
        setattr(self, self.cell, getattr(nn, cell)(5, 4, num_layers=levels, batch_first=True))
        self.fc = nn.Linear(4, 11)

    def forward(self, tokens):
        return self.fc(getattr(self, self.cell)(self.embedding(tokens))[0])


def language_model(name, cell, levels):
    tokens = torch.randint(0, 11, (STEPS, SAMPLES, 7))
    batches = {"input": tokens[:, :, :-1], "target": tokens[:, :, 1:]}
    loss = lambda model, part: F.cross_entropy(model(part["input"]).flatten(0, 1), part["target"].flatten(), reduction="sum")
    return train(name, LanguageModel(cell, levels), batches, loss, lambda batch: batch["target"].numel(), 0.1, 0.9)


class Autoencoder(nn.Module):
    """autoencoder((6, 3), channels=2, image=3)"""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(18, 6), nn.ReLU(), nn.Linear(6, 3))
        self.decoder = nn.Sequential(nn.Linear(3, 6), nn.ReLU(), nn.Linear(6, 18))

    def forward(self, x):
        return self.decoder(self.encoder(x.flatten(1))).unflatten(1, x.shape[1:])


def autoencoder():
    batches = {"input": torch.randn(STEPS, SAMPLES, 2, 3, 3)}
    loss = lambda model, part: F.mse_loss(model(part["input"]), part["input"], reduction="sum")
    losses = train("autoencoder", Autoencoder(), batches, loss, lambda batch: batch["input"].numel(), 0.1, 0.9)
    return {"autoencoder/reconstruction": losses["autoencoder"]}


NETWORKS = {
    "language_model_lstm": (20261211, lambda: language_model("language_model_lstm", "LSTM", 2)),
    "language_model_gru": (20261212, lambda: language_model("language_model_gru", "GRU", 1)),
    "language_model_rnn": (20261213, lambda: language_model("language_model_rnn", "RNN", 1)),
    "autoencoder": (20261214, autoencoder),
    "seq2seq": (20261206, lambda: seq2seq("seq2seq", "RNN", False)),
    "seq2seq_attention": (20261207, lambda: seq2seq("seq2seq_attention", "RNN", True)),
    "seq2seq_gru": (20261208, lambda: seq2seq("seq2seq_gru", "GRU", True)),
    "text_cnn": (20261209, text_cnn),
    "resnet": (20261201, resnet),
    "gpt": (20261202, gpt),
    "lstm_classifier": (20261203, lstm_classifier),
    "transformer": (20261204, transformer),
    "gan": (20261205, gan),
    "dcgan": (20261210, lambda: gan("dcgan", network=DCGAN)),
    "gpt_clipped": (20261202, lambda: gpt("gpt_clipped", 1.5)),
    "gpt_clipped_values": (20261202, lambda: gpt("gpt_clipped_values", 1.5, 0.05)),
    "gan_clipped": (20261205, lambda: gan("gan_clipped", 0.0173)),
}
try:
    lines = dict(line.split(" ", 1) for line in open(FOLDER + "losses.txt"))
except FileNotFoundError:
    lines = {}
for network in sys.argv[1:] or NETWORKS:
    seed, run = NETWORKS[network]
    torch.manual_seed(seed)
    for name, losses in run().items():
        lines[name] = " ".join(map(repr, losses)) + "\n"
        print(name, lines[name], end="")
open(FOLDER + "losses.txt", "w").writelines(name + " " + line for name, line in lines.items())

"""A small GPT-2 with random weights in the layout of Hugging Face's libraries, and its logits, by PyTorch alone.

    python3 gpt2_folder.py            writes src/test/resources/gpt2: config.json, two shards with their index, logits.txt
    python3 gpt2_folder.py DIR        prints the logits of a folder, as `ketju weights RUN --to-gpt2 DIR` writes it

Forward is written after the published definition (Radford et al. 2019), with their names and the Conv1D layout [in, out]; no
library of theirs is needed.
"""
import json
import math
import pathlib
import sys

import torch
from safetensors.torch import load_file, save_file

TOKENS = [[3, 1, 4, 1, 5, 9], [2, 6, 5, 3, 5, 8]]


def forward(config, w, tokens):
    heads, width = config["n_head"], config["n_embd"]
    norm = lambda x, name: torch.nn.functional.layer_norm(x, (width,), w[name + ".weight"], w[name + ".bias"], config["layer_norm_epsilon"])
    conv = lambda x, name: x @ w[name + ".weight"] + w[name + ".bias"]
    samples, positions = tokens.shape
    x = w["transformer.wte.weight"][tokens] + w["transformer.wpe.weight"][:positions]
    seen = torch.tril(torch.ones(positions, positions, dtype=torch.bool))
    for i in range(config["n_layer"]):
        h = f"transformer.h.{i}."
        parts = conv(norm(x, h + "ln_1"), h + "attn.c_attn").split(width, dim=2)
        q, k, v = (p.view(samples, positions, heads, width // heads).transpose(1, 2) for p in parts)
        scores = (q @ k.transpose(2, 3) / math.sqrt(width // heads)).masked_fill(~seen, -math.inf)
        y = (scores.softmax(-1) @ v).transpose(1, 2).reshape(samples, positions, width)
        x = x + conv(y, h + "attn.c_proj")
        inner = torch.nn.functional.gelu(conv(norm(x, h + "ln_2"), h + "mlp.c_fc"), approximate="tanh")
        x = x + conv(inner, h + "mlp.c_proj")
    x = norm(x, "transformer.ln_f")
    return x @ w.get("lm_head.weight", w["transformer.wte.weight"]).T


def read(folder):
    config = json.loads((folder / "config.json").read_text())
    index = folder / "model.safetensors.index.json"
    names = sorted(set(json.loads(index.read_text())["weight_map"].values())) if index.exists() else ["model.safetensors"]
    weights = {}
    for name in names:
        weights |= load_file(folder / name)
    return config, weights


def text(logits):
    return "\n".join(" ".join(repr(float(v)) for v in row) for row in logits.reshape(-1, logits.shape[-1])) + "\n"


if len(sys.argv) > 1:
    config, weights = read(pathlib.Path(sys.argv[1]))
    print(text(forward(config, weights, torch.tensor(TOKENS))), end="")
    sys.exit()

torch.manual_seed(5)
folder = pathlib.Path(__file__).parent.parent / "resources" / "gpt2"
folder.mkdir(parents=True, exist_ok=True)
config = {
    "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "activation_function": "gelu_new", "vocab_size": 11,
    "n_positions": 7, "n_ctx": 7, "n_embd": 8, "n_layer": 2, "n_head": 2, "n_inner": None, "layer_norm_epsilon": 1e-05,
    "task_specific_params": {"text-generation": {"do_sample": True}}, "tie_word_embeddings": True,
}
shapes = {"transformer.wte.weight": (11, 8), "transformer.wpe.weight": (7, 8)}
for i in range(2):
    h = f"transformer.h.{i}."
    for norm in ("ln_1", "ln_2"):
        shapes |= {h + norm + ".weight": (8,), h + norm + ".bias": (8,)}
    for name, shape in (("attn.c_attn", (8, 24)), ("attn.c_proj", (8, 8)), ("mlp.c_fc", (8, 32)), ("mlp.c_proj", (32, 8))):
        shapes |= {h + name + ".weight": shape, h + name + ".bias": shape[1:]}
shapes |= {"transformer.ln_f.weight": (8,), "transformer.ln_f.bias": (8,)}
weights = {name: torch.randn(shape) * 0.3 + name.endswith("ln_1.weight") for name, shape in shapes.items()}
(folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
names = list(weights)
parts = {"model-00001-of-00002.safetensors": names[: len(names) // 2], "model-00002-of-00002.safetensors": names[len(names) // 2 :]}
for file, part in parts.items():
    save_file({name: weights[name].contiguous() for name in part}, folder / file, metadata={"format": "pt"})
total = sum(4 * w.numel() for w in weights.values())
index = {"metadata": {"total_size": total}, "weight_map": {name: file for file, part in parts.items() for name in part}}
(folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")
(folder / "logits.txt").write_text(text(forward(config, weights, torch.tensor(TOKENS))))

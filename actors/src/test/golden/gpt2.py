"""Makes ../resources/golden/gpt2*.safetensors: a small GPT-2 under Hugging Face's names, and the logits of its formulas.
Run from this folder: python3 gpt2.py

PyTorch 2.13 in float64, written step by step after Radford et al. 2019: pre-norm blocks, Conv1D weights [in, out], one c_attn for
query, key and value, GELU by tanh, the embedding as last weight. Weights are a rule, value i of a tensor is a sine of i, and
small numbers: nothing is drawn. gpt2.safetensors has them with the causal masks that such files have, gpt2-logits.safetensors
tokens, and logits of the tied model and of one with a last weight of its own.
"""
import math

import torch
from safetensors.torch import save_file

VOCABULARY, CONTEXT, LAYERS, HEADS, WIDTH = 13, 6, 2, 2, 8


def rule(seed, *shape):
    i = torch.arange(math.prod(shape), dtype=torch.float64)
    return (0.3 * torch.sin(1.7 * i + seed)).to(torch.float32).reshape(shape)


def weights():
    w, t = {}, "transformer."
    w[t + "wte.weight"], w[t + "wpe.weight"] = rule(1, VOCABULARY, WIDTH), rule(2, CONTEXT, WIDTH)
    for n in range(LAYERS):
        h, s = f"{t}h.{n}.", 10 * n
        for k, (name, a, b) in enumerate(
            [("attn.c_attn", WIDTH, 3 * WIDTH), ("attn.c_proj", WIDTH, WIDTH), ("mlp.c_fc", WIDTH, 4 * WIDTH), ("mlp.c_proj", 4 * WIDTH, WIDTH)]
        ):
            w[h + name + ".weight"], w[h + name + ".bias"] = rule(s + k + 3, a, b), rule(s + k + 0.5, b)
        for k, name in enumerate(["ln_1", "ln_2"]):
            w[h + name + ".weight"], w[h + name + ".bias"] = 1 + rule(s + k + 7, WIDTH), rule(s + k + 8, WIDTH)
        w[h + "attn.bias"] = torch.ones(CONTEXT, CONTEXT).tril().reshape(1, 1, CONTEXT, CONTEXT)
    w[t + "ln_f.weight"], w[t + "ln_f.bias"] = 1 + rule(31, WIDTH), rule(32, WIDTH)
    return w


def norm(x, w, name):
    mean, var = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, unbiased=False)
    return (x - mean) / (var + 1e-5).sqrt() * w[name + ".weight"] + w[name + ".bias"]


def conv1d(x, w, name):
    return x @ w[name + ".weight"] + w[name + ".bias"]


def gelu(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def logits(tokens, w, head):
    w = {name: value.double() for name, value in w.items()}
    t = "transformer."
    x = w[t + "wte.weight"][tokens] + w[t + "wpe.weight"][: tokens.shape[1]]
    for n in range(LAYERS):
        h = f"{t}h.{n}."
        q, k, v = (
            part.reshape(*part.shape[:2], HEADS, -1).transpose(1, 2)
            for part in conv1d(norm(x, w, h + "ln_1"), w, h + "attn.c_attn").split(WIDTH, 2)
        )
        scores = q @ k.transpose(2, 3) / math.sqrt(WIDTH // HEADS)
        mask = torch.ones(tokens.shape[1], tokens.shape[1]).tril() == 0
        y = scores.masked_fill(mask, -math.inf).softmax(-1) @ v
        x = x + conv1d(y.transpose(1, 2).flatten(2), w, h + "attn.c_proj")
        x = x + conv1d(gelu(conv1d(norm(x, w, h + "ln_2"), w, h + "mlp.c_fc")), w, h + "mlp.c_proj")
    return norm(x, w, t + "ln_f") @ head.double().T


w = weights()
tokens = torch.tensor([[3, 1, 4, 1, 5, 9], [2, 6, 5, 3, 5, 12]])
own = rule(40, VOCABULARY, WIDTH)
save_file(w, "../resources/golden/gpt2.safetensors")
save_file(
    {
        "tokens": tokens.to(torch.int32),
        "lm_head.weight": own,
        "tied": logits(tokens, w, w["transformer.wte.weight"]).float(),
        "untied": logits(tokens, w, own).float(),
    },
    "../resources/golden/gpt2-logits.safetensors",
)

"""Attention in PyTorch's own operations, for inputs side by side or one by one, then lengths."""
import math

import torch
from torch import nn


class InProjection(nn.Module):
    def __init__(self, embed_dim, bias=True):
        super().__init__()
        self.in_proj_weight = nn.Parameter(torch.zeros(3 * embed_dim, embed_dim))
        if bias:
            self.in_proj_bias = nn.Parameter(torch.zeros(3 * embed_dim))
        self.has_bias = bias

    def forward(self, *xs):
        linear = nn.functional.linear
        if len(xs) == 1:
            return linear(xs[0], self.in_proj_weight, self.in_proj_bias if self.has_bias else None)
        biases = self.in_proj_bias.chunk(3) if self.has_bias else (None, None, None)
        return tuple(linear(x, w, b) for x, w, b in zip(xs, self.in_proj_weight.chunk(3), biases))


class ScaledDotProductAttention(nn.Module):
    def __init__(self, num_heads, is_causal=False):
        super().__init__()
        self.heads, self.causal = num_heads, is_causal

    def forward(self, *xs):
        lengths = xs[-1] if len(xs) % 2 == 0 else None
        q, k, v = xs[0].chunk(3, 2) if len(xs) < 3 else xs[:3]
        q, k, v = (x.reshape(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2) for x in (q, k, v))
        scores = q @ k.transpose(2, 3) / math.sqrt(q.shape[3])
        t, s = scores.shape[2:]
        if self.causal:
            scores = scores.masked_fill(torch.ones(t, s).tril() == 0, -math.inf)
        if lengths is not None:
            scores = scores.masked_fill((torch.arange(s) >= lengths[:, None])[:, None, None, :], -math.inf)
        weights = scores.softmax(-1).nan_to_num(0)  # a sequence without keys gives zeros
        return (weights @ v).transpose(1, 2).flatten(2)

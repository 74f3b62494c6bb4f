"""Attention in PyTorch's own operations, for inputs side by side or one by one, then lengths."""
import math

import torch
from torch import nn


class InProjection(nn.Module):
    def __init__(
        self, embed_dim, bias=True, kdim=None, vdim=None, key_features=None, add_bias_kv=False, add_zero_attn=False
    ):
        super().__init__()
        self.zeros = int(add_zero_attn)
        self.separate = any(size is not None for size in (kdim, vdim, key_features))
        rows = key_features or embed_dim
        self.rows = [embed_dim, rows, rows]
        if self.separate:
            self.q_proj_weight = nn.Parameter(torch.zeros(embed_dim, embed_dim))
            self.k_proj_weight = nn.Parameter(torch.zeros(rows, kdim or embed_dim))
            self.v_proj_weight = nn.Parameter(torch.zeros(rows, vdim or embed_dim))
        else:
            self.in_proj_weight = nn.Parameter(torch.zeros(3 * embed_dim, embed_dim))
        if bias:
            self.in_proj_bias = nn.Parameter(torch.zeros(embed_dim + 2 * rows))
        self.has_bias = bias
        self.learned = add_bias_kv
        if add_bias_kv:
            self.bias_k, self.bias_v = (nn.Parameter(torch.zeros(1, 1, rows)) for _ in "kv")

    def forward(self, *xs):
        linear = nn.functional.linear
        if len(xs) == 1:
            return linear(xs[0], self.in_proj_weight, self.in_proj_bias if self.has_bias else None)
        biases = self.in_proj_bias.split(self.rows) if self.has_bias else (None, None, None)
        weights = (
            (self.q_proj_weight, self.k_proj_weight, self.v_proj_weight)
            if self.separate
            else self.in_proj_weight.chunk(3)
        )
        q, k, v = (linear(x, w, b) for x, w, b in zip(xs, weights, biases))
        if self.learned:
            k, v = (torch.cat((x, b.expand(len(x), 1, -1)), 1) for x, b in ((k, self.bias_k), (v, self.bias_v)))
        k, v = (nn.functional.pad(x, (0, 0, 0, self.zeros)) for x in (k, v))
        return q, k, v


def masked(scores, more, causal, padding, extra):
    """Scores with lengths, a mask of padded keys and a mask, none of which says anything of the last, extra, keys."""
    t, s = scores.shape[2], scores.shape[3] - extra
    terms = torch.zeros(scores.shape[0], 1, t, s, dtype=scores.dtype)
    if causal:
        terms = terms.masked_fill(torch.ones(t, s).tril() == 0, -math.inf)
    for x in more:
        if x.dim() == 1:
            terms = terms.masked_fill((torch.arange(s) >= x[:, None])[:, None, None, :], -math.inf)
        elif padding:
            terms = terms.masked_fill((x != 0)[:, None, None, :], -math.inf)
            padding = False
        else:
            mask = x[:, None] if x.dim() == 3 else x
            terms = terms + mask if x.is_floating_point() else terms.masked_fill(mask == 0, -math.inf)
    return scores + nn.functional.pad(terms, (0, extra))


def shares(scores):
    blind = (scores == -math.inf).all(-1, keepdim=True)  # a query without keys gives zeros
    return scores.masked_fill(blind, 0).softmax(-1).masked_fill(blind, 0)


class ScaledDotProductAttention(nn.Module):
    def __init__(
        self,
        num_heads,
        is_causal=False,
        dropout_p=0,
        scale=None,
        num_kv_heads=None,
        key_padding_mask=False,
        extra_keys=0,
    ):
        super().__init__()
        self.groups = num_kv_heads or num_heads
        self.heads, self.scale = num_heads, scale
        self.seen = is_causal, key_padding_mask, extra_keys

    def forward(self, *xs):
        packed = len(xs) < 3 or not xs[1].is_floating_point()
        q, k, v = xs[0].chunk(3, 2) if packed else xs[:3]
        more = xs[1:] if packed else xs[3:]
        counts = (self.heads, self.groups, self.groups)
        q, k, v = (x.reshape(*x.shape[:2], n, -1).transpose(1, 2) for x, n in zip((q, k, v), counts))
        k, v = (x.repeat_interleave(self.heads // self.groups, 1) for x in (k, v))
        scores = q @ k.transpose(2, 3) * (self.scale or 1 / math.sqrt(q.shape[3]))
        return (shares(masked(scores, more, *self.seen)) @ v).transpose(1, 2).flatten(2)


class AttentionWeights(nn.Module):
    def __init__(
        self,
        num_heads,
        is_causal=False,
        average_attn_weights=True,
        num_kv_heads=None,
        key_padding_mask=False,
        extra_keys=0,
    ):
        super().__init__()
        self.heads, self.groups, self.average = num_heads, num_kv_heads or num_heads, average_attn_weights
        self.seen = is_causal, key_padding_mask, extra_keys

    def forward(self, q, k, *more):
        q, k = (x.reshape(*x.shape[:2], n, -1).transpose(1, 2) for x, n in ((q, self.heads), (k, self.groups)))
        k = k.repeat_interleave(self.heads // self.groups, 1)
        weights = shares(masked(q @ k.transpose(2, 3) / math.sqrt(q.shape[3]), more, *self.seen))
        return weights.mean(1) if self.average else weights


class AdditiveScores(nn.Linear):
    def __init__(self, features):
        super().__init__(features, 1, bias=False)

    def forward(self, q, k):
        return super().forward((q[:, :, None] + k[:, None]).tanh())[..., 0]

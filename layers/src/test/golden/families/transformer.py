"""Blocks of transformers, with lengths and masks as inputs."""
import torch
from torch import nn


def hidden(lengths, steps):
    return None if lengths is None else torch.arange(steps) >= lengths[:, None]


def split(more):
    """Lengths, if they come first, and a mask."""
    lengths = more[0] if more and more[0].dim() == 1 else None
    more = more[lengths is not None :]
    return lengths, (more[0] if more else None)


def combined(mask, causal, heads, t, s):
    """A mask that is added, for each head."""
    total = None
    if mask is not None:
        added = mask if mask.is_floating_point() else torch.where(mask == 0, -torch.inf, 0.0).double()
        total = added.repeat_interleave(heads, 0)
    if causal:
        behind = torch.full((t, s), -torch.inf, dtype=torch.float64).triu(1)
        total = behind if total is None else total + behind
    return total


def additive(lengths, steps):
    gone = hidden(lengths, steps)
    return None if gone is None else torch.where(gone, -torch.inf, 0.0).double()


class MultiheadAttention(nn.MultiheadAttention):
    def __init__(self, *args, is_causal=False, **named):
        super().__init__(*args, **named)
        self.causal = is_causal

    def forward(self, x, *more):
        own = not more or not more[0].is_floating_point() or len(more) == 1
        k, v = (x, x) if own else more[:2]
        lengths, mask = split(more if own else more[2:])
        mask = combined(mask, self.causal, self.num_heads, x.shape[1], k.shape[1])
        return super().forward(x, k, v, key_padding_mask=additive(lengths, k.shape[1]), attn_mask=mask)[0]


class TransformerEncoderLayer(nn.TransformerEncoderLayer):
    def __init__(self, *args, is_causal=False, **named):
        super().__init__(*args, **named)
        self.causal = is_causal

    def forward(self, x, *more):
        lengths, mask = split(more)
        mask = combined(mask, self.causal, self.self_attn.num_heads, x.shape[1], x.shape[1])
        return super().forward(x, src_mask=mask, src_key_padding_mask=additive(lengths, x.shape[1]))


class TransformerDecoderLayer(nn.TransformerDecoderLayer):
    def __init__(self, *args, tgt_is_causal=False, **named):
        super().__init__(*args, **named)
        self.causal = tgt_is_causal

    def forward(self, x, memory, own=None, others=None):
        t, s = x.shape[1], memory.shape[1]
        return super().forward(
            x,
            memory,
            tgt_mask=combined(None, self.causal, 1, t, t),
            tgt_key_padding_mask=additive(own, t),
            memory_key_padding_mask=additive(others, s),
        )


class TransformerEncoder(nn.Module):
    def __init__(self, d_model, nhead, num_layers, *args, norm=False, **named):
        super().__init__()
        self.layers = nn.ModuleList(TransformerEncoderLayer(d_model, nhead, *args, **named) for _ in range(num_layers))
        self.norm = nn.LayerNorm(d_model) if norm else nn.Identity()

    def forward(self, x, *more):
        for layer in self.layers:
            x = layer(x, *more)
        return self.norm(x)


class TransformerDecoder(nn.Module):
    def __init__(self, d_model, nhead, num_layers, *args, norm=False, **named):
        super().__init__()
        self.layers = nn.ModuleList(TransformerDecoderLayer(d_model, nhead, *args, **named) for _ in range(num_layers))
        self.norm = nn.LayerNorm(d_model) if norm else nn.Identity()

    def forward(self, x, *more):
        for layer in self.layers:
            x = layer(x, *more)
        return self.norm(x)


class Transformer(nn.Transformer):
    def __init__(self, *args, tgt_is_causal=False, **named):
        super().__init__(*args, **named)
        self.causal = tgt_is_causal

    def forward(self, source, target, own=None, others=None):
        t, s = target.shape[1], source.shape[1]
        return super().forward(
            source,
            target,
            tgt_mask=combined(None, self.causal, 1, t, t),
            src_key_padding_mask=additive(own, s),
            tgt_key_padding_mask=additive(others, t),
            memory_key_padding_mask=additive(own, s),
        )


class LuongAttention(nn.Module):
    def __init__(self, dim, score="general"):
        super().__init__()
        self.linear_in = nn.Linear(dim, dim, bias=False) if score == "general" else nn.Identity()

    def forward(self, query, memory, lengths=None):
        scores = self.linear_in(query) @ memory.transpose(1, 2)
        if lengths is not None:
            scores = scores + additive(lengths, memory.shape[1])[:, None]
        return scores.softmax(-1) @ memory

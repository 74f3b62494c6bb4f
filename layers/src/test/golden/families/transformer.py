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
        total = added.repeat_interleave(heads, 0) if added.dim() == 3 else added
    if causal:
        behind = torch.full((t, s), -torch.inf, dtype=torch.float64).triu(1)
        total = behind if total is None else total + behind
    return total


def additive(lengths, steps):
    gone = hidden(lengths, steps)
    return None if gone is None else torch.where(gone, -torch.inf, 0.0).double()


class MultiheadAttention(nn.MultiheadAttention):
    def __init__(self, *args, is_causal=False, need_weights=False, average_attn_weights=True, inputs=None, **named):
        super().__init__(*args, **named)
        self.causal, self.weights, self.average = is_causal, need_weights, average_attn_weights
        self.given = (inputs,) if isinstance(inputs, str) else inputs

    def __new__(cls, *args, num_kv_heads=None, **named):
        return super().__new__(cls) if num_kv_heads is None else GroupedAttention(*args, num_kv_heads, **named)

    def forward(self, x, *more):
        if self.given:
            own = 1 + len(more) - len(self.given) < 3
        else:
            own = not more or not more[0].is_floating_point() or len(more) == 1
        k, v = (x, x) if own else more[:2]
        more = more if own else more[2:]
        padding = None
        if self.given:
            named = dict(zip(self.given, more))
            lengths, mask = named.get("lengths"), named.get("attn_mask")
            padding = named.get("key_padding_mask")
        else:
            lengths, mask = split(more)
        mask = combined(mask, self.causal, self.num_heads, x.shape[1], k.shape[1])
        if padding is not None:
            padding = torch.where(padding != 0, -torch.inf, 0.0).double()
        if lengths is not None:
            padding = additive(lengths, k.shape[1]) + (0 if padding is None else padding)
        y, weights = super().forward(
            x, k, v, key_padding_mask=padding, attn_mask=mask, average_attn_weights=self.average
        )
        return (y, weights) if self.weights else y


class GroupedAttention(nn.Module):
    """nn.MultiheadAttention has no groups: F.scaled_dot_product_attention has."""

    def __init__(self, embed_dim, num_heads, groups, is_causal=False, batch_first=True, bias=True):
        super().__init__()
        self.heads, self.groups, self.causal = num_heads, groups, is_causal
        rows = embed_dim // num_heads * groups
        self.q_proj_weight = nn.Parameter(torch.zeros(embed_dim, embed_dim))
        self.k_proj_weight = nn.Parameter(torch.zeros(rows, embed_dim))
        self.v_proj_weight = nn.Parameter(torch.zeros(rows, embed_dim))
        self.in_proj_bias = nn.Parameter(torch.zeros(embed_dim + 2 * rows)) if bias else None
        self.out_proj = nn.Linear(embed_dim, embed_dim, bias=bias)
        self.rows = [embed_dim, rows, rows]

    def forward(self, x, *more):
        own = not more or not more[0].is_floating_point() or len(more) == 1
        k, v = (x, x) if own else more[:2]
        lengths, mask = split(more if own else more[2:])
        t, s = x.shape[1], k.shape[1]
        mask = combined(mask, self.causal, 1, t, s)
        mask = mask[:, None] if mask is not None and mask.dim() == 3 else mask
        if lengths is not None:
            padding = additive(lengths, s)[:, None, None]
            mask = padding if mask is None else mask + padding
        biases = (None,) * 3 if self.in_proj_bias is None else self.in_proj_bias.split(self.rows)
        weights = self.q_proj_weight, self.k_proj_weight, self.v_proj_weight
        counts = self.heads, self.groups, self.groups
        q, k, v = (
            nn.functional.linear(x, w, b).unflatten(2, (n, -1)).transpose(1, 2)
            for x, w, b, n in zip((x, k, v), weights, biases, counts)
        )
        y = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, enable_gqa=True)
        return self.out_proj(y.transpose(1, 2).flatten(2))


class TransformerEncoderLayer(nn.TransformerEncoderLayer):
    def __init__(self, *args, is_causal=False, **named):
        super().__init__(*args, **named)
        self.causal = is_causal

    def forward(self, x, *more):
        lengths, mask = split(more)
        mask = combined(mask, self.causal, self.self_attn.num_heads, x.shape[1], x.shape[1])
        return super().forward(x, src_mask=mask, src_key_padding_mask=additive(lengths, x.shape[1]))


def companions(more, lengths, masks, given):
    """What is given besides both sequences, by name: lengths and masks, in this order or in the given one."""
    names = (given,) if isinstance(given, str) else given
    if names is None:
        names = lengths + masks if more and more[0].dim() == 1 else masks
    return dict(zip(names, more))


class TransformerDecoderLayer(nn.TransformerDecoderLayer):
    def __init__(self, *args, tgt_is_causal=False, inputs=None, **named):
        super().__init__(*args, **named)
        self.causal, self.given = tgt_is_causal, inputs

    def forward(self, x, memory, *more):
        t, s = x.shape[1], memory.shape[1]
        named = companions(more, ("tgt_lengths", "memory_lengths"), ("tgt_mask", "memory_mask"), self.given)
        heads = lambda mask: self.self_attn.num_heads if mask is not None and mask.dim() == 3 else 1
        masks = [named.get("tgt_mask"), named.get("memory_mask")]
        return super().forward(
            x,
            memory,
            tgt_mask=combined(masks[0], self.causal, heads(masks[0]), t, t),
            memory_mask=combined(masks[1], False, heads(masks[1]), t, s),
            tgt_key_padding_mask=additive(named.get("tgt_lengths"), t),
            memory_key_padding_mask=additive(named.get("memory_lengths"), s),
        )


class TransformerEncoder(nn.Module):
    def __init__(self, d_model, nhead, num_layers, *args, norm=False, **named):
        super().__init__()
        self.layers = nn.ModuleList(TransformerEncoderLayer(d_model, nhead, *args, **named) for _ in range(num_layers))
        bias = named.get("bias", True)
        self.norm = nn.LayerNorm(d_model, bias=bias) if norm else nn.Identity()

    def forward(self, x, *more):
        for layer in self.layers:
            x = layer(x, *more)
        return self.norm(x)


class TransformerDecoder(nn.Module):
    def __init__(self, d_model, nhead, num_layers, *args, norm=False, **named):
        super().__init__()
        self.layers = nn.ModuleList(TransformerDecoderLayer(d_model, nhead, *args, **named) for _ in range(num_layers))
        bias = named.get("bias", True)
        self.norm = nn.LayerNorm(d_model, bias=bias) if norm else nn.Identity()

    def forward(self, x, *more):
        for layer in self.layers:
            x = layer(x, *more)
        return self.norm(x)


class Transformer(nn.Transformer):
    def __init__(self, *args, tgt_is_causal=False, inputs=None, **named):
        super().__init__(*args, **named)
        self.causal, self.given = tgt_is_causal, inputs

    def forward(self, source, target, *more):
        t, s = target.shape[1], source.shape[1]
        masks = ("src_mask", "tgt_mask", "memory_mask")
        named = companions(more, ("src_lengths", "tgt_lengths"), masks, self.given)
        heads = lambda mask: self.nhead if mask is not None and mask.dim() == 3 else 1
        masks = [named.get(name) for name in masks]
        return super().forward(
            source,
            target,
            src_mask=combined(masks[0], False, heads(masks[0]), s, s),
            tgt_mask=combined(masks[1], self.causal, heads(masks[1]), t, t),
            memory_mask=combined(masks[2], False, heads(masks[2]), t, s),
            src_key_padding_mask=additive(named.get("src_lengths"), s),
            tgt_key_padding_mask=additive(named.get("tgt_lengths"), t),
            memory_key_padding_mask=additive(named.get("src_lengths"), s),
        )


def weighted(scores, memory, lengths):
    if lengths is not None:
        scores = scores + additive(lengths, memory.shape[1])[:, None]
    return scores.softmax(-1) @ memory


class AdditiveAttention(nn.Module):
    def __init__(self, query_dim, memory_dim, attention_dim):
        super().__init__()
        self.query_layer = nn.Linear(query_dim, attention_dim, bias=False)
        self.memory_layer = nn.Linear(memory_dim, attention_dim, bias=False)
        self.v = nn.Linear(attention_dim, 1, bias=False)

    def forward(self, query, memory, lengths=None):
        scores = self.v(torch.tanh(self.query_layer(query)[:, :, None] + self.memory_layer(memory)[:, None]))
        return weighted(scores[..., 0], memory, lengths)


class LuongAttention(nn.Module):
    """For concat one weight over both, whose halves have names of their own."""

    def __init__(self, dim, score="general"):
        super().__init__()
        self.concat = score == "concat"
        if self.concat:
            self.linear_query = nn.Linear(dim, dim, bias=False)
            self.linear_memory = nn.Linear(dim, dim, bias=False)
            self.v = nn.Linear(dim, 1, bias=False)
        else:
            self.linear_in = nn.Linear(dim, dim, bias=False) if score == "general" else nn.Identity()

    def forward(self, query, memory, lengths=None):
        if not self.concat:
            return weighted(self.linear_in(query) @ memory.transpose(1, 2), memory, lengths)
        t, s = query.shape[1], memory.shape[1]
        both = torch.cat((query[:, :, None].expand(-1, -1, s, -1), memory[:, None].expand(-1, t, -1, -1)), -1)
        weight = torch.cat((self.linear_query.weight, self.linear_memory.weight), 1)
        return weighted(self.v(nn.functional.linear(both, weight).tanh())[..., 0], memory, lengths)

"""What torch.nn has no module for."""
import functools

import torch
from torch import nn


class Positions(nn.Module):
    def __init__(self, max_length, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(max_length, dim))

    def forward(self, x):
        return x + self.weight[: x.shape[1]]


class EmbeddingBag(nn.EmbeddingBag):
    def forward(self, tokens, *more):
        offsets, more = (more[0], more[1:]) if tokens.dim() == 1 else (None, more)
        return super().forward(tokens, offsets, *more)


@functools.cache
def angles(positions, dim, base):
    pairs = torch.arange(0, dim, 2, dtype=torch.float64)
    return torch.arange(positions, dtype=torch.float64)[:, None] * base ** (-pairs / dim)


@functools.cache
def sinusoids(positions, dim, base, dtype):
    a = angles(positions, dim, base)
    return torch.stack((a.sin(), a.cos()), -1).flatten(1).to(dtype)


@functools.cache
def turns(positions, dim, base, dtype):
    a = angles(positions, dim, base)
    return torch.polar(torch.ones_like(a), a)[:, None].to(dtype.to_complex())


class SinusoidalPositions(nn.Module):
    def __init__(self, dim, base=10000):
        super().__init__()
        self.dim, self.base = dim, base

    def forward(self, x):
        return x + sinusoids(x.shape[1], self.dim, self.base, x.dtype)


class RotaryPositionalEmbeddings(nn.Module):
    """Pairs as complex numbers, multiplied by one of length 1."""

    def __init__(self, dim, base=10000, interleaved=True):
        super().__init__()
        self.dim, self.base, self.interleaved = dim, base, interleaved

    def forward(self, x):
        heads = x.unflatten(-1, (-1, self.dim))
        if self.interleaved:
            pairs = torch.view_as_complex(heads.unflatten(-1, (-1, 2)).contiguous())
        else:
            pairs = torch.complex(*heads.chunk(2, -1))
        turned = torch.view_as_real(pairs * turns(x.shape[1], self.dim, self.base, x.dtype))
        together = turned.flatten(-2) if self.interleaved else torch.cat(turned.unbind(-1), -1)
        return together.flatten(-2)

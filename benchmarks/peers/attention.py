"""Scaled dot-product attention, forward and backward in one call."""
import torch

from registry import calling, kind
from sequences import uniform


def attention(batch, heads, length, width, causal):
    with torch.enable_grad():
        q, k, v = (uniform(seed, batch, heads, length, width).requires_grad_() for seed in (1, 2, 3))
    dy = uniform(4, batch, heads, length, width)
    results = []

    def call():
        with torch.enable_grad():
            y = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=bool(causal))
            results[:] = [y, *torch.autograd.grad(y, (q, k, v), dy)]

    return calling(call, lambda: results)


if hasattr(torch.nn.functional, "scaled_dot_product_attention"):
    kind(attention)

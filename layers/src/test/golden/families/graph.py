"""What torch.nn has no module for."""
import torch
from torch import nn


class SparseMatMul(nn.Module):
    def forward(self, x, pointers, columns, values):
        rows = torch.repeat_interleave(torch.arange(len(pointers) - 1), pointers.diff())
        y = torch.zeros(len(pointers) - 1, x.shape[1], dtype=x.dtype)
        return y.index_add(0, rows, values[:, None] * x[columns])


def edges(pointers, columns, loops):
    """Targets and sources, with one loop of each node in place of those there are."""
    nodes = len(pointers) - 1
    rows = torch.repeat_interleave(torch.arange(nodes), pointers.diff())
    if not loops:
        return rows, columns
    others = rows != columns
    every = torch.arange(nodes)
    return torch.cat((rows[others], every)), torch.cat((columns[others], every))


class GraphAttention(nn.Module):
    """By the formulas of PyTorch Geometric's GATConv."""

    def __init__(self, out_channels, heads=1, concat=True, negative_slope=0.2, dropout=0, add_self_loops=True, bias=True):
        super().__init__()
        self.att_src = nn.Parameter(torch.zeros(1, heads, out_channels))
        self.att_dst = nn.Parameter(torch.zeros(1, heads, out_channels))
        if bias:
            self.bias = nn.Parameter(torch.zeros(heads * out_channels if concat else out_channels))
        self.concat, self.slope, self.loops, self.shifts = concat, negative_slope, add_self_loops, bias

    def forward(self, x, pointers, columns):
        heads, channels = self.att_src.shape[1:]
        x = x.reshape(len(x), heads, channels)
        rows, sources = edges(pointers, columns, self.loops)
        scores = (x * self.att_src).sum(-1)[sources] + (x * self.att_dst).sum(-1)[rows]
        weights = nn.functional.leaky_relu(scores, self.slope).exp()
        weights = weights / torch.zeros(len(x), heads, dtype=x.dtype).index_add(0, rows, weights)[rows]
        y = torch.zeros_like(x).index_add(0, rows, weights[..., None] * x[sources])
        y = y.flatten(1) if self.concat else y.mean(1)
        return y + self.bias if self.shifts else y


class NeighborAggregation(nn.Module):
    def __init__(self, aggr="mean"):
        super().__init__()
        self.aggr = {"mean": "mean", "sum": "sum", "max": "amax"}[aggr]

    def forward(self, x, pointers, columns):
        rows, sources = edges(pointers, columns, False)
        every = rows[:, None].expand(-1, x.shape[1])
        return torch.zeros_like(x).scatter_reduce(0, every, x[sources], self.aggr, include_self=False)


class NormalizedPropagation(nn.Module):
    """PyTorch Geometric's gcn_norm, then the product."""

    def __init__(self, add_self_loops=True):
        super().__init__()
        self.loops = add_self_loops

    def forward(self, x, pointers, columns, values):
        rows = torch.repeat_interleave(torch.arange(len(x)), pointers.diff())
        if self.loops:
            missing = [i for i in range(len(x)) if not ((rows == i) & (columns == i)).any()]
            missing = torch.tensor(missing, dtype=rows.dtype)
            rows, columns = torch.cat((rows, missing)), torch.cat((columns, missing))
            values = torch.cat((values, torch.ones(len(missing), dtype=values.dtype)))
        factors = torch.zeros(len(x), dtype=x.dtype).index_add(0, rows, values) ** -0.5
        factors = factors.masked_fill(factors == torch.inf, 0)
        weights = factors[rows] * values * factors[columns]
        return torch.zeros_like(x).index_add(0, rows, weights[:, None] * x[columns])

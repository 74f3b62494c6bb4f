"""Graph convolutions by the formulas of PyTorch Geometric, over a matrix in compressed rows."""
import torch
from torch import nn

from families.graph import GraphAttention as _GraphAttention
from families.graph import NeighborAggregation as _Aggregation, NormalizedPropagation as _Propagation


def propagate(x, pointers, columns, values):
    rows = torch.repeat_interleave(torch.arange(len(pointers) - 1), pointers.diff())
    return torch.zeros(len(pointers) - 1, x.shape[1], dtype=x.dtype).index_add(0, rows, values[:, None] * x[columns])


class GCNConv(nn.Module):
    def __init__(self, in_channels, out_channels, normalize=False, add_self_loops=True, bias=True):
        super().__init__()
        self.propagate = _Propagation(add_self_loops) if normalize else propagate
        self.lin = nn.Linear(in_channels, out_channels, bias=False)
        if bias:
            self.bias = nn.Parameter(torch.zeros(out_channels))
        self.shifts = bias

    def forward(self, x, *matrix):
        y = self.propagate(self.lin(x), *matrix)
        return y + self.bias if self.shifts else y


class SAGEConv(nn.Module):
    def __init__(self, in_channels, out_channels, aggr=None, root_weight=True, bias=True):
        super().__init__()
        self.propagate = _Aggregation(aggr) if aggr else propagate
        self.lin_l = nn.Linear(in_channels, out_channels, bias=bias)
        if root_weight:
            self.lin_r = nn.Linear(in_channels, out_channels, bias=False)
        self.root = root_weight

    def forward(self, x, *matrix):
        y = self.lin_l(self.propagate(x, *matrix))
        return y + self.lin_r(x) if self.root else y


class GATConv(_GraphAttention):
    def __init__(self, in_channels, out_channels, heads=1, *args, **named):
        super().__init__(out_channels, heads, *args, **named)
        self.lin = nn.Linear(in_channels, heads * out_channels, bias=False)

    def forward(self, x, *graph):
        return super().forward(self.lin(x), *graph)

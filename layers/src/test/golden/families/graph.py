"""What torch.nn has no module for."""
import torch
from torch import nn


class SparseMatMul(nn.Module):
    def forward(self, x, pointers, columns, values):
        rows = torch.repeat_interleave(torch.arange(len(pointers) - 1), pointers.diff())
        y = torch.zeros(len(pointers) - 1, x.shape[1], dtype=x.dtype)
        return y.index_add(0, rows, values[:, None] * x[columns])

"""What torch.nn has no module for."""
import torch
from torch import nn


class Positions(nn.Module):
    def __init__(self, max_length, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(max_length, dim))

    def forward(self, x):
        return x + self.weight[: x.shape[1]]

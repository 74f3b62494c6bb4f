"""What torch.nn has no module for."""
from torch import nn


class Add(nn.Module):
    def forward(self, *xs):
        return sum(xs[1:], xs[0])


class Scale(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return self.factor * x

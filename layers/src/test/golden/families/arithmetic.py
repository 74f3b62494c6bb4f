"""What torch.nn has no module for."""
from torch import nn


class Add(nn.Module):
    def forward(self, *xs):
        return sum(xs[1:], xs[0])

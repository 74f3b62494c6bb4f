"""What torch.nn has no module for."""
from torch import nn


class StochasticDepth(nn.Module):
    """Without torchvision: evaluation copies, and so does training where nothing is dropped."""

    def __init__(self, p, mode):
        super().__init__()
        self.p, self.mode = p, mode

    def forward(self, x):
        assert not self.training or self.p == 0
        return x.clone()

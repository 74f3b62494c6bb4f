"""What torch.nn has no module for."""
import torch
from torch import nn


class StochasticDepth(nn.Module):
    """Without torchvision: evaluation copies; in training whole samples, or all of them, are dropped."""

    def __init__(self, p=0.5, mode="row"):
        super().__init__()
        self.p, self.mode = p, mode

    def forward(self, x):
        if not self.training or self.p == 0:
            return x.clone()
        count = x.shape[0] if self.mode == "row" else 1
        kept = torch.empty(count, *[1] * (x.dim() - 1), dtype=x.dtype).bernoulli_(1 - self.p)
        return x * (kept / (1 - self.p) if self.p < 1 else kept)

"""What torch.nn has no module for."""
from torch import nn


class Maxout(nn.Module):
    def __init__(self, num_pieces):
        super().__init__()
        self.pieces = num_pieces

    def forward(self, x):
        return x.unflatten(-1, (-1, self.pieces)).max(-1).values

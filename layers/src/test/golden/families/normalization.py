"""Batch normalizations whose count is a number as any other, and RMSNorm with the eps that torch.nn.RMSNorm has in
float32: the script computes in double."""
import torch
from torch import nn


class RMSNorm(nn.RMSNorm):
    def __init__(self, normalized_shape, eps=torch.finfo(torch.float32).eps, elementwise_affine=True):
        super().__init__(normalized_shape, eps, elementwise_affine)


def _counting(base):
    class BatchNorm(base):
        def __init__(self, *args, **named):
            super().__init__(*args, **named)
            if self.momentum is None and self.track_running_stats:
                self.num_batches_tracked = torch.tensor(2.0)

    return BatchNorm


BatchNorm1d, BatchNorm2d = _counting(nn.BatchNorm1d), _counting(nn.BatchNorm2d)

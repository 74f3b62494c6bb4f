"""What torch.nn has no module for."""
import torch
from torch import nn


class Narrow(nn.Module):
    def __init__(self, dim, start, length):
        super().__init__()
        self.narrow = (dim, start, length)

    def forward(self, x):
        return x.narrow(*self.narrow)


class Reshape(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape if isinstance(shape, tuple) else (shape,)

    def forward(self, x):
        return x.reshape(x.shape[0], *self.shape)


class Permute(nn.Module):
    def __init__(self, dims):
        super().__init__()
        self.dims = dims

    def forward(self, x):
        return x.permute(self.dims)


class Transpose(nn.Module):
    def __init__(self, dim0, dim1):
        super().__init__()
        self.dims = dim0, dim1

    def forward(self, x):
        return x.transpose(*self.dims)


class Concat(nn.Module):
    def __init__(self, dim=1):
        super().__init__()
        self.dim = dim

    def forward(self, *xs):
        return torch.cat(xs, self.dim)


class Chunk(nn.Module):
    def __init__(self, chunks, dim=1):
        super().__init__()
        self.chunks, self.dim = chunks, dim

    def forward(self, x):
        return x.chunk(self.chunks, self.dim)


class Split(nn.Module):
    def __init__(self, sections, dim=1):
        super().__init__()
        self.sections, self.dim = sections, dim

    def forward(self, x):
        return x.split(self.sections, self.dim)


class Slice(nn.Module):
    def __init__(self, dim=1, start=0, end=None, step=1):
        super().__init__()
        self.slice = (dim, start, end, step)

    def forward(self, x):
        return torch.slice_copy(x, *self.slice)

"""The numbers that both sides compute with: the same function of seed and index as Uniform.java."""
import torch

MASK = 0xFFFFFFFF


def _bits(seed, count):
    h = (torch.arange(count, dtype=torch.int64) + seed * 0x9E3779B1) & MASK
    for _ in range(2):
        h = ((h ^ (h >> 16)) * 0x045D9F3B) & MASK
    return (h ^ (h >> 16)) >> 8


def uniform(seed, *shape, scale=1.0):
    """Within -scale and scale."""
    count = 1
    for size in shape:
        count *= size
    return ((_bits(seed, count).to(torch.float32) * 2.0**-23 - 1) * scale).reshape(shape)


def below(bound, seed, count):
    """Whole numbers from 0 to bound - 1."""
    return _bits(seed, count) % bound


def fingerprint(tensors):
    """Sum of magnitudes, and sum of values times uniform numbers, as Fingerprint.java."""
    magnitude = mixed = 0.0
    for tensor in tensors:
        values = tensor.detach().contiguous().flatten().to(torch.float64)
        magnitude += values.abs().sum().item()
        mixed += (values * uniform(99, values.numel()).to(torch.float64)).sum().item()
    return magnitude, mixed

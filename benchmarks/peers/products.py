"""Matrix products."""
import torch

from registry import kind, scripted
from sequences import uniform


def _product(a, b, m, n):
    c = torch.empty(m, n)
    return scripted("torch.mm(a, b, out=c)", lambda: [c], a=a, b=b, c=c)


@kind
def gemm_nn(m, n, k):
    return _product(uniform(1, m, k), uniform(2, k, n), m, n)


@kind
def gemm_nt(m, n, k):
    return _product(uniform(1, m, k), uniform(2, n, k).t(), m, n)


@kind
def gemm_tn(m, n, k):
    return _product(uniform(1, k, m).t(), uniform(2, k, n), m, n)

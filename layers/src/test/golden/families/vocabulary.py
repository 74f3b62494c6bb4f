"""Losses over a few rows of a table, in double and one decision after the other: PyTorch has no counterpart."""
import torch
from torch import nn


def decided(x, row, right):
    """-log of the probability that the row is right, or wrong."""
    score = (x * row).sum()
    return torch.log1p(torch.exp(-score if right else score))


class Scored(nn.Module):
    def __init__(self, rows, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(rows, dim))

    def losses(self, x, targets, decisions):
        """decisions(sample, target): rows and whether they are right."""
        flat = x.reshape(-1, x.shape[-1])
        each = targets.numel() // len(flat)  # of one row of x, whose losses are added
        sums = [
            sum(decided(flat[i // each], self.weight[row], right) for row, right in decisions(i, int(target)))
            for i, target in enumerate(targets.flatten())
        ]
        return torch.stack(sums).reshape(len(flat), each).sum(1).reshape(x.shape[:-1])


class NegativeSampling(Scored):
    def __init__(self, num_embeddings, embedding_dim, k=5, power=0.75, init=None, sparse=False):
        super().__init__(num_embeddings, embedding_dim)
        self.k = k

    def forward(self, x, targets, negatives):
        given = negatives.reshape(-1, self.k)

        def decisions(i, target):
            return [(target, True)] + [(int(n), False) for n in given[i] if int(n) != target]

        return self.losses(x, targets, decisions)


class HierarchicalSoftmax(Scored):
    def __init__(self, num_embeddings, embedding_dim, tree="balanced", init=None, sparse=False):
        super().__init__(num_embeddings - 1, embedding_dim)
        self.tokens = num_embeddings

    def forward(self, x, targets, paths=None):
        def decisions(i, target):
            if paths is not None:
                return [(int(step) // 2, int(step) % 2 == 0) for step in paths[target] if int(step) >= 0]
            steps, node = [], self.tokens + target
            while node > 1:
                steps.insert(0, (node // 2 - 1, node % 2 == 0))
                node //= 2
            return steps

        return self.losses(x, targets, decisions)


def uniform(*_, **__):
    return None

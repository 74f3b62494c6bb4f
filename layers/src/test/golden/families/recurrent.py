"""Recurrent layers with lengths, and states as [samples, levels and directions, hidden]."""
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def run(layer, x, lengths):
    if lengths is None:
        y, states = layer(x)
        return y, states if isinstance(states, tuple) else (states,)
    some = lengths > 0  # PyTorch takes no empty sequences: they give zeros
    packed = pack_padded_sequence(x[some], lengths[some], batch_first=True, enforce_sorted=False)
    y, states = layer(packed)
    y, _ = pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])
    states = states if isinstance(states, tuple) else (states,)
    whole = torch.zeros(len(x), *y.shape[1:], dtype=x.dtype).index_put((some.nonzero()[:, 0],), y)
    at = some.nonzero()[:, 0]
    zeros = lambda s: torch.zeros(s.shape[0], len(x), s.shape[2], dtype=x.dtype)
    return whole, tuple(zeros(s).index_copy(1, at, s) for s in states)


def lengthwise(kind):
    class Layer(kind):
        def forward(self, x, lengths=None):
            y, states = run(super().forward, x, lengths)
            return (y, *(state.transpose(0, 1) for state in states))

    return Layer


RNN, LSTM, GRU = lengthwise(nn.RNN), lengthwise(nn.LSTM), lengthwise(nn.GRU)

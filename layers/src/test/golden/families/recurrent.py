"""Recurrent layers with lengths, and states as [samples, levels and directions, hidden]."""
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def run(layer, x, lengths, before):
    """Outputs, and h_n and c_n with samples outermost."""
    given = tuple(state.transpose(0, 1).contiguous() for state in before)
    start = (given if len(given) == 2 else given[0]) if given else None
    if lengths is None:
        y, states = layer(x, start)
        return y, states if isinstance(states, tuple) else (states,)
    some = (lengths > 0).nonzero()[:, 0]  # PyTorch takes no empty sequences: they give zeros and keep their state
    packed = pack_padded_sequence(x[some], lengths[some], batch_first=True, enforce_sorted=False)
    if given:
        start = tuple(state[:, some] for state in given)
        start = start if len(given) == 2 else start[0]
    y, states = layer(packed, start)
    y, _ = pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])
    states = states if isinstance(states, tuple) else (states,)
    whole = torch.zeros(len(x), *y.shape[1:], dtype=x.dtype).index_put((some,), y)
    old = given or tuple(torch.zeros(s.shape[0], len(x), s.shape[2], dtype=x.dtype) for s in states)
    return whole, tuple(o.index_copy(1, some, s) for o, s in zip(old, states))


def lengthwise(kind):
    class Layer(kind):
        def forward(self, x, *more):
            lengths = more[0] if more and not more[0].is_floating_point() else None
            y, states = run(super().forward, x, lengths, more[lengths is not None :])
            return (y, *(state.transpose(0, 1) for state in states))

    return Layer


def stepwise(kind):
    class Cell(kind):
        def forward(self, x, *state):
            return super().forward(x, state if len(state) == 2 else state[0]) if state else super().forward(x)

    return Cell


RNNCell, LSTMCell, GRUCell = stepwise(nn.RNNCell), stepwise(nn.LSTMCell), stepwise(nn.GRUCell)
RNN, LSTM, GRU = lengthwise(nn.RNN), lengthwise(nn.LSTM), lengthwise(nn.GRU)

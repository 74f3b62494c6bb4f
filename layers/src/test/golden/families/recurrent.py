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


class AttentionDecoder(nn.Module):
    """s_t = cell(y_t, c_t, s_(t-1)) with c_t = softmax(v . tanh(W_q s_(t-1) + W_k h)) . h, as the formulas are written."""

    def __init__(self, inputs, hidden, memory, attention_size=None, cell="rnn", bias=True):
        super().__init__()
        rows, a = {"rnn": 1, "lstm": 4, "gru": 3}[cell] * hidden, attention_size or hidden
        self.hidden, self.cell = hidden, cell
        sizes = dict(ih=(rows, inputs), ch=(rows, memory), hh=(rows, hidden), query=(a, hidden), key=(a, memory), score=(1, a))
        for name, size in sizes.items():
            self.register_parameter("weight_" + name, nn.Parameter(torch.zeros(size)))
        for name in ("ih", "hh"):
            self.register_parameter("bias_" + name, nn.Parameter(torch.zeros(rows)) if bias else None)

    def step(self, x, s, c):
        h = nn.functional.linear(s, self.weight_hh, self.bias_hh)
        if self.cell == "rnn":
            return (x + h).tanh(), c
        if self.cell == "gru":
            (xr, xz, xn), (hr, hz, hn) = x.chunk(3, 1), h.chunk(3, 1)
            r, z = (xr + hr).sigmoid(), (xz + hz).sigmoid()
            return (1 - z) * (xn + r * hn).tanh() + z * s, c
        i, f, g, o = (x + h).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c

    def forward(self, y, memory, *more):
        lengths = more[0] if more and not more[0].is_floating_point() else torch.full((len(y),), memory.shape[1])
        state = [x[:, 0] for x in more if x.is_floating_point()] or 2 * [y.new_zeros(len(y), self.hidden)]
        s, c = state[0], state[-1]
        padding = torch.arange(memory.shape[1]) >= lengths[:, None]
        keys, outputs = memory @ self.weight_key.T, ([], [], [])
        for t in range(y.shape[1]):
            e = ((s @ self.weight_query.T)[:, None] + keys).tanh() @ self.weight_score[0]
            e = e.masked_fill(padding & (lengths > 0)[:, None], -torch.inf)
            a = e.softmax(1) * (lengths > 0)[:, None]
            context = (a[:, :, None] * memory).sum(1)
            x = nn.functional.linear(y[:, t], self.weight_ih, self.bias_ih) + context @ self.weight_ch.T
            s, c = self.step(x, s, c)
            for rows, row in zip(outputs, (s, context, a)):
                rows.append(row)
        return tuple(torch.stack(rows, 1) for rows in outputs)

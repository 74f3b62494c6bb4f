"""What this peer can be asked to do: functions by name that make operands and give them back as Work."""
import torch

KINDS = {}

tuned = False  # whether work may be arranged as PyTorch's guides advise; set at the start


class Work:
    """repeat(n) does the work n times; results() are what one call wrote; close() ends what it holds.

    alone: there can be only one at a time, so that it is checked as it stands and not from the beginning.
    """

    def __init__(self, repeat, results, close=lambda: None, alone=False):
        self.repeat = repeat
        self.results = results
        self.close = close
        self.alone = alone


def kind(function):
    """Registers a kind of work under the function's name; its parameters are whole numbers."""
    KINDS[function.__name__] = function
    return function


def calling(call, results):
    """Work that is one Python call."""

    def repeat(count):
        for _ in range(count):
            call()

    return Work(repeat, results)


def scripted(expression, results, **tensors):
    """Work in one expression of TorchScript, repeated there: so Python's share of a short call does not count."""
    arguments = "".join(", %s: Tensor" % name for name in tensors)
    source = "def many(count: int%s):\n    for _ in range(count):\n        %s\n" % (arguments, expression)
    many = torch.jit.CompilationUnit(source).many

    def repeat(count):
        many(count, *tensors.values())

    return Work(repeat, results)

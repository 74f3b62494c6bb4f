"""Convolutions by oneDNN as PyTorch calls it: forward and both gradients. last=1: channels last in memory."""
import torch

from registry import KINDS, calling, kind
from sequences import uniform


class _Layer:
    def __init__(self, batch, channels, height, out, kernel, stride, padding, groups, last):
        width = height
        fan = channels // groups * kernel * kernel
        out_size = (height + 2 * padding - kernel) // stride + 1
        form = torch.channels_last if last else torch.contiguous_format
        self.x = uniform(1, batch, channels, height, width).contiguous(memory_format=form)
        self.w = uniform(2, out, channels // groups, kernel, kernel, scale=fan**-0.5).contiguous(memory_format=form)
        self.bias = uniform(3, out)
        self.dy = uniform(4, batch, out, out_size, out_size).contiguous(memory_format=form)
        self.stride, self.padding, self.groups = [stride] * 2, [padding] * 2, groups
        self.result = None

    def forward(self):
        self.result = torch.conv2d(self.x, self.w, self.bias, self.stride, self.padding, [1, 1], self.groups)

    def backward(self, wanted):
        self.result = torch.ops.aten.convolution_backward(
            self.dy, self.x, self.w, None, self.stride, self.padding, [1, 1], False, [0, 0], self.groups,
            [wanted == 0, wanted == 1, False])[wanted]


def kind_depthwise(function):
    """The same under the name of the kernel that Ketju has for as many groups as channels."""
    KINDS["depthwise_" + function.__name__] = function
    return function


def _of(numbers):
    return _Layer(**{"groups": 1, "last": 0, **numbers})


@kind_depthwise
@kind
def conv_forward(**numbers):
    layer = _of(numbers)
    return calling(layer.forward, lambda: [layer.result])


@kind_depthwise
@kind
def conv_input(**numbers):
    layer = _of(numbers)
    return calling(lambda: layer.backward(0), lambda: [layer.result])


@kind_depthwise
@kind
def conv_weight(**numbers):
    layer = _of(numbers)
    return calling(lambda: layer.backward(1), lambda: [layer.result])

"""Convolutions of PyTorch in double: python3 convolution.py > ../resources/golden/convolution.txt

Operands are a formula of the element's number, which the test has too; results alone are written."""
import torch

torch.set_default_dtype(torch.float64)


def operand(seed, *shape):
    count = torch.Size(shape).numel()
    return (((torch.arange(count) * 37 + seed * 11) % 61 - 30) / 32).reshape(shape).requires_grad_()


def write(name, tensor):
    print(name, *("%.12g" % v for v in tensor.detach().flatten().tolist()))


def results(name, y, x, w, bias):
    y.backward(operand(4, *y.shape).detach())
    for part, tensor in (("y", y), ("dx", x.grad), ("dw", w.grad), ("db", bias.grad)):
        write(name + "." + part, tensor)


def conv(name, function, x_shape, w_shape, **options):
    x, w, bias = operand(1, *x_shape), operand(2, *w_shape), operand(3, w_shape[0])
    results(name, function(x, w, bias, **options), x, w, bias)


def transposed(name, function, x_shape, w_shape, **options):
    x, w, bias = operand(1, *x_shape), operand(2, *w_shape), operand(3, w_shape[1] * options.get("groups", 1))
    results(name, function(x, w, bias, **options), x, w, bias)


f = torch.nn.functional
conv("dilated", f.conv2d, (2, 3, 8, 7), (4, 3, 3, 2), stride=(2, 1), padding=(2, 1), dilation=(2, 3))
conv("groups", f.conv2d, (2, 4, 5, 6), (6, 2, 3, 3), stride=2, padding=1, groups=2)
conv("depthwise", f.conv2d, (2, 3, 6, 5), (6, 1, 3, 3), padding=1, groups=3)
conv("conv1d", f.conv1d, (2, 3, 11), (4, 3, 3), stride=2, padding=2, dilation=2)
transposed("transposed", f.conv_transpose2d, (2, 3, 4, 3), (3, 2, 3, 3), stride=2, padding=1, output_padding=1)
transposed(
    "transposedgroups", f.conv_transpose2d, (1, 4, 3, 4), (4, 3, 2, 3), stride=(3, 2), padding=(0, 1),
    output_padding=(2, 1), dilation=(2, 1), groups=2)
transposed("transposed1d", f.conv_transpose1d, (2, 3, 6), (3, 2, 4), stride=2, padding=1)

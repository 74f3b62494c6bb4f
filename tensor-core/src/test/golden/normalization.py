"""Golden values of normalization from PyTorch in double: python3 normalization.py > ../resources/golden/normalization.txt

One tensor per line: name, its values. Made with torch 2.13.0.
"""
import torch
from torch.nn import functional as F

torch.manual_seed(20)
torch.set_default_dtype(torch.float64)


def randn(*shape):
    # Inputs that are floats, so that both sides start from the same numbers.
    return torch.randn(*shape).float().double()


def put(name, tensor):
    print(name, *[repr(v) for v in tensor.detach().reshape(-1).tolist()])


def case(name, inputs, forward):
    """Inputs, result, gradients of the inputs that are named."""
    inputs = {k: v.clone().requires_grad_(True) for k, v in inputs.items()}
    y = forward(**inputs)
    dy = randn(*y.shape)
    y.backward(dy)
    for key, tensor in inputs.items():
        put(name + "." + key, tensor)
        put(name + ".d" + key, tensor.grad)
    put(name + ".y", y)
    put(name + ".dy", dy)


def batch(name, shape, finish=lambda y: y, **more):
    c = shape[1]
    mean, variance = randn(c), randn(c).abs() + 0.5
    put(name + ".running_mean", mean)
    put(name + ".running_var", variance)
    inputs = dict(x=randn(*shape) * 2 + 3, gamma=randn(c), beta=randn(c), **more)
    case(name + ".eval", inputs, lambda x, gamma, beta, **r: finish(F.batch_norm(x, mean, variance, gamma, beta), **r))
    m, v = mean.clone(), variance.clone()
    case(name + ".train", inputs,
         lambda x, gamma, beta, **r: finish(F.batch_norm(x, m, v, gamma, beta, True, 0.1, 1e-5), **r))
    put(name + ".new_mean", m)
    put(name + ".new_var", v)


batch("batch", (4, 3, 2, 9))
batch("batch1d", (7, 5))
batch("batchrelu", (3, 4, 5), lambda y: F.relu(y))
batch("batchaddrelu", (3, 4, 5), lambda y, residual: F.relu(y + residual), residual=randn(3, 4, 5))
case("group", dict(x=randn(3, 6, 7) - 1, gamma=randn(6), beta=randn(6)),
     lambda x, gamma, beta: F.group_norm(x, 2, gamma, beta, 1e-3))
case("instance", dict(x=randn(2, 4, 19)), lambda x: F.instance_norm(x))
case("layer", dict(x=randn(35, 21) + 2, gamma=randn(21), beta=randn(21)),
     lambda x, gamma, beta: F.layer_norm(x, (21,), gamma, beta))
case("rms", dict(x=randn(5, 21), gamma=randn(21)), lambda x, gamma: F.rms_norm(x, (21,), gamma, 2.0 ** -23))

"""Kernels whose time is that of reading and writing their elements: activations, norms, losses, updates."""
import torch

from registry import calling, kind, scripted
from sequences import below, uniform



def _has_fused():
    """Whether this PyTorch updates on CPUs in one pass."""
    try:
        w, g, m = torch.ones(1), torch.ones(1), torch.ones(1)
        torch._fused_sgd_([w], [g], [m], weight_decay=0.0, momentum=0.9, lr=0.1, dampening=0.0, nesterov=False,
                          maximize=False, is_first_step=False)
        return True
    except (AttributeError, NotImplementedError):
        return False


FUSED = _has_fused()
SCALE = 4.0  # of inputs: both flat ends of tanh are met


def _forward(expression, n):
    x, y = uniform(1, n, scale=SCALE), torch.zeros(n)
    return scripted(expression, lambda: [y], x=x, y=y)


def _backward(expression, n, saved):
    """From what forward saved, and dy."""
    dy, dx = uniform(2, n), torch.zeros(n)
    return scripted(expression, lambda: [dx], s=saved, dy=dy, dx=dx)


@kind
def relu(n):
    return _forward("torch.clamp_min(x, 0.0, out=y)", n)


@kind
def relu_backward(n):
    return _backward("torch.ops.aten.threshold_backward(dy, s, 0, grad_input=dx)", n, uniform(1, n, scale=SCALE))


@kind
def tanh(n):
    return _forward("torch.tanh(x, out=y)", n)


@kind
def tanh_backward(n):
    return _backward("torch.ops.aten.tanh_backward(dy, s, grad_input=dx)", n, uniform(1, n))


@kind
def sigmoid(n):
    return _forward("torch.sigmoid(x, out=y)", n)


@kind
def exp(n):
    return _forward("torch.exp(x, out=y)", n)


@kind
def gelu(n):
    return _forward("torch.ops.aten.gelu(x, approximate='none', out=y)", n)


@kind
def gelu_backward(n):
    return _backward("torch.ops.aten.gelu_backward(dy, s, approximate='none', grad_input=dx)", n,
                     uniform(1, n, scale=SCALE))


@kind
def gelu_tanh(n):
    return _forward("torch.ops.aten.gelu(x, approximate='tanh', out=y)", n)


@kind
def silu(n):
    return _forward("torch.ops.aten.silu(x, out=y)", n)


@kind
def softmax(rows, columns):
    x, y = uniform(1, rows, columns, scale=SCALE), torch.zeros(rows, columns)
    return scripted("torch.ops.aten._softmax(x, -1, False, out=y)", lambda: [y], x=x, y=y)


@kind
def layer_norm(rows, columns):
    x, w, b = uniform(1, rows, columns), uniform(2, columns), uniform(3, columns)
    y, mean, rstd = torch.zeros(rows, columns), torch.zeros(rows, 1), torch.zeros(rows, 1)
    return scripted("torch.ops.aten.native_layer_norm(x, [%d], w, b, 1e-5, out0=y, out1=mean, out2=rstd)" % columns,
                    lambda: [y], x=x, w=w, b=b, y=y, mean=mean, rstd=rstd)


@kind
def layer_norm_backward(rows, columns):
    x, w, b, dy = uniform(1, rows, columns), uniform(2, columns), uniform(3, columns), uniform(4, rows, columns)
    _, mean, rstd = torch.ops.aten.native_layer_norm(x, [columns], w, b, 1e-5)
    dx, dw, db = torch.zeros(rows, columns), torch.zeros(columns), torch.zeros(columns)
    return scripted("torch.ops.aten.native_layer_norm_backward(dy, x, [%d], mean, rstd, w, b, [True, True, True],"
                    " out0=dx, out1=dw, out2=db)" % columns,
                    lambda: [dx, dw, db], dy=dy, x=x, mean=mean, rstd=rstd, w=w, b=b, dx=dx, dw=dw, db=db)


@kind
def cross_entropy(rows, columns):
    """Losses and the gradient of their sum, scaled by 1/8: four kernels in PyTorch."""
    x, t, scale = uniform(1, rows, columns, scale=SCALE), below(columns, 2, rows), torch.full((rows,), 0.125)
    logp, loss, total = torch.zeros(rows, columns), torch.zeros(rows), torch.zeros(())
    g, dx = torch.zeros(rows, columns), torch.zeros(rows, columns)
    aten = torch.ops.aten

    def call():
        aten._log_softmax.out(x, -1, False, out=logp)
        aten.nll_loss_forward.output(logp, t, None, 0, -100, output=loss, total_weight=total)
        aten.nll_loss_backward.grad_input(scale, logp, t, None, 0, -100, total, grad_input=g)
        aten._log_softmax_backward_data.out(g, logp, -1, torch.float32, out=dx)

    return calling(call, lambda: [loss, dx])


@kind
def adam(n):
    """Fused where this PyTorch has that on CPUs."""
    w, g, m, v = uniform(1, n), uniform(2, n), uniform(3, n), uniform(4, n).abs()
    if FUSED:
        step = torch.tensor(1.0)

        def call():
            torch._fused_adam_([w], [g], [m], [v], [], [step], lr=1e-3, beta1=0.9, beta2=0.999, weight_decay=0.0,
                               eps=1e-8, amsgrad=False, maximize=False)
    else:
        def call():
            m.mul_(0.9).add_(g, alpha=0.1)
            v.mul_(0.999).addcmul_(g, g, value=0.001)
            w.addcdiv_(m, (v.sqrt() / 0.001**0.5).add_(1e-8), value=-1e-3 / 0.1)
    return calling(call, lambda: [w, m, v])


@kind
def sgd(n):
    """With momentum; the buffer is filled."""
    w, g, m = uniform(1, n), uniform(2, n), uniform(3, n)
    if FUSED:
        def call():
            torch._fused_sgd_([w], [g], [m], weight_decay=0.0, momentum=0.9, lr=1e-3, dampening=0.0, nesterov=False,
                              maximize=False, is_first_step=False)
    else:
        def call():
            m.mul_(0.9).add_(g)
            w.add_(m, alpha=-1e-3)
    return calling(call, lambda: [w, m])


@kind
def triad(n):
    """The memory's speed."""
    a, b, c = torch.zeros(n), uniform(1, n), uniform(2, n)
    return scripted("torch.add(b, c, alpha=0.5, out=a)", lambda: [a], a=a, b=b, c=c)

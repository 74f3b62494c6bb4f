"""Golden values of the kernels, computed by PyTorch in double and rounded to float32.

Run: python3 kernels.py > ../resources/golden/kernels.txt   (made with PyTorch 1.13, seed 20)
One tensor per line: name, dimensions joined by commas, values.
"""
import torch
import torch.nn.functional as F

torch.manual_seed(20)
torch.set_default_dtype(torch.float64)


def randn(*shape):
    """Values that float32 holds exactly, so that rounding the inputs costs nothing."""
    return torch.randn(*shape, dtype=torch.float32).double()


def put(name, tensor):
    values = tensor.detach().reshape(-1)
    if values.is_floating_point():
        text = " ".join("%.9g" % v for v in values.float().tolist())
    else:
        text = " ".join(str(v) for v in values.tolist())
    print(name, ",".join(str(d) for d in tensor.shape), text)


def matrix():
    a, b, bias = randn(3, 300), randn(300, 5), randn(5)
    for name, tensor in (("a", a), ("b", b), ("bias", bias), ("c", a @ b + bias)):
        put("gemm." + name, tensor)


def convolution():
    x, w, bias = randn(2, 3, 7, 6), randn(4, 3, 3, 2), randn(4)
    for tensor in (x, w, bias):
        tensor.requires_grad_(True)
    y = F.conv2d(x, w, bias, stride=(2, 1), padding=(1, 0))
    dy = randn(*y.shape)
    y.backward(dy)
    for name, tensor in (("x", x), ("w", w), ("bias", bias), ("y", y), ("dy", dy)):
        put("conv." + name, tensor)
    for name, tensor in (("dx", x.grad), ("dw", w.grad), ("db", bias.grad)):
        put("conv." + name, tensor)


def pooling():
    x = randn(2, 3, 7, 6).requires_grad_(True)
    y, argmax = F.max_pool2d(x, (3, 2), stride=(2, 1), padding=(1, 0), return_indices=True)
    dy = randn(*y.shape)
    y.backward(dy)
    for name, tensor in (("x", x), ("y", y), ("argmax", argmax), ("dy", dy), ("dx", x.grad)):
        put("pool." + name, tensor)


def loss():
    logits, targets = randn(6, 11).mul(3).requires_grad_(True), torch.randint(0, 11, (6,))
    targets[2:5] = logits.argmax(dim=-1)[2:5]
    losses = F.cross_entropy(logits, targets, reduction="none")
    (losses.sum() / 6).backward()
    put("loss.logits", logits)
    put("loss.targets", targets)
    put("loss.losses", losses)
    put("loss.dlogits", logits.grad)
    put("loss.softmax", F.softmax(logits, dim=-1))
    put("loss.correct", (logits.argmax(dim=-1) == targets).sum().reshape(1))


def optimizer(name, make):
    w = randn(37).requires_grad_(True)
    put(name + ".w0", w)
    optimizer = make([w])
    for step in range(4):
        w.grad = randn(37)
        put(name + ".dw%d" % (step + 1), w.grad)
        optimizer.step()
        put(name + ".w%d" % (step + 1), w)


matrix()
convolution()
pooling()
loss()
optimizer("sgd", lambda p: torch.optim.SGD(p, lr=0.1))
optimizer("sgd-momentum", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.3, weight_decay=0.01))
optimizer("sgd-nesterov", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True))
optimizer("adam", lambda p: torch.optim.Adam(p, lr=0.01))
optimizer("adam-decay", lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.4, 0.99), eps=1e-3, weight_decay=0.1))

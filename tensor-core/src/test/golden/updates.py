"""Golden values of optimizer updates from PyTorch in double: python3 updates.py > ../resources/golden/updates.txt

One tensor per line: name, its values. Made with torch 2.13.0. Five steps each; the single-tensor implementations.
"""
import torch
from torch import optim

torch.manual_seed(21)
torch.set_default_dtype(torch.float64)
STEPS = 5


def randn(*shape):
    # Inputs that are floats, so that both sides start from the same numbers.
    return torch.randn(*shape).float().double()


def put(name, tensor):
    print(name, *[repr(v) for v in tensor.detach().reshape(-1).tolist()])


def case(name, make, **options):
    w = randn(19).requires_grad_(True)
    put(name + ".w0", w)
    optimizer = make([w], foreach=False, **options)
    for step in range(1, STEPS + 1):
        w.grad = randn(19)
        put(name + ".dw%d" % step, w.grad)
        optimizer.step()
        put(name + ".w%d" % step, w)


def both(name, make, **options):
    case(name, make)
    case(name + "-options", make, maximize=True, **options)


both("sgd", optim.SGD, lr=0.1, momentum=0.9, dampening=0.3, weight_decay=0.01)
both("adam", optim.Adam, lr=0.01, betas=(0.4, 0.99), eps=1e-3, weight_decay=0.1)
case("amsgrad", optim.Adam, lr=0.05, betas=(0.9, 0.5), amsgrad=True)
both("adamw", optim.AdamW, lr=0.05, weight_decay=0.2)
both("adagrad", optim.Adagrad, lr=0.1, lr_decay=0.3, weight_decay=0.01, eps=1e-3)
both("adadelta", optim.Adadelta, lr=0.5, rho=0.8, eps=1e-2, weight_decay=0.1)
both("rmsprop", optim.RMSprop, lr=0.05, alpha=0.8, eps=1e-3, weight_decay=0.1, momentum=0.9, centered=True)
case("rmsprop-momentum", optim.RMSprop, momentum=0.5)
case("rmsprop-centered", optim.RMSprop, centered=True)
both("adamax", optim.Adamax, lr=0.05, betas=(0.8, 0.7), eps=1e-2, weight_decay=0.1)
both("nadam", optim.NAdam, lr=0.05, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1, momentum_decay=0.1)
case("nadam-decoupled", optim.NAdam, weight_decay=0.3, decoupled_weight_decay=True)
both("radam", optim.RAdam, lr=0.05, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1)
case("radam-rectified", optim.RAdam, lr=0.1, betas=(0.8, 0.99), weight_decay=0.3, decoupled_weight_decay=True)
both("rprop", optim.Rprop, lr=0.1, etas=(0.4, 1.7), step_sizes=(0.05, 0.2))
both("asgd", optim.ASGD, lr=0.1, lambd=0.02, alpha=0.5, t0=2, weight_decay=0.1)

"""Makes ../resources/golden/sequences.* and losses.*: what PyTorch computes for multi-head attention and losses; layers have layers.py.
Run from this folder: python3 sequences.py

PyTorch 2.13, one thread, float32; the form of the files is that of goldens.py.
"""
import torch
from torch import nn

torch.set_num_threads(1)


class Family:
    def __init__(self, name, seed):
        self.name, self.index, self.blob, self.position = name, [], [], 0
        torch.manual_seed(seed)

    def put(self, name, tensor):
        data = tensor.detach().to(torch.float32).contiguous()
        dtype = "" if tensor.is_floating_point() else "\tint32"
        self.index.append(f"{name}\t{self.position}\t{','.join(map(str, data.shape))}{dtype}")
        self.blob.append(data.numpy().astype("<f4").tobytes())
        self.position += data.numel()

    def write(self):
        path = "../resources/golden/" + self.name
        open(path + ".index", "w").write("\n".join(self.index) + "\n")
        open(path + ".bin", "wb").write(b"".join(self.blob))
        print(self.name, len(self.index), "tensors,", 4 * self.position, "bytes")


def nth(name, i):
    return name if i == 0 else f"{name}{i}"


def layer_case(family, spec, parameters, function, *inputs):
    """Inputs are shapes of normal numbers, or tensors; parameters are named."""
    inputs = [torch.randn(x, requires_grad=True) if isinstance(x, tuple) else x for x in inputs]
    outputs = function(*inputs)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    grads = [torch.randn(y.shape) for y in outputs]
    torch.autograd.backward(outputs, grads)
    for i, x in enumerate(inputs):
        family.put(f"{spec}/{nth('input', i)}", x)
    for i, (y, grad) in enumerate(zip(outputs, grads)):
        family.put(f"{spec}/{nth('output', i)}", y)
        family.put(f"{spec}/{nth('grad', i)}", grad)
    for i, x in enumerate(inputs):
        if x.grad is not None:
            family.put(f"{spec}/{nth('gradInput', i)}", x.grad)
    for name, parameter in parameters:
        family.put(f"{spec}/{name}", parameter)
        family.put(f"{spec}/{name}.grad", parameter.grad)


def multihead_case(family, name, layer, causal, *inputs, lengths=None):
    """Self-attention of one input, or attention of the first to the second."""

    def run(query, memory=None):
        memory = query if memory is None else memory
        t, s = query.shape[1], memory.shape[1]
        hidden = torch.ones(t, s).triu(1) == 1 if causal else None
        padding = None if lengths is None else torch.arange(s) >= torch.tensor(lengths)[:, None]
        y, _ = layer(query, memory, memory, key_padding_mask=padding, attn_mask=hidden)
        return y

    for parameter in layer.parameters():
        nn.init.normal_(parameter, std=0.5)
    layer_case(family, name, list(layer.named_parameters()), run, *inputs)
    if lengths is not None:
        family.put(f"{name}/lengths", torch.tensor(lengths))


def sequences():
    f = Family("sequences", 20261129)
    attention = lambda e, heads, bias=True: nn.MultiheadAttention(e, heads, bias=bias, batch_first=True)
    multihead_case(f, "self", attention(6, 2), False, (2, 4, 6))
    multihead_case(f, "causal", attention(6, 3), True, (2, 5, 6))
    multihead_case(f, "padded", attention(4, 2), False, (3, 5, 4), lengths=[5, 2, 3])
    multihead_case(f, "cross", attention(6, 2, False), False, (2, 3, 6), (2, 5, 6))
    multihead_case(f, "cross padded", attention(6, 1), False, (3, 4, 6), (3, 5, 6), lengths=[1, 5, 3])
    f.write()


def loss_case(family, spec, loss, x, target, name=""):
    x.requires_grad_()
    value = loss(x, target)
    value.backward()
    case = f"{spec}{name}"
    family.put(f"{case}/scores", x)
    family.put(f"{case}/target", target)
    family.put(f"{case}/value", value.reshape(1))
    family.put(f"{case}/gradInput", x.grad)


def classes(count, *shape, ignore=None):
    target = torch.randint(0, count, shape)
    if ignore is not None:
        target.view(-1)[::3] = ignore
    return target


def losses():
    f = Family("losses", 20261130)
    sequence = lambda loss: lambda x, t: loss(x.flatten(0, -2), t.flatten())
    weight = torch.tensor([0.5, 2, 1, 0.25])
    cross = nn.CrossEntropyLoss
    loss_case(f, "CrossEntropyLoss()", cross(), torch.randn(5, 4), classes(4, 5, ignore=-100))
    loss_case(f, "CrossEntropyLoss()", cross(), torch.randn(2, 4, 3, 5), classes(4, 2, 3, 5, ignore=-100), " images")
    last = "CrossEntropyLoss(class_dim=-1, ignore_index=1)"
    loss_case(f, last, sequence(cross(ignore_index=1)), torch.randn(3, 6, 7), classes(7, 3, 6, ignore=1))
    smooth = "CrossEntropyLoss(label_smoothing=0.1, weight=(0.5, 2, 1, 0.25))"
    loss_case(f, smooth, cross(weight, label_smoothing=0.1), torch.randn(7, 4), classes(4, 7, ignore=-100))
    loss_case(f, "CrossEntropyLoss(label_smoothing=0.2)", cross(label_smoothing=0.2), torch.randn(2, 3, 5), classes(3, 2, 5))
    weighted = "CrossEntropyLoss(weight=(0.5, 2, 1, 0.25))"
    loss_case(f, weighted, cross(weight), torch.randn(9, 4), classes(4, 9))
    log = torch.randn(6, 4).log_softmax(1).detach()
    loss_case(f, "NLLLoss(ignore_index=2, weight=(0.5, 2, 1, 0.25))", nn.NLLLoss(weight, ignore_index=2), log, classes(4, 6))
    loss_case(f, "NLLLoss()", nn.NLLLoss(), torch.randn(2, 5, 3), classes(5, 2, 3))
    for spec, loss in [
        ("MSELoss()", nn.MSELoss()),
        ("L1Loss()", nn.L1Loss()),
        ("SmoothL1Loss()", nn.SmoothL1Loss()),
        ("SmoothL1Loss(beta=0.3)", nn.SmoothL1Loss(beta=0.3)),
        ("HuberLoss()", nn.HuberLoss()),
        ("HuberLoss(delta=0.7)", nn.HuberLoss(delta=0.7)),
    ]:
        loss_case(f, spec, loss, torch.randn(5, 3), torch.randn(5, 3))
    labels = lambda *shape: torch.randint(0, 2, shape).float()
    loss_case(f, "BCEWithLogitsLoss()", nn.BCEWithLogitsLoss(), 5 * torch.randn(4, 7), labels(4, 7))
    positive = "BCEWithLogitsLoss(pos_weight=(0.5, 2, 3))"
    loss_case(f, positive, nn.BCEWithLogitsLoss(pos_weight=torch.tensor([0.5, 2, 3])), torch.randn(2, 4, 3), labels(2, 4, 3))
    f.write()


sequences()
losses()

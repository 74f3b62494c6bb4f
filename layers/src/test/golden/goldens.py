"""Makes ../resources/golden/*: what PyTorch computes for small cases. Run from this folder: python3 goldens.py

Seed 20261120, PyTorch 1.13, one thread, float32. Two files:
  goldens.index  one line per tensor: <case>/<tensor> <first float> <dimensions, comma separated>
  goldens.bin    all tensors one after the other, little-endian float32 (class indexes too)
The name of a layer's case is its spec, which the Java test parses: what is compared is the parsed layer.
"""
import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(20261120)
torch.set_num_threads(1)
index, blob = [], []
position = 0


def put(name, tensor):
    global position
    data = tensor.detach().to(torch.float32).contiguous()
    index.append(f"{name}\t{position}\t{','.join(map(str, data.shape))}")
    blob.append(data.numpy().astype("<f4").tobytes())
    position += data.numel()


def layer_case(spec, layer, shape):
    x = torch.randn(shape, requires_grad=True)
    y = layer(x)
    grad = torch.randn(y.shape)
    y.backward(grad)
    put(f"{spec}/input", x)
    put(f"{spec}/output", y)
    put(f"{spec}/gradOutput", grad)
    put(f"{spec}/gradInput", x.grad)
    for name, parameter in layer.named_parameters():
        put(f"{spec}/{name}", parameter)
        put(f"{spec}/{name}.grad", parameter.grad)


layer_case("Linear(7, 5)", nn.Linear(7, 5), (3, 7))
layer_case("Linear(33, 17, bias=false)", nn.Linear(33, 17, bias=False), (9, 33))
layer_case("Linear(6, 4)", nn.Linear(6, 4), (2, 3, 6))
layer_case("Conv2d(1, 3, kernel_size=3)", nn.Conv2d(1, 3, 3), (2, 1, 6, 5))
layer_case("Conv2d(3, 5, kernel_size=3, padding=1)", nn.Conv2d(3, 5, 3, padding=1), (3, 3, 7, 9))
layer_case("Conv2d(2, 4, kernel_size=5, padding=2, stride=2)", nn.Conv2d(2, 4, 5, stride=2, padding=2), (2, 2, 11, 8))
layer_case(
    "Conv2d(2, 3, bias=false, kernel_size=(3, 2), padding=(2, 1), stride=(2, 3))",
    nn.Conv2d(2, 3, (3, 2), stride=(2, 3), padding=(2, 1), bias=False),
    (2, 2, 6, 7),
)
layer_case("Conv2d(4, 17, kernel_size=1)", nn.Conv2d(4, 17, 1), (2, 4, 3, 5))
layer_case("MaxPool2d(kernel_size=2)", nn.MaxPool2d(2), (2, 3, 6, 7))
layer_case("MaxPool2d(kernel_size=3, padding=1, stride=2)", nn.MaxPool2d(3, 2, 1), (2, 2, 7, 8))
layer_case("MaxPool2d(kernel_size=(2, 3), stride=1)", nn.MaxPool2d((2, 3), 1), (1, 2, 5, 5))
layer_case("ReLU()", nn.ReLU(), (4, 19))
layer_case("Tanh()", nn.Tanh(), (3, 5, 7))
layer_case("Flatten()", nn.Flatten(), (2, 3, 2, 5))


def loss_case(name, rows, classes, scale):
    x = (torch.randn(rows, classes) * scale).requires_grad_()
    target = torch.randint(0, classes, (rows,))
    loss = nn.CrossEntropyLoss()(x, target)
    loss.backward()
    put(f"{name}/input", x)
    put(f"{name}/target", target)
    put(f"{name}/loss", loss.reshape(1))
    put(f"{name}/gradInput", x.grad)


loss_case("CrossEntropyLoss small", 5, 10, 1.0)
loss_case("CrossEntropyLoss large logits", 7, 3, 30.0)


def optimizer_case(spec, make):
    """Five steps with given gradients; the parameter and the state after every step."""
    w = nn.Parameter(torch.randn(3, 7))
    optimizer = make([w])
    put(f"{spec}/start", w)
    for step in range(1, 6):
        w.grad = torch.randn(3, 7)
        put(f"{spec}/gradient{step}", w.grad)
        optimizer.step()
        put(f"{spec}/value{step}", w)
    for name, state in optimizer.state[w].items():
        if torch.is_tensor(state) and state.shape == w.shape:
            put(f"{spec}/{name}", state)


SGD, ADAM = torch.optim.SGD, torch.optim.Adam
optimizer_case("SGD(lr=0.1)", lambda p: SGD(p, lr=0.1))
optimizer_case("SGD(lr=0.1, weight_decay=0.01)", lambda p: SGD(p, lr=0.1, weight_decay=0.01))
optimizer_case("SGD(dampening=0.3, lr=0.05, momentum=0.9)", lambda p: SGD(p, lr=0.05, momentum=0.9, dampening=0.3))
optimizer_case(
    "SGD(lr=0.05, momentum=0.9, nesterov=true, weight_decay=0.01)",
    lambda p: SGD(p, lr=0.05, momentum=0.9, weight_decay=0.01, nesterov=True),
)
optimizer_case("Adam(lr=0.001)", lambda p: ADAM(p, lr=0.001))
optimizer_case(
    "Adam(betas=(0.8, 0.99), eps=1e-6, lr=0.01, weight_decay=0.1)",
    lambda p: ADAM(p, lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1),
)


def schedule_case(spec, make, steps):
    optimizer = SGD([nn.Parameter(torch.zeros(1))], lr=0.1)
    schedule = make(optimizer)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    put(f"{spec}/rates", torch.tensor(rates, dtype=torch.float64))


LR = torch.optim.lr_scheduler
schedule_case("CosineAnnealingLR(eta_min=0)", lambda o: LR.CosineAnnealingLR(o, 23), 23)
schedule_case("CosineAnnealingLR(eta_min=0.01)", lambda o: LR.CosineAnnealingLR(o, 23, 0.01), 23)
schedule_case("StepLR(gamma=0.5, step_size=4)", lambda o: LR.StepLR(o, 4, 0.5), 23)


def training_case(name, model, x, target, make, steps):
    """Losses of a whole run: forward, loss, backward, update; and the weights at its end."""
    put(f"{name}/input", x)
    put(f"{name}/target", target)
    for parameter, value in model.named_parameters():
        put(f"{name}/{parameter}", value)
    optimizer = make(model.parameters())
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), target)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    put(f"{name}/losses", torch.tensor(losses))
    for parameter, value in model.named_parameters():
        put(f"{name}/{parameter}.end", value)


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, 12), nn.ReLU(), nn.Linear(12, 3))


def convnet():
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.ReLU(), nn.Flatten(),
        nn.Linear(24, 3),
    )


rings = torch.randn(24, 2, 4)
ring = (rings.flatten(1).norm(dim=1) * 1.2).long().clamp(1, 3) - 1
training_case("mlp SGD", mlp(), rings, ring, lambda p: SGD(p, lr=0.1, momentum=0.9), 20)
training_case("mlp Adam", mlp(), rings, ring, lambda p: ADAM(p, lr=0.01), 20)
images = torch.randn(12, 1, 8, 8) + torch.arange(12).reshape(12, 1, 1, 1) % 3
training_case("convnet SGD", convnet(), images, torch.arange(12) % 3, lambda p: SGD(p, lr=0.05, momentum=0.9), 15)

folder = "../resources/golden/"
open(folder + "goldens.index", "w").write("\n".join(index) + "\n")
open(folder + "goldens.bin", "wb").write(b"".join(blob))
print(len(index), "tensors,", 4 * position, "bytes")

"""Makes ../resources/golden/zoo/*: what torchvision's networks over images, and PyTorch Geometric's over graphs, are called and compute.
Run from this folder: python3 zoo.py [PART ...]

torchvision 0.28, PyTorch Geometric 2.8, PyTorch 2.13, one thread, in double; values are rounded to float32 at the end, weights and images before.
Weights are no files: each element is a function of its parameter's name and its place (values, below), which the test repeats.
  NAME.parameters  one line per tensor of the state_dict: name, then dimensions, comma separated
  logits.tsv       one line per case: the model as Ketju writes it, size of the images, logits of two images
  gradients.tsv    one line per parameter of a case: the model as Ketju writes it, size of the four images, parameter, the norm of its
                   gradient in training and the sum of its products with numbers from -1 to 1
  graphs.tsv       of each network over a graph one line with its logits, and one line per parameter as in gradients.tsv: the model as
                   Ketju writes it, "logits" or the parameter, numbers
"""
import math
import sys
import zlib
from pathlib import Path

import numpy as np
import torch
import torchvision
from torch import nn
from torchvision.models import AlexNet, VGG
from torchvision.models.efficientnet import EfficientNet, _efficientnet_conf
from torchvision.models.vgg import cfgs, make_layers

OUT = Path("../resources/golden/zoo")
torch.set_num_threads(1)
MODELS = torchvision.models
LISTED = (
    "alexnet vgg11 vgg13 vgg16 vgg19 vgg11_bn vgg13_bn vgg16_bn vgg19_bn resnet18 resnet34 resnet50 resnext50_32x4d mobilenet_v2 "
    "mobilenet_v3_large mobilenet_v3_small efficientnet_b0"
).split()


def uniform(name, count):
    """Numbers in [0, 1): the finalizer of splitmix64 over the name's checksum and the place, 24 bits of it."""
    with np.errstate(over="ignore"):
        z = (np.uint64(zlib.crc32(name.encode())) << np.uint64(32)) + np.arange(count, dtype=np.uint64)
        z = (z + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) * 2.0**-24


def values(name, shape):
    """Matrices and kernels keep about the size of what passes; others are near 1 (norms' weights, variances) or 0."""
    u = uniform(name, math.prod(shape))
    if len(shape) > 1:
        u = (2 * u - 1) * math.sqrt(6 / math.prod(shape[1:]))
    elif name.endswith("running_var"):
        u = 0.5 + u
    elif name.endswith(".weight"):
        u = 0.75 + 0.5 * u
    else:
        u = 0.25 * (2 * u - 1)
    return torch.from_numpy(u.astype(np.float32).astype(np.float64)).reshape(shape)


def filled(model):
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                tensor.copy_(values(name, tuple(tensor.shape)))
    return model


def images(count, channels, size):
    return torch.from_numpy(
        (2 * uniform("images", count * channels * size * size) - 1).astype(np.float32).astype(np.float64)
    ).reshape(count, channels, size, size)


def narrow_head(model, features, hidden, classes):
    """The linear layers of AlexNet and VGG with fewer features, since their weights are most of the work."""
    linear = [i for i, layer in enumerate(model.classifier) if isinstance(layer, nn.Linear)]
    for i, (inp, out) in zip(linear, [(features, hidden), (hidden, hidden), (hidden, classes)]):
        model.classifier[i] = nn.Linear(inp, out)
    return model


class Columns(nn.Module):
    """Krizhevsky et al. 2012, figure 2."""

    def __init__(self, hidden, classes):
        super().__init__()
        norm = lambda: nn.LocalResponseNorm(5, 5e-4, 0.75, 2)
        self.features = nn.Sequential(
            nn.Conv2d(3, 96, 11, 4), nn.ReLU(), norm(), nn.MaxPool2d(3, 2),
            nn.Conv2d(96, 256, 5, padding=2, groups=2), nn.ReLU(), norm(), nn.MaxPool2d(3, 2),
            nn.Conv2d(256, 384, 3, padding=1), nn.ReLU(), nn.Conv2d(384, 384, 3, padding=1, groups=2), nn.ReLU(),
            nn.Conv2d(384, 256, 3, padding=1, groups=2), nn.ReLU(), nn.MaxPool2d(3, 2),
        )
        self.classifier = nn.Sequential(
            nn.Dropout(), nn.Linear(256, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, hidden), nn.ReLU(),
            nn.Linear(hidden, classes),
        )

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


class Narrow(nn.Module):
    """The one of half the channels: paddings 0, 2, 1, 1, 1, and poolings with stride 3."""

    def __init__(self, hidden, classes):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 48, 11, 4), nn.ReLU(), nn.MaxPool2d(3, 3),
            nn.Conv2d(48, 128, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 3),
            nn.Conv2d(128, 192, 3, padding=1), nn.ReLU(), nn.Conv2d(192, 192, 3, padding=1), nn.ReLU(),
            nn.Conv2d(192, 128, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 3),
        )
        self.classifier = nn.Sequential(
            nn.Dropout(), nn.Linear(128, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, hidden), nn.ReLU(),
            nn.Linear(hidden, classes),
        )

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


class Separable(nn.Module):
    """Howard et al. 2017, figure 3, right."""

    def __init__(self, inp, out, stride):
        super().__init__()
        self.conv_dw = nn.Conv2d(inp, inp, 3, stride, 1, groups=inp, bias=False)
        self.bn1 = nn.BatchNorm2d(inp)
        self.conv_pw = nn.Conv2d(inp, out, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)

    def forward(self, x):
        return self.bn2(self.conv_pw(self.bn1(self.conv_dw(x)).relu())).relu()


class MobileNetV1(nn.Module):
    """Howard et al. 2017, table 1; torchvision has none."""

    def __init__(self, width, classes):
        super().__init__()
        sizes = [int(width * c) for c in [32, 64, 128, 128, 256, 256] + 6 * [512] + 2 * [1024]]
        strides = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1]
        self.conv1 = nn.Conv2d(3, sizes[0], 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(sizes[0])
        self.blocks = nn.Sequential(*map(Separable, sizes[:-1], sizes[1:], strides))
        self.fc = nn.Linear(sizes[-1], classes)

    def forward(self, x):
        return self.fc(self.blocks(self.bn1(self.conv1(x)).relu()).mean((2, 3)))


def vgg(letter, batch_norm=False):
    return lambda: narrow_head(VGG(make_layers(cfgs[letter], batch_norm)), 25088, 32, 5)


class SmallVGG(VGG):
    """For images of 28 x 28: without the first pooling."""

    def __init__(self, hidden, classes):
        super().__init__(make_layers(cfgs["A"]))
        self.features[2] = nn.Identity()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        narrow_head(self, 512, hidden, classes)


LOGITS = {
    ("alexnet(5, hidden=32, image=64)", 64): lambda: narrow_head(AlexNet(), 9216, 32, 5),
    ("alexnet_two_columns(5, hidden=32, image=67)", 67): lambda: Columns(32, 5),
    ("alexnet_narrow(5, hidden=32, image=115)", 115): lambda: Narrow(32, 5),
    ("vgg11(5, hidden=32, image=32)", 32): vgg("A"),
    ("vgg13(5, hidden=32, image=32)", 32): vgg("B"),
    ("vgg16(5, hidden=32, image=32)", 32): vgg("D"),
    ("vgg19(5, hidden=32, image=32)", 32): vgg("E"),
    ("vgg11_bn(5, hidden=32, image=32)", 32): vgg("A", True),
    ("vgg13_bn(5, hidden=32, image=32)", 32): vgg("B", True),
    ("vgg16_bn(5, hidden=32, image=32)", 32): vgg("D", True),
    ("vgg19_bn(5, hidden=32, image=32)", 32): vgg("E", True),
    ("vgg11(5, hidden=32, image=28, stem=small)", 28): lambda: SmallVGG(32, 5),
    ("vgg([8, 'M', 12, 10, 'M'], 5, batch_norm=true, hidden=16, image=17)", 17): lambda: narrow_head(
        VGG(make_layers([8, "M", 12, 10, "M"], True)), 490, 16, 5
    ),
    ("resnet18(7, stem=imagenet, image=64)", 64): lambda: MODELS.resnet18(num_classes=7),
    ("resnet34(7, stem=imagenet, image=40)", 40): lambda: MODELS.resnet34(num_classes=7),
    ("resnet50(7, stem=imagenet, image=40)", 40): lambda: MODELS.resnet50(num_classes=7),
    ("resnext50_32x4d(7, stem=imagenet, image=40)", 40): lambda: MODELS.resnext50_32x4d(num_classes=7),
    ("mobilenet_v1(7, image=50)", 50): lambda: MobileNetV1(1, 7),
    ("mobilenet_v1(7, image=40, width_mult=0.5)", 40): lambda: MobileNetV1(0.5, 7),
    ("mobilenet_v2(7, image=50)", 50): lambda: MODELS.mobilenet_v2(num_classes=7),
    ("mobilenet_v2(7, image=40, width_mult=0.35)", 40): lambda: MODELS.mobilenet_v2(num_classes=7, width_mult=0.35),
    ("mobilenet_v3_large(7, image=50)", 50): lambda: MODELS.mobilenet_v3_large(num_classes=7),
    ("mobilenet_v3_small(7, image=50)", 50): lambda: MODELS.mobilenet_v3_small(num_classes=7),
    ("mobilenet_v3_small(7, image=40, width_mult=0.5)", 40): lambda: MODELS.mobilenet_v3_small(
        num_classes=7, width_mult=0.5
    ),
    ("efficientnet_b0(7, image=50)", 50): lambda: MODELS.efficientnet_b0(num_classes=7),
    ("efficientnet(7, image=40, width_mult=1.1, depth_mult=1.2)", 40): lambda: MODELS.efficientnet_b2(num_classes=7),
}


def fnv(start, text):
    for byte in text.encode():
        start = (start ^ byte) * 0x100000001B3 & (1 << 64) - 1
    return start


def philox(key, low, high):
    """Philox4x32-10 (Salmon et al. 2011)."""
    mask = 0xFFFFFFFF
    c0, c1, c2, c3 = low & mask, low >> 32, high & mask, high >> 32
    k0, k1 = key & mask, key >> 32
    for _ in range(10):
        one, two = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (two >> 32) ^ c1 ^ k0, two & mask, (one >> 32) ^ c3 ^ k1, one & mask
        k0, k1 = (k0 + 0x9E3779B9) & mask, (k1 + 0xBB67AE85) & mask
    return c0, c1, c2, c3


def keeps(name, sample, p):
    """Whether Ketju keeps a residual branch of a sample: seed 1, step 1."""
    stream = fnv((fnv(0xCBF29CE484222325, "layer/" + name) ^ 0xFF) * 0x100000001B3 & (1 << 64) - 1, "1")
    place = (sample & ~31) | ((sample & 14) << 1) | ((sample & 16) >> 3) | (sample & 1)
    return philox(1, place >> 2, stream)[place & 3] >> 8 >= math.ceil(float(np.float32(p)) * 2**24)


def drop_as_ketju(model):
    """The masks of StochasticDepth, mode row, are Ketju's."""

    def forward(name, p):
        def of(x):
            kept = [keeps(name, sample, p) / (1 - p) for sample in range(len(x))]
            return x * torch.tensor(kept, dtype=x.dtype).reshape(-1, 1, 1, 1)

        return of

    for name, module in model.named_modules():
        if isinstance(module, torchvision.ops.StochasticDepth):
            assert module.mode == "row"
            module.forward = forward(name, module.p)
    return model


def efficientnet(width, classes, dropped):
    settings, last = _efficientnet_conf("efficientnet_b0", width_mult=width, depth_mult=1.0)
    return drop_as_ketju(EfficientNet(settings, 0.0, dropped, classes, last_channel=last))


GRADIENTS = {
    ("mobilenet_v2(5, dropout=0, image=64, width_mult=0.35)", 64): lambda: MODELS.mobilenet_v2(
        num_classes=5, width_mult=0.35, dropout=0.0
    ),
    ("mobilenet_v3_small(5, dropout=0, image=64, width_mult=0.35)", 64): lambda: MODELS.mobilenet_v3_small(
        num_classes=5, width_mult=0.35, dropout=0.0
    ),
    ("efficientnet(5, dropout=0, image=64, stochastic_depth_prob=0.6, width_mult=0.35)", 64): lambda: efficientnet(
        0.35, 5, 0.6
    ),
}


def gradients():
    rows = []
    for (text, size), make in GRADIENTS.items():
        model = filled(make().double()).train()
        y = model(images(4, 3, size))
        y.backward(torch.from_numpy(2 * uniform("gradient", y.numel()) - 1).reshape(y.shape))
        for name, parameter in model.named_parameters():
            g = parameter.grad.flatten()
            product = (g.numpy() * (2 * uniform(name + ".grad", g.numel()) - 1)).sum()
            rows.append(f"{text}\t{size}\t{name}\t{g.norm().item():.9g}\t{product:.9g}")
    (OUT / "gradients.tsv").write_text("\n".join(rows) + "\n")
    print(len(rows), "gradients")


def lists():
    for name in LISTED:
        with torch.device("meta"):
            state = getattr(MODELS, name)().state_dict()
        lines = [f"{key}\t{','.join(map(str, value.shape))}" for key, value in state.items()]
        lines = [line for line in lines if "num_batches_tracked" not in line]
        (OUT / f"{name}.parameters").write_text("\n".join(lines) + "\n")
        print(name, len(lines))


def logits():
    rows = []
    for (text, size), make in LOGITS.items():
        model = filled(make().double()).eval()
        with torch.no_grad():
            y = model(images(2, 3, size)).flatten()
        print(text, y.abs().max().item(), y.std().item())
        rows.append("\t".join([text, str(size)] + [f"{v:.9g}" for v in y.tolist()]))
    (OUT / "logits.tsv").write_text("\n".join(rows) + "\n")


class GraphNetwork(nn.Module):
    """As PyTorch Geometric's example gcn.py, without dropout."""

    def __init__(self, sizes, convolution):
        super().__init__()
        for i in range(len(sizes) - 1):
            self.add_module(f"conv{i + 1}", convolution(sizes[i], sizes[i + 1]))

    def forward(self, x, edges):
        layers = list(self.children())
        for layer in layers[:-1]:
            x = layer(x, edges).relu()
        return layers[-1](x, edges)


def edges(nodes):
    """Both ways: of node i to the next one, and to number i² + 3."""
    linked = torch.zeros(nodes, nodes)
    for i in range(nodes):
        for j in ((i + 1) % nodes, (i * i + 3) % nodes):
            if i != j:
                linked[i, j] = linked[j, i] = 1
    return linked.nonzero().T


def sage(aggr):
    return lambda i, o: gnn().SAGEConv(i, o, aggr=aggr)


def gnn():
    import torch_geometric.nn

    return torch_geometric.nn


GRAPHS = {
    "gcn(6, 5, 3, dropout=0, edges=EDGES, nodes=11)": lambda: GraphNetwork([6, 5, 3], gnn().GCNConv),
    "gcn(6, 5, 3, dropout=0, edges=EDGES, layers=3, nodes=11, normalize=true)": lambda: GraphNetwork(
        [6, 5, 5, 3], gnn().GCNConv
    ),
    "graph_sage(6, 5, 3, dropout=0, edges=EDGES, nodes=11)": lambda: GraphNetwork([6, 5, 3], sage("mean")),
    "graph_sage(6, 5, 3, aggr=max, dropout=0, edges=EDGES, layers=1, nodes=11)": lambda: GraphNetwork([6, 3], sage("max")),
    "graph_sage(6, 5, 3, aggr=sum, dropout=0, edges=EDGES, layers=3, nodes=11)": lambda: GraphNetwork(
        [6, 5, 5, 3], sage("sum")
    ),
}


def graphs():
    rows = []
    links = edges(11)
    for text, make in GRAPHS.items():
        loops = 11 if text.startswith("gcn") and "normalize" not in text else 0
        text = text.replace("EDGES", str(links.shape[1] + loops))
        model = filled(make().double())
        x = torch.from_numpy((2 * uniform("images", 66) - 1).astype(np.float32).astype(np.float64)).reshape(11, 6)
        y = model(x, links)
        y.backward(torch.from_numpy(2 * uniform("gradient", y.numel()) - 1).reshape(y.shape))
        rows.append("\t".join([text, "logits"] + [f"{v:.9g}" for v in y.flatten().tolist()]))
        for name, parameter in model.named_parameters():
            g = parameter.grad.flatten()
            product = (g.numpy() * (2 * uniform(name + ".grad", g.numel()) - 1)).sum()
            rows.append(f"{text}\t{name}\t{g.norm().item():.9g}\t{product:.9g}")
    (OUT / "graphs.tsv").write_text("\n".join(rows) + "\n")
    print(len(rows), "rows of graphs")


PARTS = {"lists": lists, "logits": logits, "gradients": gradients, "graphs": graphs}
for part in sys.argv[1:] or PARTS:
    PARTS[part]()

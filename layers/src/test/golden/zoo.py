"""Makes ../resources/golden/zoo/*: what torchvision's networks over images are called and compute. Run from this folder: python3 zoo.py

torchvision 0.28, PyTorch 2.13, one thread, in double; values are rounded to float32 at the end, weights and images before.
Weights are no files: each element is a function of its parameter's name and its place (values, below), which the test repeats.
  NAME.parameters  one line per tensor of the state_dict: name, then dimensions, comma separated
  logits.tsv       one line per case: the model as Ketju writes it, size of the images, logits of two images
  gradients.tsv    one line per tensor of a case: model, size, parameter, its gradient's sum of squares and up to eight of its elements
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


LOGITS = {
    ("alexnet(5, hidden=32, image=64)", 64): lambda: narrow_head(AlexNet(), 9216, 32, 5),
    ("alexnet_two_columns(5, hidden=32, image=67)", 67): lambda: Columns(32, 5),
    ("vgg11(5, hidden=32, image=32)", 32): lambda: narrow_head(VGG(make_layers(cfgs["A"])), 25088, 32, 5),
    ("vgg([8, 'M', 12, 10, 'M'], 5, batch_norm=true, hidden=16, image=17)", 17): lambda: narrow_head(
        VGG(make_layers([8, "M", 12, 10, "M"], True)), 490, 16, 5
    ),
    ("resnet18(7, stem=imagenet, image=64)", 64): lambda: MODELS.resnet18(num_classes=7),
    ("resnet50(7, stem=imagenet, image=40)", 40): lambda: MODELS.resnet50(num_classes=7),
    ("resnext50_32x4d(7, stem=imagenet, image=40)", 40): lambda: MODELS.resnext50_32x4d(num_classes=7),
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


PARTS = {"lists": lists, "logits": logits}
for part in sys.argv[1:] or PARTS:
    PARTS[part]()

"""Blocks of networks over images, with the names of torchvision's."""
from torch import nn


def conv(inp, out, size=3, stride=1, groups=1, dilation=1):
    return nn.Conv2d(inp, out, size, stride, dilation * (size - 1) // 2, dilation, groups, bias=False)


def normed(*args, act=None, **named):
    made = conv(*args, **named)
    return nn.Sequential(made, nn.BatchNorm2d(made.out_channels), *([act()] if act else []))


class Residual(nn.Module):
    """Convolutions and norms that are called conv1, bn1, ..., and a way around them."""

    def __init__(self, inp, out, stride, convolutions):
        super().__init__()
        self.count = len(convolutions)
        for i, convolution in enumerate(convolutions, 1):
            setattr(self, f"conv{i}", convolution)
            setattr(self, f"bn{i}", nn.BatchNorm2d(convolution.out_channels))
        if stride != 1 or inp != out:
            self.downsample = normed(inp, out, 1, stride)

    def forward(self, x):
        y = x
        for i in range(1, self.count + 1):
            y = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(y))
            if i < self.count:
                y = y.relu()
        return (y + (self.downsample(x) if hasattr(self, "downsample") else x)).relu()


class BasicBlock(Residual):
    def __init__(self, inplanes, planes, stride=1):
        super().__init__(inplanes, planes, stride, [conv(inplanes, planes, 3, stride), conv(planes, planes)])


class Bottleneck(Residual):
    def __init__(self, inplanes, planes, stride=1, groups=1, base_width=64, dilation=1, stride_first=False):
        width = int(planes * (base_width / 64)) * groups
        first, second = (stride, 1) if stride_first else (1, stride)
        middle = conv(width, width, 3, second, groups, dilation)
        super().__init__(
            inplanes, 4 * planes, stride, [conv(inplanes, width, 1, first), middle, conv(width, 4 * planes, 1)]
        )


class InvertedResidual(nn.Module):
    def __init__(self, inp, oup, stride, expand_ratio):
        super().__init__()
        hidden = int(round(inp * expand_ratio))
        layers = [] if expand_ratio == 1 else [normed(inp, hidden, 1, act=nn.ReLU6)]
        layers.append(normed(hidden, hidden, 3, stride, groups=hidden, act=nn.ReLU6))
        self.conv = nn.Sequential(*layers, conv(hidden, oup, 1), nn.BatchNorm2d(oup))
        self.around = stride == 1 and inp == oup

    def forward(self, x):
        return x + self.conv(x) if self.around else self.conv(x)


class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv_dw, self.bn1 = conv(in_channels, in_channels, 3, stride, in_channels), nn.BatchNorm2d(in_channels)
        self.conv_pw, self.bn2 = conv(in_channels, out_channels, 1), nn.BatchNorm2d(out_channels)

    def forward(self, x):
        return self.bn2(self.conv_pw(self.bn1(self.conv_dw(x)).relu())).relu()


class SqueezeExcitation(nn.Module):
    def __init__(self, input_channels, squeeze_channels, activation=nn.ReLU, scale_activation=nn.Sigmoid):
        super().__init__()
        self.fc1 = nn.Conv2d(input_channels, squeeze_channels, 1)
        self.fc2 = nn.Conv2d(squeeze_channels, input_channels, 1)
        self.activation, self.scale_activation = activation(), scale_activation()

    def forward(self, x):
        means = x.mean((2, 3), keepdim=True)
        return x * self.scale_activation(self.fc2(self.activation(self.fc1(means))))

"""Makes ../resources/golden/layers/* and blocks/*: what PyTorch computes for the rows of ../resources/cases/*/*.cases.
Run from this folder: python3 layers.py [FAMILY ...]

PyTorch 2.13, one thread, in double; values are rounded to float32 at the end, inputs and parameters before. Every row has its
own seed, a checksum of its text, so that a new row leaves the others as they are. The text of a layer is evaluated as Python:
a class of families/FAMILY.py, where there is such a file, or of torch.nn. Two files for each family:
  FAMILY.index  one line per tensor: <row>/<tensor> <first number> <dimensions, comma separated> [int32]
  FAMILY.bin    all tensors one after the other, little-endian float32 (whole numbers too)
Further inputs and outputs are called input1, output1 ...; buffers have their values before and, as NAME.end, after the step.
"""
import importlib
import re
import sys
import zlib
from pathlib import Path

import torch
from torch import nn

CASES, GOLDEN = Path("../resources/cases"), Path("../resources/golden")
FILES = {file.stem: file for file in sorted(CASES.glob("*/*.cases"))}
torch.set_num_threads(1)


class Words(dict):
    """Names for eval: true and false, the classes, and any other word as text."""

    def __missing__(self, name):
        return name


def names(family):
    found = {"true": True, "false": False}
    found.update({name: getattr(nn, name) for name in dir(nn)})
    if Path(f"families/{family}.py").exists():
        module = importlib.import_module(f"families.{family}")
        found.update({name: getattr(module, name) for name in dir(module) if not name.startswith("_")})
    return Words(found)


def rounded(tensor):
    return tensor.to(torch.float32).to(torch.float64)


def fill(text):
    """The tensor that a row writes as int32[3, 4]<5, and how the row is called by it."""
    kind, dims, bound, pointers = re.fullmatch(r"(?:constant )?(\w*)\[([\d, ]*)\](?:<(\d+)|(pointers|offsets))?", text).groups()
    shape = [int(d) for d in dims.split(",") if d.strip()]
    if kind == "int32":
        if pointers == "offsets":
            return 2 * torch.arange(shape[0]), f"int32[{dims}]"
        return None if pointers else torch.randint(0, int(bound or 1), shape), f"int32[{dims}]"
    if kind in ("labels", "signs"):
        bits = torch.randint(0, 2, shape).double()
        return bits if kind == "labels" else 2 * bits - 1, f"[{dims}]"
    normal = torch.randn(shape, dtype=torch.float64)
    value = {"": normal, "positive": normal.exp(), "unit": torch.rand(shape, dtype=torch.float64)}[kind]
    return rounded(value).requires_grad_(), f"[{dims}]"


def inputs(texts, attends):
    filled = [fill(text.strip()) for text in texts.split(";")]
    tensors = [tensor for tensor, _ in filled]
    for i, tensor in enumerate(tensors):
        if tensor is None:  # row pointers: as many elements in every row, or one fewer
            rows = int(re.search(r"\d+", texts.split(";")[i].replace("int32", "")).group()) - 1
            tensors[i] = torch.tensor([row * len(tensors[i + 1]) // rows for row in range(rows + 1)])
    if attends:  # PyTorch's attention gives no numbers for sequences without keys
        tensors = [t if t.is_floating_point() or t.dim() > 1 else t.clamp(min=1) for t in tensors]
    return tensors, "; ".join(name for _, name in filled)


def start(layer):
    """Parameters that are not ones and zeros, and running statistics of some batches."""
    for name, parameter in layer.named_parameters():
        nn.init.normal_(parameter)
        if getattr(layer, "padding_idx", None) is not None:
            parameter.data[layer.padding_idx] = 0
    for name, buffer in layer.named_buffers():
        if name == "running_mean":
            nn.init.normal_(buffer)
        if name == "running_var":
            nn.init.uniform_(buffer, 0.5, 2)
    for tensor in layer.state_dict(keep_vars=True).values():
        if tensor.is_floating_point():
            tensor.data = rounded(tensor.data)


def nth(name, i):
    return name if i == 0 else f"{name}{i}"


def tuple_of(outputs):
    return tuple(outputs) if isinstance(outputs, (tuple, list)) else (outputs,)


class Family:
    def __init__(self, name):
        self.kind = FILES[name].parent.name
        self.name, self.names, self.index, self.blob, self.position = name, names(name), [], [], 0

    def put(self, name, tensor):
        data = tensor.detach().to(torch.float32).contiguous()
        dtype = "" if tensor.is_floating_point() else "\tint32"
        self.index.append(f"{name}\t{self.position}\t{','.join(map(str, data.shape))}{dtype}")
        self.blob.append(data.numpy().astype("<f4").tobytes())
        self.position += data.numel()

    def row(self, text):
        spec, tensors, facts = (text.split("|") + [""])[:3]
        spec, facts = spec.strip(), facts.split()
        python = spec.replace("nearest-exact", "'nearest-exact'")
        if "large" in facts or "no-golden" in facts:
            return
        torch.manual_seed(zlib.crc32(text.encode()))
        layer = eval(python, self.names).double()
        start(layer)
        xs, called = inputs(tensors, self.name == "transformer")
        case = f"{spec} on {called}"
        for name, tensor in layer.state_dict().items():
            if tensor.is_floating_point():
                self.put(f"{case}/{name}", tensor)
        for i, x in enumerate(xs):
            self.put(f"{case}/{nth('input', i)}", x)
        for i, y in enumerate(tuple_of(layer.eval()(*xs))):
            self.put(f"{case}/{nth('evaluation', i)}", y)
        if "random" not in facts:
            self.training(case, layer.train(), xs)

    def training(self, case, layer, xs):
        ys = tuple_of(layer(*xs))
        grads = [rounded(torch.randn(y.shape, dtype=torch.float64)) for y in ys]
        if any(y.requires_grad for y in ys):
            torch.autograd.backward(ys, grads)
        for i, (y, grad) in enumerate(zip(ys, grads)):
            self.put(f"{case}/{nth('output', i)}", y)
            self.put(f"{case}/{nth('gradOutput', i)}", grad)
        for i, x in enumerate(xs):
            if x.grad is not None:
                self.put(f"{case}/{nth('gradInput', i)}", x.grad)
        for name, parameter in layer.named_parameters():
            self.put(f"{case}/{name}.grad", parameter.grad.to_dense())
        for name, buffer in layer.named_buffers():
            if buffer.is_floating_point():
                self.put(f"{case}/{name}.end", buffer)

    def write(self):
        GOLDEN.joinpath(self.kind, self.name + ".index").write_text("\n".join(self.index) + "\n")
        GOLDEN.joinpath(self.kind, self.name + ".bin").write_bytes(b"".join(self.blob))
        print(self.name, len(self.index), "tensors,", 4 * self.position, "bytes")


for name in sys.argv[1:] or FILES:
    family = Family(name)
    for line in FILES[name].read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            family.row(line)
    family.write()

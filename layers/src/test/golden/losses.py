"""Makes ../resources/golden/layers/losses.*: what PyTorch computes for losses, with all their inputs and targets.
Run from this folder: python3 losses.py

PyTorch 2.13, one thread, float64 on float32 numbers. A case is a loss as text; it has input0, input1, ..., target0, ..., the
value, and lossGradient0, ... . PyTorch's gradient of CTC has the softmax in it; here it is taken out again, so that it is the
derivative by the log-probabilities. What PyTorch has no module for is written down here.
"""
import torch
from torch import nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(20261201)
index, blob, position = [], [], 0


def put(name, tensor):
    global position
    data = tensor.detach().to(torch.float32).contiguous()
    dtype = "" if tensor.is_floating_point() else "\tint32"
    index.append(f"{name}\t{position}\t{','.join(map(str, data.shape))}{dtype}")
    blob.append(data.numpy().astype("<f4").tobytes())
    position += data.numel()


def case(spec, loss, inputs, targets=(), fix=None):
    inputs = [x.detach().float().double().requires_grad_() for x in inputs]
    targets = [t.detach().float().double() if t.is_floating_point() else t for t in targets]
    value = loss(*inputs, *targets)
    value.backward()
    for i, x in enumerate(inputs):
        put(f"{spec}/input{i}", x)
    for i, t in enumerate(targets):
        put(f"{spec}/target{i}", t)
    put(f"{spec}/lossValue", value.reshape(1))
    for i, x in enumerate(inputs):
        put(f"{spec}/lossGradient{i}", fix(x) if fix else x.grad)


n = torch.randn
W = torch.tensor([0.5, 2, 3], dtype=torch.float64)
labels = lambda *shape: torch.randint(0, 2, shape).double()
signs = lambda *shape: 2 * labels(*shape) - 1
classes = lambda c, *shape: torch.randint(0, c, shape)

case("BCELoss()", nn.BCELoss(), [n(5, 3).sigmoid()], [torch.rand(5, 3)])
case("BCELoss(weight=(0.5, 2, 3))", nn.BCELoss(W), [n(4, 3).sigmoid()], [labels(4, 3)])
case("BCEWithLogitsLoss(weight=(0.5, 2, 3))", nn.BCEWithLogitsLoss(W), [n(4, 3)], [labels(4, 3)])
case("BCEWithLogitsLoss(pos_weight=(0.5, 2, 3), reduction=sum, weight=(0.5, 2, 3))", nn.BCEWithLogitsLoss(W, pos_weight=W, reduction="sum"), [n(2, 5, 3)], [labels(2, 5, 3)])
case("CosineEmbeddingLoss()", nn.CosineEmbeddingLoss(), [n(7, 5), n(7, 5)], [signs(7)])
case("CosineEmbeddingLoss(margin=-0.2)", nn.CosineEmbeddingLoss(-0.2), [n(6, 17), n(6, 17)], [signs(6)])
case("CrossEntropyLoss(probabilities=true)", nn.CrossEntropyLoss(), [n(5, 4)], [n(5, 4).softmax(1)])
case("CrossEntropyLoss(label_smoothing=0.2, probabilities=true, weight=(0.5, 2, 3))", nn.CrossEntropyLoss(W, label_smoothing=0.2), [n(3, 3, 2, 4)], [n(3, 3, 2, 4).softmax(1)])
case("CrossEntropyLoss(reduction=sum, weight=(0.5, 2, 3))", nn.CrossEntropyLoss(W, reduction="sum"), [n(5, 3)], [classes(3, 5)])


def ctc(spec, x, target, steps, lengths, **options):
    module = nn.CTCLoss(**options)
    log = x.log_softmax(2)
    mean = options.get("reduction", "mean") == "mean"

    def loss(x, t, a, b):
        return module(x.transpose(0, 1), t, a, b)

    def fix(x):
        grad = x.grad.clone()
        for i, (s, l) in enumerate(zip(steps, lengths)):
            none = options.get("zero_infinity") and torch.isinf(F.ctc_loss(x[i : i + 1].detach().transpose(0, 1), target[i : i + 1], torch.tensor([s]), torch.tensor([l]), options.get("blank", 0), "sum"))
            if not none:
                grad[i, :s] -= x.detach()[i, :s].exp() / (len(steps) * max(l, 1) if mean else 1)
        return grad

    case(spec, loss, [log], [target, torch.tensor(steps), torch.tensor(lengths)], fix)


ctc("CTCLoss(most_labels=4)", n(3, 9, 5), classes(4, 3, 4) + 1, [9, 7, 9], [4, 2, 0])
ctc("CTCLoss(blank=2, most_labels=3, reduction=sum)", n(2, 8, 4), torch.tensor([[0, 0, 3], [1, 3, 1]]), [8, 6], [3, 3], blank=2, reduction="sum")
ctc("CTCLoss(most_labels=3, zero_infinity=true)", n(3, 4, 4), torch.tensor([[1, 1, 1], [2, 3, 1], [1, 2, 1]]), [4, 4, 3], [3, 3, 3], zero_infinity=True)

variances = lambda *shape: n(*shape).abs() + 0.1
gaussian = lambda **o: lambda x, v, t: nn.GaussianNLLLoss(**o)(x, t, v)
small = variances(4, 3)
small[1, 1] = 0
case("GaussianNLLLoss()", gaussian(), [n(5, 3), variances(5, 3)], [n(5, 3)])
case("GaussianNLLLoss(eps=0.01, full=true)", gaussian(full=True, eps=0.01), [n(4, 3), small], [n(4, 3)])
case("GaussianNLLLoss(full=true)", gaussian(full=True), [n(4, 3), variances(4, 1)], [n(4, 3)])
case("HingeEmbeddingLoss()", nn.HingeEmbeddingLoss(), [n(5, 3)], [signs(5, 3)])
case("HingeEmbeddingLoss(margin=0.3)", nn.HingeEmbeddingLoss(0.3), [n(19)], [signs(19)])
right = classes(5, 7)
hinge = lambda x, t: ((x - x.gather(1, t[:, None]) + 1).clamp(min=0).sum(1) - 1).mean()
case("HingeLoss()", hinge, [n(7, 5)], [right])
case("KLDivLoss()", nn.KLDivLoss(), [n(5, 4).log_softmax(1)], [n(5, 4).softmax(1)])
sparse = n(4, 5).softmax(1)
sparse[1, 2] = 0
case("KLDivLoss(reduction=batchmean)", nn.KLDivLoss(reduction="batchmean"), [n(4, 5).log_softmax(1)], [sparse])
case("KLDivLoss(log_target=true, reduction=sum)", nn.KLDivLoss(reduction="sum", log_target=True), [n(3, 5).log_softmax(1)], [n(3, 5).log_softmax(1)])
case("MarginRankingLoss()", nn.MarginRankingLoss(), [n(9), n(9)], [signs(9)])
case("MarginRankingLoss(margin=0.4)", nn.MarginRankingLoss(0.4), [n(5, 3), n(5, 3)], [signs(5, 3)])
several = torch.tensor([[3, 0, -1, 1, 2], [1, 2, 3, 4, 0], [4, -1, -1, -1, -1], [-1, 0, 0, 0, 0]])
case("MultiLabelMarginLoss()", nn.MultiLabelMarginLoss(), [n(4, 5)], [several])
case("MultiLabelSoftMarginLoss()", nn.MultiLabelSoftMarginLoss(), [n(5, 3)], [labels(5, 3)])
case("MultiLabelSoftMarginLoss(weight=(0.5, 2, 3))", nn.MultiLabelSoftMarginLoss(W), [n(5, 3)], [labels(5, 3)])
case("MultiLabelSoftMarginLoss(reduction=sum)", nn.MultiLabelSoftMarginLoss(reduction="sum"), [n(5, 4)], [labels(5, 4)])
case("MultiMarginLoss()", nn.MultiMarginLoss(), [n(7, 5)], [right])
case("MultiMarginLoss(margin=0.7, p=2)", nn.MultiMarginLoss(2, 0.7), [n(7, 5)], [right])
case("MultiMarginLoss(weight=(0.5, 2, 3))", nn.MultiMarginLoss(weight=W), [n(6, 3)], [classes(3, 6)])
counts = torch.randint(0, 6, (5, 3)).double()
case("PoissonNLLLoss()", nn.PoissonNLLLoss(), [n(5, 3)], [counts])
case("PoissonNLLLoss(full=true)", nn.PoissonNLLLoss(full=True), [n(5, 3)], [counts])
case("PoissonNLLLoss(log_input=false)", nn.PoissonNLLLoss(log_input=False), [variances(5, 3)], [counts])
case("PoissonNLLLoss(eps=0.001, full=true, log_input=false)", nn.PoissonNLLLoss(log_input=False, full=True, eps=0.001), [variances(5, 3)], [counts])
case("QuadraticCost()", lambda x, t: ((x - t) ** 2).sum() / 2 / len(x), [n(5, 3)], [n(5, 3)])
case("QuadraticCost(reduction=sum)", lambda x, t: ((x - t) ** 2).sum() / 2, [n(3, 2, 4)], [n(3, 2, 4)])
case("SoftMarginLoss()", nn.SoftMarginLoss(), [3 * n(5, 7)], [signs(5, 7)])
triplet = lambda *shape: [n(*shape), n(*shape), n(*shape)]
case("TripletMarginLoss()", nn.TripletMarginLoss(), triplet(6, 5))
case("TripletMarginLoss(margin=2, p=1)", nn.TripletMarginLoss(2, 1), triplet(4, 7))
case("TripletMarginLoss(margin=3, p=3, swap=true)", nn.TripletMarginLoss(3, 3, swap=True), triplet(9, 3))
weights = torch.tensor([1, 0, 2.5, 0.25], dtype=torch.float64)
weighted = lambda loss: lambda x, t, w: (loss(x, t).flatten(1).mean(1) * w).sum() / w.sum()
case("MSELoss(sample_weights=true)", weighted(nn.MSELoss(reduction="none")), [n(4, 3)], [n(4, 3), weights])
ofClasses = lambda x, t, w: (nn.CrossEntropyLoss(W, reduction="none")(x, t) * w).sum() / (w * W[t]).sum()
case("CrossEntropyLoss(sample_weights=true, weight=(0.5, 2, 3))", ofClasses, [n(4, 3)], [classes(3, 4), weights])
case("L1Loss(reduction=sum, sample_weights=true)", lambda x, t, w: ((x - t).abs() * w).sum(), [n(4)], [n(4), weights])

case("OutputLoss()", lambda x: x.sum() / len(x), [n(5)])
case("OutputLoss(reduction=sum, sample_weights=true)", lambda x, w: (x.sum(1) * w).sum(), [n(4, 3)], [weights])

path = "../resources/golden/layers/losses"
open(path + ".index", "w").write("\n".join(index) + "\n")
open(path + ".bin", "wb").write(b"".join(blob))
print(len(index), "tensors,", 4 * position, "bytes")

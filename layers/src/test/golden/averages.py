"""Makes ../resources/golden/averages.*: averages of weights after every step. Run from this folder: python3 averages.py

PyTorch 2.13, one thread, seed 20261129, weights of float32, averaged in float64 by torch.optim.swa_utils.AveragedModel, which
is updated after every step (EMA) or after those that count (SWA, data epochs of 3 steps). The name of a case is the text of the
average, which the Java test parses. Per case: weights and averages [14, 3, 5]; before the first that counts, the weights.
"""
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, get_swa_multi_avg_fn

torch.set_num_threads(1)
torch.manual_seed(20261129)
index, blob = [], []
position = 0
STEPS, EPOCH = 14, 3


def put(name, tensor):
    global position
    data = tensor.detach().to(torch.float32).contiguous()
    index.append(f"{name}\t{position}\t{','.join(map(str, data.shape))}")
    blob.append(data.numpy().astype("<f4").tobytes())
    position += data.numel()


def ema(decay=0.999):
    return get_ema_multi_avg_fn(decay), lambda step: True


def swa(start_epoch=0, every_epochs=1, every_steps=0):
    every = every_steps or every_epochs * EPOCH
    start = start_epoch * EPOCH
    return get_swa_multi_avg_fn(), lambda step: step > start and (step - start) % every == 0


class Weights(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.randn(3, 5).double())


CASES = """
EMA()
EMA(decay=0.9)
EMA(decay=0.3)
EMA(decay=0)
EMA(decay=1)
SWA()
SWA(start_epoch=2)
SWA(every_steps=2)
SWA(every_steps=1, start_epoch=1)
SWA(every_epochs=2, start_epoch=1)
""".strip().splitlines()

for case in CASES:
    rule, counts = eval(case, {"EMA": ema, "SWA": swa})
    model = Weights()
    averaged = AveragedModel(model, multi_avg_fn=rule)
    weights, averages = torch.randn(STEPS, 3, 5), []
    for step, w in enumerate(weights, 1):
        model.w.data.copy_(w.double())
        if counts(step):
            averaged.update_parameters(model)
        averages.append((averaged.module if averaged.n_averaged > 0 else model).w.detach().clone())
    put(f"{case}/weights", weights)
    put(f"{case}/averages", torch.stack(averages))
open("../resources/golden/averages.index", "w").write("\n".join(index) + "\n")
open("../resources/golden/averages.bin", "wb").write(b"".join(blob))
print(len(index), "tensors,", 4 * position, "bytes")

"""PyTorch as a contestant: measures named work when told to, line by line; PeerProcess.java says the protocol.

Only benchmarks start this. --tuned: work may be arranged as PyTorch's guides advise (channels last, fused optimizers).
"""
import sys
import time
import warnings

import torch

import attention  # noqa: F401 these fill the registry
import convolutions  # noqa: F401
import elements  # noqa: F401
import layers  # noqa: F401
import pipelines  # noqa: F401
import products  # noqa: F401
import registry
import steps  # noqa: F401
import training  # noqa: F401
from sequences import fingerprint


def rate(step, nanos, clock):
    """Calls per second over about so many nanoseconds, after a fifth of that unmeasured."""
    now = time.process_time_ns if clock == "cpu" else time.perf_counter_ns

    def calls(duration, at_once):
        count = 0
        begin = now()
        while True:
            step(at_once)
            count += at_once
            if now() - begin >= duration:
                return count

    before = calls(nanos // 5, 1)
    at_once = max(1, before // 10)
    begin = now()
    count = calls(nanos, at_once)
    return count * 1e9 / (now() - begin)


def about():
    config = torch.__config__.show()
    parts = [line.strip(" -") for line in config.splitlines() if line.strip().startswith("- Intel")]
    blas = "BLAS_INFO=" + config.split("BLAS_INFO=")[1].split(",")[0] if "BLAS_INFO=" in config else ""
    parts = [part.split(" for Intel")[0].split(" (Git")[0].replace("-Product Build", "") for part in parts] + [blas]
    return "PyTorch %s, %s, %d threads" % (torch.__version__, ", ".join(p for p in parts if p), torch.get_num_threads())


def check(name, numbers, work, calls):
    """The results of so many calls, on fresh operands where that can be: updates in place start from the beginning."""
    checked = work if work.alone else registry.KINDS[name](**numbers)
    checked.repeat(calls)
    return fingerprint(checked.results())


def answer(words, opened):
    request, *rest = words
    if request == "about":
        return "ok " + about()
    if request == "threads":
        torch.set_num_threads(int(rest[0]))
        return "ok"
    if request == "open":
        if rest[1] not in registry.KINDS:
            return "no " + rest[1]
        numbers = {key: int(value) for key, value in (word.split("=") for word in rest[2:])}
        opened[rest[0]] = (rest[1], numbers, registry.KINDS[rest[1]](**numbers))
        return "ok"
    if request == "run":
        return "ok %r" % rate(opened[rest[0]][2].repeat, int(rest[1]), rest[2])
    if request == "check":
        return "ok %r %r" % check(*opened[rest[0]], int(rest[1]))
    if request == "close":
        opened.pop(rest[0])[2].close()
        return "ok"
    return "error unknown request " + request


def main():
    registry.tuned = "--tuned" in sys.argv
    warnings.simplefilter("ignore")  # TorchScript and private functions are on their way out; they serve here
    torch.set_grad_enabled(False)
    opened = {}
    for line in sys.stdin:
        try:
            said = answer(line.split(), opened)
        except Exception as problem:  # told to the other side, which decides
            said = "error %s: %s" % (type(problem).__name__, " ".join(str(problem).split())[:300])
        print(said, flush=True)


main()

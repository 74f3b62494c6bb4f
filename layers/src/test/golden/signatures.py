"""Arguments of PyTorch's classes and initializers: names in their order, with their defaults.

python3 signatures.py NAME ... > ../resources/golden/signatures.tsv

A line is NAME, then ARGUMENT=DEFAULT for each, a star where they go on by name only. What a thing gets from its surroundings (the
parameters of an optimizer, the optimizer of a schedule, the tensor of an initializer) is left out.
"""
import inspect
import sys
import typing

import torch
from torch.nn import init
from torch.optim import lr_scheduler

GIVEN = {"self", "params", "optimizer", "tensor"}
MODULES = [(torch.nn, ""), (torch.optim, ""), (lr_scheduler, ""), (init, "_")]


def signature(thing):
    if inspect.isclass(thing) and inspect.isfunction(thing.__init__):
        for overload in typing.get_overloads(thing.__init__):
            return inspect.signature(overload)
    return inspect.signature(inspect.unwrap(thing))


def text(default):
    if isinstance(default, bool) or default is None:
        return str(default)
    if isinstance(default, (int, float)):
        return repr(float(default))
    if isinstance(default, tuple):
        return "(" + ", ".join(text(each) for each in default) + ")"
    return default if isinstance(default, str) else default.__name__


def line(name):
    for module, suffix in MODULES:
        thing = getattr(module, name + suffix, None)
        if thing is not None and callable(thing):
            break
    else:
        return None
    words = [name]
    star = False
    for parameter in signature(thing).parameters.values():
        if parameter.name in GIVEN or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if parameter.kind == parameter.KEYWORD_ONLY and not star:
            words.append("*")
            star = True
        none = parameter.default is parameter.empty
        words.append(parameter.name + ("" if none else "=" + text(parameter.default)))
    return "\t".join(words)


print("# PyTorch " + torch.__version__.split("+")[0] + "; see signatures.py")
for each in sys.argv[1:]:
    found = line(each)
    if found is not None:
        print(found)

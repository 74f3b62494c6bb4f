"""Values of scikit-learn's metrics for MetricsGoldenTest: python3 metrics.py > ../resources/golden/metrics.tsv

Made with scikit-learn 1.2.1 and numpy 1.24. A row: loss, shape of the scores, scores (float32), targets, metric=value ...
A table is written row by row. Columns whose labels are all of one kind have no area and are left out of its mean.
"""
import sys

import numpy as np
from sklearn.metrics import (
    accuracy_score, confusion_matrix, precision_recall_fscore_support, roc_auc_score)

IGNORED = -100
random = np.random.default_rng(20261129)


def numbers(values):
    return ",".join(repr(float(v)) if isinstance(v, (float, np.floating)) else str(int(v)) for v in np.ravel(values))


def area(columns):
    areas = [roc_auc_score(real, score) for real, score in columns if 0 < np.sum(real) < len(real)]
    return float(np.mean(areas))


def agreement(real, told, average):
    precision, recall, f1, _ = precision_recall_fscore_support(real, told, average=average, zero_division=0)
    prefix = "macro_" if average == "macro" else ""
    return {prefix + "precision": precision, prefix + "recall": recall, prefix + "f1": f1}


def row(loss, scores, targets, values):
    cells = [loss, numbers(np.array(scores.shape)), numbers(scores), numbers(targets)]
    cells += [name + "=" + numbers(value) for name, value in values.items()]
    print("\t".join(cells))


def classes(loss, scores, targets, dim=1):
    """Scores of classes in a dimension, targets of their shape without it; only what is not ignored counts."""
    count = scores.shape[dim]
    flat = np.moveaxis(scores, dim, -1).reshape(-1, count).astype(np.float64)
    real = targets.reshape(-1)
    flat, real = flat[real != IGNORED], real[real != IGNORED]
    told = np.argmax(flat, axis=1)
    shifted = np.exp(flat - flat.max(axis=1, keepdims=True))
    probability = shifted / shifted.sum(axis=1, keepdims=True)
    values = {"accuracy": accuracy_score(real, told)}
    values |= agreement(real, told, "macro")
    values["macro_auc"] = area([(real == c, probability[:, c]) for c in range(count)])
    values["confusion"] = confusion_matrix(real, told, labels=range(count))
    row(loss, scores, targets, values)


def labels(scores, targets):
    real, told = targets > 0.5, scores > 0
    values = {"binary_accuracy": accuracy_score(real.ravel(), told.ravel()),
              "exact_match": float(np.mean(np.all(real == told, axis=1)))}
    values |= agreement(real.ravel().astype(int), told.ravel().astype(int), "binary")
    if scores.shape[1] > 1:
        values |= agreement(real.astype(int), told.astype(int), "macro")
    values["auc"] = area([(real.ravel(), scores.ravel())])
    values["macro_auc"] = area([(real[:, c], scores[:, c]) for c in range(scores.shape[1])])
    values["confusion"] = confusion_matrix(real.ravel(), told.ravel(), labels=[False, True])
    row("BCEWithLogitsLoss()", scores, targets, values)


def normal(*shape, digits=None):
    values = random.normal(0, 2, shape)
    return (values if digits is None else np.round(values, digits)).astype(np.float32)


classes("CrossEntropyLoss()", normal(17, 4), random.integers(0, 4, 17))
classes("CrossEntropyLoss()", normal(23, 2), random.integers(0, 2, 23))
classes("CrossEntropyLoss()", normal(19, 5), random.integers(0, 3, 19))
classes("MultiMarginLoss()", normal(11, 3), random.integers(0, 3, 11))
gaps = random.integers(0, 3, (4, 7))
gaps[1, 2:] = IGNORED
classes("CrossEntropyLoss()", normal(4, 3, 7), gaps)
classes("CrossEntropyLoss(class_dim=-1)", normal(4, 7, 3), gaps, dim=-1)
labels(normal(21, 1), random.integers(0, 2, (21, 1)).astype(np.float32))
labels(normal(13, 3, digits=0), random.integers(0, 2, (13, 3)).astype(np.float32))
labels(normal(31, 2, digits=1), np.stack([random.integers(0, 2, 31), np.ones(31)], 1).astype(np.float32))

package io.ketju.tensor.kernel.loss;

import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.Operands;
import org.jspecify.annotations.Nullable;

/** Checks of the operands of losses, the same for every implementation. */
final class LossChecks {
    private LossChecks() {}

    /** Sizes of scores [rows, classes] with targets [rows]. */
    static ClassShape classRows(Tensor scores, Tensor targets) {
        return ClassShape.rows(targets.elements(), Operands.classes(scores, targets));
    }

    static void crossEntropy(
            CrossEntropyOptions options,
            ClassShape shape,
            Tensor logits,
            Tensor targets,
            Tensor losses,
            Tensor dlogits) {
        int scores = Math.multiplyExact(shape.targets(), shape.classes());
        shape.require("logits", logits, scores);
        shape.require("dlogits", dlogits, scores);
        shape.require("losses", losses, shape.targets());
        shape.require("targets", targets, probabilities(targets) ? scores : shape.targets());
        if (options.weight() != null) {
            shape.require("weight", options.weight(), shape.classes());
        }
    }

    static void nll(CrossEntropyOptions options, ClassShape shape, Tensor x, Tensor targets, Tensor losses, Tensor dx) {
        if (probabilities(targets)) {
            throw new IllegalArgumentException("nll: expected INT32 targets, found " + targets);
        }
        crossEntropy(options, shape, x, targets, losses, dx);
    }

    static boolean probabilities(Tensor targets) {
        return targets.dtype() == DType.FLOAT32;
    }

    /** The same element count everywhere. */
    static int elements(Tensor x, Tensor t, Tensor losses, Tensor dx) {
        Operands.elements(x, t);
        return Operands.elements(x, losses, dx);
    }

    static void posWeight(@Nullable Tensor weight, Tensor x) {
        if (weight != null && weight.elements() != Operands.columns(x)) {
            throw new IllegalArgumentException(
                    "posWeight: expected " + Operands.columns(x) + " elements for " + x + ", found " + weight);
        }
    }

    /** A target class; throws if there is no such class. */
    static int target(int target, int row, int classes) {
        if (target < 0 || target >= classes) {
            throw new IllegalArgumentException(
                    "target " + target + " in row " + row + " is not a class index from 0 to " + (classes - 1));
        }
        return target;
    }

    /** Number of columns of both sides of a cosine loss. */
    static int columns(LossKernels.Pair x, Tensor targets, Tensor losses, LossKernels.Pair dx) {
        Operands.elements(x.first(), dx.first());
        Operands.elements(targets, losses);
        return Operands.classes(x.first(), targets);
    }
}

package io.ketju.layers.loss;

import io.ketju.layers.Floats;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import java.util.List;

/**
 * A loss on scores of an odd size: every test of all losses goes through all of them.
 *
 * @param classes whole targets go from 0 to below it, with some ignored ones; targets are normal numbers if 0, zeros and
 *     ones if 1
 * @param ignored what an ignored target is
 */
record LossCase(String spec, Shape scores, int classes, int ignored) {
    private static final int LABELS = 1;

    static List<LossCase> all() {
        return List.of(
                of("CrossEntropyLoss()", 4, 5, 4),
                of("CrossEntropyLoss()", 3, 2, 3, 3, 2),
                of("CrossEntropyLoss(class_dim=-1)", 7, 2, 3, 7),
                of("CrossEntropyLoss(label_smoothing=0.1, weight=(0.5, 2, 1))", 3, 6, 3),
                of("CrossEntropyLoss(label_smoothing=0.3)", 3, 2, 3, 5),
                new LossCase("CrossEntropyLoss(ignore_index=1, weight=(0.5, 0, 0.25))", Shape.of(7, 3), 3, 1),
                of("NLLLoss(weight=(2, 0.5, 1))", 3, 7, 3),
                of("NLLLoss(class_dim=-1)", 5, 2, 4, 5),
                of("MSELoss()", 0, 5, 3),
                of("MSELoss()", 0, 7),
                of("L1Loss()", 0, 2, 3, 5),
                of("SmoothL1Loss(beta=0.4)", 0, 5, 3),
                of("SmoothL1Loss(beta=0)", 0, 3, 3),
                of("HuberLoss(delta=0.6)", 0, 5, 3),
                of("BCEWithLogitsLoss()", LABELS, 5, 3),
                of("BCEWithLogitsLoss(pos_weight=(0.5, 2, 3))", LABELS, 2, 4, 3));
    }

    private static LossCase of(String spec, int classes, int... scores) {
        return new LossCase(spec, Shape.of(scores), classes, ClassTargets.IGNORE_INDEX);
    }

    /** What a loss gives: its value, its gradient and the single losses. */
    record Result(double value, Tensor gradInput, Tensor losses) {}

    Loss loss() {
        return Losses.parse(spec);
    }

    float[] values(long seed) {
        return Floats.normal(seed, "scores", scores.elements());
    }

    Tensor target(TensorArena arena, long seed) {
        TensorType type = loss().targets(List.of(TensorType.floats(scores))).getFirst();
        Tensor target = arena.allocate(type.dtype(), type.shape());
        CounterRandom random = CounterRandom.of(seed, "target");
        for (int i = 0; i < target.elements(); i++) {
            if (!type.differentiable()) {
                target.setInt(i, i % 4 == 3 ? ignored : random.below(i, classes));
            } else {
                target.setFloat(i, classes == LABELS ? random.below(i, 2) : random.normal(i));
            }
        }
        return target;
    }

    static Result compute(Loss loss, Tensor scores, Tensor target, double scale, Kernels kernels, TensorArena arena) {
        List<Tensor> room = loss.room(List.of(TensorType.of(scores))).stream()
                .map(type -> arena.allocate(type.dtype(), type.shape()))
                .toList();
        Tensor gradient = arena.allocate(scores.shape());
        for (Tensor tensor : List.of(gradient, room.getFirst())) {
            for (int i = 0; i < tensor.elements(); i++) {
                tensor.setFloat(i, Float.NaN);
            }
        }
        LossPass pass = new LossPass(kernels, List.of(scores), List.of(target), List.of(gradient), room, scale);
        return new Result(loss.compute(pass), gradient, room.getFirst());
    }

    @Override
    public String toString() {
        return spec + " on " + scores;
    }
}

package io.ketju.tensor.kernel;

import io.ketju.tensor.Tensor;

/** Losses as plain loops: the definition that the vector kernels are tested against. */
final class ScalarLoss implements LossKernels {
    @Override
    public void crossEntropy(Tensor logits, Tensor targets, float scale, Tensor losses, Tensor dlogits) {
        int classes = Operands.classes(logits, targets, losses, dlogits);
        LaneSum sum = new LaneSum();
        for (int row = 0; row < targets.elements(); row++) {
            int start = row * classes;
            int target = Operands.target(targets, row, classes);
            float total = ScalarActivations.exponentials(logits, dlogits, start, classes, sum);
            losses.setFloat(
                    row, FloatMath.log(total) - (logits.getFloat(start + target) - max(logits, start, classes)));
            for (int i = 0; i < classes; i++) {
                float probability = dlogits.getFloat(start + i) / total;
                dlogits.setFloat(start + i, (i == target ? probability - 1 : probability) * scale);
            }
        }
    }

    @Override
    public int countCorrect(Tensor logits, Tensor targets) {
        int classes = Operands.classes(logits, targets);
        int correct = 0;
        for (int row = 0; row < targets.elements(); row++) {
            if (isCorrect(logits, row * classes, classes, Operands.target(targets, row, classes))) {
                correct++;
            }
        }
        return correct;
    }

    @Override
    public boolean allFinite(Tensor x) {
        return allFinite(x, 0, x.elements());
    }

    static boolean allFinite(Tensor x, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Float.isFinite(x.getFloat(i))) {
                return false;
            }
        }
        return true;
    }

    private static float max(Tensor logits, int start, int classes) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = start; i < start + classes; i++) {
            max = Math.max(max, logits.getFloat(i));
        }
        return max;
    }

    /** All before the target are smaller, all after it not larger; a NaN is neither. */
    private static boolean isCorrect(Tensor logits, int start, int classes, int target) {
        int middle = start + target;
        float wanted = logits.getFloat(middle);
        return allBelow(logits, start, middle, wanted) && allAtMost(logits, middle, start + classes, wanted);
    }

    static boolean allBelow(Tensor x, int from, int to, float limit) {
        for (int i = from; i < to; i++) {
            if (!(x.getFloat(i) < limit)) {
                return false;
            }
        }
        return true;
    }

    static boolean allAtMost(Tensor x, int from, int to, float limit) {
        for (int i = from; i < to; i++) {
            if (!(x.getFloat(i) <= limit)) {
                return false;
            }
        }
        return true;
    }
}

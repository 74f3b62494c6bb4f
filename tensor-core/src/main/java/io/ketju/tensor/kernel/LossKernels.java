package io.ketju.tensor.kernel;

import io.ketju.tensor.Tensor;

/** Losses in one pass over their input. */
public interface LossKernels {
    /**
     * Softmax with cross-entropy. logits [rows, classes], targets INT32 [rows] with class indexes. Overwrites losses
     * [rows] with {@code -log softmax(logits)[target]} (not scaled) and dlogits with
     * {@code (softmax(logits) - onehot(target)) · scale}.
     */
    void crossEntropy(Tensor logits, Tensor targets, float scale, Tensor losses, Tensor dlogits);

    /** Rows whose largest logit (the first of equals) is at the target's index; a row with a NaN has none. */
    int countCorrect(Tensor logits, Tensor targets);

    /** Whether every element is finite. Used to stop a run in the step that first produced a NaN or an infinity. */
    boolean allFinite(Tensor x);
}
